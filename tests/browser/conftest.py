"""A real Chromium for these tests; they skip where there is none, unless TIEPDAN_REQUIRE_BROWSER=1."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from channels.web import WebChannelSettings
from tests.browser.chat import PHONE, Open, Service
from tests.browser.fake_dialogue import fake_service
from tests.browser.fakes import serving
from tests.browser.widget import Embedding, Host, OpenHost, host_app

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Return the path of the Chromium that is used, None where there is none."""
    return os.environ.get("TIEPDAN_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


# Playwright's synchronous API occupies the thread's event loop while it is open, so it is closed with this package:
# asynchronous tests elsewhere could not run beside it (and none can be written here).
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of this package."""
    path = chromium()
    if path is None:
        reason = f"no Chromium found ({', '.join(NAMES)}; or name one in TIEPDAN_CHROMIUM)"
        if os.environ.get("TIEPDAN_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def service() -> Iterator[Service]:
    app, store, _notify = fake_service()
    with serving(app) as address:
        yield Service(address, store)


@pytest.fixture
def open_page(browser: Browser, service: Service) -> Iterator[Open]:
    """Open the chat in a fresh browser profile; at the end nothing may have gone wrong in its scripts."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(device: dict[str, Any] = PHONE) -> Page:
        context = browser.new_context(**device, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if "Content Security Policy" in m.text else None)
        page.goto(service.address)
        expect(page.locator(".assistant")).to_have_count(1)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def embedding() -> Iterator[Embedding]:
    """A foreign site at localhost and the service at 127.0.0.1, which lists that site."""
    host = Host()
    with serving(host_app(host)) as host_address:
        host.address = host_address.replace("127.0.0.1", "localhost")
        app, store, _notify = fake_service(settings=WebChannelSettings(origins=frozenset({host.address})))
        with serving(app) as address:
            host.widget_address = address
            yield Embedding(host, store, address)


@pytest.fixture
def open_host(browser: Browser, embedding: Embedding) -> Iterator[OpenHost]:
    """Open the foreign page in a fresh browser profile; at the end nothing may have broken its policy."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_host(device: dict[str, Any] = PHONE, attributes: str = "", script: str = "") -> Page:
        embedding.host.attributes = attributes
        context = browser.new_context(**device, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", accept_downloads=True)
        contexts.append(context)
        context.set_default_timeout(10_000)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if "Content Security Policy" in m.text else None)
        page.goto(embedding.host.address)
        return page

    yield open_host
    for context in contexts:
        context.close()
    assert errors == []
