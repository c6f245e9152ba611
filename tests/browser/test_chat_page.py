"""The chat page in a real browser, over the fake dialogue."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from channels.web import WebChannelSettings
from tests.browser.fake_dialogue import DOSSIER, fake_service
from tests.browser.fakes import MemoryStore, serving

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}}
NARROW: dict[str, Any] = {"viewport": {"width": 320, "height": 568}, "has_touch": True, "is_mobile": True}
QUESTION = "muon lap hoi o xa can giay to gi"


@dataclass
class Service:
    """The served page and its store."""

    address: str
    store: MemoryStore


@pytest.fixture
def service() -> Iterator[Service]:
    app, store, _notify = fake_service()
    with serving(app) as address:
        yield Service(address, store)


Open = Callable[..., Page]


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


def say(page: Page, text: str) -> None:
    page.get_by_label("Câu hỏi của anh/chị").fill(text)
    page.get_by_label("Câu hỏi của anh/chị").press("Enter")


def bubbles(page: Page) -> list[str]:
    return page.locator(".bubble").all_inner_texts()


def test_first_screen_discloses_the_assistant_and_offers_examples(open_page: Open) -> None:
    page = open_page()
    expect(page).to_have_title("Tiếp Dân – Sở Nội vụ Hà Nội")
    expect(page.locator("header").get_by_text("trợ lý tự động")).to_be_visible()
    expect(page.get_by_role("log")).to_contain_text("trợ lý tự động")
    expect(page.locator(".welcome button")).to_have_count(4)
    page.locator(".welcome button").first.tap()
    expect(page.locator(".welcome")).to_be_hidden()
    expect(page.locator(".assistant")).to_have_count(2)
    assert bubbles(page) == ["Muốn lập hội ở xã cần giấy tờ gì?"]


@pytest.mark.parametrize("device", [PHONE, DESKTOP, NARROW], ids=["phone", "desktop", "narrow"])
def test_question_is_answered_with_list_source_and_choices(open_page: Open, device: dict[str, Any]) -> None:
    page = open_page(device)
    say(page, QUESTION)
    answer = page.locator(".assistant").nth(1)
    expect(answer.locator(".say")).to_have_text(DOSSIER.text)
    expect(answer.locator(".count")).to_have_text("9 mục")
    link = answer.get_by_role("link")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    expect(answer.locator(".choices button:visible")).to_have_count(len(DOSSIER.buttons))
    for scroller in ("document.documentElement", "document.getElementById('log')"):
        assert page.evaluate(f"{scroller}.scrollWidth <= {scroller}.clientWidth")


def test_long_list_is_folded_and_unfolds_whole(open_page: Open) -> None:
    page = open_page()
    say(page, QUESTION)
    items = page.locator(".items li:visible")
    expect(items).to_have_count(5)
    page.get_by_role("button", name="Xem đủ 9 mục").tap()
    expect(items).to_have_count(9)
    assert items.all_inner_texts() == list(DOSSIER.blocks[0].items)
    page.get_by_role("button", name="Thu gọn").tap()
    expect(items).to_have_count(5)


def test_quick_reply_posts_its_id_and_only_the_last_answers_choices_stay(open_page: Open, service: Service) -> None:
    page = open_page()
    say(page, "giấy phép lao động")
    expect(page.locator(".choices button")).to_have_count(3)
    page.locator(".choices button").nth(2).tap()
    expect(page.locator(".assistant")).to_have_count(3)
    message = service.store.tables.messages[-1]
    assert (message.text, message.button) == ("Gia hạn giấy phép lao động", "procedure:NV114")
    expect(page.locator(".choices:visible")).to_have_count(1)
    expect(page.locator(".assistant").nth(2).locator(".choices")).to_be_visible()


def test_choices_stay_when_the_reply_overtakes_the_acknowledgement(open_page: Open) -> None:
    page = open_page()

    def slow(route: Route) -> None:
        response = route.fetch()
        page.wait_for_timeout(600)
        route.fulfill(response=response)

    page.route(lambda url: url.endswith("/messages"), slow)
    say(page, QUESTION)
    expect(page.locator(".assistant")).to_have_count(2)
    expect(page.locator(".choices button:visible")).to_have_count(len(DOSSIER.buttons))
    order = [node.get_attribute("data-sequence") for node in page.locator(".entry").all()]
    assert order == ["1", "2", "3"]
    assert bubbles(page) == [QUESTION]


def test_notice_is_set_apart_and_the_answer_follows(open_page: Open) -> None:
    page = open_page()
    say(page, "đang gián đoạn à")
    expect(page.locator(".notice")).to_contain_text("Hệ thống đang gián đoạn")
    expect(page.locator(".assistant")).to_have_count(2)


def test_typing_is_shown_as_a_status_while_the_reply_is_made(browser: Browser) -> None:
    app, _store, _notify = fake_service(delay_seconds=1.5)
    with serving(app) as address:
        page = browser.new_page(**PHONE)
        page.goto(address)
        expect(page.locator(".assistant")).to_have_count(1)
        say(page, QUESTION)
        status = page.locator("#typing")
        expect(status).to_have_attribute("role", "status")
        expect(status).to_contain_text("Tôi đang xem")
        expect(page.locator(".assistant")).to_have_count(2)
        expect(status).to_be_empty()
        page.context.close()


def test_reload_resumes_the_conversation(open_page: Open, service: Service) -> None:
    page = open_page()
    say(page, QUESTION)
    expect(page.locator(".assistant")).to_have_count(2)
    page.reload()
    expect(page.locator(".assistant")).to_have_count(2)
    expect(page.locator(".assistant").nth(1).locator(".choices button").first).to_be_visible()
    assert bubbles(page) == [QUESTION]
    say(page, "bao lau")
    expect(page.locator(".assistant")).to_have_count(3)
    assert len(service.store.tables.sessions) == 1


def test_message_written_offline_is_sent_once_when_the_network_is_back(open_page: Open, service: Service) -> None:
    page = open_page()
    page.context.set_offline(True)
    say(page, QUESTION)
    expect(page.locator(".failed")).to_contain_text("Chưa gửi được")
    expect(page.locator("#banner")).to_contain_text("mất mạng")
    assert service.store.tables.messages == []
    page.context.set_offline(False)
    expect(page.locator(".assistant")).to_have_count(2)
    expect(page.locator(".failed")).to_have_count(0)
    expect(page.locator("#banner")).to_be_hidden()
    assert [message.text for message in service.store.tables.messages] == [QUESTION]
    assert bubbles(page) == [QUESTION]


def test_resend_button_repeats_the_same_message_id(open_page: Open, service: Service) -> None:
    """The first acknowledgement is lost after the message was stored."""
    page = open_page()
    bodies: list[dict[str, Any]] = []

    def lose_first(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        bodies.append(route.request.post_data_json)
        if len(bodies) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/messages*", lose_first)
    say(page, QUESTION)
    page.get_by_role("button", name="Gửi lại").tap()
    expect(page.locator(".failed")).to_have_count(0)
    expect(page.locator(".assistant")).to_have_count(2)
    assert bodies[0] == bodies[1]
    assert len(service.store.tables.messages) == 1
    assert bubbles(page) == [QUESTION]


def test_unsent_message_survives_a_reload(open_page: Open, service: Service) -> None:
    page = open_page()
    page.route("**/messages*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    say(page, QUESTION)
    expect(page.locator(".failed")).to_have_count(1)
    page.unroute_all()
    page.reload()
    expect(page.locator(".assistant")).to_have_count(2)
    assert [message.text for message in service.store.tables.messages] == [QUESTION]


def test_markup_in_a_message_is_shown_as_text(open_page: Open) -> None:
    page = open_page()
    markup = "<img src=x onerror=\"document.title='hỏng'\"><b>đậm</b>"
    say(page, markup)
    expect(page.locator(".assistant")).to_have_count(2)
    page.reload()
    expect(page.locator(".bubble")).to_have_text(markup)
    assert page.locator(".entries img, .bubble b").count() == 0
    expect(page).to_have_title("Tiếp Dân – Sở Nội vụ Hà Nội")


def test_long_unbroken_words_do_not_widen_a_narrow_screen(open_page: Open) -> None:
    page = open_page(NARROW)
    say(page, "x" * 600)
    expect(page.locator(".assistant")).to_have_count(2)
    assert page.evaluate("document.getElementById('log').scrollWidth <= document.getElementById('log').clientWidth")


def test_enter_sends_shift_enter_breaks_the_line_and_composition_does_neither(open_page: Open) -> None:
    page = open_page(DESKTOP)
    text = page.get_by_label("Câu hỏi của anh/chị")
    expect(text).to_be_focused()
    text.press_sequentially("dòng một")
    text.press("Shift+Enter")
    text.press_sequentially("dòng hai")
    page.evaluate(
        "document.getElementById('text').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    assert bubbles(page) == []
    text.press("Enter")
    expect(page.locator(".bubble")).to_have_text("dòng một\ndòng hai")
    expect(text).to_have_value("")


def test_keyboard_reaches_the_choices_and_lands_on_the_reply(open_page: Open) -> None:
    page = open_page(DESKTOP)
    say(page, QUESTION)
    choices = page.locator(".choices button")
    expect(choices).to_have_count(5)
    page.keyboard.press("Shift+Tab")
    expect(choices.last).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".assistant")).to_have_count(3)
    expect(page.locator(".assistant").nth(2)).to_be_focused()


def test_too_long_a_message_is_kept_and_explained(open_page: Open) -> None:
    page = open_page()
    say(page, "a" * 20_001)
    expect(page.locator("#hint")).to_contain_text("20.000 ký tự")
    assert bubbles(page) == []
    assert len(page.get_by_label("Câu hỏi của anh/chị").input_value()) == 20_001


def test_new_conversation_asks_first_and_then_starts_empty(open_page: Open, service: Service) -> None:
    page = open_page()
    say(page, QUESTION)
    expect(page.locator(".assistant")).to_have_count(2)
    page.get_by_role("button", name="Cuộc trò chuyện mới").tap()
    page.get_by_role("button", name="Giữ lại").tap()
    expect(page.locator(".assistant")).to_have_count(2)
    page.get_by_role("button", name="Cuộc trò chuyện mới").tap()
    page.get_by_role("button", name="Bắt đầu mới").tap()
    expect(page.locator(".assistant")).to_have_count(1)
    expect(page.locator(".bubble")).to_have_count(0)
    expect(page.locator(".welcome")).to_be_visible()
    assert len(service.store.tables.sessions) == 2
    say(page, "bao lau")
    expect(page.locator(".assistant")).to_have_count(2)


def test_forgotten_session_is_replaced_and_the_message_is_not_lost(open_page: Open, service: Service) -> None:
    page = open_page()
    with service.store.lock:
        service.store.tables.sessions.clear()
    say(page, QUESTION)
    expect(page.locator(".divider")).to_contain_text("đã hết hạn")
    expect(page.locator(".say").last).to_have_text(DOSSIER.text)
    assert bubbles(page).count(QUESTION) == 1


def test_expired_token_is_noticed_by_the_page(browser: Browser) -> None:
    app, _store, _notify = fake_service(settings=WebChannelSettings(token_lifetime=timedelta(seconds=3)))
    with serving(app) as address:
        page = browser.new_page(**PHONE)
        page.goto(address)
        expect(page.locator(".divider")).to_contain_text("đã hết hạn", timeout=10_000)
        page.context.close()


def test_where_streams_do_not_pass_the_page_polls(open_page: Open) -> None:
    page = open_page()
    page.context.route("**/events", lambda route: route.fulfill(status=502, body=""))
    page.reload()
    expect(page.locator(".assistant")).to_have_count(1)
    say(page, QUESTION)
    expect(page.locator(".assistant")).to_have_count(2)


def test_second_tab_follows_the_same_conversation(open_page: Open, service: Service) -> None:
    first = open_page()
    second = first.context.new_page()
    second.goto(service.address)
    expect(second.locator(".assistant")).to_have_count(1)
    say(first, QUESTION)
    expect(second.locator(".bubble")).to_have_text(QUESTION)
    expect(second.locator(".assistant")).to_have_count(2)
    assert bubbles(first) == [QUESTION]


def test_page_works_where_storage_is_refused(browser: Browser, service: Service) -> None:
    context = browser.new_context(**PHONE)
    context.add_init_script(
        "for (const area of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, area, {get() { throw new DOMException('refused', 'SecurityError'); }});"
    )
    page = context.new_page()
    page.goto(service.address)
    say(page, QUESTION)
    expect(page.locator(".assistant")).to_have_count(2)
    context.close()


def test_touch_targets_are_large_enough(open_page: Open) -> None:
    page = open_page(NARROW)
    say(page, QUESTION)
    expect(page.locator(".assistant")).to_have_count(2)
    boxes = page.evaluate(
        "[...document.querySelectorAll('button, a, textarea')].filter(e => e.offsetParent)"
        ".map(e => { const r = e.getBoundingClientRect(); return [e.outerHTML, r.width, r.height]; })"
    )
    assert len(boxes) >= 8
    assert [box for box in boxes if box[1] < 44 or box[2] < 43.5] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_contrast_meets_aa(open_page: Open, scheme: str) -> None:
    """Every text colour against the opaque background behind it: at least 4.5 : 1."""
    page = open_page({**DESKTOP, "color_scheme": scheme})
    say(page, "đang gián đoạn à")
    expect(page.locator(".assistant")).to_have_count(2)
    say(page, QUESTION)
    expect(page.locator(".choices:visible")).to_have_count(1)
    page.wait_for_timeout(400)  # appearing takes 0.2 s
    page.mouse.move(0, 0)
    pairs = page.evaluate(
        """() => {
          const parse = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
          const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
            .map((v) => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
          const found = [];
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            let node = walk.currentNode.parentElement;
            if (!walk.currentNode.textContent.trim() || !node.offsetParent || node.closest('.sr')) continue;
            const ink = parse(getComputedStyle(node).color);
            let behind = null;
            for (; node && !behind; node = node.parentElement) {
              const colour = parse(getComputedStyle(node).backgroundColor);
              if (colour.length === 3 || colour[3] === 1) behind = colour;
            }
            const [high, low] = [light(ink), light(behind)].sort((a, b) => b - a);
            found.push([walk.currentNode.textContent.trim().slice(0, 30), (high + .05) / (low + .05)]);
          }
          return found;
        }"""
    )
    assert len(pairs) > 25
    assert [pair for pair in pairs if pair[1] < 4.5] == []


def test_documentation_renders_without_the_internet(browser: Browser, service: Service) -> None:
    page = browser.new_page()
    foreign: list[str] = []
    page.on("request", lambda r: None if r.url.startswith(service.address) else foreign.append(r.url))
    page.goto(f"{service.address}/docs")
    expect(page.locator("article")).to_have_count(4)
    assert foreign == []
    page.context.close()
