"""The hotline at the console: looking up while typing, calls, filing for a caller, the review of questions."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import DESKTOP, PHONE
from tests.browser.console import SCREENSHOTS, Console, Open, console, open_console, violations
from tests.browser.console_people import Person
from tests.browser.console_sample import MARKUP
from tests.browser.test_console_markup import settled

__all__ = ["console", "open_console"]
pytestmark = pytest.mark.browser
SEARCH = "Tra thủ tục: gõ câu hỏi của người gọi"
STORY = "Hôm kia lúc 9 giờ rưỡi tôi ra phường Ba Đình, cô áo xanh quát tôi."
DEVICES = pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])


def fits(page: Page, name: str, device: dict[str, Any]) -> None:
    page.mouse.move(0, 0)
    page.wait_for_timeout(300)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"console-{name}-{'phone' if device is PHONE else 'desktop'}.png")
    assert violations(page) == []
    assert page.evaluate("document.getElementById('main').scrollWidth <= document.getElementById('main').clientWidth")


def answered(page: Page) -> None:
    page.get_by_role("button", name="Nghe cuộc này").click()
    expect(page.locator(".call-head")).to_contain_text("anh/chị đang nghe")


def test_what_is_typed_is_answered_and_no_older_answer_comes_after(open_console: Open, console: Console) -> None:
    hotline = console.fake.hotline
    hotline.slow["thi tuyen"] = 0.8
    page = open_console(place="#tong-dai")
    aborted: list[str] = []
    page.on("requestfailed", lambda request: aborted.append(request.url))
    with page.expect_request("**/suggest?q=thi+tuyen*"):
        page.get_by_label(SEARCH).fill("thi tuyen")
    page.get_by_label(SEARCH).fill("lap hoi")
    expect(page.locator(".found strong")).to_have_text(
        ["Thủ tục thành lập hội", "Thủ tục báo cáo tổ chức đại hội nhiệm kỳ của hội"]
    )
    page.wait_for_timeout(900)
    expect(page.locator(".found strong").first).to_have_text("Thủ tục thành lập hội")
    assert any("thi+tuyen" in url for url in aborted)
    # Typed without a pause it is asked once.
    hotline.asked.clear()
    page.get_by_label(SEARCH).fill("")
    page.get_by_label(SEARCH).press_sequentially("lap hoi o xa", delay=5)
    expect(page.locator(".found li")).to_have_count(2)
    assert hotline.asked[-1] == "lap hoi o xa"
    assert len(hotline.asked) <= 4


def test_answer_is_read_turned_ticked_and_sent_by_code(open_console: Open, console: Console) -> None:
    console.fake.hotline.ring("c1")
    page = open_console(place="#cuoc-goi/c1")
    answered(page)
    page.get_by_label(SEARCH).fill("lap hoi")
    expect(page.locator(".found li")).to_have_count(2)
    page.get_by_label(SEARCH).press("Enter")
    expect(page.locator(".told-answer .script")).to_contain_text("9 loại giấy tờ")
    expect(page.locator(".told-answer")).to_contain_text("963/QĐ-TTPVHCC, ngày 27/06/2025")
    page.get_by_label("Dự thảo điều lệ").check()
    page.get_by_role("button", name="thời hạn").click()
    expect(page.locator(".told-answer .script")).to_contain_text("30 ngày làm việc")
    expect(page.get_by_label("Dự thảo điều lệ")).to_be_checked()
    page.keyboard.press("m")
    expect(page.get_by_role("dialog")).to_contain_text("TD 482 9173")
    assert console.fake.hotline.codes == [("NV025", "time")]
    assert console.fake.hotline.looked[0] == ("NV025", "documents")


def test_lines_are_revised_and_suggestions_follow_the_caller(open_console: Open, console: Console) -> None:
    hotline = console.fake.hotline
    hotline.ring("c1")
    page = open_console(place="#cuoc-goi/c1")
    answered(page)
    hotline.hear("c1", 1, "cho tôi hỏi lập", final=False)
    expect(page.locator(".lines li.partial")).to_have_text("Người gọicho tôi hỏi lập")
    hotline.hear("c1", 1, "cho tôi hỏi lập hội")
    expect(page.locator(".lines li")).to_have_count(1)
    expect(page.locator(".lines .words")).to_have_text("cho tôi hỏi lập hội")
    expect(page.locator(".lines .partial")).to_have_count(0)
    expect(page.locator(".found strong").first).to_have_text("Thủ tục thành lập hội")
    # What is typed is not taken away by what is said.
    page.get_by_label(SEARCH).fill("thi tuyen")
    expect(page.locator(".found strong")).to_have_text(["Thủ tục thi tuyển công chức"])
    hotline.hear("c1", 2, "hội ở xã")
    expect(page.locator(".lines li")).to_have_count(2)
    expect(page.locator(".found strong")).to_have_text(["Thủ tục thi tuyển công chức"])


def test_call_is_wrapped_up_in_two_presses(open_console: Open, console: Console) -> None:
    console.fake.hotline.ring("c1")
    page = open_console(place="#tong-dai")
    page.locator(".calls a").click()
    answered(page)
    page.get_by_role("button", name="Kết thúc ghi").click()
    page.get_by_role("button", name="Phản ánh", exact=True).click()
    page.get_by_role("button", name="Đã trả lời").click()
    expect(page.get_by_label("Tóm tắt cuộc gọi")).to_contain_text("Về Phản ánh.")
    assert console.fake.hotline.wrapped == [{"topic": "Phản ánh", "outcome": "answered", "note": ""}]


def test_colleagues_call_is_not_taken(open_console: Open, console: Console) -> None:
    console.fake.hotline.ring("c1")
    page = open_console(place="#cuoc-goi/c1")
    problem = {"type": "urn:tiepdan:problem:claimed", "status": 409, "by": {"id": "x", "name": "Trần Văn Hùng"}}
    page.route("**/calls/c1/answer", lambda route: route.fulfill(status=409, json=problem))
    page.get_by_role("button", name="Nghe cuộc này").click()
    expect(page.locator(".toast.bad")).to_contain_text("Anh Hùng đã nghe cuộc này rồi.")
    expect(page.get_by_role("button", name="Kết thúc ghi")).to_be_hidden()


def test_filing_takes_few_keys_beyond_the_story(open_console: Open, console: Console) -> None:
    hotline = console.fake.hotline
    hotline.ring("c1")
    page = open_console(place="#lap-phieu?cuoc-goi=c1")
    expect(page.get_by_label("Lời kể")).to_be_focused()
    page.get_by_label("Lời kể").press_sequentially(STORY)
    expect(page.get_by_label("Ngày xảy ra")).to_have_value("2026-11-24")
    expect(page.locator(".caution")).to_contain_text("PA-26-0007")
    keys = 0
    for key in ("Control+Enter", "ArrowDown", "ArrowDown", "ArrowDown"):
        if key == "ArrowDown":
            expect(page.get_by_label("Ghi tên người kể")).to_be_focused()
        page.keyboard.press(key)
        keys += 1
    expect(page.get_by_label("Ghi tên người kể")).to_have_value("named")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".filing-end .script")).to_contain_text("Tôi đọc lại")
    expect(page.get_by_label("Đồng ý bằng lời")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    keys += 3
    expect(page.locator(".filing-done")).to_contain_text("PA-26-0042")
    expect(page.locator(".filing-done")).to_contain_text("K7M2-Q9XR")
    assert keys <= 25
    (filed,) = hotline.filings.values()
    assert filed["draft"]["identity"] == "named"
    assert filed["draft"]["call_id"] == "c1"
    assert filed["consent"]["contact"] == "spoken"
    assert filed["consent"]["said_at"]
    page.reload()
    expect(page.get_by_label("Lời kể")).to_have_value("")
    expect(page.locator("#main")).not_to_contain_text("K7M2-Q9XR")


def test_what_was_set_by_hand_outranks_the_reading_until_it_is_given_back(open_console: Open) -> None:
    page = open_console(place="#lap-phieu")
    page.get_by_label("Lời kể").fill(STORY)
    expect(page.get_by_label("Cán bộ (tên")).to_have_value("cô áo xanh")
    page.get_by_label("Cán bộ (tên").fill("bà Hoa")
    page.get_by_label("Lời kể").fill(STORY + " Cô áo xanh còn hách dịch.")
    expect(page.get_by_text("Máy đọc: ")).to_be_visible()
    page.wait_for_timeout(700)
    expect(page.get_by_label("Cán bộ (tên")).to_have_value("bà Hoa")
    page.get_by_role("button", name="sửa tay – để máy đọc lại").click()
    page.get_by_label("Lời kể").focus()
    page.get_by_label("Lời kể").press("End")
    page.get_by_label("Lời kể").press_sequentially(".")
    expect(page.get_by_label("Cán bộ (tên")).to_have_value("cô áo xanh")


def test_lost_answer_is_sent_again_as_the_same_filing(open_console: Open, console: Console) -> None:
    console.fake.hotline.lose.add("confirm")
    page = open_console(place="#lap-phieu")
    page.get_by_label("Nhận qua").select_option("web")
    page.get_by_label("Ghi tên người kể").select_option("anonymous")
    page.get_by_label("Lời kể").fill(STORY)
    page.get_by_role("button", name="Đọc lại cho người kể").click()
    page.get_by_label("Không đồng ý").check()
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.get_by_text("không ghi thành hai phiếu")).to_be_visible()
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.locator(".filing-done")).to_be_visible()
    assert len(console.fake.hotline.filings) == 1


def test_words_of_the_conversation_are_taken_over(open_console: Open, console: Console) -> None:
    console.fake.talks["t-waiting"].owner, console.fake.talks["t-waiting"].by = "OPERATOR", "lan.nt"
    page = open_console(place="#lap-phieu?hoi-thoai=t-waiting")
    expect(page.get_by_label("Lời kể")).not_to_have_value("")
    expect(page.get_by_label("Nhận qua")).to_have_value("web")


def test_markup_of_callers_stays_text(open_console: Open, console: Console) -> None:
    hotline = console.fake.hotline
    hotline.title = MARKUP
    hotline.ring("c1", MARKUP)
    hotline.hear("c1", 1, "hội " + MARKUP)
    page = open_console(place="#cuoc-goi/c1")
    answered(page)
    expect(page.locator(".lines .words")).to_contain_text("<img")
    page.locator(".found-item").first.click()
    expect(page.locator(".told-answer .script")).to_contain_text("<img")
    settled(page)
    page.goto(f"{console.address}/ban-lam-viec#lap-phieu?cuoc-goi=c1")
    page.get_by_role("button", name="Lấy lời người gọi").click()
    expect(page.locator(".caution.grave")).to_contain_text("<img")
    page.get_by_role("button", name="Đọc lại cho người kể").click()
    expect(page.locator(".filing-end .script")).to_contain_text("<img")
    settled(page)


@DEVICES
def test_views_for_every_eye(open_console: Open, console: Console, device: dict[str, Any]) -> None:
    hotline = console.fake.hotline
    hotline.ring("c2", "08•• ••• 201")
    hotline.ring("c1")
    hotline.hear("c1", 1, "a lô, chị cho tôi hỏi, xóm tôi muốn lập hội đồng hương thì cần giấy tờ gì")
    page = open_console(place="#cuoc-goi/c1", device=device)
    answered(page)
    hotline.hear("c1", 2, "dạ anh chờ em tra", side="operator")
    hotline.hear("c1", 3, "hội chỉ trong xã thôi chị", final=False)
    expect(page.locator(".lines li")).to_have_count(3)
    page.locator(".found-item").first.click()
    page.locator(".toast").evaluate_all("nodes => nodes.forEach((node) => node.remove())")
    fits(page, "hotline", device)
    page.get_by_role("button", name="Kết thúc ghi").click()
    fits(page, "wrap-up", device)
    page.goto(f"{console.address}/ban-lam-viec#lap-phieu?cuoc-goi=c1")
    page.get_by_label("Lời kể").fill(STORY)
    expect(page.locator(".to-ask")).to_be_visible()
    page.get_by_role("button", name="Đọc lại cho người kể").click()
    expect(page.locator(".filing-end .script")).to_be_visible()
    page.locator(".toast").evaluate_all("nodes => nodes.forEach((node) => node.remove())")
    page.evaluate("document.getElementById('main').scrollTop = 0")
    fits(page, "filing", device)


@DEVICES
def test_editor_decides_about_a_group(open_console: Open, console: Console, device: dict[str, Any]) -> None:
    console.fake.people.add(Person("edi.tor", "Lê Thị Biên", "knowledge_editor"))
    console.fake.hotline.questions.append(MARKUP)
    page = open_console("edi.tor", "#duyet-hoc", device)
    expect(page.locator(".group .words").last).to_have_text(MARKUP)
    page.get_by_role("button", name="Thêm tên gọi").click()
    page.get_by_role("button", name="Thủ tục thành lập hội").click()
    fits(page, "review", device)
    page.locator(".decide").get_by_role("button", name="Thêm tên gọi").click()
    expect(page.locator(".fault:visible")).to_have_text("Cần ghi.")
    page.locator(".decide").get_by_label("Tên gọi").fill("lập hội xóm")
    page.locator(".decide").get_by_role("button", name="Thêm tên gọi").click()
    expect(page.get_by_text("Không còn nhóm nào chờ.")).to_be_visible()
    assert console.fake.hotline.decisions == [
        ("g1", {"decision": "alias", "procedure_id": "NV025", "facet": None, "text": "lập hội xóm"})
    ]
    settled(page)
