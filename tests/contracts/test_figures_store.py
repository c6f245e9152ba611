"""Counts for the day's figures, on SQLite and PostgreSQL alike, around Hà Nội's midnight."""

from datetime import date, datetime, timedelta

import pytest

from bot.core.figures.ports import Counted, FigureRecords, Moved, Said
from bot.core.figures.span import Period, midnight
from bot.core.handover.attention import Move, Why
from bot.core.routes import Outcome
from bot.core.suggestions.ports import Action
from bot.store import Store
from tests.contracts.case_steps import file
from tests.contracts.figures_steps import Diary
from tests.contracts.steps import NOW as CASE_MOMENT

FRIDAY = date(2026, 11, 27)
DAY = Period(midnight(FRIDAY), midnight(FRIDAY) + timedelta(days=1))
YESTERDAY = Period(DAY.since - timedelta(days=1), DAY.since)
TICK = timedelta(microseconds=1)


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return DAY.since + timedelta(hours=hour, minutes=minute, seconds=second)


@pytest.fixture
def diary(store: Store) -> Diary:
    return Diary(store)


def test_a_conversation_counts_once_a_day_by_its_channel(store: Store, diary: Diary) -> None:
    diary.turn("a", at(8))
    diary.turn("a", at(9))
    diary.turn("b", at(10), "zalo", outcome=Outcome.REFUSED, reason="other_agency")
    diary.turn("c", at(11), "zalo", answered_after=None)
    diary.attended("a", at(12))
    with store() as unit:
        unit.create_conversation("silent", "web", at(8))  # opened the page and said nothing
        unit.commit()
        assert unit.figures.conversations(DAY) == {"web": 1, "zalo": 2}
        assert unit.figures.conversations(YESTERDAY) == {}
        assert unit.figures.begun(DAY) == {"web": 1, "zalo": 2}


def test_days_part_at_midnight_in_ha_noi(store: Store, diary: Diary) -> None:
    diary.turn("late", DAY.since - TICK, taken_after=0)
    diary.turn("early", DAY.since, taken_after=0)
    diary.turn("last", DAY.until - TICK, taken_after=0)
    diary.turn("next", DAY.until, taken_after=0)
    diary.call("late", DAY.since - TICK)
    diary.call("early", DAY.since)
    diary.moved("late", DAY.since - TICK, Move.ASK, Why.ASKED)
    diary.moved("early", DAY.since, Move.ASK, Why.ANGER)
    with store() as unit:
        assert unit.figures.conversations(DAY) == {"web": 2}
        assert unit.figures.conversations(YESTERDAY) == {"web": 1}
        assert unit.figures.calls(DAY) == unit.figures.calls(YESTERDAY) == 1
        assert unit.figures.asks(DAY) == {"anger": 1}
        assert unit.figures.asks(YESTERDAY) == {"asked": 1}


def test_a_conversation_that_goes_on_counts_each_day_but_began_once(store: Store, diary: Diary) -> None:
    diary.turn("a", at(-1))
    diary.turn("a", at(1))
    with store() as unit:
        assert unit.figures.conversations(YESTERDAY) == unit.figures.conversations(DAY) == {"web": 1}
        assert (unit.figures.begun(YESTERDAY), unit.figures.begun(DAY)) == ({"web": 1}, {})


def test_turns_by_how_they_ended(store: Store, diary: Diary) -> None:
    diary.turn("a", at(8))
    diary.turn("a", at(9))
    diary.turn("b", at(10), outcome=Outcome.REFUSED, reason="other_agency")
    diary.turn("c", at(11), answered_after=None)
    diary.attended("a", at(12))
    with store() as unit:
        found = sorted(unit.figures.outcomes(DAY), key=lambda each: each.outcome)
    assert found == [
        Counted("answered", None, 2),
        Counted("handed_over", None, 1),
        Counted("refused", "other_agency", 1),
    ]


def test_answered_alone_is_with_an_answer_and_without_a_person(store: Store, diary: Diary) -> None:
    diary.turn("answered", at(8))
    diary.turn("refused", at(8), outcome=Outcome.REFUSED)
    diary.turn("greeted", at(8), outcome=Outcome.SMALL_TALK)
    diary.turn("asked for somebody", at(8))
    diary.moved("asked for somebody", at(9), Move.ASK, Why.ASKED)
    diary.turn("taken", at(8))
    diary.moved("taken", at(9), Move.CLAIM)
    diary.turn("yesterday's person", at(8))
    diary.moved("yesterday's person", at(-5), Move.ASK, Why.ASKED)
    diary.moved("yesterday's person", at(-4), Move.CLOSE)
    with store() as unit:
        assert unit.figures.answered_alone(DAY) == 2


def test_a_procedure_counts_once_a_conversation_or_call(store: Store, diary: Diary) -> None:
    diary.turn("a", at(8), procedure="P1")
    diary.turn("a", at(9), procedure="P1")
    diary.turn("b", at(9), procedure="P1", outcome=Outcome.REFUSED, route="other_agency")
    diary.turn("b", at(10), procedure="P2")
    diary.turn("c", at(10), procedure="P3", route="report_staff")
    diary.call("one", at(9), "P2", "P4")
    diary.call("two", at(-9), "P4")
    with store() as unit:
        assert unit.figures.asked(DAY) == {"P1": 2, "P2": 2, "P4": 1}


def test_calls_that_nobody_took_are_no_conversations(store: Store, diary: Diary) -> None:
    diary.call("taken", at(8))
    diary.call("missed", at(8), answered=False)
    with store() as unit:
        assert unit.figures.calls(DAY) == 1


def test_the_first_answer_counts_from_when_the_words_came(store: Store, diary: Diary) -> None:
    diary.turn("a", at(8), taken_after=1, answered_after=3)
    diary.turn("a", at(9), taken_after=1, answered_after=60)
    diary.turn("b", at(8), taken_after=1, answered_after=5)
    diary.turn("c", at(8), answered_after=None)
    with store() as unit:
        assert sorted(unit.figures.first_answers(DAY)) == [3, 5]
        assert unit.figures.first_answers(YESTERDAY) == []


def test_history_and_words_of_people_in_order(store: Store, diary: Diary) -> None:
    for of in ("a", "b", "c"):
        diary.turn(of, at(8))
    diary.moved("b", at(9), Move.ASK, Why.DANGER)
    diary.moved("a", at(8, 30), Move.CLAIM, Why.ASKED, waited=90)
    diary.wrote("a", at(8, 31))
    diary.wrote("c", at(8, 31))
    diary.wrote("a", at(8, 50))
    with store() as unit:
        assert unit.figures.moves(DAY) == [
            Moved("a", at(8, 30), Move.CLAIM, Why.ASKED, 90),
            Moved("b", at(9), Move.ASK, Why.DANGER),
        ]
        assert unit.figures.said(DAY) == [Said("a", at(8, 31)), Said("a", at(8, 50))]
        assert unit.figures.moves(YESTERDAY) == unit.figures.said(YESTERDAY) == []


def test_suggestions_and_cases_count_where_they_happened(store: Store, diary: Diary) -> None:
    diary.turn("c", at(8))
    diary.suggested("c", at(9), Action.DISPLAYED, Action.INSERTED, Action.SENT)
    diary.suggested("c", at(-1), Action.DISPLAYED, Action.IGNORED)
    file(store)
    filed = Period(CASE_MOMENT, CASE_MOMENT + TICK)
    with store() as unit:
        counts = unit.suggestions.log.figures(DAY.since, DAY.until)
        assert {action for action, amount in counts.items() if amount} == {
            Action.DISPLAYED,
            Action.INSERTED,
            Action.SENT,
        }
        assert unit.figures.cases(filed) == 1
        assert unit.figures.cases(Period(filed.until, DAY.until)) == 0


def test_nothing_at_all_is_nought(store: Store) -> None:
    with store() as unit:
        records: FigureRecords = unit.figures
        assert records.conversations(DAY) == records.begun(DAY) == records.asks(DAY) == records.asked(DAY) == {}
        assert records.calls(DAY) == records.answered_alone(DAY) == records.cases(DAY) == 0
        assert records.outcomes(DAY) == records.moves(DAY) == records.said(DAY) == records.first_answers(DAY) == []
