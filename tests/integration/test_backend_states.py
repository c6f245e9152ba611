"""States that a backend reports: pushed by the signed webhook or asked for, each kept once and none dropped."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.core.backend.signing import MemoryNonces, Signable, SigningKey, Verifier, signed_headers
from bot.core.backend.states import Recorded, StateReport, record_state
from bot.core.backend.status_poller import StatusPoller
from bot.core.cases.state import Status
from bot.core.errors import BackendRefused, BackendUnavailable
from bot.store import Store
from channels.backend_events import MAX_BODY_BYTES, PATH, backend_events_router
from tests.contracts.steps import together
from tests.integration.delivery_steps import NOW, FakeBackend, SetClock, case, file_case, runner, timeline

A, B = "a" * 32, "b" * 32
KEY = SigningKey("backend", "bí-mật-chung-chỉ-để-thử-0123456789")
LATER = NOW + timedelta(minutes=4)


class Hook:
    """The webhook of a service, spoken to as a backend does."""

    def __init__(self, store: Store) -> None:
        self.clock = SetClock()
        app = FastAPI()
        app.include_router(backend_events_router(store, Verifier({KEY.id: KEY}, MemoryNonces()), self.clock))
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service")

    async def post(self, body: bytes, *, key: SigningKey = KEY, nonce: str | None = None) -> httpx.Response:
        headers = signed_headers(key, Signable("POST", PATH, body), self.clock.now(), nonce)
        return await self.client.post(PATH, content=body, headers=headers)

    async def report(self, **fields: Any) -> httpx.Response:
        return await self.post(json.dumps({**told(), **fields}).encode())


def told() -> dict[str, Any]:
    return {
        "event_id": "e1",
        "key": A,
        "reference": "R1",
        "state": "in_progress",
        "text": "Đang xác minh.",
        "updated_at": LATER.isoformat(),
    }


@pytest.fixture
async def hook(store: Store) -> AsyncIterator[Hook]:
    await asyncio.to_thread(file_case, store, A)
    await runner(store, FakeBackend(), SetClock()).run_once()
    hook = Hook(store)
    async with hook.client:
        yield hook


def states(store: Store, case_id: str = A) -> list[str]:
    return [entry.body["state"] for entry in timeline(store, case_id) if entry.kind == "backend_state"]


async def test_a_report_becomes_the_state_of_its_case(hook: Hook, store: Store) -> None:
    answer = await hook.report()
    assert (answer.status_code, answer.json()) == (200, {"recorded": "new"})
    assert case(store, A).backend_state == "in_progress"
    entry = timeline(store, A)[-1]
    assert (entry.kind, entry.actor, entry.body["text"]) == ("backend_state", "backend", "Đang xác minh.")
    assert case(store, A).status is Status.RECEIVED


async def test_the_same_report_again_changes_nothing(hook: Hook, store: Store) -> None:
    await hook.report()
    assert (await hook.report()).json() == {"recorded": "known"}
    assert (await hook.report(event_id="e2")).json() == {"recorded": "known"}
    assert (await hook.report(state="closed", updated_at=NOW.isoformat())).json() == {"recorded": "known"}
    assert states(store) == ["in_progress"]


async def test_an_unknown_state_is_kept_as_it_is(hook: Hook, store: Store) -> None:
    assert (await hook.report(state="chuyển Thanh tra – đợt 2")).status_code == 200
    assert case(store, A).backend_state == "chuyển Thanh tra – đợt 2"


async def test_a_late_report_is_kept_but_undoes_nothing(hook: Hook, store: Store) -> None:
    await hook.report(state="closed")
    late = await hook.report(
        event_id="e0", state="in_progress", updated_at=(LATER - timedelta(minutes=1)).isoformat()
    )
    assert late.json() == {"recorded": "late"}
    assert case(store, A).backend_state == "closed"
    assert states(store) == ["closed", "in_progress"]


async def test_a_report_that_overtakes_the_receipt_is_taken(hook: Hook, store: Store) -> None:
    await asyncio.to_thread(file_case, store, B)
    assert (await hook.report(key=B, reference="R2")).status_code == 200
    assert case(store, B).backend_state == "in_progress"


@pytest.mark.parametrize("fields", [{"reference": "R2"}, {"key": B}])
async def test_a_report_about_no_case_of_ours_is_not_found(hook: Hook, store: Store, fields: dict[str, str]) -> None:
    answer = await hook.report(**fields)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert states(store) == []


async def test_a_report_that_is_not_signed_as_agreed_is_refused(hook: Hook, store: Store) -> None:
    body = json.dumps(told()).encode()
    wrong = SigningKey(KEY.id, f"{KEY.secret}?")
    signed = signed_headers(KEY, Signable("POST", PATH, body), hook.clock.now() - timedelta(seconds=301))
    answers = [
        await hook.post(body, key=wrong),
        await hook.client.post(PATH, content=body),
        await hook.client.post(PATH, content=body, headers=signed),
        await hook.client.post(
            PATH, content=body + b" ", headers=signed_headers(KEY, Signable("POST", PATH, body), NOW)
        ),
    ]
    assert [answer.status_code for answer in answers] == [401] * 4
    assert states(store) == []
    assert (await hook.post(body, nonce="n" * 24)).status_code == 200
    assert (await hook.post(body, nonce="n" * 24)).status_code == 401


@pytest.mark.parametrize(
    "spoiled",
    [{"state": ""}, {"state": "x" * 101}, {"text": "x" * 4001}, {"updated_at": "2026-11-21T03:00:00"}, {"key": "á"}],
    ids=str,
)
async def test_fields_unlike_the_agreed_are_refused(hook: Hook, store: Store, spoiled: dict[str, str]) -> None:
    assert (await hook.report(**spoiled)).status_code == 422
    assert (await hook.post(b"[]")).status_code == 422
    assert (await hook.post(b"{")).status_code == 422
    assert states(store) == []


@pytest.mark.parametrize(
    "moment",
    [
        (NOW + timedelta(minutes=6)).isoformat(),
        "2099-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "1999-12-31T23:59:59Z",
    ],
)
async def test_a_moment_that_cannot_be_is_refused_and_makes_nothing_late(
    hook: Hook, store: Store, moment: str
) -> None:
    refused = await hook.report(event_id="e9", state="closed", updated_at=moment)
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert states(store) == []
    assert (await hook.report()).json() == {"recorded": "new"}
    assert case(store, A).backend_state == "in_progress"


@pytest.mark.parametrize(
    "moment", [NOW + timedelta(minutes=5), NOW, NOW.replace(year=2000), NOW - timedelta(days=30)]
)
@pytest.mark.parametrize("hours", [0, 7, -11])
async def test_a_moment_that_can_be_is_taken_in_any_zone(
    hook: Hook, store: Store, moment: datetime, hours: int
) -> None:
    told = moment.astimezone(timezone(timedelta(hours=hours)))
    assert (await hook.report(updated_at=told.isoformat())).json() == {"recorded": "new"}
    assert timeline(store, A)[-1].body["updated_at"] == moment.isoformat()


async def test_a_state_of_the_future_that_was_taken_earlier_holds_up_nothing(hook: Hook, store: Store) -> None:
    with store() as unit:
        body = {"state": "closed", "text": "", "updated_at": "2099-01-01T00:00:00+00:00"}
        unit.cases.change(A, "backend_state", "backend", NOW, body, backend_state="closed")
        unit.commit()
    assert (await hook.report()).json() == {"recorded": "new"}
    assert case(store, A).backend_state == "in_progress"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("<script>alert(1)</script> gọi 0912345678", "‹script›alert(1)‹/script› gọi [số điện thoại]"),
        ("đã\x00 xong", "đã xong"),
        ("đỏ \x1b[31m", "đỏ [31m"),
        ("  chờ\n\u200b họp\u2028", "chờ họp"),
        ("gọi 09\u200b12 345 678", "gọi [số điện thoại]"),
        ("Chuyển Thanh tra – đợt 2 (theo QĐ 123/QĐ-TTr)", "Chuyển Thanh tra – đợt 2 (theo QĐ 123/QĐ-TTr)"),
        ("đang xử lý: 50%", "đang xử lý: 50%"),
        ("x" * 89 + " 0912345678", "x" * 89 + " [số điện t"),
    ],
)
async def test_what_is_kept_of_a_state_can_be_shown(hook: Hook, store: Store, said: str, kept: str) -> None:
    assert (await hook.report(state=said, text=said)).json() == {"recorded": "new"}
    assert case(store, A).backend_state == kept
    assert timeline(store, A)[-1].body["text"].startswith(kept)
    assert (await hook.report(state=said, event_id="e2")).json() == {"recorded": "known"}


@pytest.mark.parametrize("blank", [" ", "\u200b", "\u3164", "\x00", "\t\n", "...", "<>", "\u2800"])
async def test_a_state_without_a_word_is_refused(hook: Hook, store: Store, blank: str) -> None:
    assert (await hook.report(state=blank)).status_code == 422
    assert states(store) == []
    assert (await hook.report(text=blank)).status_code == 200, "a text may be empty"


async def test_a_report_that_is_too_large_is_refused(hook: Hook) -> None:
    assert (await hook.report(text="x" * MAX_BODY_BYTES)).status_code == 413

    async def streamed() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b" " * (MAX_BODY_BYTES // 5)

    signed = signed_headers(KEY, Signable("POST", PATH, b""), hook.clock.now())
    assert (await hook.client.post(PATH, content=streamed(), headers=signed)).status_code == 413


def test_reports_at_once_are_kept_once(store: Store) -> None:
    file_case(store, A)
    reports = [StateReport(f"s{n % 3}", "", NOW + timedelta(seconds=n % 3), f"e{n % 3}") for n in range(9)]
    outcomes = together(9, lambda n: record_state(store, A, reports[n], NOW))
    assert sorted(states(store)) == ["s0", "s1", "s2"]
    assert case(store, A).backend_state == "s2"
    assert outcomes.count(Recorded.KNOWN) == 6


async def test_polling_reads_the_states_of_undecided_cases(store: Store) -> None:
    backend, clock = FakeBackend(), SetClock()
    ids = [f"{n:032x}" for n in range(5)]
    for case_id in ids:
        await asyncio.to_thread(file_case, store, case_id)
    run = runner(store, backend, clock)
    for _ in ids:
        await run.run_once()
    file_case(store, A)  # not handed over: there is nothing to ask about
    with store() as unit:
        unit.cases.change(ids[0], "withdrawn", "citizen", NOW, status=Status.WITHDRAWN)
        unit.commit()
    for n in range(5):
        backend.states[f"R{n + 1}"] = {"state": "chờ họp", "text": "", "updated_at": LATER.isoformat()}
    backend.states["R5"]["state"] = "closed"
    poller = StatusPoller(store, backend, clock)
    backend.calls.clear()
    assert await poller.run_once() == 4
    assert sorted(reference for _, reference in backend.calls) == ["R2", "R3", "R4", "R5"]
    assert [case(store, id_).backend_state for id_ in ids] == [None, "chờ họp", "chờ họp", "chờ họp", "closed"]
    backend.calls.clear()
    assert await poller.run_once() == 0
    assert sorted(reference for _, reference in backend.calls) == ["R2", "R3", "R4"], "a closed one is asked no more"
    assert states(store, ids[1]) == ["chờ họp"]


async def test_polling_passes_over_what_is_refused_and_stops_where_nobody_answers(store: Store) -> None:
    backend, clock = FakeBackend(), SetClock()
    for letter in "abc":
        await asyncio.to_thread(file_case, store, letter * 32)
        await runner(store, backend, clock).run_once()
    backend.states = {f"R{n}": {"state": "answered", "updated_at": LATER.isoformat()} for n in (1, 2, 3)}
    backend.before = [BackendRefused("404")]
    assert await StatusPoller(store, backend, clock).run_once() == 2
    backend.states = {f"R{n}": {"state": "x", "updated_at": NOW.isoformat()} for n in (1, 2, 3)}
    backend.before = [BackendUnavailable("x")]
    backend.calls.clear()
    assert await StatusPoller(store, backend, clock).run_once() == 0
    assert len(backend.calls) == 1


async def test_polling_passes_over_a_state_that_cannot_be(store: Store) -> None:
    backend, clock = FakeBackend(), SetClock()
    for letter in "abc":
        await asyncio.to_thread(file_case, store, letter * 32)
        await runner(store, backend, clock).run_once()
    backend.states = {f"R{n}": {"state": "answered", "updated_at": NOW.isoformat()} for n in (1, 2, 3)}
    backend.states["R2"]["updated_at"] = "2099-01-01T00:00:00+00:00"
    backend.states["R3"]["state"] = "\u3164"
    assert await StatusPoller(store, backend, clock).run_once() == 1
    assert [case(store, letter * 32).backend_state for letter in "abc"] == ["answered", None, None]


async def test_polling_reads_more_cases_than_a_page_though_they_share_a_moment(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.core.backend.status_poller._PAGE", 3)
    backend, clock = FakeBackend(), SetClock()
    for n in range(8):
        moment = NOW + timedelta(seconds=n // 2)
        await asyncio.to_thread(file_case, store, f"{n:032x}", moment)
        await runner(store, backend, clock).run_once()
        backend.states[f"R{n + 1}"] = {"state": "in_progress", "updated_at": LATER.isoformat()}
    assert await StatusPoller(store, backend, clock).run_once() == 8
