"""The page at /don-gian in a browser without JavaScript."""

import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chat import DESKTOP, NARROW, PHONE, QUESTION, Service
from tests.browser.fake_dialogue import DOSSIER, TIME_LIMIT

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parent / "axe.min.js").read_text("utf-8")


@pytest.fixture
def plain(browser: Browser, service: Service) -> Iterator[Page]:
    context = browser.new_context(**PHONE, java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{service.address}/don-gian")
    yield page
    context.close()


def send(page: Page, text: str) -> None:
    page.get_by_label("Câu hỏi của anh/chị").fill(text)
    page.get_by_role("button", name="Gửi", exact=True).click()


def test_the_full_page_leads_here_where_javascript_is_off(browser: Browser, service: Service) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(service.address)
    page.get_by_role("link", name="trang đơn giản").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tiếp Dân")
    expect(page.get_by_text("trợ lý tự động")).to_be_visible()
    page.context.close()


def test_a_question_is_answered_and_a_choice_goes_on(plain: Page, service: Service) -> None:
    send(plain, QUESTION)
    expect(plain.locator(".bubble")).to_have_text(QUESTION)
    answer = plain.locator(".sheet").last
    expect(answer.locator(".say")).to_have_text(DOSSIER.text)
    assert answer.locator(".items li").all_inner_texts() == list(DOSSIER.blocks[0].items)
    expect(answer.get_by_role("link")).to_have_attribute("href", re.compile("^https://dichvucong"))
    plain.get_by_role("button", name="Bao lâu xong?").click()
    expect(plain.locator(".say").last).to_have_text(TIME_LIMIT.text)
    assert [(m.text, m.button) for m in service.store.tables.messages] == [
        (QUESTION, None),
        ("Bao lâu xong?", "facet:time"),
    ]
    assert len(service.store.tables.sessions) == 1
    assert plain.context.cookies() == []
    assert "?" not in plain.url


def test_the_same_form_posted_again_is_stored_once(plain: Page, service: Service) -> None:
    send(plain, QUESTION)
    expect(plain.locator(".bubble")).to_have_text(QUESTION)  # a reload while the page is being replaced is refused
    plain.reload()  # the browser posts the first form again: there was no session in it, so it opens another
    fields = {
        name: plain.locator(f"input[name={name}]").get_attribute("value") or ""
        for name in ("session", "renewal", "message")
    }
    body = urllib.parse.urlencode({**fields, "text": "bao lau", "choice": ""}).encode()
    for _ in range(2):
        with urllib.request.urlopen(f"{service.address}/don-gian", body) as answer:
            assert TIME_LIMIT.text in answer.read().decode()
    assert [message.text for message in service.store.tables.messages].count("bao lau") == 1


def test_clearing_says_what_remains(plain: Page, service: Service) -> None:
    send(plain, QUESTION)
    plain.get_by_role("button", name="Xóa nội dung trò chuyện").click()
    expect(plain.get_by_role("alert")).to_contain_text("Phiếu phản ánh đã gửi thì vẫn còn")
    expect(plain.locator(".bubble")).to_have_count(0)
    (events,) = service.store.tables.events.values()
    assert {event.body["text"] for event in events} == {""}


def test_a_lost_session_keeps_what_was_typed(plain: Page, service: Service) -> None:
    send(plain, QUESTION)
    with service.store.lock:
        service.store.tables.sessions.clear()
    send(plain, "bao lau")
    expect(plain.get_by_role("alert")).to_contain_text("hết hạn")
    expect(plain.get_by_label("Câu hỏi của anh/chị")).to_have_value("bao lau")
    plain.get_by_role("button", name="Gửi", exact=True).click()
    expect(plain.locator(".say").last).to_have_text(TIME_LIMIT.text)


def test_markup_in_words_stays_words(plain: Page) -> None:
    send(plain, '<img src=x onerror=alert(1)>"&<b>đậm</b>')
    expect(plain.locator(".bubble")).to_have_text('<img src=x onerror=alert(1)>"&<b>đậm</b>')
    expect(plain.locator(".bubble b")).to_have_count(0)


@pytest.mark.parametrize(
    "body",
    [b"", b"choice=9.9", b"choice=look&session=s_x&renewal=y", b"text=" + b"a" * 30_000, b"\xff=%ff", b"a=1&" * 100],
    ids=["empty", "no-such-choice", "no-session", "long", "no-text", "many"],
)
def test_odd_forms_get_a_page(service: Service, body: bytes) -> None:
    with urllib.request.urlopen(f"{service.address}/don-gian", body) as answer:
        assert answer.status == 200
        assert "<form" in answer.read().decode()
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'none'" in policy
        assert "form-action 'self'" in policy
        assert answer.headers["Cache-Control"] == "no-store"
    assert service.store.tables.messages == []


@pytest.mark.parametrize("device", [PHONE, DESKTOP, NARROW], ids=["phone", "desktop", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, service: Service, device: dict[str, Any], scheme: str) -> None:
    context = browser.new_context(**device, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{service.address}/don-gian")
    send(page, QUESTION)
    expect(page.locator(".say").last).to_have_text(DOSSIER.text)
    page.evaluate(AXE)
    found = page.evaluate(
        "async () => (await axe.run()).violations.map(({id, nodes}) => [id, ...nodes.map((n) => n.failureSummary)])"
    )
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
