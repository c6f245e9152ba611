"""The widget on a foreign page: the host's strict policy, the list of origins, the session's token, the weight."""

import gzip
import json
import re
import urllib.error
import urllib.request
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from channels.web import WebChannelSettings
from channels.web.page import STATIC_DIR
from channels.web.widget import markup, script, styles
from tests.browser.chat import DESKTOP, NARROW, PHONE, QUESTION
from tests.browser.fake_dialogue import DOSSIER, fake_service
from tests.browser.fakes import serving
from tests.browser.widget import LABEL, LAUNCHER, Embedding, Host, OpenHost, ask, host_app, launch

pytestmark = pytest.mark.browser
MOST_BYTES = 25_000
DEVICES = pytest.mark.parametrize("device", [PHONE, DESKTOP, NARROW], ids=["phone", "desktop", "narrow"])


def test_the_whole_widget_weighs_at_most_25_kilobytes() -> None:
    made = script()
    assert len(made.packed) <= MOST_BYTES
    assert gzip.decompress(made.packed) == made.plain
    # Nothing is loaded beside it: the styles and the markup are within.
    assert styles().split("}")[0] in made.plain.decode()
    assert "url(" not in styles()
    assert len(markup()) > 3


def test_joining_the_modules_changes_no_words() -> None:
    plain = script().plain.decode()
    remarks = re.compile(r"/\*.*?\*/|^\s*//[^\n]*$", re.DOTALL | re.MULTILINE)
    words = [
        found
        for file in (STATIC_DIR / "chat").glob("*.js")
        if file.name != "chat.js"
        for found in re.findall(r'"[^"\n]*"', remarks.sub("", file.read_text("utf-8")))
        if re.search("[à-ỹđ]", found)
    ]
    assert len(words) > 150
    assert [found for found in words if found not in plain] == []


@DEVICES
def test_a_question_is_answered_under_the_hosts_strict_policy(
    open_host: OpenHost, embedding: Embedding, device: dict[str, Any]
) -> None:
    page = open_host(device)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    panel = launch(page)
    expect(panel.locator(".assistant")).to_have_count(1)
    expect(page.get_by_label(LABEL)).to_be_focused()
    ask(page, QUESTION)
    answer = panel.locator(".assistant").nth(1)
    expect(answer.locator(".say")).to_have_text(DOSSIER.text)
    expect(answer.get_by_role("link")).to_have_attribute("target", "_blank")
    expect(answer.locator(".choices button:visible")).to_have_count(len(DOSSIER.buttons))
    answer.get_by_role("button", name="Bao lâu xong?").click()
    expect(panel.locator(".assistant")).to_have_count(3)
    assert asked
    assert all(url.startswith(f"{embedding.origin}/api/web/") for url in asked)
    width = "node => node.scrollWidth <= node.clientWidth"
    assert panel.locator(".log").evaluate(width)
    assert page.locator("html").evaluate(width)


def test_the_hosts_styles_and_size_of_rem_do_not_reach_in_and_ours_do_not_reach_out(open_host: OpenHost) -> None:
    page = open_host(DESKTOP)
    look = "node => ['fontSize', 'textTransform', 'color'].map((name) => getComputedStyle(node)[name])"
    own = page.locator("#own").evaluate(look)
    panel = launch(page)
    assert panel.locator(".shell").evaluate("node => getComputedStyle(node).fontSize") == "16px"
    assert panel.locator(".send").evaluate("node => getComputedStyle(node).textTransform") == "none"
    assert panel.evaluate("node => getComputedStyle(node).borderTopWidth") == "1px"
    assert page.locator("#own").evaluate(look) == own


def test_a_page_that_is_not_listed_gets_nothing(browser: Browser) -> None:
    host = Host()
    app, _store, _ = fake_service(settings=WebChannelSettings(origins=frozenset({"https://cong.example.vn"})))
    with serving(host_app(host)) as host_address, serving(app) as address:
        host.widget_address = address
        page = browser.new_page()
        page.goto(host_address.replace("127.0.0.1", "localhost"))
        panel = launch(page)
        expect(panel.locator("#banner")).to_contain_text("Đang nối lại", timeout=10_000)
        expect(panel.locator(".assistant")).to_have_count(0)
        page.context.close()


def answered(address: str, method: str, origin: str, **headers: str) -> tuple[int, dict[str, str]]:
    asked = urllib.request.Request(address, method=method, headers={"Origin": origin, **headers})
    try:
        with urllib.request.urlopen(asked) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}
    except urllib.error.HTTPError as error:
        return error.code, {name.lower(): value for name, value in error.headers.items()}


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://localhost", "https://LISTED", "{listed}.evil.example", "x{listed}"],
)
def test_only_the_exact_origin_is_let_in(embedding: Embedding, origin: str) -> None:
    other = origin.replace("{listed}", embedding.host.address)
    sessions = f"{embedding.origin}/api/web/sessions"
    asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    status, headers = answered(sessions, "OPTIONS", embedding.host.address, **asking)
    assert status == 204
    assert headers["access-control-allow-origin"] == embedding.host.address
    assert "Authorization" in headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in headers
    for method in ("OPTIONS", "POST"):
        _, headers = answered(sessions, method, other, **asking)
        assert "access-control-allow-origin" not in headers
        assert "Origin" in headers["vary"]


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/static/chat/chat.css"])
def test_nothing_but_the_widgets_api_is_shared(embedding: Embedding, path: str) -> None:
    _, headers = answered(embedding.origin + path, "GET", embedding.host.address)
    assert "access-control-allow-origin" not in headers
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_refusals_too_can_be_read_by_a_listed_page(embedding: Embedding) -> None:
    status, headers = answered(
        f"{embedding.origin}/api/web/sessions/s_{'x' * 22}/messages", "GET", embedding.host.address
    )
    assert status == 401
    assert headers["access-control-allow-origin"] == embedding.host.address


def test_the_script_is_kept_by_browsers_and_asked_for_again(embedding: Embedding) -> None:
    status, headers = answered(f"{embedding.origin}/widget.js", "GET", embedding.host.address)
    assert status == 200
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert answered(f"{embedding.origin}/widget.js", "GET", "x", **{"If-None-Match": headers["etag"]})[0] == 304


def test_a_token_that_runs_out_is_renewed_without_a_word(browser: Browser) -> None:
    settings = WebChannelSettings(token_lifetime=timedelta(seconds=1))
    app, store, _ = fake_service(settings=settings)
    with serving(app) as address:
        page = browser.new_page(**PHONE)
        renewals: list[str] = []
        page.on("request", lambda request: renewals.append(request.url) if request.url.endswith("/token") else None)
        page.goto(address)
        expect(page.locator(".assistant")).to_have_count(1)
        page.wait_for_timeout(2500)
        ask(page, QUESTION)
        expect(page.locator(".assistant")).to_have_count(2)
        expect(page.locator(".divider")).to_have_count(0)
        assert renewals
        kept = json.loads(page.evaluate("localStorage.getItem('tiepdan.session')"))
        assert set(kept) == {"session_id", "token", "expires_at", "renewal", "renewable_until"}
        assert page.context.cookies() == []
        assert len(store.tables.sessions) == 1
        page.context.close()


def test_options_come_from_the_scripts_attributes(open_host: OpenHost) -> None:
    page = open_host(DESKTOP, 'data-position="left" data-label="Trợ lý phường" data-language="en"')
    launcher = page.get_by_role("button", name="Trợ lý phường")
    box = launcher.bounding_box()
    assert box
    assert box["x"] < 100
    launcher.click()
    expect(page.get_by_label("Your question")).to_be_focused()


def test_the_page_can_open_it_with_a_button_of_its_own(open_host: OpenHost) -> None:
    page = open_host(DESKTOP, 'data-launcher="none"')
    expect(page.locator("tiep-dan")).to_have_count(1)
    expect(page.get_by_role("button", name=LAUNCHER)).to_have_count(0)
    page.evaluate("document.querySelector('tiep-dan').open()")
    expect(page.get_by_label(LABEL)).to_be_focused()


def test_browsers_older_than_dialogs_and_made_style_sheets_get_a_panel(
    browser: Browser, embedding: Embedding
) -> None:
    page = browser.new_page(**PHONE)
    page.add_init_script(
        "for (const name of ['show', 'showModal', 'close']) delete HTMLDialogElement.prototype[name];"
        "window.CSSStyleSheet = class { constructor() { throw new TypeError('Illegal constructor'); } };"
        "delete window.MediaRecorder; delete window.speechSynthesis;"
    )
    embedding.host.strict = False  # such browsers need a host that allows style elements
    page.goto(embedding.host.address)
    panel = launch(page)
    ask(page, QUESTION)
    expect(panel.locator(".assistant")).to_have_count(2)
    expect(page.get_by_role("button", name="Tùy chọn")).to_have_count(0)
    page.get_by_role("button", name="Đóng").click()
    expect(panel).to_be_hidden()
    expect(page.get_by_role("button", name=LAUNCHER)).to_be_focused()
    page.context.close()
