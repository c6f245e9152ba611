"""The console by keyboard alone: single keys outside fields, none inside, Vietnamese input methods, the sheet."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console import Console, Open, console, open_console

__all__ = ["console", "open_console"]
pytestmark = pytest.mark.browser
REPLY = "Trả lời công dân"


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def injected(page: Page, *letters: str) -> None:
    """What an input method of Windows sends: the letter before is taken back, another comes without a key's code."""
    for letter in letters:
        page.evaluate(
            "(key) => document.activeElement.dispatchEvent("
            "new KeyboardEvent('keydown', {key, code: '', bubbles: true, cancelable: true}))",
            letter,
        )


def test_conversation_is_found_claimed_answered_and_judged_without_a_mouse(
    open_console: Open, console: Console
) -> None:
    page = open_console(place="#viec")
    press(page, "g i")
    first = page.locator(".talk-item").first
    expect(first).to_be_visible()
    press(page, "j")
    expect(first).to_be_focused()
    press(page, "j k")
    expect(first).to_be_focused()
    page.locator(".talk-item", has_text="3F2A").focus()
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Khách 3F2A")).to_be_visible()
    expect(page.locator(".card")).to_have_count(3)
    press(page, "n")
    expect(page.get_by_text("Anh/chị đang trả lời").first).to_be_visible()
    press(page, "2")
    reply = page.get_by_label(REPLY)
    expect(reply).to_be_focused()
    expect(reply).to_have_value(console_text(page, 1))
    press(page, "Escape")
    expect(reply).not_to_be_focused()
    press(page, "x")
    expect(page.locator(".card.selected .chip[aria-pressed=true]")).to_have_text("Sai")
    press(page, "r")
    expect(reply).to_be_focused()
    press(page, "End Enter")
    expect(page.locator(".operator.own .words")).to_contain_text("30 ngày làm việc")
    expect(reply).to_have_value("")
    assert [verdict["verdict"] for verdict in console.fake.verdicts] == ["sai"]
    assert ("s-t-waiting-5/2", "inserted") in console.fake.actions


def console_text(page: Page, place: int) -> str:
    return page.locator(".card .words").nth(place).inner_text()


def test_letters_in_a_field_are_text(open_console: Open, console: Console) -> None:
    page = open_console(place="#hoi-thoai/t-waiting")
    reply = page.get_by_label(REPLY)
    reply.click()
    page.keyboard.type("njkrsdxlt ghi")
    expect(reply).to_have_value("njkrsdxlt ghi")
    assert console.fake.talks["t-waiting"].by is None
    assert console.fake.verdicts == []
    search = page.get_by_label("Tìm hội thoại")
    search.click()
    page.keyboard.type("n")
    expect(search).to_have_value("n")
    assert console.fake.talks["t-waiting"].by is None


def test_keys_with_control_or_in_composition_are_not_ours(open_console: Open, console: Console) -> None:
    page = open_console(place="#hoi-thoai/t-waiting")
    expect(page.locator(".card")).to_have_count(3)
    page.locator("#main").focus()
    press(page, "Control+n Alt+n")
    page.evaluate(
        "document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'n', isComposing: true, bubbles: true}))"
    )
    page.wait_for_timeout(200)
    assert console.fake.talks["t-waiting"].by is None


@pytest.mark.parametrize(("sent", "verdict"), [(("Backspace", "đ"), "dung"), (("Backspace", "ĩ"), "sai")])
def test_telex_that_rewrites_a_letter_is_read_back(
    open_console: Open, console: Console, sent: tuple[str, ...], verdict: str
) -> None:
    page = open_console(place="#hoi-thoai/t-waiting")
    expect(page.locator(".card")).to_have_count(3)
    page.locator("#main").focus()
    injected(page, *sent)
    expect(page.locator(".chip[aria-pressed=true]")).to_have_count(1)
    assert [each["verdict"] for each in console.fake.verdicts] == [verdict]


def test_enter_of_an_input_method_sends_nothing(open_console: Open, console: Console) -> None:
    console.fake.talks["t-waiting"].owner, console.fake.talks["t-waiting"].by = "OPERATOR", "lan.nt"
    page = open_console(place="#hoi-thoai/t-waiting")
    reply = page.get_by_label(REPLY)
    reply.fill("dạ vâng")
    page.evaluate(
        "document.getElementById('reply').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    reply.press("Shift+Enter")
    page.wait_for_timeout(200)
    assert console.fake.talks["t-waiting"].replies == []


def test_sheet_lists_what_works_here_and_gives_the_focus_back(open_console: Open) -> None:
    page = open_console(place="#hoi-thoai/t-waiting")
    expect(page.locator(".card")).to_have_count(3)
    page.locator("#main").focus()
    press(page, "?")
    sheet = page.get_by_role("dialog", name="Phím tắt")
    for words in (
        "nhận trả lời",
        "vào ô trả lời",
        "chấm gợi ý đang chọn: lỗi thời",
        "đến Phiếu phản ánh",
        "ra khỏi ô",
    ):
        expect(sheet).to_contain_text(words)
    press(page, "n")  # a dialog is open: nothing behind it is done
    press(page, "Escape")
    expect(sheet).to_have_count(0)
    expect(page.get_by_role("button", name="Nhận trả lời")).to_be_visible()


def test_every_bound_button_shows_its_key(open_console: Open, console: Console) -> None:
    console.fake.talks["t-waiting"].owner, console.fake.talks["t-waiting"].by = "OPERATOR", "lan.nt"
    page = open_console(place="#hoi-thoai/t-waiting")
    expect(page.locator(".card")).to_have_count(3)
    shown = page.evaluate(
        "[...document.querySelectorAll('[aria-keyshortcuts]')].filter((node) => node.offsetParent)"
        ".map((node) => [node.getAttribute('aria-keyshortcuts'), (node.querySelector('kbd') || {}).textContent])"
    )
    assert len(shown) >= 6
    assert [pair for pair in shown if pair[0] != pair[1]] == []


def test_single_keys_can_be_turned_off(open_console: Open, console: Console) -> None:
    page = open_console(place="#cua-toi")
    page.get_by_label("Dùng phím một chữ trên máy này").uncheck()
    page.goto(f"{console.address}/ban-lam-viec#hoi-thoai/t-waiting")
    expect(page.locator(".card")).to_have_count(3)
    page.locator("#main").focus()
    press(page, "n")
    page.wait_for_timeout(200)
    assert console.fake.talks["t-waiting"].by is None


def test_quick_reply_is_found_without_accents_and_filled_in(open_console: Open, console: Console) -> None:
    console.fake.talks["t-waiting"].owner, console.fake.talks["t-waiting"].by = "OPERATOR", "lan.nt"
    page = open_console(place="#hoi-thoai/t-waiting")
    reply = page.get_by_label(REPLY)
    reply.click()
    page.keyboard.type("Dạ. /tra cuu")
    expect(page.locator("#quick-list [role=option]")).to_have_count(1)
    press(page, "Enter")
    expect(reply).to_have_value("Dạ. anh/chị chờ tôi vài phút để tra văn bản ạ.")
    reply.fill("")
    page.keyboard.type("/")
    expect(page.locator("#quick-list [role=option]")).to_have_count(4)
    press(page, "ArrowDown ArrowDown Enter")
    # Nobody knows the number yet: it stays to be seen, and is selected.
    expect(reply).to_have_value(re.compile("Phiếu của anh/chị là {so_phieu}, ghi ngày"))
    assert reply.evaluate("node => node.value.slice(node.selectionStart, node.selectionEnd)") == "{so_phieu}"
    press(page, "End Enter")
    expect(page.get_by_text("Còn chỗ trống {so_phieu}")).to_be_visible()
    assert console.fake.talks["t-waiting"].replies == []
    reply.fill("và/hoặc")
    expect(page.locator("#quick-list")).to_be_hidden()
