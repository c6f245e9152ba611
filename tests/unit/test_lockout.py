"""The state machine that stops guessing, and the pace of requests."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.staff.lockout import Attempts, Lockout
from bot.core.staff.pace import Pace

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
RULE = Lockout()


def fail(state: Attempts, now: datetime, rule: Lockout = RULE) -> Attempts:
    assert not rule.wait(state, now)
    return rule.begun(state, now)


def failed(times: int, now: datetime = NOW, rule: Lockout = RULE) -> Attempts:
    state = Attempts()
    for _ in range(times):
        state = fail(state, now, rule)
    return state


def test_four_failures_lock_nothing_and_the_fifth_locks_for_a_minute() -> None:
    assert RULE.wait(failed(4), NOW) == timedelta(0)
    locked = failed(5)
    assert RULE.wait(locked, NOW) == timedelta(minutes=1)
    assert RULE.wait(locked, NOW + timedelta(seconds=59)) == timedelta(seconds=1)
    assert RULE.wait(locked, NOW + timedelta(minutes=1)) == timedelta(0)


def test_each_further_failure_doubles_the_lock_up_to_an_hour() -> None:
    state, now, waits = failed(4), NOW, []
    for _ in range(10):
        state = fail(state, now)
        waits.append(RULE.wait(state, now) // timedelta(minutes=1))
        now += RULE.wait(state, now)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert state.counted == 14


def test_a_failure_is_forgiven_for_every_hour_outside_a_lock() -> None:
    state = failed(4)
    assert RULE.begun(state, NOW + timedelta(minutes=59)).failures == 5
    assert RULE.begun(state, NOW + timedelta(minutes=61)).failures == 4
    assert RULE.begun(state, NOW + timedelta(hours=3, minutes=1)).failures == 2
    assert RULE.begun(state, NOW + timedelta(days=9)).failures == 1


def test_what_is_left_of_an_hour_counts_towards_the_next() -> None:
    rule = Lockout(allowed=20, forgive=timedelta(minutes=10))
    state, now = failed(5, rule=rule), NOW
    for _ in range(12):  # one every nine minutes: forgiven as fast as they are made, nearly
        now += timedelta(minutes=9)
        state = rule.begun(state, now)
    assert state.failures < 8


def test_a_lock_is_not_forgiven_while_it_stands() -> None:
    state = failed(5)
    now = NOW + RULE.wait(state, NOW)
    for _ in range(6):
        state = fail(state, now)
        now += RULE.wait(state, now)
    assert RULE.wait(RULE.begun(state, now), now) == timedelta(hours=1)


def test_an_attempt_that_was_taken_back_left_nothing() -> None:
    before = failed(4)
    counted = fail(before, NOW)
    assert RULE.wait(counted, NOW) > timedelta(0)
    after = RULE.taken_back(counted)
    assert (after.failures, after.counted, RULE.wait(after, NOW)) == (4, 4, timedelta(0))


def test_taking_back_does_not_clear_what_others_did() -> None:
    state = failed(3)
    one = fail(state, NOW)
    two = fail(one, NOW)  # another attempt began before the first had its answer
    assert RULE.taken_back(two).failures == 4


def test_a_password_without_its_code_never_earns_further_guesses() -> None:
    """Who knows the password alternates: password alone (taken back), then a guessed code."""
    state, now, guesses = Attempts(), NOW, 0
    for _ in range(500):
        if RULE.wait(state, now):
            break
        state = RULE.taken_back(fail(state, now))
        state = fail(state, now)
        guesses += 1
    assert guesses == 5


@given(st.lists(st.integers(min_value=0, max_value=20_000), max_size=60))
def test_nobody_makes_more_guesses_than_the_rule_lets(pauses: list[int]) -> None:
    """Whatever the rhythm: never more than five at once; later one for each lock, and what was forgiven."""
    state, now, times = Attempts(), NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if not RULE.wait(state, now):
            state = RULE.begun(state, now)
            times.append(now)
    for first in times:
        assert sum(first <= each < first + timedelta(minutes=1) for each in times) <= 5
        assert sum(first <= each < first + timedelta(hours=24) for each in times) <= 60
    assert 0 <= state.failures <= len(times)


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=400)])
def test_a_clock_that_goes_back_forgives_nothing(later: timedelta) -> None:
    state = failed(4, NOW + later)
    assert RULE.begun(state, NOW - timedelta(days=1)).failures == 5


def test_pace_lets_a_burst_through_and_then_so_many_a_second() -> None:
    pace = Pace(per_second=2, burst=3)
    assert [pace.take("a", 0.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert pace.take("b", 0.0) == 0, "another key has its own"
    assert pace.take("a", 0.5) == 0
    assert pace.take("a", 0.5) > 0
    assert [pace.take("a", 100.0) for _ in range(4)][-1] > 0, "it never fills above the burst"


def test_pace_remembers_a_bounded_number_of_keys() -> None:
    pace = Pace(per_second=1, burst=1)
    for number in range(5_000):
        pace.take(str(number), 0.0)
    assert len(pace._buckets) <= 2_000
