"""Signing in at the console: password, code, an own password, single sign-on; leaving by oneself or not."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console import Console, Open, console, open_console
from tests.browser.console_people import CODE

__all__ = ["console", "open_console"]
pytestmark = pytest.mark.browser
PASSWORD = "chim hót ngoài đồng"


def enter(page: Page, user: str = "lan.nt", password: str = PASSWORD) -> None:
    page.get_by_label("Tên đăng nhập").fill(user)
    page.get_by_label("Mật khẩu", exact=False).first.fill(password)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def test_password_opens_the_page_where_its_address_led(open_console: Open) -> None:
    page = open_console(None, "#hoi-thoai/t-waiting")
    expect(page.get_by_label("Tên đăng nhập")).to_be_focused()
    enter(page)
    expect(page.get_by_role("heading", name="Khách 3F2A")).to_be_visible()
    assert page.evaluate("document.cookie") == ""
    page.reload()
    expect(page.get_by_role("heading", name="Khách 3F2A")).to_be_visible()


def test_wrong_password_says_so_and_keeps_the_name(open_console: Open) -> None:
    page = open_console(None)
    enter(page, password="sai rồi")
    expect(page.get_by_role("alert")).to_contain_text("Sai tên, mật khẩu")
    expect(page.get_by_label("Tên đăng nhập")).to_have_value("lan.nt")
    expect(page.get_by_label("Mật khẩu").first).to_have_value("")


def test_nothing_typed_is_told_at_the_field_and_not_sent(open_console: Open) -> None:
    page = open_console(None)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(page.get_by_label("Tên đăng nhập")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Tên đăng nhập")).to_be_focused()
    expect(page.get_by_text("Chưa gõ mật khẩu.")).to_be_visible()


def test_locked_account_says_how_long(open_console: Open, console: Console) -> None:
    console.fake.people.locked = True
    page = open_console(None)
    enter(page)
    expect(page.get_by_role("alert")).to_contain_text("Thử lại sau 10 phút")


def test_second_step_asks_for_a_code(open_console: Open, console: Console) -> None:
    console.fake.people.accounts["lan.nt"].totp = True
    page = open_console(None)
    enter(page)
    code = page.get_by_label("Mã sáu số")
    expect(code).to_be_focused()
    code.fill("000000")
    code.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Mã không đúng")
    code.fill(f"{CODE[:3]} {CODE[3:]}")
    code.press("Enter")
    expect(page.locator("#shell")).to_be_visible()


def test_one_time_password_must_be_changed_first(open_console: Open, console: Console) -> None:
    console.fake.people.accounts["lan.nt"].must_change = True
    page = open_console(None)
    enter(page)
    new, again = page.get_by_label("Mật khẩu mới", exact=False).first, page.get_by_label("Gõ lại mật khẩu mới").first
    new.fill("ngắn quá")
    again.fill("khác nữa")
    page.get_by_role("button", name="Đổi mật khẩu").click()
    expect(page.get_by_text("Hai lần gõ chưa giống nhau.")).to_be_visible()
    again.fill("ngắn quá")
    page.get_by_role("button", name="Đổi mật khẩu").click()
    expect(page.get_by_role("alert")).to_contain_text("ít nhất 12 ký tự")
    for field in (new, again):
        field.fill("cau co trang lai co ca")
    page.get_by_role("button", name="Đổi mật khẩu").click()
    expect(page.locator("#shell")).to_be_visible()
    assert console.fake.people.accounts["lan.nt"].password == "cau co trang lai co ca"


def test_single_sign_on_and_its_refusal(open_console: Open, console: Console) -> None:
    console.fake.people.oidc = {"label": "tài khoản cơ quan", "start_url": "/api/console/session/sso/start"}
    page = open_console(None, "?sso=unknown#viec")
    link = page.get_by_role("link", name="Đăng nhập bằng tài khoản cơ quan")
    expect(link).to_have_attribute("href", "/api/console/session/sso/start")
    expect(page.get_by_role("status")).to_contain_text("chưa được nối")
    assert page.url.endswith("/ban-lam-viec#viec")


def test_first_start_says_where_the_password_is(open_console: Open, console: Console) -> None:
    console.fake.people.first_start = True
    page = open_console(None)
    expect(page.get_by_text("mật khẩu một lần mà máy chủ đã in ra")).to_be_visible()


def test_second_step_is_set_up_with_a_drawn_code(open_console: Open, console: Console) -> None:
    page = open_console(place="#cua-toi")
    page.get_by_role("button", name="Bật mã hai lớp").click()
    picture = page.get_by_role("img", name="Hình QR")
    expect(picture.locator("path")).to_have_count(2)
    assert picture.evaluate("node => [...node.querySelectorAll('*')].every((part) => part.localName === 'path')")
    expect(page.get_by_text("JBSW Y3DP EHPK 3PXP")).to_be_visible()
    code = page.get_by_label("Mã sáu số đang hiện")
    code.fill("111111")
    code.press("Enter")
    expect(page.get_by_text("Mã chưa đúng.")).to_be_visible()
    code.fill(CODE)
    code.press("Enter")
    expect(page.locator(".codes li")).to_have_count(8)
    page.get_by_role("button", name="Đã cất xong").click()
    page.get_by_role("button", name="Tắt mã hai lớp").click()
    page.get_by_label("Mật khẩu", exact=False).last.fill("sai")
    page.get_by_role("button", name="Tắt", exact=True).click()
    expect(page.get_by_text("Mật khẩu không đúng.")).to_be_visible()
    page.get_by_label("Mật khẩu", exact=False).last.fill(PASSWORD)
    page.get_by_role("button", name="Tắt", exact=True).click()
    expect(page.get_by_role("button", name="Bật mã hai lớp")).to_be_visible()
    assert not console.fake.people.accounts["lan.nt"].totp


def test_session_that_ended_elsewhere_leads_to_the_login_and_keeps_what_was_typed(
    open_console: Open, console: Console
) -> None:
    page = open_console(place="#hoi-thoai/t-waiting")
    page.get_by_label("Trả lời công dân").fill("Dạ, hội ở thôn thì")
    console.fake.people.end_sessions()
    console.fake.cut += 1
    expect(page.get_by_text("chữ đang soạn vẫn được giữ")).to_be_visible()
    expect(page.get_by_text("Khách 3F2A")).to_have_count(0)  # nothing of a citizen stays in the page
    enter(page)
    expect(page.get_by_label("Trả lời công dân")).to_have_value("Dạ, hội ở thôn thì")


def test_idle_page_warns_then_signs_out_and_keeps_the_draft_for_its_owner_alone(
    open_console: Open, console: Console
) -> None:
    console.fake.people.idle_seconds = 3
    page = open_console(place="#hoi-thoai/t-waiting")
    page.get_by_label("Trả lời công dân").fill("Đang viết dở")
    warning = page.get_by_role("alertdialog", name="Anh/chị còn ở đây không?")
    expect(warning).to_be_visible()
    page.get_by_role("button", name="Tôi vẫn ở đây").click()
    expect(warning).to_have_count(0)
    expect(page.get_by_label("Trả lời công dân")).to_have_value("Đang viết dở")
    expect(warning).to_be_visible()
    expect(page.get_by_text("Trang đã tự thoát")).to_be_visible()
    assert console.fake.people.sessions == {}
    assert console.fake.people.touched >= 1
    console.fake.people.idle_seconds = 900
    enter(page)
    expect(page.get_by_label("Trả lời công dân")).to_have_value("Đang viết dở")
    console.fake.people.end_sessions()
    page.reload()
    enter(page, "hung.tv")
    expect(page.get_by_role("heading", name="Khách 3F2A")).to_be_visible()
    expect(page.get_by_label("Trả lời công dân")).to_have_value("")


def test_signing_out_forgets_drafts_and_ends_the_session(open_console: Open, console: Console) -> None:
    page = open_console(place="#hoi-thoai/t-waiting")
    page.get_by_label("Trả lời công dân").fill("Đang viết dở")
    page.get_by_text("Nguyễn Thị Lan").first.click()
    page.get_by_role("button", name="Thoát").click()
    expect(page.get_by_text("Anh/chị đã thoát.")).to_be_visible()
    assert console.fake.people.sessions == {}
    assert page.evaluate("Object.keys(sessionStorage).length") == 0


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("lan.nt", ["Tổng đài", "Hội thoại", "Phiếu phản ánh", "Việc cần làm", "Số liệu"]),
        ("chau.nb", ["Tổng đài", "Hội thoại", "Phiếu phản ánh", "Việc cần làm", "Duyệt học", "Số liệu"]),
        ("dai.hn", ["Phiếu phản ánh", "Việc cần làm", "Duyệt học", "Số liệu", "Tài khoản"]),
    ],
)
def test_rail_shows_what_the_role_may_use(open_console: Open, who: str, shown: list[str]) -> None:
    page = open_console(who)
    links = page.get_by_role("navigation", name="Các phần").locator("a > span")
    assert [re.sub(r"\s+", " ", text) for text in links.all_inner_texts()] == shown
