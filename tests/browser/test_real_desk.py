"""A complaint told in the chat, walked over the officers' desk to its published answer on the real service."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.core.cases.people import Role
from tests.browser.console_case_steps import CasePage
from tests.browser.together import Member, Room, hire, room
from tests.integration.desk_client import ANSWER
from tests.stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.timeout(300)]
UNIT = "HN-00166"
STORY = (
    "sang hom qua toi ra mot cua phuong cau giay nop ho so cho me toi, chi ngoi quay so 3 toc ngan quat thang vao mat"
    " toi truoc bao nhieu nguoi roi nem ca tap ho so tra lai"
)
PEOPLE = (
    ("ha.lt", "Lý Thu Hà", Role.OFFICER, None),
    ("chau.nb", "Ngô Bảo Châu", Role.SUPERVISOR, None),
    ("mc.caugiay", "Một cửa phường Cầu Giấy", Role.UNIT, UNIT),
    ("thien.dk", "Doãn Kế Thiện", Role.OFFICER, UNIT),
)


@dataclass
class House:
    """The real service, its staff, and the pages they open."""

    address: str
    staff: dict[str, Member]
    room: Room

    def open(self, who: str, number: str) -> Page:
        """Sign somebody in at a case that is looked for by its number."""
        return self.room.signed_in(self.address, self.staff[who], f"#phieu?so={number}")

    def case(self, who: str, number: str) -> CasePage:
        case = CasePage(self.open(who, number))
        expect(case.verbs).to_be_visible()
        return case


@pytest.fixture
def house(browser: Browser, running_stack: RunningStack) -> Iterator[House]:
    members = hire(running_stack.settings, *PEOPLE)
    with room(browser) as opened:
        yield House(running_stack.base_url, {member.principal.id: member for member in members}, opened)


def complain(page: Page) -> str:
    """File a complaint in the chat and return its number."""
    answers = page.locator(".assistant")
    expect(answers).to_have_count(1)
    page.get_by_role("textbox").fill(STORY)
    page.get_by_role("textbox").press("Enter")
    for title in ("Ẩn danh", "Gửi"):
        page.locator(".choices:visible").get_by_role("button", name=title, exact=True).click()
    number = page.locator(".ticket dd").first
    expect(number).to_be_visible()
    return number.inner_text()


def test_case_walks_from_the_chat_to_its_published_answer_with_every_refusal(house: House) -> None:
    citizen = house.room.page(house.address)
    number = complain(citizen)

    # Own unit: the number leads nowhere.
    insider = house.open("thien.dk", number)
    expect(insider.get_by_role("alert").filter(has_text=f"Không có phiếu {number}")).to_be_visible()
    expect(insider.get_by_role("link", name=number)).to_have_count(0)

    # Missing reason.
    officer = house.case("ha.lt", number)
    officer.status("Mới nhận")
    form = officer.form("Cho chuyển")
    form.get_by_role("button", name="Cho chuyển").click()
    expect(form.locator(".fault:visible")).to_contain_text("Cần có")
    form.get_by_label("Lý do").fill("…!?")
    form.get_by_role("button", name="Cho chuyển").click()
    expect(form.locator(".fault:visible")).to_have_text("Cần ghi lý do, ít nhất vài chữ có nghĩa.")
    form.get_by_label("Lý do").fill("đã xem, đúng phạm vi")
    form.get_by_role("button", name="Cho chuyển").click()
    officer.status("Đã cho chuyển")

    # Own unit again: not to a colleague of the accused.
    form = officer.form("Giao xử lý")
    form.get_by_label("Hoặc cán bộ").select_option("thien.dk")
    form.get_by_role("button", name="Giao", exact=True).click()
    officer.refused("chính đơn vị bị nêu")
    form.get_by_label("Hoặc cán bộ").select_option("")
    form.get_by_label("Đơn vị", exact=True).fill("Phường Cầu Giấy")
    form.get_by_label("Lời nhắn cho nơi nhận").fill("Đề nghị báo cáo trong tuần.")
    form.get_by_role("button", name="Giao", exact=True).click()
    officer.status("Đã giao")

    report_of_the_unit(house, officer, number)

    # An answer without its parts, then one that waits for a second person.
    form = officer.form("Viết trả lời")
    form.get_by_role("button", name="Gửi duyệt").click()
    expect(form.locator(".fault:visible")).to_have_count(5)
    officer.answer(form)
    form.get_by_role("button", name="Gửi duyệt").click()
    officer.status("Chờ duyệt trả lời")
    form = officer.form("Đóng phiếu")
    form.get_by_role("button", name="Đóng phiếu").click()
    officer.refused("chưa có người thứ hai duyệt")
    form = officer.form("Duyệt trả lời")
    form.get_by_role("button", name="Duyệt trả lời này").click()
    officer.refused("Người viết câu trả lời không tự duyệt được")
    supervisor = house.case("chau.nb", number)
    supervisor.form("Duyệt trả lời").get_by_role("button", name="Duyệt trả lời này").click()
    expect(supervisor.page.locator(".answer-box .status")).to_have_text("Đã có người thứ hai duyệt")
    officer.reload()
    officer.form("Đóng phiếu").get_by_role("button", name="Đóng phiếu").click()
    officer.status("Đã đóng")

    # The citizen and everybody read the answer; nobody reads the case's number.
    count = citizen.locator(".assistant").count()
    citizen.get_by_role("textbox").fill("phieu cua toi den dau roi")
    citizen.get_by_role("textbox").press("Enter")
    expect(citizen.locator(".assistant").nth(count)).to_contain_text(ANSWER["text"])
    register = house.room.page(f"{house.address}/phan-anh")
    expect(register.locator("body")).to_contain_text(ANSWER["text"])
    expect(register.locator("body")).not_to_contain_text(number)


def report_of_the_unit(house: House, officer: CasePage, number: str) -> None:
    """Let the unit report too little, send it back, and let it report again."""
    unit = house.case("mc.caugiay", number)
    expect(unit.page.get_by_text("Bản đã lược danh tính người phản ánh.")).to_be_visible()
    form = unit.form("Báo cáo của đơn vị")
    form.get_by_label("Nội dung báo cáo").fill("Đã làm việc với người trực quầy.")
    form.get_by_role("button", name="Gửi báo cáo").click()
    unit.status("Đã có báo cáo")
    officer.reload()
    expect(officer.page.get_by_text("Báo cáo này chưa có căn cứ và cách khắc phục: trả lại được.")).to_be_visible()
    form = officer.form("Trả lại báo cáo")
    form.get_by_label("Lý do").fill("")
    form.get_by_role("button", name="Trả lại").click()
    expect(form.locator(".fault:visible")).to_contain_text("Cần có")
    form.get_by_label("Lý do").fill("Báo cáo chưa nêu căn cứ và cách khắc phục, đề nghị bổ sung.")
    form.get_by_role("button", name="Trả lại").click()
    officer.status("Đã giao")
    unit.reload()
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
    officer.reload()
