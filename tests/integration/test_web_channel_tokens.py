"""The web session's life: its signed token, renewal, and its end; and what the office announces."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.core.notices import Notice
from bot.store import Store
from channels.web import tokens
from tests.browser.fakes import SettableClock, web_app
from tests.integration.web_client import CITIZENS_WORDS, SETTINGS, Web, problem_of

KEY = "khoa-thu-nghiem-0123456789"
SESSION = "s_AAAAAAAAAAAAAAAAAAAAAA"
UNTIL = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def test_a_token_says_until_when_it_opens_its_session() -> None:
    token = tokens.signed(KEY, SESSION, UNTIL)
    assert tokens.expiry(KEY, SESSION, token) == UNTIL
    assert tokens.expiry(KEY, SESSION, tokens.signed(KEY, SESSION, UNTIL + timedelta(seconds=0.9))) == UNTIL


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: "",
        lambda t: t[:-1],
        lambda t: t + "A",
        lambda t: t.replace("v1.", "v2."),
        lambda t: t.replace("v1.1", "v1.9"),  # a later moment under the old signature
        lambda t: t.replace("v1.", "v1.0"),
        lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"),
        lambda t: t.upper(),
        lambda t: f" {t}",
        lambda t: t.replace("1", "١"),
    ],
)
def test_a_changed_token_opens_nothing(spoil: object) -> None:
    token = tokens.signed(KEY, SESSION, UNTIL)
    assert tokens.expiry(KEY, SESSION, spoil(token)) is None  # type: ignore[operator]


def test_a_token_of_another_session_or_key_opens_nothing() -> None:
    token = tokens.signed(KEY, SESSION, UNTIL)
    assert tokens.expiry(KEY, SESSION[:-1] + "B", token) is None
    assert tokens.expiry(KEY + "x", SESSION, token) is None


async def test_renewal_gives_a_new_token_while_the_session_lasts(web: Web) -> None:
    opened = (await web.client.post("/api/web/sessions")).json()
    path = f"/api/web/sessions/{opened['session_id']}"
    renewal = {"Authorization": f"Bearer {opened['renewal']}"}
    old = {"Authorization": f"Bearer {opened['token']}"}
    web.clock.time += SETTINGS.token_lifetime
    problem_of(await web.client.get(f"{path}/messages", headers=old), 401)
    renewed = await web.client.post(f"{path}/token", headers=renewal)
    assert renewed.status_code == 200
    assert renewed.headers["cache-control"] == "no-store"
    fresh = {"Authorization": f"Bearer {renewed.json()['token']}"}
    assert (await web.client.get(f"{path}/messages", headers=fresh)).status_code == 200
    again = await web.client.post(f"{path}/token", headers=renewal)  # a second tab
    assert again.status_code == 200
    assert (await web.client.get(f"{path}/messages", headers=fresh)).status_code == 200
    web.clock.time += SETTINGS.session_lifetime
    problem_of(await web.client.post(f"{path}/token", headers=renewal), 401)


async def test_no_token_outlasts_its_session(web: Web) -> None:
    opened = (await web.client.post("/api/web/sessions")).json()
    path = f"/api/web/sessions/{opened['session_id']}"
    web.clock.time += SETTINGS.session_lifetime - timedelta(seconds=5)
    renewal = {"Authorization": f"Bearer {opened['renewal']}"}
    renewed = (await web.client.post(f"{path}/token", headers=renewal)).json()
    assert renewed["expires_at"] == opened["renewable_until"]
    web.clock.time += timedelta(seconds=5)
    auth = {"Authorization": f"Bearer {renewed['token']}"}
    problem_of(await web.client.get(f"{path}/messages", headers=auth), 401)


async def test_the_renewal_secret_opens_nothing_and_the_token_renews_nothing(web: Web) -> None:
    opened = (await web.client.post("/api/web/sessions")).json()
    other = (await web.client.post("/api/web/sessions")).json()
    path = f"/api/web/sessions/{opened['session_id']}"
    for method, where, secret in (
        ("GET", "messages", opened["renewal"]),
        ("POST", "token", opened["token"]),
        ("POST", "token", other["renewal"]),
    ):
        response = await web.client.request(method, f"{path}/{where}", headers={"Authorization": f"Bearer {secret}"})
        problem_of(response, 401)
        assert secret not in response.text
    problem_of(await web.client.post(f"{path}/token"), 401)
    unknown = await web.client.post(f"/api/web/sessions/{SESSION}/token", headers={"Authorization": "Bearer x"})
    problem_of(unknown, 404)


async def test_an_ended_session_is_over_for_every_token_and_its_words_are_gone(web: Web) -> None:
    opened = (await web.client.post("/api/web/sessions")).json()
    path = f"/api/web/sessions/{opened['session_id']}"
    auth = {"Authorization": f"Bearer {opened['token']}"}
    assert (await web.client.delete(path, headers=auth)).status_code == 204
    assert {event.body["text"] for event in web.events(path)} == {""}
    problem_of(await web.client.get(f"{path}/messages", headers=auth), 401)
    problem_of(await web.client.delete(path, headers=auth), 401)
    problem_of(await web.client.post(f"{path}/token", headers={"Authorization": f"Bearer {opened['renewal']}"}), 401)


async def test_a_session_is_not_ended_while_an_answer_is_due_or_by_others(web: Web) -> None:
    path, auth = await web.open()
    _other, other_auth = await web.open()
    problem_of(await web.client.delete(path, headers=other_auth), 401)
    problem_of(await web.client.delete(path), 401)
    await web.send(path, auth, {"client_message_id": "a", "text": CITIZENS_WORDS})
    refused = await web.client.delete(path, headers=auth)
    problem_of(refused, 429)
    assert refused.headers["retry-after"]
    assert (await web.client.get(f"{path}/messages", headers=auth)).status_code == 200


async def test_notices_need_no_session(web_store: Store) -> None:
    now = datetime(2026, 12, 1, 5, tzinfo=UTC)
    asked: list[datetime] = []

    def notices(at: datetime) -> list[Notice]:
        asked.append(at)
        return [Notice("Nghỉ vì bão.", "Closed: storm.", now, now + timedelta(hours=1))]

    web = Web(web_store)
    web.app = web_app(web_store, SettableClock(now), settings=replace(SETTINGS), notices=notices)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(web.app), base_url="http://test") as client:
        response = await client.get("/api/web/notices")
    assert response.json() == [{"text": "Nghỉ vì bão.", "english": "Closed: storm.", "until": "2026-12-01T06:00:00Z"}]
    assert asked == [now]
