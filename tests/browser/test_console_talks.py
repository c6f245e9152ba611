"""Conversations at the console by two operators and a citizen: claims, handing on, what comes live, alarms."""

import pytest
from playwright.sync_api import expect

from tests.browser.chat import PHONE
from tests.browser.console import Console, Open, connected, console, open_console
from tests.browser.console_talk_steps import HERE, REPLY, claim

__all__ = ["console", "open_console"]
pytestmark = pytest.mark.browser


def test_second_one_to_claim_is_told_kindly_who_has_it(open_console: Open) -> None:
    lan, hung = open_console("lan.nt", HERE), open_console("hung.tv", HERE)
    expect(hung.get_by_role("button", name="Nhận trả lời")).to_be_visible()
    hung.route("**/conversations/t-waiting", lambda route: route.abort())  # what Lan does is not seen yet
    claim(lan)
    hung.get_by_role("button", name="Nhận trả lời").click()
    hung.unroute("**/conversations/t-waiting")
    told = hung.locator(".kindly")
    expect(told).to_have_text("Chị Lan đang trả lời cuộc này rồi. Cần thì nhờ chuyển.")
    expect(hung.get_by_role("button", name="Gửi", exact=True)).to_be_disabled()
    expect(hung.get_by_role("button", name="Nhận trả lời")).to_be_hidden()
    hung.get_by_role("link", name="Việc cần làm").click()
    hung.get_by_role("link", name="Hội thoại").first.click()
    hung.get_by_role("button", name="Tất cả").click()
    hung.locator(".talk-item", has_text="3F2A").click()
    expect(hung.get_by_role("alert").filter(has_text="Chị Lan đang trả lời cuộc này.")).to_be_visible()


def test_note_is_seen_by_the_supervisor_and_by_no_citizen(open_console: Open, console: Console) -> None:
    lan, chau = open_console("lan.nt", HERE), open_console("chau.nb", HERE)
    claim(lan)
    chau.get_by_label("Thêm ghi chú").fill("Khách này hay gọi buổi trưa.")
    chau.get_by_role("button", name="Lưu ghi chú").click()
    expect(lan.locator(".notes")).to_contain_text("Khách này hay gọi buổi trưa.")
    expect(chau.locator(".talk-who")).to_contain_text("Chị Lan đang trả lời")
    expect(chau.get_by_role("button", name="Gửi", exact=True)).to_be_disabled()
    assert "Khách này" not in str(console.fake.talks["t-waiting"].events)


def test_what_a_citizen_writes_comes_live_once_also_after_the_stream_broke(
    open_console: Open, console: Console
) -> None:
    page = open_console(place=HERE)
    expect(page.locator(".said.citizen")).to_have_count(3)
    console.fake.says("t-waiting", "còn lệ phí thì sao")
    expect(page.locator(".said.citizen")).to_have_count(4)
    console.fake.cut += 1
    console.fake.says("t-waiting", "alo")
    expect(page.locator(".said.citizen")).to_have_count(5)
    console.fake.says("t-waiting", "có ai không")
    expect(page.locator(".said.citizen")).to_have_count(6)
    page.wait_for_timeout(300)
    texts = page.locator(".said.citizen .words").all_inner_texts()
    assert texts[-3:] == ["còn lệ phí thì sao", "alo", "có ai không"]
    assert console.fake.streams >= 2


def test_reading_upwards_is_not_disturbed_by_what_comes(open_console: Open, console: Console) -> None:
    for n in range(30):
        console.fake.says("t-waiting", f"dòng {n}")
    page = open_console(place=HERE)
    expect(page.locator(".said.citizen")).to_have_count(33)
    log = page.get_by_role("group", name="Nội dung hội thoại")
    log.evaluate("node => { node.scrollTop = 0; }")
    page.wait_for_timeout(100)
    console.fake.says("t-waiting", "tin mới nhất")
    newest = page.get_by_role("button", name="Tin mới")
    expect(newest).to_be_visible()
    assert log.evaluate("node => node.scrollTop") < 50
    newest.click()
    expect(page.get_by_text("tin mới nhất").first).to_be_in_viewport()


def test_handing_on_needs_a_person_and_a_line(open_console: Open, console: Console) -> None:
    lan, hung = open_console("lan.nt", HERE), open_console("hung.tv", HERE)
    claim(lan)
    lan.get_by_role("button", name="Chuyển", exact=True).click()
    dialog = lan.get_by_role("dialog", name="Chuyển cho đồng nghiệp")
    dialog.get_by_role("button", name="Chuyển", exact=True).click()
    expect(dialog.get_by_text("Chọn người nhận.")).to_be_visible()
    expect(dialog.get_by_text("Ghi một câu để người nhận")).to_be_visible()
    dialog.get_by_label("Trần Văn Hùng · Sẵn sàng").check()
    dialog.get_by_label("Lời nhắn").fill("Hỏi về lý lịch tư pháp, chưa trả lời.")
    dialog.get_by_role("button", name="Chuyển", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(lan.locator(".kindly")).to_contain_text("anh Hùng")
    expect(hung.locator(".talk-who")).to_contain_text("Anh/chị đang trả lời")
    expect(hung.locator(".notes")).to_contain_text("chưa trả lời")
    expect(hung.get_by_role("button", name="Gửi", exact=True)).to_be_enabled()


def test_a_conversation_that_did_not_open_does_once_it_is_handed_over(open_console: Open, console: Console) -> None:
    talk = console.fake.talks["t-waiting"]
    talk.owner, talk.by = "OPERATOR", "hung.tv"
    page = open_console("lan.nt", HERE)
    expect(page.get_by_role("button", name="Thử lại")).to_be_visible()
    connected(console)
    talk.by = "lan.nt"
    console.fake.changed("t-waiting")
    expect(page.locator(".talk-who")).to_contain_text("Anh/chị đang trả lời")


def test_handing_back_and_closing(open_console: Open, console: Console) -> None:
    page = open_console(place=HERE)
    claim(page)
    page.get_by_role("button", name="Giao lại trợ lý").click()
    page.get_by_label("Tóm tắt cho công dân").fill("Đã giải thích về phiếu lý lịch.")
    page.get_by_role("dialog").get_by_role("button", name="Giao lại").click()
    expect(page.locator(".talk-who")).to_contain_text("Trợ lý đang trả lời")
    expect(page.locator(".notice").last).to_contain_text("Trợ lý tự động trả lời tiếp")
    claim(page)
    page.get_by_role("button", name="Đóng", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Đóng hội thoại").click()
    expect(page.get_by_text("Chọn một kết quả.")).to_be_visible()
    page.get_by_label("Đã trả lời xong").check()
    page.get_by_role("dialog").get_by_role("button", name="Đóng hội thoại").click()
    expect(page.locator(".talk-who")).to_contain_text("Đã đóng")
    expect(page.get_by_label(REPLY)).to_be_hidden()
    assert console.fake.talks["t-waiting"].outcome == "answered"
    page.get_by_role("button", name="Đã đóng").click()
    expect(page.locator(".talk-item[aria-current]")).to_have_count(1)
    claim(page)  # the citizen came back with something to add
    expect(page.get_by_label(REPLY)).to_be_visible()


def test_abuse_has_its_own_path(open_console: Open, console: Console) -> None:
    lan = open_console("lan.nt", HERE)
    claim(lan)
    lan.get_by_text("Khác", exact=True).click()
    expect(lan.get_by_role("button", name="Kết thúc vì xúc phạm")).to_be_hidden()
    lan.get_by_role("button", name="Nhắc lời lẽ").click()
    lan.get_by_label("Lý do").fill("chửi bới người trực")
    lan.get_by_role("button", name="Gửi lời nhắc").click()
    expect(lan.locator(".notice").last).to_contain_text("Đã nhắc lời lẽ.")
    chau = open_console("chau.nb", HERE)
    chau.get_by_text("Khác", exact=True).click()
    chau.get_by_role("button", name="Kết thúc vì xúc phạm").click()
    chau.get_by_label("Lý do").fill("đã nhắc mà vẫn tiếp tục")
    chau.get_by_role("button", name="Kết thúc", exact=True).click()
    expect(lan.locator(".talk-who")).to_contain_text("Đã đóng")


def test_alarm_is_said_at_once_without_a_sound_and_leads_there(open_console: Open, console: Console) -> None:
    page = open_console(place="#hoi-thoai")
    bell = page.get_by_role("button", name="Chuông báo động")
    expect(bell).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".talk-item")).to_have_count(3)
    connected(console)
    console.fake.alarm("Có người báo đang gặp nguy hiểm", "t-danger")
    alarm = page.get_by_role("alert")
    expect(alarm).to_contain_text("Có người báo đang gặp nguy hiểm")
    console.fake.cut += 1  # what is told again after a new connection is shown once
    page.get_by_role("button", name="Mở cuộc này").click()
    expect(page.get_by_role("heading", name="Khách 9C01")).to_be_visible()
    expect(page.locator(".alarm")).to_have_count(0)


def test_presence_is_told_and_seen_by_others(open_console: Open, console: Console) -> None:
    page = open_console(place="#hoi-thoai")
    page.get_by_label("Trạng thái của tôi").select_option("available")
    expect(page.get_by_text("Trạng thái: Sẵn sàng.")).to_be_visible()
    assert console.fake.presence["lan.nt"] == "available"
    expect(page.get_by_label("Giờ trực")).to_have_text("Đang giờ trực · ca chiều · 3 người trực")


def test_earlier_talks_and_cases_of_the_citizen_are_there(open_console: Open) -> None:
    page = open_console(place=HERE)
    earlier = page.get_by_role("region", name="Trước đây")
    expect(earlier).to_contain_text("PA-4829-1372")
    earlier.get_by_role("link", name="hội thoại").click()
    expect(page.locator(".talk-who")).to_contain_text("Đã đóng")


def test_everything_is_within_reach_on_a_phone(open_console: Open) -> None:
    page = open_console(place="#hoi-thoai", device=PHONE)
    page.locator(".talk-item", has_text="3F2A").tap()
    expect(page.get_by_role("heading", name="Khách 3F2A")).to_be_visible()
    page.get_by_role("button", name="Nhận trả lời").tap()
    page.get_by_role("button", name="Gợi ý và ghi chú").tap()
    page.get_by_role("button", name="Chèn gợi ý 1 vào ô trả lời").tap()
    expect(page.get_by_label(REPLY)).to_be_focused()
    page.get_by_role("button", name="Gửi", exact=True).tap()
    expect(page.locator(".operator.own:not(.is-sending)")).to_have_count(1)
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Về danh sách").tap()
    expect(page.locator(".talk-item").first).to_be_visible()


def test_lost_server_is_told_and_what_is_typed_stays(open_console: Open, console: Console) -> None:
    page = open_console(place=HERE)
    claim(page)
    connected(console)
    page.route("**/api/**", lambda route: route.abort())
    console.fake.cut += 1
    told = page.locator("#banner")
    expect(told).to_contain_text("Mất kết nối với máy chủ")
    page.get_by_label(REPLY).fill("Đang soạn lúc mất mạng")
    page.unroute("**/api/**")
    console.fake.says("t-waiting", "tin đến lúc mất mạng")
    expect(page.locator(".said.citizen").last).to_contain_text("tin đến lúc mất mạng", timeout=15_000)
    expect(told).to_be_hidden()
    expect(page.get_by_label(REPLY)).to_have_value("Đang soạn lúc mất mạng")


def test_part_that_is_not_there_says_so_and_the_rest_works(open_console: Open) -> None:
    page = open_console(place="#hoi-thoai")
    page.route("**/views/figures.js", lambda route: route.fulfill(status=404))
    page.get_by_role("link", name="Số liệu").click()
    expect(page.get_by_text("Phần này chưa mở được")).to_be_visible()
    page.get_by_role("link", name="Hội thoại").click()
    expect(page.locator(".talk-item").first).to_be_visible()


def test_what_is_said_to_the_assistant_after_handing_back_is_followed(open_console: Open, console: Console) -> None:
    page = open_console(place=HERE)
    claim(page)
    page.get_by_role("button", name="Giao lại trợ lý").click()
    page.get_by_role("dialog").get_by_role("button", name="Giao lại").click()
    expect(page.locator(".talk-who")).to_contain_text("Trợ lý đang trả lời")
    connected(console)
    console.fake.says("t-waiting", "thế lệ phí bao nhiêu", told=False)
    expect(page.locator(".said.citizen").last).to_contain_text("thế lệ phí bao nhiêu", timeout=15_000)
