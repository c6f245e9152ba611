"""Attacks on sessions: foreign pages, planted and stolen cookies, floods."""

from typing import Any

import pytest

from bot.store import Store
from channels.console import PREFIX
from channels.console.browser import COOKIE, Site
from tests.integration.console_client import STAFF, Desk, open_desk, password_of, token_in
from tests.integration.web_client import problem_of

WHO = STAFF["operator"]


@pytest.fixture
def desk(store: Store) -> Desk:
    return open_desk(store)


async def test_a_planted_session_is_not_the_one_that_is_signed_in(desk: Desk) -> None:
    """Fixation: the attacker's own session, or a token of their choosing, in the victim's browser."""
    async with await desk.enter("unit") as attacker, desk.client() as victim:
        for planted in (token_in(attacker), "tu-chon-" * 5):
            victim.cookies.clear()
            sent = {"Cookie": f"{COOKIE}={planted}"}
            body = {"user": WHO.id, "password": password_of("operator")}
            entered = await victim.post(f"{PREFIX}/session", json=body, headers=sent)
            given = entered.headers["set-cookie"].partition("=")[2].partition(";")[0]
            assert given != planted
            async with desk.client() as thief:
                thief.cookies.set(COOKIE, planted)
                assert (await thief.get(f"{PREFIX}/session")).status_code == 401


async def test_changes_need_the_sessions_own_csrf_token_and_our_origin(desk: Desk) -> None:
    async with await desk.enter("administrator") as client, await desk.enter("administrator2") as other:
        csrf, of_another = client.headers.pop("X-CSRF-Token"), other.headers["X-CSRF-Token"]
        good = {"X-CSRF-Token": csrf}
        foreign = [
            {},
            {"X-CSRF-Token": ""},
            {"X-CSRF-Token": of_another},
            {"X-CSRF-Token": token_in(client)},
            {"X-CSRF-Token": csrf[:-1]},
            {**good, "Origin": "https://evil.example"},
            {**good, "Origin": "https://test.evil.example"},
            {**good, "Origin": "http://test:8081"},
            {**good, "Origin": "null"},
            {**good, "Sec-Fetch-Site": "cross-site"},
            {**good, "Sec-Fetch-Site": "same-site"},
        ]
        routes: list[tuple[str, str, Any]] = [
            ("POST", f"/users/{WHO.id}/lock", {"reason": "thử giả mạo"}),
            ("POST", f"/users/{WHO.id}/reset", None),
            ("POST", "/session/touch", None),
            ("POST", "/totp/start", None),
            ("DELETE", "/session", None),
        ]
        for headers in foreign:
            for method, path, body in routes:
                answer = await client.request(method, f"{PREFIX}{path}", json=body, headers=headers)
                assert problem_of(answer, 403)["type"].endswith("csrf-refused"), (headers, path)
        assert (await client.get(f"{PREFIX}/session")).status_code == 200
        assert desk.done("principal_disable") == desk.done("user_reset") == []
        for headers in (good, {**good, "Origin": "https://test", "Sec-Fetch-Site": "same-origin"}):
            locked = await client.post(
                f"{PREFIX}/users/{WHO.id}/lock", json={"reason": "đúng trang"}, headers=headers
            )
            assert locked.status_code == 200


async def test_behind_a_proxy_the_configured_address_is_ours(store: Store) -> None:
    desk = open_desk(store, site=Site("https://ban.example.vn"))
    async with await desk.enter("operator", base_url="http://10.1.1.1:8080") as client:
        # The cookie is Secure, so this plain connection of the proxy must bring it along by itself.
        cookies = {"Cookie": f"{COOKIE}={client.cookies.jar._cookies['10.1.1.1']['/'][COOKIE].value}"}
        for origin, status in (("https://ban.example.vn", 200), ("http://10.1.1.1:8080", 403)):
            headers = {**cookies, "Origin": origin}
            assert (await client.post(f"{PREFIX}/session/touch", headers=headers)).status_code == status


async def test_a_deactivated_principals_session_ends_at_once(desk: Desk) -> None:
    async with await desk.enter("operator") as client:
        with desk.store() as unit:  # as `tiepdan principal disable` does
            unit.principals.deactivate(WHO.id, desk.clock.now())
            unit.commit()
        assert (await client.get(f"{PREFIX}/session")).status_code == 401
        with desk.store() as unit:
            unit.principals.activate(WHO.id)
            unit.commit()
        assert (await client.get(f"{PREFIX}/session")).status_code == 401, "an old session does not come back"


async def test_who_reads_the_database_cannot_make_a_cookie_of_it(desk: Desk) -> None:
    async with await desk.enter("administrator") as client:
        with desk.store.engine.connect() as connection:
            marks = [row[0] for row in connection.exec_driver_sql("SELECT mark FROM console_sessions")]
            keys = [row[0] for row in connection.exec_driver_sql("SELECT key FROM login_failures")]
        assert token_in(client) not in marks
        assert not any("10.0.0.1" in key or "dai.hn" in key for key in keys)
        async with desk.client() as thief:
            thief.cookies.set(COOKIE, marks[0])
            assert (await thief.get(f"{PREFIX}/session")).status_code == 401


@pytest.mark.parametrize("cookie", [b"", b"x", b"x" * 5_000, b"' OR 1=1 --", "é\x00".encode()])
async def test_cookies_that_are_none_are_refused(desk: Desk, cookie: bytes) -> None:
    async with desk.client() as client:
        sent = [(b"Cookie", COOKIE.encode() + b"=" + cookie)]
        answer = await client.get(f"{PREFIX}/session", headers=sent)
        problem_of(answer, 401)


async def test_a_flood_of_wrong_cookies_and_of_requests_is_slowed(desk: Desk) -> None:
    async with desk.client() as client:
        headers = {"Cookie": f"{COOKIE}=sai"}
        codes = [(await client.get(f"{PREFIX}/session", headers=headers)).status_code for _ in range(35)]
        assert codes == [401] * 30 + [429] * 5
    async with await desk.enter("operator") as client:
        codes = [(await client.get(f"{PREFIX}/session")).status_code for _ in range(130)]
        assert codes == [200] * 120 + [429] * 10
        desk.pass_time(seconds=1)
        assert (await client.get(f"{PREFIX}/session")).status_code == 200


async def test_a_large_body_is_refused(desk: Desk) -> None:
    async with desk.client() as client:
        problem_of(await client.post(f"{PREFIX}/session", content=b"x" * 70_000), 413)
