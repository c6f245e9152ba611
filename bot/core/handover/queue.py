"""Places among those who wait, the time it may take, and when the citizen is told again. Pure.

The time is told only from what really happened lately; without that it is said that nobody can tell.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from bot.core.handover.attention import Attention, Told

# Fewer than so many answered conversations say nothing of the next one.
LEAST_SAMPLES = 3
LONGEST_MINUTES = 60
# Told again after so long at the earliest, twice as long after each time.
FIRST_GAP = timedelta(minutes=3)
LONGEST_GAP = timedelta(minutes=30)
_MUCH_MINUTES, _MUCH_SHARE = 5, 0.5
# Whoever left word overnight is not woken by a queue.
_FRESH = timedelta(hours=4)


@dataclass(frozen=True)
class Waiting:
    """Somebody who waits for a person; `away`: not at the screen, for they left word or came out of hours."""

    conversation_id: str
    urgency: int
    since: datetime
    away: bool = False


@dataclass(frozen=True)
class History:
    """What happened lately, in seconds: how long people waited, and how long each was attended."""

    waited: Sequence[float] = ()
    attended: Sequence[float] = ()


@dataclass(frozen=True)
class Standing:
    """What somebody who waits can be told: their place, and in how many minutes somebody may come (None: unknown)."""

    what: Told
    place: int | None = None
    minutes: int | None = None


def in_order(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Return those who wait as they are to be taken: the more urgent, then who is at the screen, then the longest."""
    return sorted(waiting, key=lambda one: (-one.urgency, one.away, one.since, one.conversation_id))


def places(waiting: Iterable[Waiting]) -> dict[str, int]:
    """Return each conversation's place, from 1."""
    return {one.conversation_id: place for place, one in enumerate(in_order(waiting), 1)}


def minutes_until(place: int, *, on_duty: int, free: int, history: History) -> int | None:
    """Return in how many minutes somebody may come to a place; None where lately too little happened to tell.

    `on_duty` people are there, `free` of them attend nobody: those take the first places as soon as they look up.
    """
    if on_duty < 1 or len(history.waited) < LEAST_SAMPLES or len(history.attended) < LEAST_SAMPLES:
        return None
    behind = place - free
    seconds = median(history.attended) * behind / on_duty if behind > 0 else min(median(history.waited), 120.0)
    return rounded(seconds / 60)


def rounded(minutes: float) -> int:
    """Round up as people say it: 1, 2, 3, then fives, at most LONGEST_MINUTES + 5, which means longer."""
    whole = max(1, math.ceil(minutes))
    if whole <= 3:
        return whole
    return min(math.ceil(whole / 5) * 5, LONGEST_MINUTES + 5)


def tell_again(attention: Attention, now_is: Standing, now: datetime) -> bool:
    """True where what a waiting citizen was told has changed so much that they should hear it, but not too often."""
    if attention.told_at is None or attention.told is None or attention.left is not None:
        return False  # who left word does not wait to be called
    since = now - attention.told_at
    if since < min(FIRST_GAP * 2 ** max(attention.told_times - 1, 0), LONGEST_GAP):
        return False
    if attention.told is not now_is.what:
        # Somebody came, all left, or the office closes; who left word hours ago does not wait at the screen.
        began = attention.waiting_since or attention.told_at
        return now - began < _FRESH and not (attention.told is Told.CLOSED and now_is.what is Told.NOBODY)
    if now_is.what is not Told.QUEUE:
        return False
    return _moved_much(attention, now_is, since)


def _moved_much(attention: Attention, now_is: Standing, since: timedelta) -> bool:
    before, after = attention.told_minutes, now_is.minutes
    if now_is.place == 1 and (attention.told_place or 1) > 1:
        return True
    if before is None or after is None:
        return before is None and after is not None
    if since >= timedelta(minutes=before):
        return True  # it takes longer than was said: that is owned up to
    left = max(before - since / timedelta(minutes=1), 0)
    return abs(after - left) >= max(_MUCH_MINUTES, _MUCH_SHARE * before)
