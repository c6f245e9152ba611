"""Scans of a letter on the filing page."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.console import Console, Open, console, open_console, violations
from tests.browser.test_console_hotline import STORY

__all__ = ["console", "open_console"]
pytestmark = pytest.mark.browser
FIELD = "Bản quét đơn thư"


def scan(name: str, content: bytes = b"%PDF-1.7 x") -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def listed(page: Page) -> list[str]:
    return page.get_by_role("list", name="Bản quét kèm theo").locator("li span").all_inner_texts()


def test_scans_are_sent_with_the_filing_that_they_belong_to(open_console: Open, console: Console) -> None:
    page = open_console(place="#lap-phieu")
    page.get_by_label(FIELD).set_input_files([scan("don.pdf"), scan("bia.pdf"), scan("nham.exe", b"MZ")])
    expect(page.get_by_role("alert").filter(has_text="nham.exe")).to_contain_text("Chỉ nhận tệp PDF, JPEG, PNG.")
    assert [text.split(" ")[0] for text in listed(page)] == ["don.pdf", "bia.pdf"]
    page.get_by_role("button", name="Bỏ tệp bia.pdf").click()
    expect(page.get_by_role("button", name="Bỏ tệp bia.pdf")).to_have_count(0)
    assert violations(page) == []
    page.reload()
    expect(page.get_by_role("button", name="Bỏ tệp don.pdf")).to_be_visible()
    page.get_by_label("Ghi tên người kể").select_option("anonymous")
    page.get_by_label("Lời kể").fill(STORY)
    page.get_by_role("button", name="Đọc lại cho người kể").click()
    page.get_by_label("Không đồng ý").check()
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.locator(".filing-done")).to_be_visible()
    (client_id,) = console.fake.hotline.filings
    assert [each["name"] for each in console.fake.hotline.scans[client_id]] == ["don.pdf"]
    page.get_by_role("button", name="Lập phiếu khác").click()
    expect(page.get_by_label(FIELD)).to_be_visible()
    assert listed(page) == []


def test_a_caller_has_no_scans(open_console: Open, console: Console) -> None:
    console.fake.hotline.ring("c1")
    page = open_console(place="#lap-phieu?cuoc-goi=c1")
    expect(page.get_by_label("Lời kể")).to_be_visible()
    expect(page.get_by_label(FIELD)).to_be_hidden()
