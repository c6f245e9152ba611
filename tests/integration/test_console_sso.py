"""Single sign-on against a provider that checks what a real one checks, and that can be spoilt in every part."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.store import Store
from channels.console import PREFIX, oidc
from channels.console.browser import COOKIE
from channels.console.oidc import safe_address
from channels.console.single_sign_on import BINDING_COOKIE, CALLBACK, START
from tests.fakes.oidc import FakeProvider
from tests.integration.console_client import STAFF, Desk, open_desk, provider_rules

WHO = STAFF["officer"]
EMAIL = "trang.dc@hanoi.gov.example"


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with FakeProvider() as provider:
        yield provider


@pytest.fixture
def desk(store: Store, provider: FakeProvider) -> Desk:
    desk = open_desk(store, oidc=provider_rules(provider.issuer))
    provider.now = desk.clock.now
    provider.person = {"sub": "nguoi-1", "email": EMAIL, "email_verified": True}
    desk.administration.map_identity(STAFF["administrator"], WHO.id, "email", EMAIL.upper())
    return desk


async def leave(client: httpx.AsyncClient) -> str:
    """Let the browser be sent to the provider and return the address that it sends it back to."""
    started = await client.get(START)
    assert started.status_code == 303
    async with httpx.AsyncClient() as browser:
        answered = await browser.get(started.headers["location"])
    assert answered.status_code == 302, answered.text
    return answered.headers["location"]


async def sign_on(desk: Desk, client: httpx.AsyncClient) -> str:
    """Go the whole way and return the address of the page at which it ends."""
    ended = await client.get(await leave(client))
    assert ended.status_code == 303, ended.text
    assert ended.headers["cache-control"] == "no-store"
    return ended.headers["location"]


async def test_whom_an_administrator_mapped_comes_in(desk: Desk, provider: FakeProvider) -> None:
    async with desk.client() as client:
        ways = (await client.get(f"{PREFIX}/session/ways")).json()
        assert ways["oidc"] == {"label": "tài khoản cơ quan", "start_url": START}
        assert await sign_on(desk, client) == "/ban-lam-viec"
        session = (await client.get(f"{PREFIX}/session")).json()
        assert session["user"]["id"] == WHO.id
        assert not session["must_change_password"]
        client.headers["X-CSRF-Token"] = session["csrf"]
        assert (await client.post(f"{PREFIX}/session/touch")).status_code == 200
        assert not client.cookies.get(BINDING_COOKIE)
    assert provider.refused == []
    assert desk.done("login")[-1].reason == "đăng nhập một lần"


@pytest.mark.parametrize("proof", ["client_secret_basic", "client_secret_post", "none"])
async def test_we_show_who_we_are_as_the_provider_wishes(store: Store, provider: FakeProvider, proof: str) -> None:
    changes = {"client_secret": ""} if proof == "none" else {}
    desk = open_desk(store, oidc=provider_rules(provider.issuer, **changes))
    provider.now, provider.proof = desk.clock.now, proof
    async with desk.client() as client:
        assert await sign_on(desk, client) == "/ban-lam-viec?sso=unknown"
    assert provider.refused == []
    provider.client_secret, provider.client_id = "đã đổi", "tiepdan" if proof != "none" else "khác"
    provider.asked.clear()
    async with desk.client() as client:
        started = await client.get(START)
        if proof == "none":  # a public client is known by its id alone, which the provider sees at once
            async with httpx.AsyncClient() as browser:
                assert (await browser.get(started.headers["location"])).status_code == 400
            return
        assert await sign_on(desk, client) == "/ban-lam-viec?sso=refused"
    assert provider.refused == ["invalid_client"]


async def test_the_cookies_are_as_they_must_be(desk: Desk) -> None:
    async with desk.client() as client:
        started = await client.get(START)
        binding = started.headers["set-cookie"].lower()
        assert binding.startswith(f"{BINDING_COOKIE}=")
        assert {"httponly", "secure", "samesite=lax", f"path={CALLBACK}"} <= {p.strip() for p in binding.split(";")}
        asked = parse_qs(urlsplit(started.headers["location"]).query)
        assert {"state", "nonce", "code_challenge", "code_challenge_method"} <= set(asked)
        assert asked["state"] != asked["nonce"]
        assert "code_verifier" not in asked
        assert "secret" not in str(asked)
        ended = await client.get(await leave(client))
        given = [each for each in ended.headers.get_list("set-cookie") if each.startswith(f"{COOKIE}=")]
        assert len(given) == 1
        assert {"httponly", "secure", "samesite=strict", "path=/"} <= {p.strip().lower() for p in given[0].split(";")}


@pytest.mark.parametrize(
    "person",
    [
        {"sub": "nguoi-2", "email": "khac@hanoi.gov.example", "email_verified": True},
        {"sub": "nguoi-2", "email": EMAIL, "email_verified": False},
        {"sub": "nguoi-2", "email": EMAIL},
        {"sub": "nguoi-2", "email": EMAIL, "email_verified": "true"},
        {"sub": "nguoi-2", "email": [EMAIL], "email_verified": True},
        {"sub": EMAIL},
        {"sub": WHO.id},
        {"sub": "nguoi-2"},
    ],
)
async def test_whom_nobody_mapped_stays_out(desk: Desk, provider: FakeProvider, person: dict[str, Any]) -> None:
    provider.person = person
    async with desk.client() as client:
        assert await sign_on(desk, client) == "/ban-lam-viec?sso=unknown"
        assert (await client.get(f"{PREFIX}/session")).status_code == 401
    assert len(desk.done("sso_refused")) == 1
    assert EMAIL not in str(desk.audit())


async def test_an_address_that_somebody_else_was_given_opens_nothing(desk: Desk, provider: FakeProvider) -> None:
    async with desk.client() as client:
        assert await sign_on(desk, client) == "/ban-lam-viec"
    provider.person = {"sub": "nguoi-moi", "email": EMAIL, "email_verified": True}
    async with desk.client() as client:
        assert await sign_on(desk, client) == "/ban-lam-viec?sso=unknown"
    # Until an administrator maps the address anew.
    by = STAFF["administrator"]
    desk.administration.unmap_identity(by, WHO.id, "email", EMAIL)
    desk.administration.map_identity(by, WHO.id, "email", EMAIL)
    async with desk.client() as client:
        assert await sign_on(desk, client) == "/ban-lam-viec"


async def test_a_subject_opens_without_any_address(desk: Desk, provider: FakeProvider) -> None:
    desk.administration.map_identity(STAFF["administrator"], STAFF["editor"].id, "subject", "nguoi-9")
    provider.person = {"sub": "nguoi-9"}
    async with desk.client() as client:
        assert await sign_on(desk, client) == "/ban-lam-viec"
        assert (await client.get(f"{PREFIX}/session")).json()["user"]["id"] == STAFF["editor"].id


async def test_a_closed_account_stays_closed(desk: Desk) -> None:
    desk.administration.lock(STAFF["administrator"], WHO.id, "nghỉ việc")
    async with desk.client() as client:
        assert await sign_on(desk, client) == "/ban-lam-viec?sso=unknown"
    assert desk.done("sso_refused")[0].subject == WHO.id


async def test_a_lock_of_passwords_does_not_keep_out_who_comes_through_the_provider(desk: Desk) -> None:
    async with desk.client(address="10.0.0.66") as thief:
        for _ in range(6):
            await thief.post(f"{PREFIX}/session", json={"user": WHO.id, "password": "đoán mò thôi mà"})
    async with desk.client() as client:
        assert await sign_on(desk, client) == "/ban-lam-viec"


@pytest.mark.parametrize(
    "fault",
    [
        "nonce", "audience", "issuer", "expired", "future", "no-subject", "azp", "at-hash", "other-key", "unsigned",
        "shared-secret", "unknown-kid", "truncated", "no-token", "not-json", "wrong-iss", "no-iss", "denied",
    ],
)  # fmt: skip
async def test_an_answer_that_is_spoilt_is_refused(desk: Desk, provider: FakeProvider, fault: str) -> None:
    provider.fault = fault
    async with desk.client() as client:
        assert await sign_on(desk, client) == "/ban-lam-viec?sso=refused"
        assert (await client.get(f"{PREFIX}/session")).status_code == 401
    assert desk.done("login") == []
    provider.fault = ""
    async with desk.client() as client:
        assert await sign_on(desk, client) == "/ban-lam-viec"


@pytest.mark.parametrize("fault", ["other-name", "plain-endpoints", "discovery-500"])
async def test_a_provider_that_is_not_itself_is_not_asked(desk: Desk, provider: FakeProvider, fault: str) -> None:
    provider.fault = fault
    async with desk.client() as client:
        started = await client.get(START)
        assert (started.status_code, started.headers["location"]) == (303, "/ban-lam-viec?sso=unavailable")
    provider.fault = ""
    async with desk.client() as client:
        assert await sign_on(desk, client) == "/ban-lam-viec"


@pytest.mark.parametrize("fault", ["error-500", "slow"])
async def test_a_provider_that_fails_is_said_to_be_unavailable(
    store: Store, provider: FakeProvider, fault: str
) -> None:
    desk = open_desk(store, oidc=provider_rules(provider.issuer, seconds=0.5))
    provider.now, provider.fault = desk.clock.now, fault
    async with desk.client() as client:
        assert await sign_on(desk, client) == "/ban-lam-viec?sso=unavailable"


async def test_a_provider_that_is_gone_is_said_to_be_unavailable(store: Store) -> None:
    with FakeProvider() as gone:
        issuer = gone.issuer
    desk = open_desk(store, oidc=provider_rules(issuer))
    async with desk.client() as client:
        assert (await client.get(START)).headers["location"] == "/ban-lam-viec?sso=unavailable"


async def test_an_answer_is_taken_in_the_browser_that_began_alone(desk: Desk) -> None:
    """Login CSRF: the attacker's own answer, put before somebody else's browser."""
    async with desk.client() as attacker, desk.client() as victim:
        answer = await leave(attacker)
        for prepared in (False, True):
            if prepared:
                await victim.get(START)
            ended = await victim.get(answer)
            assert ended.headers["location"] == "/ban-lam-viec?sso=refused"
            assert (await victim.get(f"{PREFIX}/session")).status_code == 401


async def test_an_answer_is_taken_once_and_in_time(desk: Desk, provider: FakeProvider) -> None:
    async with desk.client() as client:
        answer = await leave(client)
        binding = client.cookies[BINDING_COOKIE]
        assert (await client.get(answer)).headers["location"] == "/ban-lam-viec"
        again = await client.get(answer, headers={"Cookie": f"{BINDING_COOKIE}={binding}"})
        assert again.headers["location"] == "/ban-lam-viec?sso=refused"
        assert provider.refused == ["invalid_grant"]
    async with desk.client() as client:
        answer = await leave(client)
        desk.clock.time += timedelta(minutes=11)
        assert (await client.get(answer)).headers["location"] == "/ban-lam-viec?sso=refused"


@pytest.mark.parametrize("binding", ["", "x", "1763863200.abc", "99999999999." + "a" * 43, "1.2.3"])
async def test_a_binding_of_ones_own_making_opens_nothing(desk: Desk, binding: str) -> None:
    async with desk.client() as client:
        answer = await leave(client)
        client.cookies.clear()
        headers = {"Cookie": f"{BINDING_COOKIE}={binding}"}
        for url in (answer, CALLBACK, f"{CALLBACK}?code=x", f"{CALLBACK}?state=x&code=y&error=z"):
            ended = await client.get(url, headers=headers)
            assert ended.headers["location"] == "/ban-lam-viec?sso=refused"


@pytest.mark.parametrize(("seconds", "outcome"), [(0.0, ""), (30.0, "?sso=refused")])
async def test_keys_that_the_provider_changes_are_asked_for_again(
    desk: Desk, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch, seconds: float, outcome: str
) -> None:
    """But not without end: a token of an unknown key makes us ask at most every half minute."""
    monkeypatch.setattr(oidc, "_AGAIN_SECONDS", seconds)
    async with desk.client() as client:
        assert await sign_on(desk, client) == "/ban-lam-viec"
    provider.key = "key-2"
    async with desk.client() as client:
        assert await sign_on(desk, client) == f"/ban-lam-viec{outcome}"
    assert provider.asked.count("/keys") == (1 if outcome else 2)


async def test_without_a_provider_there_is_no_such_way(store: Store) -> None:
    desk = open_desk(store)
    async with desk.client() as client:
        assert (await client.get(START)).status_code == 404
        assert (await client.get(CALLBACK)).status_code == 404


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://id.example.vn/authorize", True),
        ("http://127.0.0.1:9000/token", True),
        ("http://localhost/token", True),
        ("http://id.example.vn/authorize", False),
        ("http://127.0.0.1.evil.example/", False),
        ("javascript:alert(1)", False),
        ("//id.example.vn/authorize", False),
        ("https://", False),
        ("", False),
    ],
)
def test_only_addresses_that_nobody_overhears_are_used(url: str, safe: bool) -> None:
    assert safe_address(url) is safe
