"""Sessions, messages and errors of the web API, in process."""

import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.core.errors import StoreUnavailable, UnknownConversation
from bot.core.messages import Event, Turn
from bot.core.ports import UnitOfWork
from bot.store import KeyRing, Store
from channels.web import WebChannelSettings
from channels.web.page import STATIC_DIR
from tests.browser.fakes import GREETING, SettableClock, web_app

EVALUATION_TOKEN = "thu-nghiem-0123456789"
SETTINGS = WebChannelSettings(max_waiting_messages=3, evaluation_token=EVALUATION_TOKEN)
CITIZENS_WORDS = "chuyện riêng của tôi 0912345678"


class Web:
    """A client of one application, and what the application did."""

    def __init__(self, store: Store, settings: WebChannelSettings = SETTINGS) -> None:
        self.clock = SettableClock(datetime(2026, 11, 21, 2, 0, tzinfo=UTC))
        self.store = store
        self.woken: list[str] = []
        self.app = web_app(self.store, self.clock, on_message=self.woken.append, settings=settings)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://test")

    async def open(self) -> tuple[str, dict[str, str]]:
        opened = (await self.client.post("/api/web/sessions")).json()
        return f"/api/web/sessions/{opened['session_id']}", {"Authorization": f"Bearer {opened['token']}"}

    async def send(self, path: str, auth: dict[str, str], body: Any, **headers: str) -> httpx.Response:
        return await self.client.post(f"{path}/messages", json=body, headers={**auth, **headers})

    def conversation_of(self, path: str) -> str:
        with self.store() as uow:
            found = uow.web_session(path.rpartition("/")[2])
        assert found is not None
        return found[0]

    def events(self, path: str) -> list[Event]:
        with self.store() as uow:
            return uow.events_after(self.conversation_of(path), 0)

    def turn(self, path: str) -> Turn:
        """Return the turn that a worker would now be given."""
        with self.store() as uow:
            turn = uow.claim_turn(self.conversation_of(path), "test", self.clock.now(), 30)
        assert turn is not None
        return turn


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One SQLite database for the module: every test opens its own sessions."""
    folder = tmp_path_factory.mktemp("web")
    store = Store(f"sqlite:///{folder}/tiepdan.db", KeyRing.load_or_create(folder / "keys"))
    store.migrate()
    yield store
    store.close()


@pytest.fixture
async def web(store: Store) -> AsyncIterator[Web]:
    web = Web(store)
    async with web.client:
        yield web


def problem_of(response: httpx.Response, status: int) -> dict[str, Any]:
    """Check the one shape of errors and return it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:tiepdan:problem:")
    assert problem["detail"]
    assert set(problem) <= {"type", "title", "status", "detail", "errors"}
    return problem


async def test_a_new_session_is_greeted_by_an_automatic_assistant(web: Web) -> None:
    path, auth = await web.open()
    events = (await web.client.get(f"{path}/messages", headers=auth)).json()
    assert [(e["sequence"], e["kind"]) for e in events] == [(1, "assistant")]
    assert "trợ lý tự động" in events[0]["body"]["text"]
    assert events[0]["body"] == json.loads(json.dumps(GREETING.to_payload()))


async def test_only_a_hash_of_the_token_is_stored(web: Web) -> None:
    path, auth = await web.open()
    token = auth["Authorization"].removeprefix("Bearer ")
    assert len(token) >= 43  # 256 bits
    files = list(Path(web.store.name).parent.glob("tiepdan.db*"))
    assert files
    written = b"".join(file.read_bytes() for file in files)
    assert path.rpartition("/")[2].encode() in written
    assert token.encode() not in written


async def test_message_is_stored_before_it_is_acknowledged_and_wakes_the_worker(web: Web) -> None:
    path, auth = await web.open()
    response = await web.send(path, auth, {"client_message_id": "a1", "text": "lệ phí?", "button": "facet:fee"})
    assert response.status_code == 202
    assert response.json() == {"sequence": 2, "duplicate": False}
    turn = web.turn(path)
    assert (turn.text, turn.button, turn.now) == ("lệ phí?", "facet:fee", web.clock.now())
    assert web.woken == [turn.conversation_id]


async def test_resent_message_is_stored_once(web: Web) -> None:
    path, auth = await web.open()
    body = {"client_message_id": "a1", "text": "xin chào"}
    first = (await web.send(path, auth, body)).json()
    second = (await web.send(path, auth, body)).json()
    assert second == {"sequence": first["sequence"], "duplicate": True}
    assert len(web.events(path)) == 2


async def test_two_sessions_do_not_see_each_other(web: Web) -> None:
    path, auth = await web.open()
    other_path, other_auth = await web.open()
    await web.send(path, auth, {"client_message_id": "a1", "text": CITIZENS_WORDS})
    assert len((await web.client.get(f"{other_path}/messages", headers=other_auth)).json()) == 1
    problem_of(await web.client.get(f"{path}/messages", headers=other_auth), 401)


async def test_history_is_read_from_a_sequence_on(web: Web) -> None:
    path, auth = await web.open()
    for n in range(3):
        await web.send(path, auth, {"client_message_id": f"m{n}", "text": f"câu {n}"})
    later = (await web.client.get(f"{path}/messages?after=2", headers=auth)).json()
    assert [(e["sequence"], e["body"]["text"]) for e in later] == [(3, "câu 1"), (4, "câu 2")]
    assert [
        e["sequence"] for e in (await web.client.get(f"{path}/messages?after=1&limit=1", headers=auth)).json()
    ] == [2]
    for after in ("-1", "x", str(2**63)):
        problem_of(await web.client.get(f"{path}/messages?after={after}", headers=auth), 422)


@pytest.mark.parametrize(
    "text",
    ["", " ", "a" * 20_000, "ộ" * 20_000, "🙏", "\u200b\u200d", "a\x00b", "<script>alert(1)</script>", "\x07\x1b[0m"],
    ids=["empty", "blank", "long", "long-vietnamese", "emoji", "zero-width", "nul", "markup", "control"],
)
async def test_odd_text_is_accepted(web: Web, text: str) -> None:
    path, auth = await web.open()
    content = json.dumps({"client_message_id": "a1", "text": text}, ensure_ascii=False).encode()
    response = await web.client.post(
        f"{path}/messages", content=content, headers={**auth, "Content-Type": "application/json"}
    )
    assert response.status_code == 202, response.text
    assert web.turn(path).text == text.replace("\x00", "\ufffd")


async def test_lone_surrogates_are_replaced(web: Web) -> None:
    path, auth = await web.open()
    content = b'{"client_message_id":"a1","text":"x\\ud800y \\ud83d\\ude4f"}'
    response = await web.client.post(
        f"{path}/messages", content=content, headers={**auth, "Content-Type": "application/json"}
    )
    assert response.status_code == 202, response.text
    assert web.turn(path).text == "x\ufffdy 🙏"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"client_message_id": "a1"}, "body.text"),
        ({"text": CITIZENS_WORDS}, "body.client_message_id"),
        ({"client_message_id": "", "text": CITIZENS_WORDS}, "body.client_message_id"),
        ({"client_message_id": "a b", "text": CITIZENS_WORDS}, "body.client_message_id"),
        ({"client_message_id": "a" * 65, "text": CITIZENS_WORDS}, "body.client_message_id"),
        ({"client_message_id": "a1", "text": "a" * 20_001}, "body.text"),
        ({"client_message_id": "a1", "text": 5}, "body.text"),
        ({"client_message_id": "a1", "text": CITIZENS_WORDS, "button": "a/b\n"}, "body.button"),
        ({"client_message_id": "a1", "text": CITIZENS_WORDS, "button": "a" * 201}, "body.button"),
        ({"client_message_id": "a1", "text": CITIZENS_WORDS, "now": "hôm nay"}, "body.now"),
        ({"client_message_id": "a1", "text": "x", CITIZENS_WORDS: 1}, "body"),
        ([CITIZENS_WORDS], "body"),
        (CITIZENS_WORDS, "body"),
    ],
)
async def test_invalid_fields_are_named_without_repeating_them(web: Web, body: Any, field: str) -> None:
    path, auth = await web.open()
    response = await web.send(path, auth, body)
    assert field in [error["field"] for error in problem_of(response, 422)["errors"]]
    assert CITIZENS_WORDS not in response.text
    assert len(web.events(path)) == 1


@pytest.mark.parametrize(
    "content",
    [b"{", b"", b"\xff\xfe", b"[" * 60_000, b'{"text": NaN,', b'{"n":' + b"9" * 5000 + b"}"],
    ids=["cut", "nothing", "not-utf8", "deep", "nan", "huge-number"],
)
async def test_malformed_json_is_a_problem(web: Web, content: bytes) -> None:
    path, auth = await web.open()
    headers = {**auth, "Content-Type": "application/json"}
    response = await web.client.post(f"{path}/messages", content=content, headers=headers)
    problem_of(response, 422 if content == b"" else 400)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_other_media_types_are_refused(web: Web, kind: str) -> None:
    path, auth = await web.open()
    response = await web.client.post(f"{path}/messages", content=b"a=1", headers={**auth, "Content-Type": kind})
    problem_of(response, 415)


async def test_oversized_bodies_are_refused_declared_or_chunked(web: Web) -> None:
    path, auth = await web.open()
    headers = {**auth, "Content-Type": "application/json"}
    big = b'{"client_message_id":"a1","text":"' + b"a" * 70_000 + b'"}'
    problem_of(await web.client.post(f"{path}/messages", content=big, headers=headers), 413)

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(big), 4096):
            yield big[start : start + 4096]

    problem_of(await web.client.post(f"{path}/messages", content=chunks(), headers=headers), 413)
    problem_of(await web.client.post("/api/web/sessions", content=b"x" * 70_000), 413)


@pytest.mark.parametrize("auth", ["", "Bearer", "Bearer sai", "Bearer ộ", "Basic YTph", "Bearer " + "x" * 5000])
async def test_wrong_tokens_are_refused(web: Web, auth: str) -> None:
    path, _right = await web.open()
    headers = {"Authorization": auth.encode()} if auth else {}
    for response in (
        await web.client.get(f"{path}/messages", headers=headers),
        await web.client.get(f"{path}/events", headers=headers),
        await web.client.post(f"{path}/messages", json={"client_message_id": "a", "text": "a"}, headers=headers),
    ):
        problem_of(response, 401)
        assert response.headers["www-authenticate"] == "Bearer"


async def test_expired_token_is_refused(web: Web) -> None:
    path, auth = await web.open()
    web.clock.time += SETTINGS.token_lifetime - timedelta(seconds=1)
    assert (await web.client.get(f"{path}/messages", headers=auth)).status_code == 200
    web.clock.time += timedelta(seconds=1)
    problem_of(await web.client.get(f"{path}/messages", headers=auth), 401)


@pytest.mark.parametrize("session_id", ["s_AAAAAAAAAAAAAAAAAAAAAA", "x", "%00", "%ff", "s_" + "a" * 4000])
async def test_unknown_session_is_not_found(web: Web, session_id: str) -> None:
    _path, auth = await web.open()
    problem_of(await web.client.get(f"/api/web/sessions/{session_id}/messages", headers=auth), 404)


async def test_unknown_address_and_method_are_problems(web: Web) -> None:
    problem_of(await web.client.get("/khong-co"), 404)
    problem_of(await web.client.delete("/api/web/sessions"), 405)
    problem_of(await web.client.get("/static/chat/../../web/router.py"), 404)
    problem_of(await web.client.get("/static/chat/%2e%2e/%2e%2e/web/router.py"), 404)


async def test_too_many_waiting_messages_are_refused_but_a_resent_one_is_not(web: Web) -> None:
    path, auth = await web.open()
    for n in range(3):
        assert (await web.send(path, auth, {"client_message_id": f"m{n}", "text": "a"})).status_code == 202
    refused = await web.send(path, auth, {"client_message_id": "m3", "text": CITIZENS_WORDS})
    problem_of(refused, 429)
    assert refused.headers["retry-after"] == "5"
    assert (await web.send(path, auth, {"client_message_id": "m1", "text": "a"})).json()["duplicate"]


async def test_a_turns_clock_needs_the_evaluation_token(web: Web) -> None:
    path, auth = await web.open()
    body = {"client_message_id": "a1", "text": "a", "now": "2026-11-24T09:30"}
    problem_of(await web.send(path, auth, body), 403)
    problem_of(await web.send(path, auth, body, **{"X-Evaluation-Token": "sai"}), 403)
    assert (await web.send(path, auth, body, **{"X-Evaluation-Token": EVALUATION_TOKEN})).status_code == 202
    assert web.turn(path).now == datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
    far = {**body, "client_message_id": "a2", "now": "0001-01-01T00:00"}
    problem_of(await web.send(path, auth, far, **{"X-Evaluation-Token": EVALUATION_TOKEN}), 422)


async def test_without_a_configured_token_no_clock_is_accepted(store: Store) -> None:
    web = Web(store, replace(SETTINGS, evaluation_token=None))
    async with web.client:
        path, auth = await web.open()
        body = {"client_message_id": "a1", "text": "a", "now": "2026-11-24T09:30"}
        for token in ("", "None", EVALUATION_TOKEN):
            problem_of(await web.send(path, auth, body, **{"X-Evaluation-Token": token}), 403)


async def test_unforeseen_error_is_a_plain_problem_and_its_message_is_not_logged(
    web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    path, auth = await web.open()

    def broken(_conversation_id: str) -> None:
        raise ValueError(f"cannot handle {CITIZENS_WORDS}")

    app = web_app(web.store, web.clock, on_message=broken, settings=SETTINGS)
    with caplog.at_level(logging.DEBUG):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            body = {"client_message_id": "a1", "text": CITIZENS_WORDS}
            response = await client.post(f"{path}/messages", json=body, headers=auth)
    problem_of(response, 500)
    assert "Traceback" not in response.text
    assert CITIZENS_WORDS not in response.text
    assert "unhandled ValueError" in caplog.text
    assert CITIZENS_WORDS not in caplog.text


@pytest.mark.parametrize(("error", "status"), [(StoreUnavailable, 503), (UnknownConversation, 404)])
async def test_store_errors_are_problems(web: Web, error: type[Exception], status: int) -> None:
    path, auth = await web.open()
    failing: list[bool] = []

    def store() -> UnitOfWork:
        if failing:
            raise error(CITIZENS_WORDS)
        failing.append(True)  # the token is still checked
        return web.store()

    app = web_app(store, web.clock, settings=SETTINGS)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        response = await client.get(f"{path}/messages", headers=auth)
    problem_of(response, status)
    assert CITIZENS_WORDS not in response.text


async def test_page_and_files_carry_a_strict_policy(web: Web) -> None:
    for path in ("/", "/docs", "/static/chat/chat.css", "/static/chat/chat.js", "/api/web/none"):
        headers = (await web.client.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


async def test_page_loads_nothing_from_elsewhere_and_stays_small(web: Web) -> None:
    files = [file for file in (STATIC_DIR / "chat").rglob("*") if file.is_file()]
    assert len(files) >= 4
    assert sum(file.stat().st_size for file in files) <= 40 * 1024
    for file in files:
        text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        for forbidden in (
            "http://",
            "https://",
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            " style=",
            " onclick=",
        ):
            assert forbidden not in text.replace('"https:"', "").replace('"http:"', ""), (file.name, forbidden)


async def test_openapi_documents_every_endpoint_with_its_problems(web: Web) -> None:
    document = (await web.client.get("/openapi.json")).json()
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert len(operations) == 4
    for operation in operations:
        assert operation["summary"]
        assert operation["description"]
        problems = {s: r for s, r in operation["responses"].items() if s >= "400"}
        assert problems
        for response in problems.values():
            assert list(response["content"]) == ["application/problem+json"]
