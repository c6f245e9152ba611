"""A conversation in the widget: several tabs, lost networks, reloads."""

import pytest
from playwright.sync_api import Page, expect

from bot.core.messages import EventKind
from tests.browser.chat import DESKTOP, QUESTION
from tests.browser.fake_dialogue import DOSSIER
from tests.browser.widget import Embedding, OpenHost, ask, launch

pytestmark = pytest.mark.browser


def answers(page: Page, count: int) -> None:
    expect(page.locator(".assistant")).to_have_count(count)


def test_reload_in_the_middle_of_an_answer_keeps_the_panel_and_gets_it(
    open_host: OpenHost, embedding: Embedding
) -> None:
    page = open_host()
    launch(page)
    answers(page, 1)
    ask(page, QUESTION)
    expect(page.locator(".bubble")).to_have_text(QUESTION)
    page.reload()
    expect(page.get_by_role("dialog", name="Tiếp Dân")).to_be_visible()
    answers(page, 2)
    expect(page.locator(".bubble")).to_have_text(QUESTION)
    assert [message.text for message in embedding.store.tables.messages] == [QUESTION]
    assert len(embedding.store.tables.sessions) == 1


def test_reload_before_the_message_was_acknowledged_sends_it_once(open_host: OpenHost, embedding: Embedding) -> None:
    page = open_host()
    launch(page)
    answers(page, 1)
    page.route("**/messages", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    ask(page, QUESTION)
    expect(page.locator(".waiting")).to_have_count(1)
    page.unroute_all()
    page.reload()
    answers(page, 2)
    assert [message.text for message in embedding.store.tables.messages] == [QUESTION]


def test_what_a_busy_server_says_is_shown_and_the_message_kept(open_host: OpenHost, embedding: Embedding) -> None:
    page = open_host()
    launch(page)
    answers(page, 1)
    embedding.store.tables.busy = True
    ask(page, QUESTION)
    expect(page.locator(".waiting .state")).to_contain_text("Tôi còn đang trả lời các tin trước")
    embedding.store.tables.busy = False
    page.get_by_role("button", name="Gửi lại ngay").click()
    answers(page, 2)
    assert [message.text for message in embedding.store.tables.messages] == [QUESTION]


def test_two_tabs_have_one_history(open_host: OpenHost, embedding: Embedding) -> None:
    first = open_host(DESKTOP)
    launch(first)
    answers(first, 1)
    second = first.context.new_page()
    second.goto(embedding.host.address)
    launch(second)
    answers(second, 1)
    ask(first, QUESTION)
    expect(second.locator(".bubble")).to_have_text(QUESTION)
    answers(second, 2)
    ask(second, "bao lau")
    answers(first, 3)
    assert len(embedding.store.tables.sessions) == 1


def test_two_tabs_opened_at_once_share_one_session(open_host: OpenHost, embedding: Embedding) -> None:
    first = open_host(DESKTOP)
    others = [first.context.new_page() for _ in range(3)]
    for page in others:
        page.goto(embedding.host.address)
    for page in (first, *others):
        page.evaluate("void setTimeout(() => document.querySelector('tiep-dan').open(), 300)")
    for page in (first, *others):
        answers(page, 1)
    assert len({page.evaluate("localStorage.getItem('tiepdan.session')") for page in (first, *others)}) == 1
    assert len(embedding.store.tables.sessions) == 1


def test_a_new_conversation_in_one_tab_is_taken_over_by_the_other(open_host: OpenHost, embedding: Embedding) -> None:
    first = open_host(DESKTOP)
    launch(first)
    ask(first, QUESTION)
    answers(first, 2)
    second = first.context.new_page()
    second.goto(embedding.host.address)
    launch(second)
    answers(second, 2)
    second.get_by_role("button", name="Cuộc trò chuyện mới").click()
    second.get_by_role("button", name="Bắt đầu mới").click()
    answers(second, 1)
    expect(first.locator(".divider")).to_contain_text("kết thúc ở một trang khác")
    ask(first, "bao lau")
    expect(second.locator(".bubble")).to_have_text("bao lau")
    assert len(embedding.store.tables.sessions) == 2


def test_offline_messages_wait_and_go_when_the_network_is_back(open_host: OpenHost, embedding: Embedding) -> None:
    page = open_host()
    launch(page)
    answers(page, 1)
    page.context.set_offline(True)
    ask(page, QUESTION)
    ask(page, "bao lau")
    expect(page.locator(".waiting")).to_have_count(2)
    expect(page.locator("#banner")).to_contain_text("mất mạng")
    page.context.set_offline(False)
    expect(page.locator(".waiting")).to_have_count(0)
    answers(page, 3)
    expect(page.locator(".bubble")).to_have_text([QUESTION, "bao lau"])
    assert [message.text for message in embedding.store.tables.messages] == [QUESTION, "bao lau"]


def test_a_message_that_waits_can_be_deleted_and_is_never_sent(open_host: OpenHost, embedding: Embedding) -> None:
    page = open_host()
    launch(page)
    answers(page, 1)
    page.context.set_offline(True)
    ask(page, "tin này thôi không gửi")
    ask(page, QUESTION)
    waiting = page.locator(".waiting")
    expect(waiting).to_have_count(2)
    waiting.first.get_by_role("button", name="Xóa tin").click()
    expect(waiting).to_have_count(1)
    page.context.set_offline(False)
    answers(page, 2)
    assert [message.text for message in embedding.store.tables.messages] == [QUESTION]


def test_where_streams_do_not_pass_it_polls(open_host: OpenHost) -> None:
    page = open_host()
    page.context.route("**/events", lambda route: route.abort())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    launch(page)
    ask(page, QUESTION)
    answers(page, 2)
    assert any("/events" in url for url in asked)
    assert any("after=" in url for url in asked), asked


def test_an_answer_that_comes_while_closed_is_counted_on_the_button(
    open_host: OpenHost, embedding: Embedding
) -> None:
    page = open_host(DESKTOP)
    launch(page)
    answers(page, 1)
    page.keyboard.press("Escape")
    (conversation,) = embedding.store.tables.events
    with embedding.store() as uow:
        at = embedding.store.tables.events[conversation][0].created_at
        uow.append_event(conversation, EventKind.ASSISTANT, DOSSIER.to_payload(), None, at)
        uow.commit()
    expect(page.get_by_role("button", name="1 tin mới")).to_be_visible()
    page.get_by_role("button", name="1 tin mới").click()
    answers(page, 2)


def test_storage_that_is_refused_does_not_matter(open_host: OpenHost) -> None:
    page = open_host(
        script="for (const area of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, area, {get() { throw new DOMException('refused', 'SecurityError'); }});"
    )
    launch(page)
    ask(page, QUESTION)
    answers(page, 2)
