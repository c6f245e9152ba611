"""What turns change of who answers, in the store; and databases that were there before."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import text

from bot.core.conversation import Owner
from bot.core.handover.attention import Attention, Ending, Left, Told, Why
from bot.core.handover.effects import (
    CALL_TASK,
    DANGER,
    NOBODY,
    NOBODY_TASK,
    SEVERITY,
    WRITE_TASK,
    AskPerson,
    GoBack,
    LeaveWord,
)
from bot.core.handover.ports import Signal
from bot.core.handover.queue import Standing
from bot.core.messages import Turn
from bot.store import KeyRing, Store
from bot.store.revisions import _config
from tests.integration.console_steps import LAN, NOW, Office

QUEUE, NOBODY_THERE, SHUT = Standing(Told.QUEUE, 2, 10), Standing(Told.NOBODY), Standing(Told.CLOSED)


@pytest.fixture
def office(store: Store) -> Office:
    office = Office(store)
    office.hire()
    office.open()
    return office


def apply(office: Office, effect: AskPerson | GoBack | LeaveWord, turn_id: str = "t") -> Attention:
    now = office.clock.now()
    with office.store() as unit:
        effect.apply(unit, Turn(turn_id, "web-1", "x", None, now, now, 0))
        unit.commit()
    return office.attention()


def alarms(office: Office) -> list[str]:
    with office.store() as unit:
        return [change.text for change in unit.switchboard.changes(0, 100) if change.signal is Signal.ALARM]


def test_who_asks_waits_and_what_they_were_told_is_kept(office: Office) -> None:
    waits = apply(office, AskPerson(Why.ASKED, QUEUE))
    assert (waits.owner, waits.waiting_since, waits.urgency) == (Owner.WAITING, NOW, 1)
    assert (waits.told, waits.told_place, waits.told_minutes, waits.told_at) == (Told.QUEUE, 2, 10, NOW)
    office.clock.move(5)
    again = apply(office, AskPerson(Why.ANGER, QUEUE))
    assert (again.waiting_since, again.urgency, again.told_at) == (NOW, 3, office.clock.now())


def test_alarms_are_raised_for_danger_always_and_for_others_once(office: Office) -> None:
    for effect in (AskPerson(Why.SEVERITY, QUEUE, SEVERITY), AskPerson(Why.DANGER, SHUT, DANGER)) * 2:
        apply(office, effect)
    assert alarms(office) == [SEVERITY, DANGER, DANGER]


def test_that_nobody_is_there_is_a_task_once_an_hour(office: Office) -> None:
    for turn_id in ("a", "b"):
        apply(office, AskPerson(Why.ASKED, NOBODY_THERE, NOBODY), turn_id)
        apply(office, GoBack())
    assert office.tasks() == [NOBODY_TASK]
    office.clock.move(61)
    apply(office, AskPerson(Why.ASKED, NOBODY_THERE, NOBODY), "c")
    assert office.tasks() == [NOBODY_TASK, NOBODY_TASK]


def test_words_that_are_left_wait_and_a_call_is_a_dated_task(office: Office) -> None:
    left = apply(office, LeaveWord(Left.MESSAGE, SHUT))
    assert (left.owner, left.left, left.told, left.away) == (Owner.WAITING, Left.MESSAGE, Told.CLOSED, True)
    assert office.tasks() == []
    due = NOW + timedelta(hours=20)
    called = apply(office, LeaveWord(Left.CALL, SHUT, "Gọi 0912345678", due))
    assert (called.left, called.waiting_since) == (Left.CALL, NOW)
    with office.store() as unit:
        (task,) = unit.tasks.open()
    assert (task.kind, task.due_at, task.conversation_id, task.note) == (CALL_TASK, due, "web-1", "Gọi 0912345678")
    with office.store.engine.connect() as connection:
        assert b"0912345678" not in bytes(connection.execute(text("SELECT note FROM tasks")).scalar_one())


def test_another_hour_is_the_same_call_and_going_back_calls_it_off(office: Office) -> None:
    for turn_id, kind in (("a", Left.CALL), ("b", Left.CALL), ("c", Left.TEXT)):
        apply(office, LeaveWord(kind, SHUT, "x", NOW), turn_id)
        assert len(office.tasks()) == 1
    assert office.tasks() == [WRITE_TASK]
    back = apply(office, GoBack())
    assert (back.owner, back.ending) == (Owner.BOT, Ending.WENT_BACK)
    assert office.tasks() == []


def test_who_asks_again_is_at_the_screen_again_and_the_call_stays(office: Office) -> None:
    apply(office, LeaveWord(Left.CALL, SHUT, "x", NOW))
    again = apply(office, AskPerson(Why.ASKED, QUEUE))
    assert (again.left, again.away) == (None, False)
    assert office.tasks() == [CALL_TASK]


def test_going_back_where_nobody_waits_changes_nothing(office: Office) -> None:
    assert apply(office, GoBack()) == Attention()


def test_who_is_attended_keeps_their_person_whatever_a_turn_decided(office: Office) -> None:
    apply(office, AskPerson(Why.ASKED, QUEUE))
    office.desk.claim(LAN, "web-1")
    for effect in (AskPerson(Why.DANGER, QUEUE), GoBack(), LeaveWord(Left.MESSAGE, QUEUE)):
        assert apply(office, effect).by == "lan"


def test_who_clears_the_conversation_waits_no_longer_and_is_not_called(office: Office) -> None:
    apply(office, LeaveWord(Left.CALL, SHUT, "Gọi 0912345678", NOW))
    office.desk.note(LAN, "web-1", "Bác nặng tai.")
    with office.store() as unit:
        unit.erase_conversation("web-1", office.clock.now())
        unit.commit()
    assert (office.attention().owner, office.attention().ending) == (Owner.BOT, Ending.ERASED)
    assert office.tasks() == []
    with office.store() as unit:
        assert [note.text for note in unit.switchboard.notes("web-1")] == [""]


@pytest.fixture
def older(database_url: str, keys: KeyRing) -> Iterator[Store]:
    """A database as the version before left it, with somebody who asked for a person."""
    store = Store(database_url, keys)
    config = _config()
    with store.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        insert = (
            "INSERT INTO conversations (id, channel, owner, next_sequence, created_at, updated_at)"
            " VALUES (:id, 'web', :owner, 1, '2026-11-20 03:00:00', '2026-11-20 03:00:00')"
        )
        for id, owner in (("web-1", "WAITING"), ("web-2", "BOT")):
            connection.execute(text(insert), {"id": id, "owner": owner})
    yield store
    store.close()


def test_who_asked_for_a_person_before_this_version_waits(older: Store) -> None:
    older.migrate()
    older.check()
    office = Office(older)
    office.hire()
    waits = office.attention("web-1")
    assert (waits.owner, waits.why, waits.urgency) == (Owner.WAITING, Why.ASKED, 1)
    assert waits.waiting_since is not None
    assert office.attention("web-2") == Attention()
    office.desk.claim(LAN, "web-1")
    assert office.attention("web-1").by == "lan"
