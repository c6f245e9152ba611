"""A person of the office answers in the chat page: it says so, and nobody seems to be typing who is not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.core.conversation import Owner
from bot.store import KeyRing, Store
from channels.web import InProcessNotifier
from tests.browser.chat import DESKTOP, PHONE, say
from tests.browser.fakes import serving, web_app
from tests.integration.console_steps import LAN, Office

pytestmark = pytest.mark.browser


@dataclass
class Room:
    """A chat page with its office; `wake` lets the page look."""

    office: Office
    notify: InProcessNotifier
    address: str

    @property
    def conversation(self) -> str:
        with self.office.store.engine.connect() as connection:
            return str(connection.exec_driver_sql("SELECT id FROM conversations").scalar_one())

    def wake(self) -> None:
        self.notify.publish(self.conversation)


@pytest.fixture
def room(sqlite_url: str, keys: KeyRing) -> Iterator[Room]:
    store, notify = Store(sqlite_url, keys), InProcessNotifier()
    store.migrate()
    office = Office(store)
    office.hire()

    def attended(conversation_id: str) -> bool:
        return office.attention(conversation_id).owner is Owner.OPERATOR

    with serving(web_app(store, office.clock, notify, attended=attended)) as address:
        yield Room(office, notify, address)
    store.close()


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(browser: Browser, room: Room, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(**request.param, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    context.set_default_timeout(10_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(room.address)
    expect(page.locator(".assistant")).to_have_count(1)
    yield page
    context.close()
    assert errors == []


def test_a_person_is_shown_as_one_and_the_assistant_does_not_seem_to_type(page: Page, room: Room) -> None:
    office = room.office
    say(page, "gặp người")
    expect(page.locator("#typing")).to_contain_text("đang xem")
    office.asks_for_person(room.conversation)
    room.wake()
    office.desk.claim(LAN, room.conversation)
    room.wake()
    expect(page.locator(".notice")).to_contain_text("đang nói chuyện với nhân viên trực")
    say(page, "chị ơi <b>giúp</b> tôi")
    expect(page.locator(".bubble").last).to_have_text("chị ơi <b>giúp</b> tôi")
    page.wait_for_timeout(500)
    expect(page.locator("#typing")).to_be_empty()
    office.desk.reply(LAN, room.conversation, "m1", "Chào anh <i>Nam</i>, tôi nghe đây.")
    room.wake()
    answer = page.locator(".assistant").last
    expect(answer.locator(".say")).to_have_text("Chào anh <i>Nam</i>, tôi nghe đây.")
    expect(answer.locator(".meta")).to_contain_text("Nhân viên trực · ")
    expect(answer).not_to_contain_text("Tiếp Dân")
    assert "Lan" not in page.content()
    page.reload()
    expect(page.locator(".meta").filter(has_text="Nhân viên trực")).to_have_count(1)
    say(page, "cảm ơn chị")
    page.wait_for_timeout(500)
    expect(page.locator("#typing")).to_be_empty()
    office.desk.hand_back(LAN, room.conversation, "Đã xong.")
    room.wake()
    expect(page.locator(".assistant").last).to_contain_text(re.compile("Tôi là trợ lý tự động.*Đã xong"))
    expect(page.locator(".assistant").last.locator(".meta")).to_contain_text("Tiếp Dân")
    say(page, "lệ phí bao nhiêu")
    expect(page.locator("#typing")).to_contain_text("đang xem")


def test_the_plain_page_says_who_writes(browser: Browser, room: Room) -> None:
    office = room.office
    context = browser.new_context(**PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{room.address}/don-gian")
    page.fill("#text", "gặp người")
    page.get_by_role("button", name="Gửi", exact=True).click()
    office.asks_for_person(room.conversation)
    office.desk.claim(LAN, room.conversation)
    office.desk.reply(LAN, room.conversation, "m1", "Chào anh.")
    page.get_by_role("button", name="Xem trả lời").click()
    expect(page.locator("h2").last).to_contain_text("Nhân viên trực · ")
    expect(page.locator(".say").last).to_have_text("Chào anh.")
    context.close()
