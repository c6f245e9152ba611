"""Days as people name them, resolved against today: «hôm kia», «thứ ba tuần trước», «mùng 2/9». Pure arithmetic."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

# «15/11» without a year lies ahead by at most so much before last year's is meant.
_SLIP_DAYS = 30
_LONGEST_MONTH = 31
_OLDEST_YEARS = 10


class Problem(StrEnum):
    """Why a time must be asked again: it lies ahead, no calendar has it, or it names no day."""

    FUTURE = "future"
    IMPOSSIBLE = "impossible"
    VAGUE = "vague"


class Lean(StrEnum):
    """Where a day without year or month is looked for: what happened lies behind, an appointment is near."""

    PAST = "past"
    NEAR = "near"


@dataclass(frozen=True)
class Day:
    """A named day; without a date it is vague or impossible. `step`: days to go back if its hour is to come yet."""

    date: dt.date | None
    approximate: bool = False
    problem: Problem | None = None
    step: int = 0


VAGUE = Day(None, approximate=True, problem=Problem.VAGUE)
IMPOSSIBLE = Day(None, problem=Problem.IMPOSSIBLE)

# Resolves a mention: (today, lean) → day; None where the words name no day of a story after all.
Resolver = Callable[[dt.date, Lean], Day | None]


def ago(days: int, *, roughly: bool = False) -> Resolver:
    """Return the day so many days before today (after it, where negative)."""

    def resolve(today: dt.date, _: Lean) -> Day:
        return _dated(today, today - dt.timedelta(days=days), roughly=roughly)

    return resolve


def lately(today: dt.date, _: Lean) -> Day:
    """Return today, or yesterday where that part of the day is to come yet («hồi chiều» said in the morning)."""
    return Day(today, step=1)


def vague(_: dt.date, __: Lean) -> Day:
    """Return a time that names no day."""
    return VAGUE


def weekday(day: int, weeks: int | None, *, past: bool = False, roughly: bool = False) -> Resolver:
    """Return a day of the week (0 Monday), `weeks` from this one; None: the latest, today included unless `past`."""

    def resolve(today: dt.date, lean: Lean) -> Day:
        monday = today - dt.timedelta(days=today.weekday())
        if weeks is not None:
            return _dated(today, monday + dt.timedelta(days=day, weeks=weeks), roughly=roughly)
        back = (today.weekday() - day) % 7 or (7 if past else 0)
        if lean is Lean.NEAR and not past and 7 - back < back:
            back -= 7
        return replace(_dated(today, today - dt.timedelta(days=back)), step=7)

    return resolve


def week(weeks: int, day: int | None = None) -> Resolver:
    """Return about a week, `weeks` from this one: its day (0 Monday) or today's."""

    def resolve(today: dt.date, _: Lean) -> Day:
        at = today.weekday() if day is None else day
        return _dated(today, today + dt.timedelta(days=at - today.weekday(), weeks=weeks), roughly=True)

    return resolve


def on(day: int, month: int | None = None, year: int | None = None, *, months: int | None = None) -> Resolver:
    """Return a day of the calendar; without a month the latest such day, or that of `months` from this month."""

    def resolve(today: dt.date, lean: Lean) -> Day | None:
        if not 1 <= day <= _LONGEST_MONTH or (month is not None and not 1 <= month <= 12):
            return IMPOSSIBLE
        if year is not None and month is not None:
            if year < today.year - _OLDEST_YEARS or year > today.year + _OLDEST_YEARS:
                return None
            found = _date(year, month, day)
            return _dated(today, found) if found else IMPOSSIBLE
        if months is not None:
            found = _date(*_month(today, months), day)
            return _dated(today, found) if found else IMPOSSIBLE
        return _nearest(today, lean, day, month)

    return resolve


def last_year(day: int, month: int) -> Resolver:
    """Return a day of the year before this."""
    return lambda today, lean: on(day, month, today.year - 1)(today, lean)


def months_ago(months: int) -> Resolver:
    """Return about the same day so many months ago."""
    return lambda today, lean: part_of_month(today.day, -months)(today, lean)


def part_of_month(day: int, months: int = 0, month: int | None = None) -> Resolver:
    """Return about day 1, 15 or 31 (the last) of a month: `months` from this one, or the latest `month`."""

    def resolve(today: dt.date, _: Lean) -> Day | None:
        if month is not None and not 1 <= month <= 12:
            return IMPOSSIBLE
        year, at = (today.year - (month > today.month), month) if month else _month(today, months)
        found = next(d for d in (_date(year, at, day - back) for back in range(4)) if d)
        return _dated(today, found, roughly=True) if found <= today else VAGUE

    return resolve


def _nearest(today: dt.date, lean: Lean, day: int, month: int | None) -> Day:
    if month is None:
        around = [_date(*_month(today, shift), day) for shift in (-2, -1, 0, 1)]
    else:
        around = [_date(today.year + shift, month, day) for shift in (-4, -3, -2, -1, 0, 1)]
    dates = [found for found in around if found]
    if not dates:
        return IMPOSSIBLE
    if lean is Lean.NEAR:
        return _dated(today, min(dates, key=lambda d: abs((d - today).days)))
    latest = max((d for d in dates if d <= today), default=None)
    if month is not None:
        this_year = _date(today.year, month, day)
        if this_year is None:
            return IMPOSSIBLE
        if this_year > today and (this_year - today).days <= _SLIP_DAYS:
            return _dated(today, this_year)
    return _dated(today, latest) if latest else IMPOSSIBLE


def _dated(today: dt.date, date: dt.date, *, roughly: bool = False) -> Day:
    return Day(date, roughly, Problem.FUTURE if date > today else None)


def _month(today: dt.date, shift: int) -> tuple[int, int]:
    months = today.year * 12 + today.month - 1 + shift
    return months // 12, months % 12 + 1


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
