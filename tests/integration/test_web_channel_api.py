"""Sessions and messages of the web API, in process, on SQLite."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store import Store
from tests.browser.fakes import GREETING
from tests.integration.web_client import CITIZENS_WORDS, EVALUATION_TOKEN, SETTINGS, Web, problem_of


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


@pytest.mark.parametrize("auth", ["", "Bearer", "Bearer sai", "Bearer ộ", "Basic YTph", "Bearer " + "x" * 5000])
async def test_wrong_tokens_are_refused(web: Web, auth: str) -> None:
    path, _right = await web.open()
    headers = {b"Authorization": auth.encode()} if auth else {}
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


async def test_without_a_configured_token_no_clock_is_accepted(web_store: Store) -> None:
    web = Web(web_store, replace(SETTINGS, evaluation_token=None))
    async with web.client:
        path, auth = await web.open()
        body = {"client_message_id": "a1", "text": "a", "now": "2026-11-24T09:30"}
        for token in ("", "None", EVALUATION_TOKEN):
            problem_of(await web.send(path, auth, body, **{"X-Evaluation-Token": token}), 403)
