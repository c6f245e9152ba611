"""Waits stay honest: claims of people who vanished go back, and who waits hears when much has changed."""

from datetime import UTC, datetime

import pytest

from bot.core.conversation import Owner
from bot.core.handover.attention import Ending, Told
from bot.core.handover.ports import Signal
from bot.core.handover.presence import State
from bot.store import Store
from tests.integration.console_steps import LAN, MINH, Office


@pytest.fixture
def office(store: Store) -> Office:
    office = Office(store)
    office.hire()
    return office


def busy_day(office: Office) -> None:
    """Let three people be attended, each for ten minutes, so that times can be told."""
    for n in range(3):
        conversation = office.waiting(f"web-before-{n}")
        office.clock.move(1)
        office.there(LAN)
        office.desk.claim(LAN, conversation)
        office.clock.move(10)
        office.there(LAN)
        office.desk.close(LAN, conversation, Ending.ANSWERED)


def notices(office: Office, conversation_id: str = "web-1") -> list[str]:
    return [event.body["text"] for event in office.log(conversation_id) if event.kind.value == "notice"]


def test_who_vanished_gives_it_back_and_the_assistant_answers_what_was_left(office: Office) -> None:
    office.there(LAN)
    office.waiting()
    office.desk.claim(LAN, "web-1")
    office.says("chị còn đó không")
    office.clock.move(4)
    assert office.keeper.tick().said == []
    office.clock.move(2)
    ticked = office.keeper.tick()
    assert (ticked.said, ticked.waiting) == (["web-1"], ["web-1"])
    attention = office.attention()
    assert (attention.owner, attention.by, attention.last_by) == (Owner.WAITING, None, "lan")
    assert office.heard()[-1] == ("notice", "attended_return")
    assert office.answers() == ["chị còn đó không"]
    assert ("system", "conversation_return") in office.audited()
    assert office.keeper.tick().said == []


def test_who_is_seen_keeps_it_however_long_nothing_is_said(office: Office) -> None:
    office.there(LAN)
    office.waiting()
    office.desk.claim(LAN, "web-1")
    for _ in range(30):
        office.clock.move(1)
        office.desk.seen(LAN)
        assert office.keeper.tick().said == []
    assert office.attention().by == "lan"


def test_who_does_something_is_there_though_no_page_is_seen(office: Office) -> None:
    office.waiting()
    office.desk.claim(LAN, "web-1")
    for n in range(4):
        office.clock.move(4)
        office.desk.reply(LAN, "web-1", f"m{n}", "x")
        assert office.keeper.tick().said == []


def test_lunch_at_an_open_page_is_no_vanishing(office: Office) -> None:
    office.there(LAN)
    office.waiting()
    office.desk.claim(LAN, "web-1")
    office.desk.be(LAN, State.LUNCH)
    office.clock.move(4)
    office.desk.seen(LAN)
    office.clock.move(4)
    assert office.keeper.tick().said == []


def test_two_keepers_return_it_once(office: Office) -> None:
    other = Office(office.store, office.clock)
    office.waiting()
    office.desk.claim(LAN, "web-1")
    office.clock.move(6)
    assert office.keeper.tick().said + other.keeper.tick().said == ["web-1"]
    assert [act for _, act in office.heard()].count("attended_return") == 1


def test_who_waits_hears_when_it_takes_longer_than_was_said_and_not_all_the_time(office: Office) -> None:
    office.there(LAN)
    busy_day(office)
    office.waiting("web-other")
    office.desk.claim(LAN, "web-other")
    office.waiting()
    assert (office.attention().told, office.attention().told_minutes) == (Told.QUEUE, 10)
    heard = 0
    for _ in range(60):
        office.clock.move(1)
        office.desk.seen(LAN)
        heard += len(office.keeper.tick().said)
    texts = notices(office)
    assert len(texts) == heard
    assert 2 <= heard <= 5
    assert texts[0].startswith("Tôi xin lỗi, lâu hơn tôi nói.")


def test_who_moves_to_the_front_is_told(office: Office) -> None:
    office.there(LAN)
    busy_day(office)
    office.waiting("web-first")
    office.waiting()
    assert office.attention().told_place == 2
    office.clock.move(4)
    office.there(LAN)
    office.desk.claim(LAN, "web-first")
    assert office.keeper.tick().said == ["web-1"]
    assert notices(office)[-1].startswith("Sắp tới lượt anh/chị")
    assert office.keeper.tick().said == []


def test_who_was_told_that_nobody_is_there_hears_when_somebody_comes(office: Office) -> None:
    office.waiting()
    assert office.attention().told is Told.NOBODY
    office.clock.move(5)
    assert office.keeper.tick().said == []
    office.there(MINH)
    assert office.keeper.tick().said == ["web-1"]
    assert "Nhân viên trực đã có mặt" in notices(office)[-1]
    assert office.attention().told is Told.QUEUE


def test_that_all_have_left_is_told_when_it_is_sure(office: Office) -> None:
    office.there(LAN)
    office.waiting()
    office.clock.move(5)  # her page is closed
    assert office.keeper.tick().said == []
    office.clock.move(1)
    assert office.keeper.tick().said == []
    office.clock.move(1.5)
    assert office.keeper.tick().said == ["web-1"]
    assert "không còn ai trực" in notices(office)[-1]


def test_whoever_is_left_waiting_at_closing_time_is_told_and_may_leave_word(office: Office) -> None:
    office.clock.moment = datetime(2026, 11, 26, 9, 50, tzinfo=UTC)  # 16:50
    office.there(LAN)
    office.waiting()
    office.clock.move(15)
    assert office.keeper.tick().said == ["web-1"]
    event = office.log()[-1]
    assert "8 giờ sáng mai" in event.body["text"]
    assert [button["id"] for button in event.body["buttons"]] == ["h:call", "h:leave", "h:back"]
    office.clock.move(60)
    assert office.keeper.tick().said == []


def test_who_left_word_overnight_is_not_woken_by_the_morning(office: Office) -> None:
    office.clock.moment = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)  # 20:00 the evening before
    office.waiting()
    assert office.attention().told is Told.CLOSED
    office.clock.moment = datetime(2026, 11, 26, 1, 5, tzinfo=UTC)
    office.there(LAN)
    assert office.keeper.tick().said == []
    assert office.attention().owner is Owner.WAITING


def test_who_was_taken_meanwhile_is_told_nothing(office: Office) -> None:
    office.waiting()
    office.clock.move(5)
    office.there(LAN)
    before = office.attention()
    office.desk.claim(LAN, "web-1")
    assert before.owner is Owner.WAITING
    assert office.keeper.tick().said == []


def test_pages_look_again_when_somebody_comes_or_is_gone(office: Office) -> None:
    def signals() -> list[Signal]:
        with office.store() as unit:
            return [change.signal for change in unit.switchboard.changes(0, 100)]

    office.there(LAN)
    office.keeper.tick()
    office.keeper.tick()
    assert signals() == [Signal.PRESENCE, Signal.PRESENCE]
    office.clock.move(5)
    office.keeper.tick()
    assert signals() == [Signal.PRESENCE] * 3


def test_what_no_page_asks_for_any_more_is_forgotten_and_the_counter_goes_on(office: Office) -> None:
    office.waiting()
    with office.store() as unit:
        newest = unit.switchboard.newest()
    office.clock.move(3 * 24 * 60)
    office.keeper.tick()
    with office.store() as unit:
        assert unit.switchboard.changes(0, 100) == []
        assert unit.switchboard.newest() == newest
