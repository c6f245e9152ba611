"""Places, waits and when they are told again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.handover import saying
from bot.core.handover.attention import Attention, Left, Told, Why, ask, told
from bot.core.handover.floor import Floor
from bot.core.handover.hours import OpenAt
from bot.core.handover.presence import Presence, State, on_duty
from bot.core.handover.queue import (
    LONGEST_MINUTES,
    History,
    Standing,
    Waiting,
    in_order,
    minutes_until,
    places,
    rounded,
    tell_again,
)
from bot.core.phrases import load_phrases

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
BUSY_DAY = History(waited=(60, 90, 240, 600), attended=(300, 420, 360, 900))
OPEN, SHUT = OpenAt(True), OpenAt(False)


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


WAITING = (
    Waiting("first", 1, later(-20)),
    Waiting("danger", 5, later(-1)),
    Waiting("second", 1, later(-10)),
    Waiting("angry", 3, later(-2)),
)


def test_the_more_urgent_come_first_then_who_waits_longest() -> None:
    assert [one.conversation_id for one in in_order(WAITING)] == ["danger", "angry", "first", "second"]
    assert places(WAITING)["second"] == 4


def test_who_left_word_comes_behind_those_at_the_screen() -> None:
    waiting = [*WAITING, Waiting("left", 1, later(-600), away=True), Waiting("grave", 4, later(-600), away=True)]
    order = [one.conversation_id for one in in_order(waiting)]
    assert order == ["danger", "grave", "angry", "first", "second", "left"]


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 100), st.booleans()), max_size=20), st.integers(1, 5))
def test_the_place_that_is_promised_is_the_place_that_is_got(rows: list[tuple[int, int, bool]], urgency: int) -> None:
    waiting = [Waiting(f"c{n:02}", u, later(-1 - since), away) for n, (u, since, away) in enumerate(rows)]
    floor = Floor(OPEN, frozenset({"lan"}), 0, tuple(waiting))
    promised = floor.standing("new", urgency).place
    assert places([*waiting, Waiting("new", urgency, NOW)])["new"] == promised


def test_who_asks_again_is_at_the_screen_again_at_their_old_place() -> None:
    there = frozenset({"lan"})
    floor = Floor(OPEN, there, 0, (*WAITING, Waiting("left", 1, later(-600), away=True)))
    assert floor.standing("left", 1, asks=False).place == 5
    assert floor.standing("left", 1).place == 3


def test_a_time_is_named_only_from_what_happened_lately() -> None:
    assert minutes_until(3, on_duty=1, free=0, history=History()) is None
    assert minutes_until(3, on_duty=1, free=0, history=History((60, 60), (300, 300, 300))) is None
    assert minutes_until(3, on_duty=0, free=0, history=BUSY_DAY) is None
    assert minutes_until(1, on_duty=1, free=0, history=BUSY_DAY) == 10
    assert minutes_until(3, on_duty=1, free=0, history=BUSY_DAY) == 20
    assert minutes_until(3, on_duty=3, free=0, history=BUSY_DAY) == 10


def test_who_is_free_comes_at_once_for_the_first_ones() -> None:
    assert minutes_until(2, on_duty=2, free=2, history=BUSY_DAY) == 2
    assert minutes_until(3, on_duty=2, free=2, history=BUSY_DAY) == 5


@pytest.mark.parametrize(
    ("exact", "said"), [(0.1, 1), (1.2, 2), (3.0, 3), (3.1, 5), (7, 10), (11, 15), (60, 60), (61, 65), (400, 65)]
)
def test_minutes_are_rounded_up_as_people_say_them(exact: float, said: int) -> None:
    assert rounded(exact) == said


def test_a_very_long_wait_is_called_so() -> None:
    phrases = load_phrases()
    assert saying.wait(phrases, 10) == "khoảng 10 phút"
    assert saying.wait(phrases, LONGEST_MINUTES + 5) == "hơn một giờ"


def test_who_is_there_counts_and_not_only_the_hours() -> None:
    there = frozenset({"lan"})
    assert Floor(OPEN).standing("c", 1) == Standing(Told.NOBODY)
    assert Floor(SHUT).standing("c", 1) == Standing(Told.CLOSED)
    assert Floor(SHUT, there, 1, WAITING).standing("c", 1) == Standing(Told.QUEUE, 5, None)
    assert Floor(OPEN, there, 0, WAITING, BUSY_DAY).standing("first", 1) == Standing(Told.QUEUE, 3, 20)


def test_a_page_that_is_closed_is_nobody_there() -> None:
    lan = Presence("lan", State.AVAILABLE, later(-60), later(-1))
    others = [
        Presence("minh", State.BUSY, later(-60), NOW),
        Presence("hoa", State.LUNCH, later(-5), NOW),
        Presence("tu", State.AWAY, later(-5), NOW),
        Presence("an", State.AVAILABLE, later(-60), later(-3)),
    ]
    assert on_duty([lan, *others], NOW) == {"lan", "minh"}
    assert others[-1].shown(NOW) is State.AWAY
    assert others[1].shown(NOW) is State.LUNCH


def informed(place: int | None, minutes: int | None, what: Told = Told.QUEUE, times: int = 1) -> Attention:
    attention = told(ask(Attention(), Why.ASKED, NOW), what, place, minutes, NOW)
    return replace(attention, told_times=times)


@pytest.mark.parametrize(
    ("before", "now_is", "after_minutes"),
    [
        (informed(4, 20), Standing(Told.QUEUE, 1, 5), 4),
        (informed(4, 20), Standing(Told.QUEUE, 4, 40), 4),
        (informed(4, 20), Standing(Told.QUEUE, 2, 5), 4),
        (informed(4, None), Standing(Told.QUEUE, 4, 15), 4),
        # It takes longer than was said: that is owned up to.
        (informed(2, 5), Standing(Told.QUEUE, 2, 5), 6),
        (informed(None, None, Told.NOBODY), Standing(Told.QUEUE, 1, None), 4),
        (informed(None, None, Told.CLOSED), Standing(Told.QUEUE, 1, None), 60),
        (informed(3, 30), Standing(Told.CLOSED), 10),
        (informed(3, 30), Standing(Told.NOBODY), 10),
    ],
)
def test_a_great_change_is_told(before: Attention, now_is: Standing, after_minutes: float) -> None:
    assert tell_again(before, now_is, later(after_minutes))


@pytest.mark.parametrize(
    ("before", "now_is", "after_minutes"),
    [
        # Too soon, however much has changed.
        (informed(4, 20), Standing(Told.QUEUE, 1, 5), 2),
        (informed(4, 20, times=3), Standing(Told.QUEUE, 4, 60), 11),
        # Little has changed: the time passes as it was said.
        (informed(4, 20), Standing(Told.QUEUE, 3, 15), 5),
        (informed(4, 20), Standing(Told.QUEUE, 4, 20), 4),
        (informed(2, None), Standing(Told.QUEUE, 2, None), 40),
        (informed(1, 5), Standing(Told.QUEUE, 1, 2), 4),
        # Nothing that helps, or nobody who waits at the screen.
        (informed(None, None, Told.CLOSED), Standing(Told.NOBODY), 60),
        (informed(None, None, Told.CLOSED), Standing(Told.CLOSED), 60),
        (informed(None, None, Told.CLOSED), Standing(Told.QUEUE, 1, 5), 5 * 60),
        (ask(Attention(), Why.ASKED, NOW), Standing(Told.QUEUE, 1, 5), 60),
        (replace(informed(4, 20), left=Left.CALL), Standing(Told.QUEUE, 1, 5), 60),
    ],
)
def test_little_things_are_not_told(before: Attention, now_is: Standing, after_minutes: float) -> None:
    assert not tell_again(before, now_is, later(after_minutes))


def test_the_same_wait_is_told_less_and_less_often() -> None:
    attention, heard = informed(9, 5), 0
    for minute in range(1, 241):
        if tell_again(attention, Standing(Told.QUEUE, 9, 5), later(minute)):
            attention, heard = told(attention, Told.QUEUE, 9, 5, later(minute)), heard + 1
    assert 6 <= heard <= 12
