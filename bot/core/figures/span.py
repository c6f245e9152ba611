"""The hours that figures are of, and those before that they stand beside. Days are those of Viet Nam. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
#: The project began later; nobody needs to count before it.
FIRST_DAY = date(2020, 1, 1)


class SpanKind(StrEnum):
    """A day, or a week that begins on Monday."""

    DAY = "day"
    WEEK = "week"


_LENGTH = {SpanKind.DAY: timedelta(days=1), SpanKind.WEEK: timedelta(days=7)}


class NoSuchDay(ValueError):
    """A day that is not over and has not begun, or lies before there was anything to count."""


@dataclass(frozen=True)
class Period:
    """From one moment up to, not including, another; both aware UTC."""

    since: datetime
    until: datetime

    def __contains__(self, moment: datetime) -> bool:
        """Return whether the moment falls into the period."""
        return self.since <= moment < self.until


@dataclass(frozen=True)
class Span:
    """What figures are of: `now`, and `before`, as long, a day or a week earlier.

    `first` and `last` are the days of `now`. `whole` is False while the last of them goes on: then `before` ends at
    the same hour, so that a morning is not compared with a whole day.
    """

    kind: SpanKind
    now: Period
    before: Period
    first: date
    last: date
    whole: bool


def span_of(kind: SpanKind, day: date, now: datetime) -> Span:
    """Return the span of a day, or of the week that it is in, as far as it has gone. Raises NoSuchDay."""
    today = now.astimezone(VIETNAM).date()
    if not FIRST_DAY <= day <= today:
        raise NoSuchDay(f"{day} is no day with figures")
    first = day - timedelta(days=day.weekday()) if kind is SpanKind.WEEK else day
    since, length = midnight(first), _LENGTH[kind]
    end = since + length
    until = min(end, now.astimezone(UTC))
    last = min(first + length - timedelta(days=1), today)
    before = Period(since - length, until - length)
    return Span(kind, Period(since, until), before, first, last, whole=until == end)


def midnight(day: date) -> datetime:
    """Return when the day begins in Viet Nam, as UTC: seven hours before UTC's own midnight."""
    return datetime.combine(day, time(), VIETNAM).astimezone(UTC)
