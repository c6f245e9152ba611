"""Lists that answer what is typed: nothing is taken from one that still answers other words."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console import Console, Open, console, open_console
from tests.browser.console_talk_steps import HERE, REPLY, claim
from tests.browser.test_console_hotline import SEARCH

__all__ = ["console", "open_console"]
pytestmark = pytest.mark.browser
# Long enough that a page under load has done in between what it does at once.
LATE, LATER = 0.6, 4.0


def looked_up(page: Page, console: Console) -> None:
    page.get_by_label(SEARCH).fill("lap hoi")
    expect(page.locator(".found li")).to_have_count(2)
    console.fake.hotline.slow["thi tuyen"] = LATER
    page.get_by_label(SEARCH).fill("thi tuyen")


def test_enter_waits_for_the_answer_to_what_is_typed(open_console: Open, console: Console) -> None:
    page = open_console(place="#tong-dai")
    looked_up(page, console)
    page.get_by_label(SEARCH).press("Enter")
    expect(page.locator(".told-answer h2")).to_have_text("Thủ tục thi tuyển công chức")
    expect(page.locator(".told-answer")).to_be_focused()


def test_nothing_is_opened_from_the_list_of_other_words(open_console: Open, console: Console) -> None:
    page = open_console(place="#tong-dai")
    looked_up(page, console)
    page.get_by_label(SEARCH).press("ArrowDown")
    page.locator(".found-item").first.click()
    expect(page.locator(".found")).to_have_attribute("aria-busy", "true")
    expect(page.locator(".told-answer h2")).to_have_count(0)
    expect(page.locator(".found strong")).to_have_text(["Thủ tục thi tuyển công chức"])
    expect(page.locator(".found")).to_have_attribute("aria-busy", "false")


def test_the_best_answer_is_the_one_that_enter_opens(open_console: Open, console: Console) -> None:
    """What was first for other words is not what is meant now."""
    page = open_console(place="#tong-dai")
    console.fake.hotline.orders["lap hoi"] = ["NV031", "NV025"]
    page.get_by_label(SEARCH).fill("lap hoi")
    expect(page.locator(".found strong").first).to_have_text("Thủ tục báo cáo tổ chức đại hội nhiệm kỳ của hội")
    page.get_by_label(SEARCH).fill("lap hoi o xa")
    expect(page.locator(".found strong").first).to_have_text("Thủ tục thành lập hội")
    page.get_by_label(SEARCH).press("Enter")
    expect(page.locator(".told-answer h2")).to_have_text("Thủ tục thành lập hội")


@pytest.mark.parametrize("key", ["Enter", "Tab"])
def test_quick_reply_asked_for_before_the_list_is_there(open_console: Open, console: Console, key: str) -> None:
    console.fake.slow["quick"] = [LATE] * 4
    page = open_console(place=HERE)
    claim(page)
    page.get_by_label(REPLY).press("/")
    page.get_by_label(REPLY).press_sequentially("cam")
    page.get_by_label(REPLY).press(key)
    expect(page.get_by_label(REPLY)).to_have_value("Cảm ơn anh/chị. Cần gì anh/chị cứ nhắn ạ.")
    expect(page.get_by_label(REPLY)).to_be_focused()
    assert console.fake.talks["t-waiting"].replies == []


def test_list_of_earlier_letters_that_comes_late_is_not_taken_from(open_console: Open, console: Console) -> None:
    console.fake.slow["quick"] = [LATE, 0.0]
    page = open_console(place=HERE)
    claim(page)
    page.get_by_label(REPLY).press("/")
    page.get_by_label(REPLY).press("p")
    option = page.locator("#quick-list [role=option]").first
    expect(option).to_contain_text("Mã phiếu")
    page.wait_for_timeout(LATE * 1500)  # the answer to «/» alone comes now
    expect(option).to_contain_text("Mã phiếu")
    page.get_by_label(REPLY).press("Tab")
    assert page.get_by_label(REPLY).input_value().startswith("Phiếu của anh/chị")


def test_draft_of_an_earlier_message_is_not_put_in(open_console: Open, console: Console) -> None:
    page = open_console(place=HERE)
    claim(page)
    expect(page.locator(".card")).to_have_count(3)
    console.fake.slow["suggestions"] = [LATER]
    with page.expect_request("**/suggestions?sequence=*"):
        console.fake.says("t-waiting", "thế còn lập hội thì sao")
    page.get_by_role("button", name="Chèn gợi ý 1 vào ô trả lời").click()
    expect(page.get_by_label(REPLY)).to_have_value("")
    expect(page.locator(".cards")).to_have_attribute("aria-busy", "false")
    page.get_by_role("button", name="Chèn gợi ý 1 vào ô trả lời").click()
    expect(page.get_by_label(REPLY)).not_to_have_value("")


def test_drafts_are_for_the_last_message_that_asks_something(open_console: Open, console: Console) -> None:
    page = open_console(place=HERE)
    claim(page)
    expect(page.locator(".card")).to_have_count(3)
    console.fake.says("t-waiting", "xin lập hội cần gì")
    console.fake.says("t-waiting", "alo")
    expect(page.get_by_text("Cho tin trước đó: «xin lập hội cần gì»")).to_be_visible()
    expect(page.locator(".card")).to_have_count(3)
