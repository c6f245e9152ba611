"""A conversation on the chat page, in a real browser over the fake dialogue."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.chat import DESKTOP, IN_SIGHT, NARROW, PHONE, QUESTION, Open, Service, bubbles, say
from tests.browser.fake_dialogue import CLARIFICATION, DOSSIER, SUMMARY, fake_service
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
    expect(answer.locator(".count")).to_have_text("9 loại")
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
    expect(items).to_have_count(6)
    page.get_by_role("button", name="Xem tiếp 3 mục").tap()
    expect(items).to_have_count(9)
    assert items.all_inner_texts() == list(DOSSIER.blocks[0].items)
    page.get_by_role("button", name="Thu gọn").tap()
    expect(items).to_have_count(6)


def test_list_of_eight_is_shown_whole(open_page: Open) -> None:
    page = open_page()
    say(page, "hồ sơ ngắn")
    expect(page.locator(".items li:visible")).to_have_count(8)
    expect(page.locator(".unfold")).to_have_count(0)


def test_papers_are_ticked_off_and_the_ticks_outlast_a_reload(open_page: Open) -> None:
    page = open_page()
    say(page, QUESTION)
    page.get_by_text("Dự thảo điều lệ hội (theo mẫu)").tap()
    page.get_by_role("checkbox").nth(3).tap()
    expect(page.locator(".count")).to_have_text("đã có 2/9")
    page.reload()
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(6)  # the folded ones are hidden
    assert [box.is_checked() for box in boxes.all()] == [False, True, False, True, False, False]
    expect(page.locator(".count")).to_have_text("đã có 2/9")
    boxes.nth(1).tap()
    expect(page.locator(".count")).to_have_text("đã có 1/9")


def test_ticks_end_with_the_conversation(open_page: Open) -> None:
    page = open_page()
    say(page, QUESTION)
    page.get_by_role("checkbox").first.tap()
    page.get_by_role("button", name="Cuộc trò chuyện mới").tap()
    page.get_by_role("button", name="Bắt đầu mới").tap()
    expect(page.locator(".assistant")).to_have_count(1)
    say(page, QUESTION)
    expect(page.locator(".count")).to_have_text("9 loại")


def test_only_papers_have_boxes_and_an_untitled_list_has_no_heading(open_page: Open) -> None:
    page = open_page()
    say(page, "tóm tắt")
    answer = page.locator(".assistant").nth(1)
    expect(answer.locator("li:visible")).to_have_count(3 + 3 + len(SUMMARY.sources))
    expect(answer.get_by_role("checkbox")).to_have_count(0)
    assert answer.locator("h3").all_inner_texts() == ["Cách nộp"]


def test_remarks_are_quiet_and_warnings_are_not(open_page: Open) -> None:
    page = open_page()
    say(page, "tóm tắt")
    say(page, QUESTION)
    expect(page.locator(".assistant .warning")).to_have_count(1)
    background = "node => getComputedStyle(node).backgroundColor"
    assert page.locator(".note").evaluate(background) == "rgba(0, 0, 0, 0)"
    assert page.locator(".assistant .warning").evaluate(background) != "rgba(0, 0, 0, 0)"


def test_telephone_numbers_can_be_tapped_and_nothing_else_is_taken_for_one(open_page: Open) -> None:
    page = open_page()
    say(page, "tóm tắt")
    answer = page.locator(".assistant").nth(1)
    links = answer.locator("a[href^='tel:']")
    expect(links).to_have_count(3)
    assert [link.inner_text() for link in links.all()] == ["024.1022", "0768.221.221", "113"]
    assert [link.get_attribute("href") for link in links.all()] == ["tel:0241022", "tel:0768221221", "tel:113"]
    expect(answer.locator(".say")).to_have_text(SUMMARY.text)
    expect(answer.locator(".note")).to_have_text(SUMMARY.blocks[2].text)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("gọi 024.3825.3536, 1900 1234 hoặc 1800.1567.", ["tel:02438253536", "tel:19001234", "tel:18001567"]),
        ("gọi 113, 114 hoặc 115", ["tel:113", "tel:114", "tel:115"]),
        ("số +84 không, +84.24.38253536 có", ["tel:+842438253536"]),
        ("Nghị định 126/2024/NĐ-CP, Điều 15, ngày 01/07/2025, 01.07.2025, mã 1.013703, 0.500.000 đồng", []),
        ("113 ngày; gọi theo Điều 114; 963/QĐ-0241022; số 001203004567; 024.1022/7", []),
        ('<img src=x onerror=alert(1)> "024.1022"', ["tel:0241022"]),
    ],
)
def test_what_is_a_telephone_number(open_page: Open, text: str, numbers: list[str]) -> None:
    page = open_page()
    found = page.evaluate(
        """async (text) => {
          const { paragraph } = await import('./static/chat/content.js');
          const node = paragraph('', text);
          return [node.textContent, [...node.querySelectorAll('*')].map((link) => link.getAttribute('href'))];
        }""",
        text,
    )
    assert found == [text, numbers]


def test_quick_reply_posts_its_id_and_only_the_last_answers_choices_stay(open_page: Open, service: Service) -> None:
    page = open_page()
    say(page, "giấy phép lao động")
    expect(page.locator(".choices button")).to_have_count(3)
    first = page.locator(".choices button").first
    whole = CLARIFICATION.buttons[0].title
    expect(first).to_have_attribute("title", whole)
    shown = first.inner_text()
    assert shown.endswith("…")
    assert whole.startswith(f"{shown[:-1]} ")
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
    assert page.evaluate(IN_SIGHT, ".bubble") == ["whole"]


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


def test_very_long_message_is_folded(open_page: Open) -> None:
    page = open_page()
    say(page, "a" * 5_000)
    bubble = page.locator(".bubble")
    expect(page.locator(".assistant")).to_have_count(2)
    assert bubble.evaluate("node => node.clientHeight") < 260
    page.get_by_role("button", name="Xem thêm").tap()
    assert bubble.evaluate("node => node.clientHeight") > 1_000
    assert page.evaluate("document.getElementById('log').scrollWidth <= document.getElementById('log').clientWidth")
