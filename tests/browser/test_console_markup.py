"""What citizens and colleagues wrote stays text at the console, wherever it is shown."""

import pytest
from playwright.sync_api import Page, expect

from bot.core.cases.lifecycle import Verb
from bot.core.cases.state import Status
from tests.browser.console import (
    Console,
    Open,
    connected,
    console,
    office_console,
    open_console,
    open_office_console,
)
from tests.browser.console_sample import MARKUP
from tests.integration.desk_client import answer_fields

__all__ = ["console", "office_console", "open_console", "open_office_console"]
pytestmark = pytest.mark.browser
# Nothing of it may have become markup: no such node, no handler, no link of that kind.
HARMLESS = """() => !document.querySelector('#main img, #main script, #main [onerror], #main [onload], svg [onload]')
    && ![...document.querySelectorAll('a')].some((link) => /^javascript:/i.test(link.href))
    && document.title !== 'hong'"""


def settled(page: Page) -> None:
    page.wait_for_timeout(300)
    assert page.evaluate(HARMLESS)


def test_conversation_of_markup_is_read_as_written(open_console: Open, console: Console) -> None:
    talk = console.fake.talks["t-hostile"]
    talk.owner, talk.by = "OPERATOR", "lan.nt"
    page = open_console(place="#hoi-thoai/t-hostile")
    expect(page.locator(".said.citizen .words")).to_have_text(MARKUP)
    while page.get_by_role("button", name="Xem hết").count():
        page.get_by_role("button", name="Xem hết").first.click()
    expect(page.locator(".said.assistant")).to_contain_text(MARKUP)
    expect(page.locator(".notes")).to_contain_text(MARKUP)
    expect(page.locator(".card .words").first).to_have_text(MARKUP)
    settled(page)
    page.get_by_role("button", name="Chèn gợi ý 1 vào ô trả lời").click()
    page.get_by_label("Trả lời công dân").press("Enter")
    expect(page.locator(".operator.own .words")).to_have_text(MARKUP)
    console.fake.says("t-hostile", MARKUP)
    expect(page.locator(".said.citizen")).to_have_count(2)
    page.get_by_role("button", name="Tất cả").click()
    expect(page.locator(".talk-item", has_text="<img").first).to_be_visible()
    settled(page)


def test_alarm_quick_reply_and_problem_of_markup_stay_text(open_console: Open, console: Console) -> None:
    console.fake.quick.append({"id": "q9", "title": MARKUP, "text": MARKUP, "shortcut": "hong", "scope": "shared"})
    page = open_console(place="#hoi-thoai/t-waiting")
    connected(console)
    console.fake.alarm(MARKUP, None)
    expect(page.locator(".alarm")).to_contain_text("<img")
    page.get_by_label("Trả lời công dân").click()
    page.keyboard.type("/hong")
    expect(page.locator("#quick-list [role=option]")).to_contain_text("<script>")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Trả lời công dân")).to_have_value(MARKUP)
    problem = {"type": "urn:tiepdan:problem:x", "status": 409, "detail": MARKUP}
    page.route("**/note", lambda route: route.fulfill(status=409, json=problem))
    page.get_by_label("Thêm ghi chú").fill("x")
    page.get_by_role("button", name="Lưu ghi chú").click()
    expect(page.locator(".note-form .refusal").filter(has_text="<svg onload")).to_be_visible()
    settled(page)


def test_case_of_markup_is_read_as_written(open_office_console: Open, office_console: Console) -> None:
    office = office_console.office
    assert office
    case_id = office.file(narrative=MARKUP, narrative_raw=MARKUP, counter=MARKUP[:60])
    office.bring(case_id, Status.ASSIGNED)
    office.act("unit", case_id, Verb.REPLY, text=MARKUP, reason=MARKUP, remedy=MARKUP)
    office.act("officer", case_id, Verb.ANSWER, confirmed=True, **answer_fields(text=MARKUP))
    page = open_office_console("of1", f"#phieu/{case_id}")
    expect(page.locator(".story")).to_contain_text(MARKUP)
    expect(page.locator(".timeline")).to_contain_text(MARKUP)
    expect(page.locator(".answer-box")).to_contain_text(MARKUP)
    page.get_by_role("button", name="Mở lời kể nguyên văn").click()
    page.get_by_label("Lý do mở").fill("kiểm tra")
    page.get_by_role("button", name="Mở", exact=True).click()
    expect(page.locator(".revealed")).to_contain_text(MARKUP)
    settled(page)
