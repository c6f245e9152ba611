"""What the page of a case keeps from whom: sealed words, originals, restricted cases, those of the own house."""

import pytest
from playwright.sync_api import expect

from bot.core.cases.state import Status
from tests.browser.console import Open, office_console, open_office_console
from tests.browser.console_case_steps import CasePage, Opened, case_id, office, opened
from tests.integration.desk_client import PHONE as NUMBER
from tests.integration.desk_client import Office, audit

__all__ = ["case_id", "office", "office_console", "open_office_console", "opened"]
pytestmark = pytest.mark.browser


def test_restricted_case_is_offered_to_no_unit(open_office_console: Open, office: Office) -> None:
    case_id = office.file(behaviours=("TN-HOILO",), severity=5)
    office.bring(case_id, Status.RELEASED)
    officer = CasePage(open_office_console("of2", f"#phieu/{case_id}"))
    form = officer.form("Giao xử lý")
    expect(form.get_by_text("không bao giờ giao cho đơn vị")).to_be_visible()
    expect(form.get_by_label("Đơn vị", exact=True)).to_have_count(0)
    form.get_by_label("Hoặc cán bộ").select_option("sup")
    form.get_by_role("button", name="Giao", exact=True).click()
    officer.status("Đã giao")


def test_case_about_the_own_department_is_passed_on_unread(open_office_console: Open, office: Office) -> None:
    case_id = office.file(unit="HN-SNV")
    supervisor = CasePage(open_office_console("sup", f"#phieu/{case_id}"))
    expect(supervisor.page.get_by_text("chỉ thấy trạng thái, và chuyển ra ngoài")).to_be_visible()
    expect(supervisor.page.locator(".story")).to_have_count(0)
    names = supervisor.verbs.locator("button.verb").all_inner_texts()
    assert sorted(names) == ["Chuyển đoàn kiểm tra", "Thuộc nơi khác"]


def test_sealed_words_are_opened_with_a_reason_once_and_hidden_again(
    opened: Opened, office: Office, case_id: str
) -> None:
    page = opened("of2").page
    sealed = page.get_by_role("region", name="Phần giữ kín")
    assert NUMBER not in page.content()
    sealed.get_by_role("button", name="Mở lời kể nguyên văn").click()
    sealed.get_by_role("button", name="Mở", exact=True).click()
    expect(sealed.locator(".fault:visible")).to_contain_text("Cần ghi lý do")
    sealed.get_by_label("Lý do mở").fill("?!")
    sealed.get_by_role("button", name="Mở", exact=True).click()
    expect(sealed.locator(".fault:visible, .refusal:visible").first).to_be_visible()
    assert not [entry for entry in audit(office, case_id) if entry.action == "reveal"]
    sealed.get_by_label("Lý do mở").fill("gọi hỏi thêm giờ")
    sealed.get_by_role("button", name="Mở", exact=True).click()
    expect(sealed.get_by_role("link", name=NUMBER)).to_have_attribute("href", f"tel:{NUMBER}")
    expect(sealed).to_contain_text("tự ẩn sau")
    assert [entry.reason for entry in audit(office, case_id) if entry.action == "reveal"] == ["gọi hỏi thêm giờ"]
    sealed.get_by_role("button", name="Ẩn ngay").click()
    assert NUMBER not in page.content()
    sealed.get_by_role("button", name="Mở lời kể nguyên văn").click()
    expect(sealed.get_by_label("Lý do mở")).to_have_value("")  # each time a reason of its own


def test_sealed_words_hide_by_themselves(opened: Opened) -> None:
    page = opened("of2").page
    page.clock.install()
    sealed = page.get_by_role("region", name="Phần giữ kín")
    sealed.get_by_role("button", name="Mở lời kể nguyên văn").click()
    sealed.get_by_label("Lý do mở").fill("gọi hỏi thêm giờ")
    sealed.get_by_role("button", name="Mở", exact=True).click()
    expect(sealed.get_by_role("link", name=NUMBER)).to_be_visible()
    page.clock.run_for(122_000)
    expect(sealed.get_by_role("link", name=NUMBER)).to_have_count(0)
    assert NUMBER not in page.content()


def test_picture_is_looked_at_and_cleared_for_the_unit(opened: Opened, office: Office, case_id: str) -> None:
    office.bring(case_id, Status.RELEASED)
    officer = opened("of1")
    files = officer.page.get_by_role("region", name="Tệp kèm theo")
    files.get_by_role("button", name="Xem cho-ngoc.png").click()
    picture = files.get_by_role("img", name="Tệp cho-ngoc.png")
    expect(picture).to_be_visible()
    assert picture.evaluate("node => node.decode().then(() => node.naturalWidth)") == 4
    with officer.page.expect_download() as download:
        files.get_by_role("button", name="Mở bản gốc cho-ngoc.png").click()
        files.get_by_label("Lý do mở").fill("đối chiếu ngày chụp")
        files.get_by_role("button", name="Mở bản gốc", exact=True).click()
    assert download.value.suggested_filename.startswith("PA-")
    form = officer.form("Giao xử lý")
    form.get_by_label("Đơn vị", exact=True).fill("Phường Ba Đình")
    form.get_by_label("cho-ngoc.png").check()
    form.get_by_role("button", name="Giao", exact=True).click()
    officer.status("Đã giao")
    unit = opened("u1")
    expect(unit.page.get_by_role("region", name="Tệp kèm theo")).to_contain_text("tep-1")
