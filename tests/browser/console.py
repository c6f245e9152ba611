"""What the browser tests of the console share: pages over the fake, signed in as somebody; the real desk."""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from bot.core.cases.desk_views import DeskViews
from tests.browser.chat import DESKTOP
from tests.browser.console_directory import install_directory
from tests.browser.console_fake import console_app, filled_fake
from tests.browser.console_figures import install_figures
from tests.browser.console_people import COOKIE, Person
from tests.browser.console_talks import FakeConsole
from tests.browser.fakes import serving
from tests.databases import sqlite_store
from tests.integration.desk_client import PEOPLE, Office, open_office

SCREENSHOTS = Path(__file__).parents[2] / "var" / "screenshots"
AXE = Path(__file__).parent / "axe.min.js"
# Opens the console on a device as somebody, or signed out (the fixture open_console).
Open = Callable[..., Page]


@dataclass
class Console:
    """The served page, its fake, and the real desk behind it where there is one."""

    address: str
    fake: FakeConsole
    office: Office | None = None

    def cookie(self, who: str) -> dict[str, Any]:
        """Return the cookie of a new session."""
        token = secrets.token_hex(8)
        self.fake.people.sessions[token] = (who, secrets.token_hex(8))
        return {"name": COOKIE, "value": token, "url": self.address, "httpOnly": True, "sameSite": "Strict"}


@pytest.fixture
def console() -> Iterator[Console]:
    fake = filled_fake()
    with serving(console_app(fake)) as address:
        yield Console(address, fake)


@pytest.fixture
def office_console(tmp_path: Path) -> Iterator[Console]:
    """The page over the real desk: real store, real lifecycle, everybody of tests/integration/desk_client."""
    store = sqlite_store(tmp_path)
    office = open_office(store)
    fake = filled_fake()
    for who, person in PEOPLE.items():
        if who not in {"citizen", "backend"}:
            fake.people.add(Person(person.id, person.name, person.role.value, person.unit))
    install_directory(office.app, fake.people, store, DeskViews(office.tools).by_number)
    install_figures(office.app, fake.people, office)
    tokens = {person.id: office.tokens[who] for who, person in PEOPLE.items()}
    with serving(console_app(fake, office.app, tokens)) as address:
        yield Console(address, fake, office)
    store.close()


def opener(browser: Browser, console: Console) -> Iterator[Open]:
    """Open pages in fresh profiles; at the end nothing may have gone wrong in their scripts."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(who: str | None = "lan.nt", place: str = "", device: dict[str, Any] = DESKTOP) -> Page:
        context = browser.new_context(
            **device, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", reduced_motion="reduce"
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        if who:
            context.add_cookies([console.cookie(who)])  # type: ignore[list-item]
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if "Content Security Policy" in m.text else None)
        page.goto(f"{console.address}/ban-lam-viec{place}")
        if who:
            expect(page.locator("#shell")).to_be_visible()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def open_console(browser: Browser, console: Console) -> Iterator[Open]:
    yield from opener(browser, console)


@pytest.fixture
def open_office_console(browser: Browser, office_console: Console) -> Iterator[Open]:
    yield from opener(browser, office_console)


def connected(console: Console) -> None:
    """Wait until a page follows the stream."""
    deadline = time.monotonic() + 5
    while not console.fake.streams:
        assert time.monotonic() < deadline, "no page follows the stream"
        time.sleep(0.02)


def fill_in(place: Page | Locator, **fields: str) -> None:
    """Fill fields by their labels' beginnings, `_` for a blank."""
    for label, value in fields.items():
        place.get_by_label(label.replace("_", " ")).first.fill(value)


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong, in short."""
    # The page's policy lets no script in; the tool is evaluated by the driver.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
    )
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:160]} {each['nodes'][0].get('failureSummary', '')[:200]}"
        for each in found
    ]
