"""Cases that came by telephone or on paper: nobody chats in their conversations, and people are told so."""

from datetime import timedelta

import pytest

from bot.core.cases.effects import RaiseTask
from bot.core.messages import Turn
from bot.core.standing_in import of_call, of_filing, stands_in
from bot.store import Store
from tests.integration.channel_steps import PHRASES
from tests.integration.console_steps import Office
from tests.integration.console_talks_client import Console, call
from tests.integration.desk_client import PEOPLE, open_office
from tests.integration.telling_steps import Telling

CALL, LETTER = of_call("a" * 32), of_filing("b" * 64)


async def test_the_inbox_shows_those_alone_in_which_somebody_chats(store: Store) -> None:
    office = Office(store)
    office.hire()
    office.open("web-bot")
    office.open(CALL, "hotline")
    office.open(LETTER, "letter")
    console = Console(office)
    page = await call(console.client("sep"), "GET", "/conversations?box=all")
    assert [item["id"] for item in page["items"]] == ["web-bot"]


def test_a_task_tells_in_which_way_its_case_came(store: Store) -> None:
    office = open_office(store)
    by_letter = office.file(LETTER, channel="letter")
    chatted = office.file("conversation-1", channel="zalo")
    now = office.clock.now()
    with store() as unit:
        unit.create_conversation(CALL, "hotline", now)
        RaiseTask("alarm", "violence", now).apply(unit, Turn("t1", CALL, "", None, now, now, 0))
        unit.commit()
    office.clock.time += timedelta(days=10)
    office.desk.rise()
    alarm = office.file(CALL, channel="hotline")
    found = {each.task.kind + (each.number or ""): each.channel for each in office.views.tasks(PEOPLE["supervisor"])}
    assert found == {
        f"alarm{office.case(alarm).number}": "hotline",
        f"overdue{office.case(by_letter).number}": "letter",
        f"overdue{office.case(chatted).number}": "zalo",
    }


@pytest.mark.parametrize(("conversation", "channel"), [(CALL, "hotline"), (LETTER, "letter")])
async def test_who_called_or_wrote_is_not_looked_for_in_a_chat(store: Store, conversation: str, channel: str) -> None:
    telling = Telling(store)
    case_id = telling.desk.file(conversation, channel=channel)
    telling.close(case_id)
    await telling.tell()
    (task,) = telling.tasks()
    assert f"Phiếu nhận qua: {PHRASES.word(f'source_{channel}')}" in task.note
    assert "trang" not in task.note
    assert "gọi; không nghe máy" in task.note


def test_what_citizens_chat_in_is_not_taken_for_it() -> None:
    assert not any(map(stands_in, ("web-1", "zalo-2", "3f2a", "recall-1")))
