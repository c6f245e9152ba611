"""Citizens are told what happened to their case: in the chat, by a template message, or by somebody who calls."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.core.cases.lifecycle import Verb
from bot.core.cases.noticing import VIETNAM
from bot.core.cases.record import Contact
from bot.core.cases.state import Status
from bot.core.channels.contract import Failure
from bot.core.channels.ports import ThreadStatus
from bot.core.errors import CaseConflict
from bot.core.story import Identity, Reach
from bot.store import Store
from tests.integration.channel_steps import failed
from tests.integration.desk_client import ANSWER, EMAIL, PHONE, STAFF, answer_fields
from tests.integration.telling_steps import NEWS, Telling

ANONYMOUS: dict[str, Any] = {"identity": Identity.ANONYMOUS, "contact": Contact(), "consent": None}


@pytest.fixture
def telling(store: Store) -> Telling:
    return Telling(store)


async def test_in_the_window_it_is_told_in_the_chat_and_shows_nothing(telling: Telling) -> None:
    case_id = await telling.filed()
    telling.close(case_id)
    await telling.tell()
    texts = telling.office.channel.texts()
    assert texts[-2:] == [NEWS, NEWS], "that it was let go on, and that the answer is there"
    number = telling.desk.case(case_id).number
    shown = repr(telling.office.channel.sent[-2:])
    for private in (number, ANSWER["text"], ANSWER["reason"], STAFF, PHONE, "Ba Đình", "trả lời"):
        assert private not in shown
    assert telling.office.channel.sent[-1][1].choices[0].title == "Xem tin mới"
    await telling.tell()
    telling.later(minutes=11)
    await telling.tell()
    assert telling.statuses() == [("answered", "sent"), ("released", "sent")]
    assert telling.tasks() == []
    assert telling.office.channel.texts().count(NEWS) == 2


async def test_outside_the_window_a_template_message_is_sent_once(telling: Telling) -> None:
    case_id = await telling.filed()
    before = len(telling.office.channel.sent)
    telling.later(hours=49)
    telling.close(case_id)
    for _ in range(3):
        await telling.tell()
        telling.later(minutes=15)
    [(address, key, number, day)] = telling.templates.sent
    assert (address, number) == ("an", telling.desk.case(case_id).number)
    assert key.startswith(case_id)
    assert day == (telling.clock.now() - timedelta(minutes=45)).astimezone(VIETNAM).date()
    assert telling.statuses() == [("answered", "template"), ("released", "dropped")]
    assert telling.tasks() == []
    assert len(telling.office.channel.sent) == before, "nothing was tried in the closed chat"
    assert (await telling.office.says("dạ có tin gì"))[0] == NEWS, "the button to open it comes when they write"


async def test_without_a_template_it_is_a_dated_task_by_the_way_that_the_citizen_chose(store: Store) -> None:
    telling = Telling(store, template=False)
    cases = {
        Reach.CALL: await telling.filed("an"),
        Reach.SMS: await telling.filed("bình", reach=Reach.SMS),
        Reach.CHAT: await telling.filed("chi", reach=Reach.CHAT),
        Reach.EMAIL: await telling.filed("dung", contact=Contact(None, None, EMAIL)),
        None: await telling.filed("em", **ANONYMOUS),
    }
    telling.later(hours=72)  # a Thursday
    for case_id in cases.values():
        telling.close(case_id)
    await telling.tell()
    notes = {task.case_id: task for task in telling.tasks()}
    assert {task.kind for task in notes.values()} == {"case_notice"}
    words = {
        Reach.CALL: "gọi; không nghe máy",
        Reach.SMS: "đừng gọi",
        Reach.CHAT: "nhắn tay",
        Reach.EMAIL: "thư điện tử",
        None: "không để lại số",
    }
    for reach, case_id in cases.items():
        note = notes[case_id].note
        assert words[reach] in note, note
        assert telling.desk.case(case_id).number in note
        assert "đã quá thời gian" in note
        assert PHONE not in note
        assert EMAIL not in note
        assert "memory" in note
        due = notes[case_id].due_at.astimezone(VIETNAM)
        assert (due.date(), due.time()) == (datetime(2026, 11, 27, tzinfo=UTC).date(), time(17, 0))
    assert {status for news, status in telling.statuses() if news == "answered"} == {"person"}
    await telling.tell()
    assert len(telling.tasks()) == 5
    assert telling.office.tasks().count("channel_closed") == 0


@pytest.mark.parametrize("status", [ThreadStatus.BLOCKED, ThreadStatus.LEFT])
async def test_who_does_not_want_the_channel_gets_no_template_and_is_called(
    telling: Telling, status: ThreadStatus
) -> None:
    case_id, nobody = await telling.filed("an"), await telling.filed("bình", **ANONYMOUS)
    threads = [telling.office.thread(address).id for address in ("an", "bình")]
    with telling.store() as unit:
        for thread_id in threads:
            unit.threads.save(thread_id, status=status)
        unit.commit()
    telling.close(case_id)
    telling.close(nobody)
    await telling.tell()
    assert telling.templates.sent == []
    [task] = telling.tasks()
    assert (task.case_id, "họ không nhận tin" in task.note) == (case_id, True)
    assert sorted(s for n, s in telling.statuses() if n == "answered") == ["dropped", "person"]


async def test_a_chat_that_refuses_at_the_last_moment_is_no_end(telling: Telling) -> None:
    case_id = await telling.filed()
    telling.close(case_id)
    telling.office.channel.faults = [failed(Failure.WINDOW)]
    await telling.tell()
    assert telling.of_answer() in {"waiting", "chat"}
    await telling.tell()
    telling.later(minutes=11)
    await telling.tell()
    await telling.tell()
    assert len(telling.templates.sent) == 1
    assert telling.of_answer() == "template"
    assert telling.tasks() == [], "and no task beside it"


async def test_a_chat_that_blocks_becomes_a_task_and_only_one(store: Store) -> None:
    telling = Telling(store)
    case_id = await telling.filed()
    telling.close(case_id)
    telling.office.channel.faults = [failed(Failure.BLOCKED)]
    for _ in range(4):
        await telling.tell()
        telling.later(minutes=11)
    assert [task.kind for task in telling.tasks()] == ["case_notice"]
    assert telling.templates.sent == []


async def test_a_window_that_is_about_to_close_is_not_begun(telling: Telling) -> None:
    case_id = await telling.filed()
    before = len(telling.office.channel.sent)
    telling.later(hours=47, minutes=55)
    telling.close(case_id)
    await telling.tell()
    assert len(telling.templates.sent) == 1
    assert len(telling.office.channel.sent) == before


async def test_what_is_of_less_importance_is_told_only_where_it_costs_nothing(telling: Telling) -> None:
    case_id = await telling.filed()
    telling.act(case_id, Verb.INSPECT, reason="nghiêm trọng", team="Đoàn kiểm tra công vụ")
    await telling.tell()
    assert telling.office.channel.texts()[-1] == NEWS
    other = await telling.filed("bình")
    telling.later(hours=50)
    telling.act(other, Verb.RELEASE, reason="đã xem")
    await telling.tell()
    assert telling.statuses() == [("inspection", "sent"), ("released", "dropped")]
    assert (telling.templates.sent, telling.tasks()) == ([], [])


@pytest.mark.parametrize(
    "verb_and_more",
    [
        (Verb.PARK, {"reason": "nghi thư rác"}),
        (Verb.ASSIGN, {"unit": "HN-00004", "note": "Đề nghị báo cáo."}),
    ],
)
async def test_of_the_offices_own_steps_nobody_is_told(telling: Telling, verb_and_more: Any) -> None:
    verb, more = verb_and_more
    case_id = await telling.filed()
    if verb is Verb.ASSIGN:
        telling.act(case_id, Verb.RELEASE, reason="đã xem")
    before = len(telling.statuses())
    telling.act(case_id, verb, **more)
    assert len(telling.statuses()) == before


@pytest.mark.parametrize(
    ("hours", "changes", "status", "told", "tasks"),
    [
        (24, {}, "person", 2, 1),
        (24, ANONYMOUS, "sent", 2, 0),
        (-1, ANONYMOUS, "dropped", 0, 0),
        (-1, {}, "person", 1, 1),
    ],
)
async def test_on_the_web_it_stands_in_the_conversation_and_who_left_a_number_is_called(
    store: Store, hours: int, changes: dict[str, Any], status: str, told: int, tasks: int
) -> None:
    telling = Telling(store)
    now = telling.clock.now()
    with store() as unit:
        unit.create_conversation("web-1", "web", now)
        unit.create_web_session("s_1", "web-1", "h", now + timedelta(hours=hours), now - timedelta(days=1))
        unit.commit()
    case_id = telling.desk.file("web-1", **changes)
    telling.close(case_id)
    await telling.tell()
    assert telling.of_answer() == status
    assert len(telling.events("web-1")) == told
    assert len(telling.tasks()) == tasks
    assert ("web-1" in telling.published) == bool(told)


async def test_it_is_told_where_the_citizen_chose(telling: Telling) -> None:
    await telling.office.says("chào", address="an")
    await telling.office.says("chào", address="bình")
    filed_in, chosen = (telling.office.thread(who).conversation_id for who in ("an", "bình"))
    case_id = telling.desk.file(filed_in)
    now = telling.clock.now()
    with telling.store() as unit:
        unit.joins.offer(filed_in, "NT-AAAA-CCCC", now + timedelta(minutes=1), now)
        assert unit.joins.take(chosen, "NT-AAAA-CCCC", now)
        unit.joins.answer(chosen, own=True)
        unit.joins.notify(chosen, here=True)
        unit.commit()
    telling.close(case_id)
    await telling.tell()
    assert NEWS not in telling.office.channel.texts("an")
    assert telling.office.channel.texts("bình")[-1] == NEWS


async def test_an_answer_that_was_corrected_is_news_again(telling: Telling) -> None:
    case_id = await telling.filed()
    telling.close(case_id)
    await telling.tell()
    telling.act(case_id, Verb.CORRECT, **answer_fields(text="Đã kiểm tra lại: đúng một phần."), note="sửa kết luận")
    telling.desk.act("officer2", case_id, Verb.PUBLISH)
    telling.desk.act("officer2", case_id, Verb.CLOSE)
    assert telling.desk.case(case_id).status is Status.CLOSED
    await telling.tell()
    assert sorted(news for news, _ in telling.statuses()) == ["answered", "answered", "released"]
    assert telling.office.channel.texts().count(NEWS) == 3


async def test_a_step_that_is_refused_tells_nobody(telling: Telling) -> None:
    case_id = await telling.filed()
    with pytest.raises(CaseConflict):
        telling.act(case_id, Verb.CLOSE)
    assert telling.statuses() == []
