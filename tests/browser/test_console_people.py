"""Accounts at the console: made, given anew, locked; a one-time password is seen once."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.console import Console, Open, office_console, open_office_console

__all__ = ["office_console", "open_office_console"]
pytestmark = pytest.mark.browser


def row(page: Page, name: str) -> Locator:
    return page.locator("tbody tr", has_text=name)


def test_account_is_made_and_its_password_is_seen_once(open_office_console: Open, office_console: Console) -> None:
    page = open_office_console("dai.hn", "#tai-khoan")
    page.get_by_role("button", name="Thêm tài khoản").click()
    dialog = page.get_by_role("dialog", name="Thêm tài khoản")
    dialog.get_by_role("button", name="Thêm", exact=True).click()
    expect(dialog.locator(".fault:visible")).to_have_count(3)
    dialog.get_by_label("Tên đăng nhập").fill("lan.nt")
    dialog.get_by_label("Họ và tên").fill("Phạm Minh Thu")
    dialog.get_by_label("Vai trò").select_option("complaint_officer")
    dialog.get_by_label("Đơn vị").select_option(label="Sở Xây dựng")
    dialog.get_by_role("button", name="Thêm", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("Đã có tài khoản này.")
    dialog.get_by_label("Tên đăng nhập").fill("thu.pm")
    dialog.get_by_role("button", name="Thêm", exact=True).click()
    once = page.get_by_role("dialog", name="Mật khẩu một lần")
    expect(once).to_contain_text("mot-lan-xanh-lam")
    once.get_by_role("button", name="Đã đưa").click()
    expect(once).to_have_count(0)
    assert "mot-lan-xanh-lam" not in page.content()
    expect(row(page, "Phạm Minh Thu")).to_contain_text("Chờ đổi mật khẩu")
    made = office_console.fake.people.accounts["thu.pm"]
    assert (made.role, made.unit) == ("complaint_officer", "HN-SXD")


def test_password_is_given_anew_with_or_without_the_second_step(
    open_office_console: Open, office_console: Console
) -> None:
    people = office_console.fake.people
    people.accounts["hung.tv"].totp = True
    page = open_office_console("dai.hn", "#tai-khoan")
    row(page, "Trần Văn Hùng").get_by_role("button", name="Cấp lại mật khẩu").click()
    page.get_by_role("dialog").get_by_role("button", name="Cấp lại", exact=True).click()
    expect(page.get_by_text("mot-lan-vang-chanh")).to_be_visible()
    assert people.accounts["hung.tv"].totp
    page.get_by_role("button", name="Đã đưa").click()
    row(page, "Trần Văn Hùng").get_by_role("button", name="Cấp lại mật khẩu").click()
    page.get_by_label("Tắt cả mã hai lớp").check()
    page.get_by_role("dialog").get_by_role("button", name="Cấp lại", exact=True).click()
    expect(page.get_by_text("mot-lan-vang-chanh")).to_be_visible()
    assert not people.accounts["hung.tv"].totp


def test_locking_is_asked_about_and_never_offered_for_oneself(
    open_office_console: Open, office_console: Console
) -> None:
    page = open_office_console("dai.hn", "#tai-khoan")
    expect(row(page, "Hồ Ngọc Đại").first.get_by_role("button", name="Khóa")).to_be_disabled()
    row(page, "Trần Văn Hùng").get_by_role("button", name="Khóa").click()
    page.get_by_role("dialog").get_by_role("button", name="Thôi").click()
    assert office_console.fake.people.accounts["hung.tv"].active
    row(page, "Trần Văn Hùng").get_by_role("button", name="Khóa").click()
    page.get_by_role("dialog").get_by_role("button", name="Khóa", exact=True).click()
    expect(row(page, "Trần Văn Hùng")).to_contain_text("Đã khóa")
    row(page, "Trần Văn Hùng").get_by_role("button", name="Mở khóa").click()
    expect(row(page, "Trần Văn Hùng")).to_contain_text("Đang dùng")
    page.get_by_label("Tìm").fill("hùng")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_nobody_but_an_administrator_comes_here(open_office_console: Open) -> None:
    page = open_office_console("of2", "#tai-khoan")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Tài khoản")
    expect(page.get_by_role("button", name="Thêm tài khoản")).to_have_count(0)
