"""A conversation on the chat page, in a real browser over the fake dialogue."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.chat import DESKTOP, NARROW, PHONE, QUESTION, Open, Service, bubbles, say
from tests.browser.fake_dialogue import DOSSIER, fake_service
from tests.browser.fakes import serving

pytestmark = pytest.mark.browser


def test_first_screen_discloses_the_assistant_and_offers_examples(open_page: Open) -> None:
    page = open_page()
    expect(page).to_have_title("Tiếp Dân – Sở Nội vụ Hà Nội")
    expect(page.locator("header .badge")).to_have_text("trợ lý tự động")
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


def test_markup_in_a_message_is_shown_as_text(open_page: Open) -> None:
    page = open_page()
    markup = "<img src=x onerror=\"document.title='hỏng'\"><b>đậm</b>"
    say(page, markup)
    expect(page.locator(".assistant")).to_have_count(2)
    page.reload()
    expect(page.locator(".bubble")).to_have_text(markup)
    assert page.locator(".entries img, .bubble b").count() == 0
    expect(page).to_have_title("Tiếp Dân – Sở Nội vụ Hà Nội")


def test_too_long_a_message_is_kept_and_explained(open_page: Open) -> None:
    page = open_page()
    say(page, "a" * 20_001)
    expect(page.locator("#hint")).to_contain_text("20.000 ký tự")
    assert bubbles(page) == []
    assert len(page.get_by_label("Câu hỏi của anh/chị").input_value()) == 20_001
