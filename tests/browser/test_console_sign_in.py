"""The console's session in a real browser: who may read its cookie, which pages may use it, sign-on across sites."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.sync_api import Browser, BrowserContext, Page

from bot.stack import free_ports
from channels.console import PREFIX
from channels.console.browser import COOKIE, Site
from channels.console.single_sign_on import CALLBACK, START
from tests.browser.fakes import serving
from tests.databases import sqlite_store
from tests.fakes.oidc import FakeProvider
from tests.integration.console_client import STAFF, Desk, open_desk, password_of, provider_rules

pytestmark = pytest.mark.browser
WHO, VICTIM = STAFF["administrator"], STAFF["operator"]
SIGN_IN = """async ([user, password]) => {
    const answer = await fetch('/api/console/session', {method: 'POST', headers: {'Content-Type': 'application/json'},
        body: JSON.stringify({user, password})});
    return [answer.status, (await answer.json()).csrf];
}"""
STATUS = """async ([method, path, headers]) => (await fetch('/api/console' + path, {method, headers})).status"""


@dataclass
class Place:
    """The console at an address of its own, and a provider at another site."""

    address: str
    desk: Desk
    provider: FakeProvider


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    store = sqlite_store(tmp_path)
    (port,) = free_ports(1)
    address = f"http://127.0.0.1:{port}"
    # To a browser localhost is another site than 127.0.0.1.
    with FakeProvider(host="localhost", redirect_uri=f"{address}{CALLBACK}") as provider:
        rules = provider_rules(provider.issuer, redirect_uri=f"{address}{CALLBACK}")
        desk = open_desk(store, site=Site(address), oidc=rules)
        provider.now = desk.clock.now
        with serving(desk.app, port) as served:
            assert served == address
            yield Place(address, desk, provider)
    store.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="vi-VN")
    context.set_default_timeout(10_000)
    yield context
    context.close()


def enter(place: Place, page: Page) -> str:
    page.goto(f"{place.address}/ban-lam-viec")
    status, csrf = page.evaluate(SIGN_IN, [WHO.id, password_of("administrator")])
    assert status == 200
    return str(csrf)


def status(page: Page, method: str, path: str, headers: dict[str, str] | None = None) -> int:
    return int(page.evaluate(STATUS, [method, path, headers or {}]))


def test_scripts_cannot_read_the_cookie_and_the_session_works(place: Place, context: BrowserContext) -> None:
    page = context.new_page()
    csrf = enter(place, page)
    assert COOKIE not in page.evaluate("document.cookie")
    (cookie,) = [each for each in context.cookies() if each["name"] == COOKIE]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    assert cookie["expires"] == -1, "it ends with the browser"
    assert status(page, "GET", "/session") == 200
    assert status(page, "POST", "/session/touch") == 403
    assert status(page, "POST", "/session/touch", {"X-CSRF-Token": csrf}) == 200
    assert status(page, "DELETE", "/session", {"X-CSRF-Token": csrf}) == 200
    assert status(page, "GET", "/session") == 401
    assert [each for each in context.cookies() if each["name"] == COOKIE] == []


def test_markup_that_gets_into_the_page_runs_nothing(place: Place, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{place.address}/ban-lam-viec")
    refused = """() => {
        const done = [];
        try { document.body.innerHTML = '<img src=x onerror="window.hacked = 1">'; done.push('innerHTML'); }
        catch (error) { done.push(error.name); }
        const script = document.createElement('script');
        try { script.textContent = 'window.hacked = 2'; document.body.append(script); }
        catch (error) { done.push(error.name); }
        const link = document.createElement('a');
        link.href = 'javascript:window.hacked = 3';
        document.body.append(link);
        link.click();
        return done;
    }"""
    assert page.evaluate(refused)[0] == "TypeError"
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("fetch('https://evil.example/').then(() => 'sent', () => 'refused')") == "refused"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"], ids=["another site", "another port of the same site"])
def test_a_page_of_somebody_else_changes_nothing(place: Place, context: BrowserContext, host: str) -> None:
    """The second one is same-site to the browser, so that the cookie does come along."""
    page = context.new_page()
    enter(place, page)
    lock = f"{place.address}{PREFIX}/users/{VICTIM.id}/lock"
    evil = FastAPI()
    body = f"""<form id=f method=post action="{lock}" enctype="text/plain">
        <input name='{{"reason":"' value='xong"}}'></form>
        <script>
        window.tried = Promise.allSettled([
            fetch('{lock}', {{method: 'POST', credentials: 'include', mode: 'no-cors', body: '{{}}'}}),
            fetch('{lock}', {{method: 'POST', credentials: 'include', headers: {{'Content-Type': 'application/json',
                'X-CSRF-Token': 'x'}}, body: '{{}}'}}),
            fetch('{place.address}{PREFIX}/session', {{credentials: 'include'}}).then((r) => r.text()),
        ]);
        </script>"""

    @evil.get("/")
    def trap() -> HTMLResponse:
        return HTMLResponse(body)

    with serving(evil) as served:
        page.goto(served.replace("127.0.0.1", host))
        outcomes = page.evaluate("window.tried.then((all) => all.map((one) => one.status))")
        assert outcomes[1:] == ["rejected", "rejected"], "nothing can be read, and no header of ours be sent"
        with page.expect_navigation():
            page.evaluate("document.getElementById('f').submit()")
        assert page.evaluate("document.body.innerText").find("urn:tiepdan:problem") >= 0
        page.goto(f"{place.address}/ban-lam-viec")
    assert place.desk.done("principal_disable") == []
    assert status(page, "GET", "/session") == 200


def test_single_sign_on_across_sites(place: Place, context: BrowserContext) -> None:
    """The way out and back crosses sites, where strict cookies stay behind; the page's own requests bring them."""
    place.desk.administration.map_identity(WHO, VICTIM.id, "subject", "nguoi-1")
    page = context.new_page()
    page.goto(f"{place.address}/ban-lam-viec")
    assert status(page, "GET", "/session") == 401
    page.goto(f"{place.address}{START}")
    page.wait_for_url("**/ban-lam-viec")
    who = page.evaluate("fetch('/api/console/session').then((answer) => answer.json()).then((told) => told.user.id)")
    assert who == VICTIM.id
    assert place.provider.refused == []
    assert [each["name"] for each in context.cookies()] == [COOKIE]
