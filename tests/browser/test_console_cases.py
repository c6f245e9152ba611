"""Cases walked through the real desk in the browser, with every refusal on the way explained."""

import pytest
from playwright.sync_api import expect

from bot.core.cases.lifecycle import Verb
from bot.core.cases.state import Status
from tests.browser.chat import PHONE
from tests.browser.console import Open, office_console, open_office_console
from tests.browser.console_case_steps import ANSWER_LABELS, CasePage, Opened, case_id, office, opened
from tests.integration.desk_client import ANSWER, CITIZEN_NAME, PLANTED, Office, answer_fields

__all__ = ["case_id", "office", "office_console", "open_office_console", "opened"]
pytestmark = pytest.mark.browser
STORY_WORDS = "quát tôi trước đám đông"


def test_case_from_release_to_published_answer_with_every_refusal_on_the_way(
    opened: Opened, open_office_console: Open, office: Office, case_id: str
) -> None:
    # Own unit: neither the page nor the number opens.
    number = office.case(case_id).number
    insider = open_office_console("ins", f"#phieu/{case_id}")
    expect(insider.get_by_role("alert").filter(has_text="chính đơn vị anh/chị")).to_be_visible()
    assert STORY_WORDS not in insider.content()
    insider.get_by_role("link", name="Về danh sách").click()
    expect(insider.get_by_text("Không có phiếu nào ở đây.")).to_be_visible()
    insider.get_by_label("Số phiếu").fill(number)
    insider.get_by_label("Số phiếu").press("Enter")
    expect(insider.get_by_role("alert").filter(has_text=f"Không có phiếu {number}")).to_be_visible()

    officer = opened("of1")
    officer.status("Mới nhận")
    # Missing reason: nothing typed, then nothing said.
    form = officer.form("Cho chuyển")
    form.get_by_role("button", name="Cho chuyển").click()
    expect(form.get_by_label("Lý do")).to_have_attribute("aria-invalid", "true")
    form.get_by_label("Lý do").fill("…!?")
    form.get_by_role("button", name="Cho chuyển").click()
    expect(form.locator(".fault:visible")).to_have_text("Cần ghi lý do, ít nhất vài chữ có nghĩa.")
    form.get_by_label("Lý do").fill("đã xem, đúng phạm vi")
    form.get_by_role("button", name="Cho chuyển").click()
    officer.status("Đã cho chuyển")

    # To nobody, to two at once, to a colleague of the accused.
    form = officer.form("Giao xử lý")
    form.get_by_role("button", name="Giao", exact=True).click()
    expect(form.locator(".fault:visible")).to_contain_text("Chọn một đơn vị, hoặc một cán bộ")
    form.get_by_label("Đơn vị", exact=True).fill("Phường Ba Đình")
    form.get_by_label("Hoặc cán bộ").select_option("of2")
    form.get_by_role("button", name="Giao", exact=True).click()
    expect(form.locator(".fault:visible")).to_contain_text("không chọn cả hai")
    form.get_by_label("Đơn vị", exact=True).fill("")
    form.get_by_label("Hoặc cán bộ").select_option("ins")
    form.get_by_role("button", name="Giao", exact=True).click()
    officer.refused("chính đơn vị bị nêu")
    form.get_by_label("Hoặc cán bộ").select_option("")
    form.get_by_label("Đơn vị", exact=True).fill("Phường Không Có")
    form.get_by_role("button", name="Giao", exact=True).click()
    expect(form.locator(".fault:visible")).to_contain_text("Không có đơn vị này")
    form.get_by_label("Đơn vị", exact=True).fill("Phường Ba Đình")
    form.get_by_label("Lời nhắn cho nơi nhận").fill("Đề nghị báo cáo trong tuần.")
    form.get_by_role("button", name="Giao", exact=True).click()
    officer.status("Đã giao")

    # The unit reads no name, and reports too little.
    unit = opened("u1")
    expect(unit.page.get_by_text("Bản đã lược danh tính người phản ánh.")).to_be_visible()
    told = unit.page.locator("#main").inner_text()
    assert [each for each in PLANTED if each in told] == []
    expect(unit.verbs.get_by_role("button", name="Viết trả lời")).to_have_count(0)
    form = unit.form("Báo cáo của đơn vị")
    form.get_by_label("Nội dung báo cáo").fill("Đã làm việc với người trực quầy.")
    form.get_by_role("button", name="Gửi báo cáo").click()
    unit.status("Đã có báo cáo")

    officer.reload()
    expect(officer.page.get_by_text("Báo cáo này chưa có căn cứ và cách khắc phục: trả lại được.")).to_be_visible()
    form = officer.form("Trả lại báo cáo")
    expect(form.get_by_label("Lý do")).to_have_value("Báo cáo chưa nêu căn cứ và cách khắc phục, đề nghị bổ sung.")
    form.get_by_role("button", name="Trả lại").click()
    officer.status("Đã giao")

    unit.reload()
    expect(unit.page.locator(".timeline")).to_contain_text("đề nghị bổ sung")
    form = unit.form("Giải trình của người bị nêu")
    form.get_by_label("Giải trình (cần có)").fill("Hôm đó rất đông, tôi nóng nảy và xin lỗi.")
    form.get_by_role("button", name="Ghi giải trình").click()
    expect(unit.page.locator(".timeline")).to_contain_text("Người bị nêu giải trình")
    form = unit.form("Báo cáo của đơn vị")
    form.get_by_label("Nội dung báo cáo").fill("Phản ánh đúng, đã xin lỗi.")
    form.get_by_label("Căn cứ").fill("Xem lại hình ảnh tại quầy.")
    form.get_by_label("Cách khắc phục").fill("Bố trí lại người trực.")
    form.get_by_role("button", name="Gửi báo cáo").click()
    unit.status("Đã có báo cáo")

    # An answer without its parts; one that names the citizen; one that may name somebody.
    officer.reload()
    expect(officer.page.locator(".lacking")).to_have_count(1)  # the first report; the second lacks nothing
    form = officer.form("Viết trả lời")
    form.get_by_role("button", name="Gửi duyệt").click()
    expect(form.locator(".fault:visible")).to_have_count(5)
    officer.answer(form, text=f"Đã xin lỗi bà {CITIZEN_NAME}.")
    form.get_by_role("button", name="Gửi duyệt").click()
    officer.refused("còn nêu tên người, nơi ở")
    officer.answer(form, text="Đã làm việc với chị Hoàng Yến và xin lỗi người dân.")
    form.get_by_role("button", name="Gửi duyệt").click()
    officer.refused("«Hoàng Yến»")
    send = form.get_by_role("button", name="Gửi như đang viết")
    expect(send).to_be_disabled()
    officer.answer(form)
    form.get_by_role("button", name="Gửi duyệt").click()
    officer.status("Chờ duyệt trả lời")

    # Missing second person: neither closed unapproved, nor approved by who wrote it.
    form = officer.form("Đóng phiếu")
    expect(form.get_by_text("Chưa có người thứ hai duyệt câu trả lời.")).to_be_visible()
    form.get_by_role("button", name="Đóng phiếu").click()
    officer.refused("chưa có người thứ hai duyệt")
    form = officer.form("Duyệt trả lời")
    form.get_by_role("button", name="Duyệt trả lời này").click()
    officer.refused("Người viết câu trả lời không tự duyệt được")

    # The second person has read another answer than the one that is there now.
    supervisor = opened("sup")
    office.act("officer", case_id, Verb.ANSWER, **answer_fields(text="Kết luận viết lại lần nữa."))
    form = supervisor.form("Duyệt trả lời")
    form.get_by_role("button", name="Duyệt trả lời này").click()
    supervisor.refused("vừa được viết lại")
    supervisor.verbs.get_by_role("button", name="Đọc lại phiếu").click()
    expect(supervisor.page.locator(".answer-box")).to_contain_text("Kết luận viết lại lần nữa.")
    form = supervisor.form("Duyệt trả lời")
    form.get_by_role("button", name="Duyệt trả lời này").click()
    expect(supervisor.page.locator(".answer-box .status")).to_have_text("Đã có người thứ hai duyệt")

    officer.reload()
    officer.form("Đóng phiếu").get_by_role("button", name="Đóng phiếu").click()
    officer.status("Đã đóng")
    case = office.case(case_id)
    assert (case.status, case.published) == (Status.CLOSED, True)
    address, _, _ = officer.page.url.partition("/ban-lam-viec")
    register = officer.page.request.get(f"{address}/phan-anh")
    assert "Kết luận viết lại lần nữa." in register.text()


def test_confirmed_words_that_are_nobodys_name_go_through(opened: Opened, office: Office, case_id: str) -> None:
    office.bring(case_id, Status.EXPLAINED)
    officer = opened("of2")
    form = officer.form("Viết trả lời")
    officer.answer(form, text="Đã làm việc với tổ Hoàng Yến và xin lỗi người dân.")
    form.get_by_role("button", name="Gửi duyệt").click()
    officer.refused("«Hoàng Yến»")
    form.get_by_label("những chữ này không phải tên ai").check()
    form.get_by_role("button", name="Gửi như đang viết").click()
    officer.status("Chờ duyệt trả lời")


def test_inspection_is_answered_with_its_findings_alone(opened: Opened, office: Office, case_id: str) -> None:
    officer = opened("of1")
    form = officer.form("Chuyển đoàn kiểm tra")
    form.get_by_label("Đoàn kiểm tra (cần có)").fill("Đoàn kiểm tra công vụ số 2")
    form.get_by_role("button", name="Chuyển đoàn kiểm tra").click()
    expect(form.get_by_label("Lý do")).to_be_focused()
    form.get_by_label("Lý do").fill("nghiêm trọng")
    form.get_by_role("button", name="Chuyển đoàn kiểm tra").click()
    officer.status("Đang kiểm tra")
    form = officer.form("Giao xử lý")
    form.get_by_label("Hoặc cán bộ").select_option("of2")
    form.get_by_role("button", name="Giao", exact=True).click()
    officer.refused("chỉ người phụ trách lấy ra")
    form = officer.form("Viết trả lời")
    officer.answer(form)
    form.get_by_role("button", name="Gửi duyệt").click()
    officer.refused("chưa ghi kết quả")
    form = officer.form("Ghi kết quả kiểm tra")
    form.get_by_label("Kết quả (cần có)").fill("Đã làm rõ tại quầy.")
    form.get_by_label("Số văn bản").fill("BB 12/2026")
    form.get_by_role("button", name="Ghi kết quả").click()
    expect(officer.page.locator(".timeline")).to_contain_text("Đã làm rõ tại quầy.")
    form = officer.form("Viết trả lời")
    expect(form.get_by_label(ANSWER_LABELS["text"])).to_have_value(ANSWER["text"])  # kept over the refusal
    form.get_by_role("button", name="Gửi duyệt").click()
    officer.status("Chờ duyệt trả lời")


def test_setting_aside_needs_a_second_person(opened: Opened, office: Office, case_id: str) -> None:
    first = opened("of1")
    for _ in range(2):
        form = first.form("Để riêng (nghi tin rác)")
        form.get_by_label("Lý do").fill("nghi thư rác")
        form.get_by_role("button", name="Để riêng").click()
        expect(first.page.locator(".timeline")).to_contain_text("Đề nghị để riêng")
    first.refused("chờ người thứ hai")
    second = opened("of2")
    form = second.form("Để riêng (nghi tin rác)")
    form.get_by_label("Lý do").fill("tin rác thật")
    form.get_by_role("button", name="Để riêng").click()
    second.status("Để riêng")
    form = second.form("Đưa trở lại")
    form.get_by_label("Lý do").fill("xem lại thì không phải")
    form.get_by_role("button", name="Đưa trở lại").click()
    second.status("Mới nhận")


def test_one_of_two_who_act_at_once_is_told_and_loses_no_words(opened: Opened, office: Office, case_id: str) -> None:
    officer = opened("of1")
    form = officer.form("Cho chuyển")
    form.get_by_label("Lý do").fill("đã xem kỹ")
    office.act("officer2", case_id, Verb.RELEASE, reason="đã xem")
    form.get_by_role("button", name="Cho chuyển").click()
    officer.refused("người khác vừa làm trước")
    expect(form.get_by_label("Lý do")).to_have_value("đã xem kỹ")
    officer.verbs.get_by_role("button", name="Đọc lại phiếu").click()
    officer.status("Đã cho chuyển")
    kept = officer.page.locator(".kept")
    expect(kept).to_contain_text("đã xem kỹ")
    kept.get_by_role("button", name="Bỏ chữ này").click()
    expect(kept).to_have_count(0)


def test_elsewhere_names_the_body(opened: Opened, case_id: str) -> None:
    officer = opened("of1")
    form = officer.form("Thuộc nơi khác")
    officer.answer(form)
    form.get_by_role("button", name="Gửi duyệt").click()
    expect(form.locator(".fault:visible")).to_have_text("Cần có: cơ quan có thẩm quyền.")
    form.get_by_label("Cơ quan có thẩm quyền").fill("Thanh tra thành phố")
    form.get_by_role("button", name="Gửi duyệt").click()
    officer.status("Chờ duyệt trả lời")
    expect(officer.page.locator(".answer-box")).to_contain_text("Không thuộc thẩm quyền")


def test_correction_waits_for_approval_again(opened: Opened, office: Office, case_id: str) -> None:
    office.bring(case_id, Status.CLOSED)
    officer = opened("of1")
    form = officer.form("Đính chính")
    officer.answer(form, text="Kết luận đã sửa số liệu.")
    form.get_by_role("button", name="Gửi duyệt").click()
    expect(form.locator(".fault:visible")).to_have_text("Cần có: đã sửa gì.")
    form.get_by_label("Đã sửa gì").fill("Sửa ngày kiểm tra.")
    form.get_by_role("button", name="Gửi duyệt").click()
    officer.status("Chờ duyệt trả lời")
    expect(officer.page.locator(".answer-box")).to_contain_text("Chờ người thứ hai duyệt")


def test_half_written_answer_is_there_after_a_reload_and_on_a_phone(
    open_office_console: Open, office: Office, case_id: str
) -> None:
    office.bring(case_id, Status.EXPLAINED)
    case = CasePage(open_office_console("of2", f"#phieu/{case_id}", PHONE))
    case.form("Viết trả lời").get_by_label(ANSWER_LABELS["text"]).fill("Đang viết dở câu trả lời")
    case.reload()
    field = case.verbs.get_by_label(ANSWER_LABELS["text"])
    expect(field).to_be_visible()
    expect(field).to_have_value("Đang viết dở câu trả lời")
    assert case.page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
