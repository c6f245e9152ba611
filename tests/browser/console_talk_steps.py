"""Steps of the browser tests of conversations: where the waiting one is, and how it is claimed."""

from playwright.sync_api import Page, expect

REPLY = "Trả lời công dân"
HERE = "#hoi-thoai/t-waiting"


def claim(page: Page) -> None:
    page.get_by_role("button", name="Nhận trả lời").click()
    expect(page.get_by_text("Anh/chị đang trả lời").first).to_be_visible()
