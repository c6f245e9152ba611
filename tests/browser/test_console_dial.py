"""Calling without seeing the number, on the page."""

import pytest
from playwright.sync_api import expect

from tests.browser.console import (
    Console,
    Open,
    console,
    office_console,
    open_console,
    open_office_console,
    violations,
)

__all__ = ["console", "office_console", "open_console", "open_office_console"]
pytestmark = pytest.mark.browser


def test_own_call_is_dialled_at_once_and_one_that_is_over_with_a_reason(open_console: Open, console: Console) -> None:
    hotline = console.fake.hotline
    hotline.ring("c1")
    page = open_console(place="#cuoc-goi/c1")
    page.get_by_role("button", name="Nghe cuộc này").click()
    page.get_by_role("button", name="Gọi", exact=True).click()
    expect(page.locator(".toast").last).to_contain_text("sắp đổ chuông")
    assert hotline.dialled == [("calls", "c1", "")]
    hotline.calls["c1"].update(state="ended")
    hotline.push("c1")
    expect(page.locator(".call-head")).to_contain_text("đã xong")
    page.get_by_role("button", name="Gọi", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Gọi", exact=True).click()
    expect(dialog).to_contain_text("Ghi lý do.")
    dialog.get_by_label("Lý do").fill("gọi lại theo hẹn")
    dialog.get_by_role("button", name="Gọi", exact=True).click()
    expect(dialog).to_have_count(0)
    assert hotline.dialled[1:] == [("calls", "c1", "gọi lại theo hẹn")]
    expect(page.locator(".call-head h2")).to_have_text("09•• ••• 678")


@pytest.mark.parametrize(
    ("state", "words"), [("no-switchboard", "chưa nối tổng đài"), ("no-extension", "chưa có máy nhánh")]
)
def test_button_says_why_nobody_can_be_dialled(open_console: Open, console: Console, state: str, words: str) -> None:
    console.fake.hotline.dial = state
    console.fake.hotline.ring("c1")
    page = open_console(place="#cuoc-goi/c1")
    page.get_by_role("button", name="Nghe cuộc này").click()
    expect(page.get_by_role("button", name=words)).to_be_disabled()
    assert violations(page) == []


def test_whoever_filed_is_called_from_the_case(open_office_console: Open, office_console: Console) -> None:
    assert office_console.office is not None
    case_id = office_console.office.file()
    page = open_office_console("of1", f"#phieu/{case_id}")
    page.get_by_role("button", name="Gọi", exact=True).click()
    page.get_by_label("Lý do").fill("hỏi thêm ngày giờ")
    page.get_by_role("dialog").get_by_role("button", name="Gọi", exact=True).click()
    expect(page.locator(".toast").last).to_contain_text("sắp đổ chuông")
    assert office_console.fake.hotline.dialled == [("cases", case_id, "hỏi thêm ngày giờ")]


def test_whoever_was_missed_is_taken_on_and_called(open_console: Open, console: Console) -> None:
    hotline = console.fake.hotline
    hotline.ring("c1")
    hotline.calls["c1"].update(state="ended", missed=True)
    page = open_console(place="#cuoc-goi/c1")
    page.get_by_role("button", name="Nhận gọi lại").click()
    expect(page.get_by_role("button", name="Nhận gọi lại")).to_be_hidden()
    expect(page.get_by_role("button", name="Gọi", exact=True)).to_be_visible()
