"""Signing in at the console, staying signed in, and what ends a session."""

from datetime import timedelta
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends, Request

from bot.core.cases.people import Principal
from bot.core.staff.tools import StaffRules
from bot.store import Store
from channels.console import PREFIX
from channels.console.browser import COOKIE, Site
from tests.integration.console_client import STAFF, Desk, open_desk, password_of, sign_in, token_in
from tests.integration.web_client import problem_of

WHO = STAFF["operator"]


@pytest.fixture
def desk(store: Store) -> Desk:
    return open_desk(store)


async def state(client: httpx.AsyncClient) -> int:
    return (await client.get(f"{PREFIX}/session")).status_code


async def test_the_page_is_served_under_a_strict_policy(desk: Desk) -> None:
    async with desk.client() as client:
        page = await client.get("/ban-lam-viec")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in page.headers


async def test_before_anybody_signs_in_the_page_is_told_how(desk: Desk) -> None:
    async with desk.client() as client:
        told = await client.get(f"{PREFIX}/session/ways")
        assert told.json() == {"password": True, "oidc": None, "first_start": True}
        assert told.headers["cache-control"] == "no-store"
        await sign_in(client, WHO.id, password_of("operator"))
        assert not (await client.get(f"{PREFIX}/session/ways")).json()["first_start"]


async def test_signing_in_tells_the_page_what_it_needs_and_the_cookie_is_its_own(desk: Desk) -> None:
    async with desk.client() as client:
        entered = await sign_in(client, " Thom.VT ", password_of("operator"))
        told = entered.json()
        assert told["user"] == {"id": "thom.vt", "name": WHO.name, "role": "operator", "unit": "HN-SNV"}
        assert not told["must_change_password"]
        assert not told["totp"]
        assert told["idle_seconds"] == 1800
        assert (await client.get(f"{PREFIX}/session")).json() == told
        cookie = entered.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert parts == {"httponly", "path=/", "samesite=strict", "secure"}
    assert told["csrf"] not in cookie
    assert entered.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("base_url", "address", "secure"),
    [
        ("http://127.0.0.1:8080", "", False),
        ("http://localhost:8080", "", False),
        ("https://localhost", "", True),
        ("http://ban.example.vn", "", True),  # behind a proxy that ends TLS
        ("https://ban.example.vn", "", True),
        ("http://127.0.0.1:8080", "https://ban.example.vn", True),
    ],
)
async def test_the_cookie_is_secure_unless_it_stays_on_this_machine(
    store: Store, base_url: str, address: str, secure: bool
) -> None:
    desk = open_desk(store, site=Site(address))
    async with desk.client(base_url) as client:
        entered = await sign_in(client, WHO.id, password_of("operator"))
    assert ("secure" in entered.headers["set-cookie"].lower()) is secure


@pytest.mark.parametrize(
    ("user", "password"),
    [
        (WHO.id, "chim hót ngoài đồng khác"),
        (WHO.id, password_of("officer")),
        ("khong.co", password_of("operator")),
        ("' OR 1=1 --", password_of("operator")),
        (WHO.id, password_of("operator").upper()),
        (WHO.id, f" {password_of('operator')}"),
        (WHO.name, password_of("operator")),
    ],
)
async def test_whatever_is_wrong_is_refused_in_the_same_words(desk: Desk, user: str, password: str) -> None:
    async with desk.client() as client:
        problem = problem_of(await sign_in(client, user, password), 401)
        assert problem["type"].endswith("login-refused")
        assert "Sai tên, mật khẩu hoặc mã" in problem["detail"]
        assert (await client.get(f"{PREFIX}/session")).headers["cache-control"] == "no-store"
        assert not client.cookies
        assert await state(client) == 401


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"user": "thom.vt"},
        {"user": "thom.vt", "password": ""},
        {"user": "thom.vt", "password": "x" * 300},
        {"user": "thom.vt", "password": "abc", "remember": True},
        {"user": ["thom.vt"], "password": "abc"},
        {"user": "thom.vt", "password": {"$gt": ""}},
    ],
)
async def test_a_malformed_request_is_refused_without_repeating_it(desk: Desk, body: dict[str, object]) -> None:
    async with desk.client() as client:
        answer = await client.post(f"{PREFIX}/session", json=body)
    problem_of(answer, 422)
    assert "thom.vt" not in answer.text
    assert "xxx" not in answer.text


async def test_a_form_of_another_page_cannot_sign_in(desk: Desk) -> None:
    given = {"user": WHO.id, "password": password_of("operator")}
    async with desk.client() as client:
        problem_of(await client.post(f"{PREFIX}/session", data=given), 415)
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            problem_of(await client.post(f"{PREFIX}/session", json=given, headers=headers), 403)
        assert not client.cookies
        ours = {"Origin": "https://test", "Sec-Fetch-Site": "same-origin"}
        assert (await client.post(f"{PREFIX}/session", json=given, headers=ours)).status_code == 200


async def test_signing_out_ends_the_session_for_whoever_has_its_token(desk: Desk) -> None:
    client = await desk.enter("operator")
    token = token_in(client)
    assert (await client.delete(f"{PREFIX}/session")).status_code == 200
    assert not client.cookies
    async with desk.client() as thief:
        thief.cookies.set(COOKIE, token)
        assert await state(thief) == 401
    assert [entry.subject for entry in desk.done("logout")] == [WHO.id]
    await client.aclose()


async def test_a_session_ends_when_nobody_is_there(desk: Desk) -> None:
    async with await desk.enter("operator") as client:
        for _ in range(4):
            desk.pass_time(minutes=29)
            assert await state(client) == 200
            await client.post(f"{PREFIX}/session/touch")
        desk.pass_time(minutes=30)
        assert await state(client) == 401
        problem_of(await client.post(f"{PREFIX}/session/touch"), 401)


async def test_a_page_that_only_reads_does_not_keep_the_session(desk: Desk) -> None:
    async with await desk.enter("operator") as client:
        for _ in range(6):
            assert await state(client) == 200
            desk.pass_time(minutes=5)
        assert await state(client) == 401


async def test_a_session_ends_after_twelve_hours_of_work(desk: Desk) -> None:
    async with await desk.enter("operator") as client:
        for _ in range(47):
            desk.pass_time(minutes=15)
            assert (await client.post(f"{PREFIX}/session/touch")).status_code == 200
        desk.pass_time(minutes=15)
        assert await state(client) == 401


async def test_times_are_settings(store: Store) -> None:
    desk = open_desk(store, rules=StaffRules(idle=timedelta(minutes=2), lifetime=timedelta(minutes=5)))
    async with await desk.enter("operator") as client:
        assert (await client.get(f"{PREFIX}/session")).json()["idle_seconds"] == 120
        desk.pass_time(minutes=2)
        assert await state(client) == 401


async def test_two_browsers_have_two_sessions(desk: Desk) -> None:
    one, two = await desk.enter("operator"), await desk.enter("operator")
    async with one, two:
        assert token_in(one) != token_in(two)
        await one.delete(f"{PREFIX}/session")
        assert (await state(one), await state(two)) == (401, 200)


async def test_a_new_password_ends_every_session_and_gives_this_browser_a_new_one(desk: Desk) -> None:
    one, two = await desk.enter("operator"), await desk.enter("operator")
    new = "mưa rào trên mái tôn"
    async with one, two:
        old = token_in(one)
        changed = await one.post(f"{PREFIX}/password", json={"old": password_of("operator"), "new": new})
        assert changed.status_code == 200, changed.text
        assert token_in(one) != old
        assert await state(one) == 200
        assert await state(two) == 401
        async with desk.client() as thief:
            thief.cookies.set(COOKIE, old)
            assert await state(thief) == 401
            problem_of(await sign_in(thief, WHO.id, password_of("operator")), 401)
            assert (await sign_in(thief, WHO.id, new)).status_code == 200
    assert [entry.subject for entry in desk.done("password_change")] == [WHO.id]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("sai mật khẩu cũ rồi", "mưa rào trên mái tôn", "login-refused"),
        (password_of("operator"), "ngắn quá", "password-short"),
        (password_of("operator"), "Matkhau@123456", "password-common"),
        (password_of("operator"), "Thơm thảo như sớm mai", "password-named"),
        (password_of("operator"), password_of("operator"), "password-same"),
    ],
)
async def test_a_password_that_is_not_taken_changes_nothing(desk: Desk, old: str, new: str, code: str) -> None:
    async with await desk.enter("operator") as client:
        answer = await client.post(f"{PREFIX}/password", json={"old": old, "new": new})
        problem = problem_of(answer, 401 if code == "login-refused" else 422)
        assert problem["type"].endswith(code)
        assert new not in answer.text
        assert await state(client) == 200
    async with desk.client() as other:
        assert (await sign_in(other, WHO.id, password_of("operator"))).status_code == 200


async def test_the_log_of_what_was_done_is_whole_and_holds_no_secret(desk: Desk) -> None:
    async with await desk.enter("operator") as client:
        await client.post(f"{PREFIX}/password", json={"old": password_of("operator"), "new": "mưa rào trên mái tôn"})
        told = str(desk.audit())
        assert token_in(client) not in told
    assert "chim hót" not in told
    assert "mưa rào" not in told
    with desk.store() as unit:
        assert unit.audit.verify() is None
    with desk.store() as unit:
        assert unit.audit.mismatches() == []


async def test_a_stream_can_ask_whether_its_session_goes_on(desk: Desk) -> None:
    router, asked = APIRouter(prefix=PREFIX), []

    @router.get("/stream")
    async def stream(request: Request, caller: Annotated[Principal, Depends(desk.signed_in)]) -> str:
        asked.append(await desk.signed_in.alive(request))
        desk.administration.lock(STAFF["administrator"], caller.id, "trong lúc đang nghe")
        asked.append(await desk.signed_in.alive(request))
        return caller.id

    desk.app.include_router(router)
    async with await desk.enter("operator") as client:
        assert (await client.get(f"{PREFIX}/stream")).status_code == 200
    assert asked == [True, False]
