"""Calls come and end by the live stream; where there is none, the list is read again."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console import Console, Open, connected, console, open_console

__all__ = ["console", "open_console"]
pytestmark = pytest.mark.browser
# What is read again after a second or more is not read at all.
NO_POLL = "const real = setTimeout; window.setTimeout = (f, ms, ...x) => (ms >= 1000 ? 0 : real(f, ms, ...x));"


def without_polling(page: Page, console: Console) -> Page:
    page.add_init_script(NO_POLL)
    page.reload()
    connected(console)
    return page


def test_a_call_comes_and_ends_without_waiting_for_the_poll(open_console: Open, console: Console) -> None:
    page = without_polling(open_console(place="#tong-dai"), console)
    expect(page.get_by_text("Không có cuộc nào đang gọi.")).to_be_visible()
    console.fake.hotline.ring("c1")
    page.locator(".calls a").click()
    expect(page.locator(".call-head")).to_contain_text("chưa ai nghe")
    call = console.fake.hotline.calls["c1"]
    call.update(state="answered", operator={"id": "hung.tv", "name": "Trần Văn Hùng"})
    console.fake.hotline.push("c1")
    expect(page.locator(".call-head")).to_contain_text("anh Hùng đang nghe")
    call.update(state="ended")
    console.fake.hotline.push("c1")
    expect(page.get_by_text("Không có cuộc nào đang gọi.")).to_be_visible()
    expect(page.locator(".call-head")).to_contain_text("anh Hùng đã nghe")


def test_a_ringing_telephone_is_counted_whatever_is_open(open_console: Open, console: Console) -> None:
    page = without_polling(open_console(place="#viec"), console)
    badge = page.locator("#rail-list [data-path=tong-dai] .badge")
    expect(badge).to_be_hidden()
    console.fake.hotline.ring("c1")
    expect(badge).to_have_text("1 cuộc đang đổ chuông")


def test_without_a_stream_calls_are_read_again(open_console: Open, console: Console) -> None:
    page = open_console(place="#hoi-thoai")
    page.route("**/api/console/stream", lambda route: route.abort())
    page.goto(f"{console.address}/ban-lam-viec#tong-dai")
    page.reload()
    expect(page.get_by_text("Không có cuộc nào đang gọi.")).to_be_visible()
    console.fake.hotline.ring("c1")
    expect(page.locator(".calls a")).to_have_count(1)


def test_an_opened_number_stays_while_the_call_is_read_again(open_console: Open, console: Console) -> None:
    console.fake.hotline.ring("c1")
    page = open_console(place="#cuoc-goi/c1")
    page.get_by_role("button", name="Nghe cuộc này").click()
    page.get_by_role("button", name="Xem số").click()
    expect(page.locator(".call-head h2")).to_have_text("0900000678")
    page.wait_for_timeout(2500)
    expect(page.locator(".call-head h2")).to_have_text("0900000678")
