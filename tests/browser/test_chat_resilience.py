"""The chat page through reloads, lost networks and lost sessions."""

import json
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from channels.web import WebChannelSettings
from tests.browser.chat import PHONE, QUESTION, Open, Service, bubbles, say
from tests.browser.fake_dialogue import DOSSIER, fake_service
from tests.browser.fakes import serving

pytestmark = pytest.mark.browser


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
    expect(page.locator(".waiting")).to_contain_text("Sẽ tự gửi khi có mạng")
    expect(page.locator("#banner")).to_contain_text("mất mạng")
    assert service.store.tables.messages == []
    page.context.set_offline(False)
    expect(page.locator(".assistant")).to_have_count(2)
    expect(page.locator(".waiting")).to_have_count(0)
    expect(page.locator("#banner")).to_be_hidden()
    assert [message.text for message in service.store.tables.messages] == [QUESTION]
    assert bubbles(page) == [QUESTION]


def test_resend_button_repeats_the_same_message_id(open_page: Open, service: Service) -> None:
    """The first acknowledgement is lost after the message was stored."""
    page = open_page()
    bodies: list[Any] = []

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
    expect(page.locator(".waiting")).to_have_count(0)
    expect(page.locator(".assistant")).to_have_count(2)
    assert bodies[0] == bodies[1]
    assert len(service.store.tables.messages) == 1
    assert bubbles(page) == [QUESTION]


def test_unsent_message_survives_a_reload(open_page: Open, service: Service) -> None:
    page = open_page()
    page.route("**/messages*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    say(page, QUESTION)
    expect(page.locator(".waiting")).to_have_count(1)
    page.unroute_all()
    page.reload()
    expect(page.locator(".assistant")).to_have_count(2)
    assert [message.text for message in service.store.tables.messages] == [QUESTION]


def test_a_message_whose_acknowledgement_was_lost_never_stands_twice_after_a_reload(
    open_page: Open, service: Service
) -> None:
    page = open_page()

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/messages", lose)
    page.add_init_script("""
        window.most = 0;
        new MutationObserver(() => {
            window.most = Math.max(window.most, document.querySelectorAll(".bubble").length);
        }).observe(document, { childList: true, subtree: true });
    """)
    say(page, QUESTION)
    expect(page.locator(".waiting")).to_have_count(1)
    expect(page.locator(".assistant")).to_have_count(2)
    page.unroute_all()
    page.reload()
    expect(page.locator(".assistant")).to_have_count(2)
    expect(page.locator(".waiting")).to_have_count(0)
    expect(page.locator(".citizen[data-sequence]")).to_have_count(1)
    assert page.evaluate("window.most") == 1
    assert [message.text for message in service.store.tables.messages] == [QUESTION]


def test_what_a_busy_server_says_is_shown_and_the_message_kept(open_page: Open, service: Service) -> None:
    page = open_page()
    service.store.tables.busy = True
    say(page, QUESTION)
    expect(page.locator(".waiting .state")).to_contain_text("Tôi còn đang trả lời các tin trước")
    page.reload()
    expect(page.locator(".waiting .state")).to_contain_text("Tôi còn đang trả lời các tin trước")
    assert bubbles(page) == [QUESTION]
    service.store.tables.busy = False
    page.get_by_role("button", name="Gửi lại ngay").tap()
    expect(page.locator(".assistant")).to_have_count(2)
    expect(page.locator(".waiting")).to_have_count(0)
    assert [message.text for message in service.store.tables.messages] == [QUESTION]
    assert bubbles(page) == [QUESTION]


def test_who_cannot_open_a_conversation_yet_is_told_for_how_long(browser: Browser, service: Service) -> None:
    page = browser.new_page(**PHONE)
    told = {"status": 429, "detail": "Nơi này mở nhiều cuộc quá. Anh/chị chờ 2 phút giúp tôi."}
    headers = {"Retry-After": "120"}
    page.route(
        "**/api/web/sessions",
        lambda route: route.fulfill(
            status=429, content_type="application/problem+json", headers=headers, body=json.dumps(told)
        ),
    )
    page.goto(service.address)
    expect(page.locator("#banner")).to_have_text(told["detail"])
    say(page, QUESTION)
    expect(page.locator(".waiting .state")).to_contain_text(told["detail"])
    page.locator("#file").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"x"})
    expect(page.locator("#hint")).to_have_text(told["detail"])
    page.unroute_all()
    page.get_by_role("button", name="Gửi lại ngay").tap()
    expect(page.locator(".say").last).to_have_text(DOSSIER.text)
    page.context.close()


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
    app, _store, _notify = fake_service(settings=WebChannelSettings(session_lifetime=timedelta(seconds=3)))
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
