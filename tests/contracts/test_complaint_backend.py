"""What every complaint backend promises, proved on the local one in process and on the client of its server."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from actions.backends.client import HttpBackend
from actions.backends.local import LocalBackend
from actions.backends.verify import CLAUSES, verify
from bot.core.backend.signing import SigningKey
from bot.core.cases.ports import Attachment
from bot.core.errors import BackendRefused
from tests.contracts.backends import BROKEN, KEY, URL, http_backend, http_client, open_local, served

WORDS = "Nhân viên Nguyễn Văn Bí Mật quát tôi, gọi 0912345678"


@dataclass
class Late:
    """A clock that is wrong by some seconds."""

    seconds: int

    def now(self) -> datetime:
        return datetime.now(UTC) - timedelta(seconds=self.seconds)


class Failing(httpx.ASGITransport):
    """Raises an error from some request on."""

    def __init__(self, app: ASGIApp, error: httpx.HTTPError, after: int) -> None:
        super().__init__(app)
        self._error, self._left = error, after

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._left <= 0:
            raise self._error
        self._left -= 1
        return await super().handle_async_request(request)


@dataclass
class Pair:
    """The backend under test, and the local one behind it."""

    backend: LocalBackend | HttpBackend
    behind: LocalBackend


@pytest.fixture(params=["local", "http"])
async def pair(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Pair]:
    local = open_local(tmp_path)
    async with http_client(served(local)) as client:
        yield Pair(local if request.param == "local" else http_backend(client), local)
    await local.aclose()


def case(case_id: str = "0" * 32, **fields: Any) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "number": "PA-4829-1376",
        "received_at": "2026-11-21T03:00:00+00:00",
        "input_type": "PHAN_ANH_HANH_VI",
        "narrative_masked": WORDS,
        **fields,
    }


def event(**fields: Any) -> dict[str, Any]:
    return {"kind": "added", "at": "2026-11-22T03:00:00+00:00", "body": {"text": WORDS}, **fields}


def attachment(content: bytes, file_id: str = "file-0001") -> Attachment:
    now = datetime.now(UTC)
    return Attachment(file_id, "c", None, "application/pdf", "a.pdf", len(content), sha256(content).hexdigest(), now)


async def test_the_same_key_gives_the_same_receipt(pair: Pair) -> None:
    first = await pair.backend.file(case(), "0" * 32)
    again = await pair.backend.file(dict(reversed(case().items())), "0" * 32)
    assert again == first
    assert first.key == "0" * 32
    assert first.received_at.tzinfo is UTC
    assert len(pair.behind.ledger.cases(10)) == 1


async def test_different_keys_are_different_cases(pair: Pair) -> None:
    assert (await pair.backend.file(case(), "0" * 32)).reference != (
        await pair.backend.file(case(), "1" * 32)
    ).reference


async def test_parallel_sends_of_one_key_make_one_case(pair: Pair) -> None:
    receipts = await asyncio.gather(*(pair.backend.file(case(), "0" * 32) for _ in range(8)))
    assert len(set(receipts)) == 1
    assert len(pair.behind.ledger.cases(10)) == 1


async def test_another_body_under_the_key_is_refused_without_quoting_it(pair: Pair) -> None:
    await pair.backend.file(case(), "0" * 32)
    with pytest.raises(BackendRefused) as refused:
        await pair.backend.file(case(narrative_masked=f"{WORDS}!"), "0" * 32)
    _assert_silent(refused.value)


async def test_a_key_of_a_case_is_not_one_of_an_event(pair: Pair) -> None:
    receipt = await pair.backend.file(case(), "0" * 32)
    with pytest.raises(BackendRefused):
        await pair.backend.add_event(receipt.reference, event(), "0" * 32)


async def test_receipts_are_found_by_key(pair: Pair) -> None:
    assert await pair.backend.find("0" * 32) is None
    receipt = await pair.backend.file(case(), "0" * 32)
    assert await pair.backend.find("0" * 32) == receipt
    told = await pair.backend.add_event(receipt.reference, event(), "0" * 32 + ":2")
    assert await pair.backend.find("0" * 32 + ":2") == told


async def test_events_are_taken_once(pair: Pair) -> None:
    reference = (await pair.backend.file(case(), "0" * 32)).reference
    first = await pair.backend.add_event(reference, event(), "0" * 32 + ":2")
    assert await pair.backend.add_event(reference, event(), "0" * 32 + ":2") == first
    assert first.reference == reference
    with pytest.raises(BackendRefused) as refused:
        await pair.backend.add_event(reference, event(kind="withdrawn"), "0" * 32 + ":2")
    _assert_silent(refused.value)
    assert len(pair.behind.ledger.events(reference)) == 1


async def test_what_is_unknown_is_refused(pair: Pair) -> None:
    for reference in ("TN-0000001", "TN-1", "TN--000001", "TN-²000001", "x"):
        with pytest.raises(BackendRefused):
            await pair.backend.add_event(reference if reference.isascii() else "TN-9", event(), "0" * 32 + ":2")
        with pytest.raises(BackendRefused):
            await pair.backend.state(reference if reference.isascii() else "TN-9")
    content = b"%PDF-1"
    with pytest.raises(BackendRefused):
        await pair.backend.attach("TN-0000001", attachment(content), content)


@pytest.mark.parametrize(
    "spoiled",
    [
        {"input_type": ""},
        {"input_type": None},
        {"received_at": "hôm qua"},
        {"received_at": "2026-11-21T03:00:00"},
        {"narrative_masked": 7},
        {"severity": 6},
        {"attachments": [{"id": "x"}]},
        {"restricted": "0912345678"},
        {"facts": {"amount": float("nan")}},
        {"said": "\ud800"},
        {"padding": "x" * (1 << 20)},
    ],
    ids=lambda spoiled: next(iter(spoiled)),
)
async def test_an_invalid_case_is_refused_without_quoting_it(pair: Pair, spoiled: dict[str, Any]) -> None:
    with pytest.raises(BackendRefused) as refused:
        await pair.backend.file(case(**spoiled), "0" * 32)
    _assert_silent(refused.value)
    assert await pair.backend.find("0" * 32) is None


async def test_fields_at_fault_are_named(pair: Pair) -> None:
    with pytest.raises(BackendRefused, match="input_type"):
        await pair.backend.file(case(input_type=None, nguyen_van_a=None), "0" * 32)


async def test_states_are_passed_on_as_they_are(pair: Pair) -> None:
    reference = (await pair.backend.file(case(), "0" * 32)).reference
    assert (await pair.backend.state(reference))["state"] == "received"
    at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    pair.behind.ledger.set_state(reference, "chờ họp liên ngành", "Đang chờ.", at)
    told = await pair.backend.state(reference)
    assert (told["state"], told["text"], told["key"]) == ("chờ họp liên ngành", "Đang chờ.", "0" * 32)
    assert datetime.fromisoformat(told["updated_at"]) == at


async def test_files_are_taken_once(pair: Pair) -> None:
    reference = (await pair.backend.file(case(), "0" * 32)).reference
    content = b"%PDF-1 \x00\xff"
    for _ in range(2):
        await pair.backend.attach(reference, attachment(content), content)
    assert pair.behind.ledger.attachment(reference, "file-0001") == content
    with pytest.raises(BackendRefused):
        await pair.backend.attach(reference, attachment(content), content + b"!")


async def test_nothing_of_a_citizen_is_readable_in_the_database(pair: Pair, tmp_path: Path) -> None:
    reference = (await pair.backend.file(case(), "0" * 32)).reference
    await pair.backend.add_event(reference, event(), "0" * 32 + ":2")
    await pair.backend.attach(reference, attachment(WORDS.encode()), WORDS.encode())
    pair.behind.ledger.set_state(reference, "answered", WORDS, datetime.now(UTC))
    files = [path for path in (tmp_path / "backend").iterdir() if path.is_file()]
    assert any(path.name.endswith("-wal") for path in files)
    for path in files:
        assert path.stat().st_mode & 0o077 == 0
        data = path.read_bytes()
        assert b"0912345678" not in data
        assert "Nguyễn".encode() not in data


async def test_verify_passes_on_the_local_backend(tmp_path: Path) -> None:
    async with http_client(served(open_local(tmp_path))) as client:
        results = [result async for result in verify(URL, KEY, client)]
    assert [r for r in results if not r.passed] == []
    assert [r.name for r in results] == [clause.name for clause in CLAUSES]
    assert len(results) >= 20


@pytest.mark.parametrize("name", BROKEN)
async def test_verify_names_the_clauses_that_a_broken_backend_breaks(name: str, tmp_path: Path) -> None:
    make, broken = BROKEN[name]
    async with http_client(make(tmp_path)) as client:
        results = [result async for result in verify(URL, KEY, client)]
    assert {result.name for result in results if not result.passed} == broken
    assert all(result.detail for result in results if not result.passed)


@pytest.mark.parametrize(
    ("key", "late", "reason"),
    [
        (SigningKey(KEY.id, f"{KEY.secret}-khac"), 0, "bí mật không khớp: hệ thống trả 401 (signature-wrong)"),
        (SigningKey("nguoi-la", KEY.secret), 0, "bí mật không khớp: hệ thống trả 401 (key-unknown)"),
        (KEY, 3600, "giờ của hai máy lệch nhau: hệ thống trả 401 (timestamp-out-of-range)"),
    ],
    ids=["secret", "key", "clock"],
)
async def test_verify_stops_where_it_is_not_heard(key: SigningKey, late: int, reason: str, tmp_path: Path) -> None:
    behind = open_local(tmp_path)
    async with http_client(served(behind)) as client:
        results = [r async for r in verify(URL, key, client, Late(late))]
    assert [(r.name, r.passed) for r in results] == [("filing", False)]
    assert results[0].detail.startswith(reason)
    assert behind.ledger.cases(10) == []


@pytest.mark.parametrize(
    ("error", "after", "judged"),
    [
        (httpx.ConnectError("no"), 0, 1),
        (httpx.ConnectTimeout("no"), 0, 1),
        (httpx.ConnectError("gone"), 3, 3),
        (httpx.ReadError("cut"), 0, len(CLAUSES)),
        (httpx.ReadTimeout("slow"), 3, len(CLAUSES)),
    ],
    ids=["nobody", "silent", "gone-meanwhile", "cut", "slow"],
)
async def test_verify_stops_where_nobody_is_and_goes_on_where_a_request_fails(
    error: httpx.HTTPError, after: int, judged: int, tmp_path: Path
) -> None:
    transport = Failing(served(open_local(tmp_path)), error, after)
    async with httpx.AsyncClient(transport=transport) as client:
        results = [r async for r in verify(URL, KEY, client)]
    assert len(results) == judged
    assert not results[-1].passed
    assert type(error).__name__ in results[-1].detail


async def test_verify_judges_on_where_401_comes_for_another_reason_than_the_secret(tmp_path: Path) -> None:
    """A backend that refuses every file breaks one clause; the others are still judged."""
    app = served(open_local(tmp_path))

    async def closed_to_files(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "PUT":
            await JSONResponse({}, 401)(scope, receive, send)
        else:
            await app(scope, receive, send)

    async with http_client(closed_to_files) as client:
        results = [r async for r in verify(URL, KEY, client)]
    assert [r.name for r in results if not r.passed] == ["attachments"]
    assert len(results) == len(CLAUSES)


def test_there_are_at_least_six_broken_backends() -> None:
    assert len(BROKEN) >= 6
    assert len({clause.name for clause in CLAUSES}) == len(CLAUSES)
    assert set().union(*(broken for _, broken in BROKEN.values())) <= {clause.name for clause in CLAUSES}


def _assert_silent(refusal: BackendRefused) -> None:
    said = str(refusal)
    assert said
    assert not re.search(r"Nguyễn|Bí Mật|\d{6}|hôm qua|padding", said), said
