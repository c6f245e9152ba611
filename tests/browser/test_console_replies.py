"""What operators write at the console: replies on their way, drafts, suggestions with verdicts, quick replies."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console import Console, Open, console, open_console
from tests.browser.console_talk_steps import HERE, REPLY, claim

__all__ = ["console", "open_console"]
pytestmark = pytest.mark.browser


def send(page: Page, text: str) -> None:
    page.get_by_label(REPLY).fill(text)
    page.get_by_label(REPLY).press("Enter")


def bubbles(page: Page) -> list[str]:
    return page.locator(".operator.own .words").all_inner_texts()


def test_conversation_that_went_to_somebody_else_keeps_what_was_typed(open_console: Open, console: Console) -> None:
    page = open_console(place=HERE)
    claim(page)
    page.get_by_label(REPLY).fill("Đang soạn dở")
    talk = console.fake.talks["t-waiting"]
    talk.by = talk.last_by = "hung.tv"
    console.fake.changed("t-waiting")
    expect(page.locator(".kindly")).to_contain_text("Anh Hùng đang trả lời cuộc này")
    expect(page.get_by_label(REPLY)).to_have_value("Đang soạn dở")
    expect(page.get_by_role("button", name="Gửi", exact=True)).to_be_disabled()
    expect(page.get_by_role("button", name="Chuyển", exact=True)).to_be_hidden()


def test_reply_shows_when_it_has_arrived(open_console: Open, console: Console) -> None:
    page = open_console(place=HERE)
    claim(page)
    send(page, "Dạ, tôi xem giúp ngay ạ.")
    expect(page.locator(".operator.own:not(.is-sending)")).to_have_count(1)
    assert bubbles(page) == ["Dạ, tôi xem giúp ngay ạ."]
    (sent,) = console.fake.talks["t-waiting"].replies
    assert sent["text"] == "Dạ, tôi xem giúp ngay ạ."
    assert sent["suggestion"] is None


def test_reply_whose_answer_was_lost_is_sent_again_and_not_doubled(open_console: Open, console: Console) -> None:
    page = open_console(place=HERE)
    claim(page)
    console.fake.lose.add("reply")
    send(page, "Câu này đã tới nơi.")
    expect(page.locator(".is-failed .state")).to_contain_text("Gửi lại không bị trùng")
    expect(page.locator(".is-failed")).to_have_count(0)  # tried again by itself
    page.wait_for_timeout(300)
    assert bubbles(page) == ["Câu này đã tới nơi."]
    assert len(console.fake.talks["t-waiting"].replies) == 1


def test_replies_arrive_in_the_order_in_which_they_were_written(open_console: Open, console: Console) -> None:
    page = open_console(place=HERE)
    claim(page)
    page.route("**/reply", lambda route: route.abort())
    send(page, "Câu thứ nhất.")
    expect(page.locator(".is-failed")).to_have_count(1)
    page.unroute("**/reply")
    send(page, "Câu thứ hai.")
    expect(page.locator(".operator.own:not(.is-failed):not(.is-sending)")).to_have_count(2)
    assert bubbles(page) == ["Câu thứ nhất.", "Câu thứ hai."]
    assert [reply["text"] for reply in console.fake.talks["t-waiting"].replies] == bubbles(page)


def test_reply_on_its_way_survives_a_reload(open_console: Open, console: Console) -> None:
    page = open_console(place=HERE)
    claim(page)
    page.route("**/reply", lambda route: route.abort())
    send(page, "Chưa đi được.")
    expect(page.locator(".is-failed .state")).to_contain_text("Chưa gửi được")
    page.unroute("**/reply")
    page.reload()
    again = page.get_by_role("button", name="Gửi lại")
    expect(again).to_be_visible()
    again.click()
    expect(page.locator(".operator.own:not(.is-failed):not(.is-sending)")).to_have_count(1)
    assert [reply["text"] for reply in console.fake.talks["t-waiting"].replies] == ["Chưa đi được."]


def test_reply_that_is_refused_goes_back_to_be_changed(open_console: Open, console: Console) -> None:
    page = open_console(place=HERE)
    claim(page)
    # The supervisor has given it to somebody else; no word of it has come yet.
    page.route("**/conversations/t-waiting", lambda route: route.abort())
    console.fake.talks["t-waiting"].by = "hung.tv"
    send(page, "Dạ tôi trả lời.")
    expect(page.locator(".is-failed .state")).to_contain_text("không giữ cuộc này nữa")
    page.get_by_role("button", name="Sửa lại").click()
    expect(page.get_by_label(REPLY)).to_have_value("Dạ tôi trả lời.")
    expect(page.locator(".is-failed")).to_have_count(0)


def test_drafts_are_kept_by_conversation(open_console: Open) -> None:
    page = open_console(place=HERE)
    page.get_by_label(REPLY).fill("Nháp một")
    page.locator(".talk-item", has_text="9C01").click()
    expect(page.get_by_role("heading", name="Khách 9C01")).to_be_visible()
    expect(page.get_by_label(REPLY)).to_have_value("")
    page.get_by_label(REPLY).fill("Nháp hai")
    page.reload()
    expect(page.get_by_label(REPLY)).to_have_value("Nháp hai")
    page.locator(".talk-item", has_text="3F2A").click()
    expect(page.get_by_label(REPLY)).to_have_value("Nháp một")


def test_suggestion_is_changed_before_it_goes_out_and_all_is_logged(open_console: Open, console: Console) -> None:
    page = open_console(place=HERE)
    claim(page)
    cards = page.locator(".card")
    expect(cards).to_have_count(3)
    expect(cards.nth(0)).to_contain_text("còn hiệu lực")
    expect(cards.nth(2)).to_contain_text("đã bãi bỏ")
    expect(cards.nth(0).get_by_role("link")).to_have_attribute("rel", re.compile("noopener"))
    page.get_by_role("button", name="Chèn gợi ý 1 vào ô trả lời").click()
    reply = page.get_by_label(REPLY)
    assert console.fake.talks["t-waiting"].replies == []  # never sent by itself
    reply.press("End")
    reply.press_sequentially(" Anh/chị yên tâm.")
    reply.press("Enter")
    expect(page.locator(".operator.own:not(.is-sending)")).to_have_count(1)
    (sent,) = console.fake.talks["t-waiting"].replies
    assert (sent["suggestion"], sent["edited"]) == ("s-t-waiting-5/1", True)
    page.wait_for_timeout(200)
    told = [(ref.rpartition("/")[2], action) for ref, action in console.fake.actions]
    assert ("1", "inserted") in told
    assert ("1", "edited") in told
    assert ("1", "sent") in told
    assert ("2", "ignored") in told
    assert ("2", "sent") not in told


def test_verdict_takes_a_note_to_the_editor(open_console: Open, console: Console) -> None:
    page = open_console(place=HERE)
    page.locator(".card").nth(1).get_by_role("button", name="Lỗi thời").click()
    page.get_by_label("Ghi thêm cho người sửa dữ liệu").fill("Nghị định mới từ tháng 10")
    page.get_by_role("button", name="Gửi lời nhắn").click()
    expect(page.get_by_text("Đã ghi cả lời nhắn.")).to_be_visible()
    first, second = console.fake.verdicts
    assert (first["verdict"], first["note"], second["note"]) == ("loi_thoi", "", "Nghị định mới từ tháng 10")
    assert second["subject"] == {"kind": "suggestion", "id": "s-t-waiting-5", "item": "2", "facet": "time"}
    assert second["question"] == "cho tôi gặp người"


def test_own_quick_reply_is_written_and_used(open_console: Open, console: Console) -> None:
    page = open_console(place=HERE)
    page.get_by_role("button", name="Sửa câu mẫu").click()
    page.get_by_role("button", name="Thêm câu mẫu").click()
    page.get_by_role("dialog").get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Đặt tên để tìm lại.")).to_be_visible()
    page.get_by_label("Tên (cần có)").fill("Giờ làm việc")
    page.get_by_label("Câu (cần có)").fill("Một cửa làm từ 8 giờ đến 17 giờ ạ.")
    page.get_by_label("Gõ tắt").fill("gio")
    page.get_by_role("dialog").get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("dialog")).to_contain_text("Một cửa làm từ 8 giờ")
    page.keyboard.press("Escape")
    reply = page.get_by_label(REPLY)
    reply.click()
    page.keyboard.type("/gio")
    expect(page.locator("#quick-list [role=option]").first).to_contain_text("Giờ làm việc")
    page.keyboard.press("Tab")
    expect(reply).to_have_value("Một cửa làm từ 8 giờ đến 17 giờ ạ.")
