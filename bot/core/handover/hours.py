"""When people are there to answer: shifts with their lunch, holidays, and days that are unlike others. Pure."""

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.calendar import WorkingCalendar
from bot.core.errors import ConfigurationError

HOURS_TABLE = Path(__file__).parents[1] / "data" / "hours.toml"
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
WORKING_DAYS = "working_days"
WEEKDAYS = {name: number for number, name in enumerate(("T2", "T3", "T4", "T5", "T6", "T7", "CN"))}
# The longest time off is Tết with the weekends around it; a table that is closed for longer is wrong.
LOOK_AHEAD_DAYS = 30
_SATURDAY = 5


class Closed(StrEnum):
    """Why nobody is there."""

    LUNCH = "lunch"
    NIGHT = "night"  # before, between or after the shifts of a day that has some
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    SPECIAL = "special"


@dataclass(frozen=True)
class Shift:
    """A time of duty; `days` are weekdays (Monday 0), None for working days. `lunch` is its own pause."""

    name: str
    start: dt.time
    end: dt.time
    days: frozenset[int] | None = None
    lunch: tuple[dt.time, dt.time] | None = None


@dataclass(frozen=True)
class Special:
    """A day unlike others: open at these times alone, or not at all."""

    day: dt.date
    reason: str
    spans: tuple[tuple[dt.time, dt.time], ...] = ()


@dataclass(frozen=True)
class Span:
    """A time of duty on a day, without a pause in it."""

    start: dt.datetime
    end: dt.datetime
    shift: str


@dataclass(frozen=True)
class OpenAt:
    """Whether it is office hours; if so which shift and until when, else why not (`day_off` names it) and since when
    again (None: not within LOOK_AHEAD_DAYS)."""

    open: bool
    shift: str | None = None
    until: dt.datetime | None = None
    closed: Closed | None = None
    day_off: str = ""
    next_open: dt.datetime | None = None


class Hours:
    """The office's hours. Moments in and out are aware; days are Vietnamese local dates."""

    def __init__(self, shifts: Sequence[Shift], calendar: WorkingCalendar, specials: Iterable[Special] = ()) -> None:
        self._shifts = tuple(shifts)
        self._calendar = calendar
        self._specials = {special.day: special for special in specials}

    @classmethod
    def load(cls, calendar: WorkingCalendar, path: Path = HOURS_TABLE) -> "Hours":
        """Read the table. Raises ConfigurationError that says what is wrong with it."""
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
            _date(table["checked_on"])
            shifts = [_shift(entry) for entry in table["shift"]]
            specials = [_special(entry) for entry in table.get("special", ())]
            if not shifts:
                raise ValueError("there is no shift")
            if unknown := set(table) - {"checked_on", "shift", "special"}:
                raise ValueError(f"unknown key {sorted(unknown)[0]}")
            if len({special.day for special in specials}) < len(specials):
                raise ValueError("a special day is there twice")
        except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise ConfigurationError(f"hours table {path} is unusable: {error!r}; restore or mend it") from error
        return cls(shifts, calendar, specials)

    def at(self, now: dt.datetime) -> OpenAt:
        """Return whether it is office hours at a moment, and what follows from that."""
        local = now.astimezone(VIETNAM)
        today = self.spans(local.date())
        held = [span for span in today if span.start <= local < span.end]
        if held:
            return OpenAt(True, held[0].shift, self._until(today, local))
        closed, day_off = self._why(local, today)
        return OpenAt(False, closed=closed, day_off=day_off, next_open=self._next(local))

    def spans(self, day: dt.date) -> tuple[Span, ...]:
        """Return the times of duty of a day in order; those of two shifts may overlap."""
        if special := self._specials.get(day):
            return tuple(_span(day, start, end, special.reason) for start, end in special.spans)
        found = [part for shift in self._shifts if self._works(shift, day) for part in _parts(shift, day)]
        return tuple(sorted(found, key=lambda span: (span.start, span.end)))

    def slots(self, now: dt.datetime, count: int) -> tuple[Span, ...]:
        """Return the next times of duty, what goes on now included, as one where they touch."""
        local, found = now.astimezone(VIETNAM), []
        for ahead in range(LOOK_AHEAD_DAYS):
            for span in _joined(self.spans(local.date() + dt.timedelta(days=ahead))):
                if span.end > local:
                    found.append(span)
                if len(found) == count:
                    return tuple(found)
        return tuple(found)

    def _works(self, shift: Shift, day: dt.date) -> bool:
        known = self._calendar.covers(day)
        if shift.days is not None:
            return day.weekday() in shift.days and not (known and self._calendar.holiday(day))
        # Beyond the holiday table only weekends are known.
        return self._calendar.is_working_day(day) if known else day.weekday() < _SATURDAY

    def _until(self, today: Sequence[Span], local: dt.datetime) -> dt.datetime | None:
        return next((span.end for span in _joined(today) if span.start <= local < span.end), None)

    def _next(self, local: dt.datetime) -> dt.datetime | None:
        for ahead in range(LOOK_AHEAD_DAYS):
            for span in self.spans(local.date() + dt.timedelta(days=ahead)):
                if span.start > local:
                    return span.start
        return None

    def _why(self, local: dt.datetime, today: Sequence[Span]) -> tuple[Closed, str]:
        day = local.date()
        if today:
            pauses = [shift.lunch for shift in self._shifts if shift.lunch and self._works(shift, day)]
            lunch = day not in self._specials and any(start <= local.time() < end for start, end in pauses)
            return (Closed.LUNCH if lunch else Closed.NIGHT), ""
        if special := self._specials.get(day):
            return Closed.SPECIAL, special.reason
        if self._calendar.covers(day) and (holiday := self._calendar.holiday(day)):
            return Closed.HOLIDAY, holiday.name
        return Closed.WEEKEND, ""


def _parts(shift: Shift, day: dt.date) -> list[Span]:
    if shift.lunch is None:
        return [_span(day, shift.start, shift.end, shift.name)]
    before, after = shift.lunch
    return [_span(day, shift.start, before, shift.name), _span(day, after, shift.end, shift.name)]


def _span(day: dt.date, start: dt.time, end: dt.time, shift: str) -> Span:
    return Span(dt.datetime.combine(day, start, VIETNAM), dt.datetime.combine(day, end, VIETNAM), shift)


def _joined(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end), joined[-1].shift)
        else:
            joined.append(span)
    return joined


def _shift(entry: Mapping[str, Any]) -> Shift:
    name = str(entry["name"])
    if unknown := set(entry) - {"name", "days", "from", "to", "lunch"}:
        raise ValueError(f"{name}: unknown key {sorted(unknown)[0]}")
    start, end = _time(entry["from"]), _time(entry["to"])
    if not name.strip() or start >= end:
        raise ValueError(f"{name}: a shift has a name and ends after it begins, on the same day")
    days: frozenset[int] | None = None
    if entry["days"] != WORKING_DAYS:
        if isinstance(entry["days"], str) or not entry["days"]:
            raise ValueError(f"{name}: days are {WORKING_DAYS} or a list of {', '.join(WEEKDAYS)}")
        days = frozenset(WEEKDAYS[day] for day in entry["days"])
    lunch: tuple[dt.time, dt.time] | None = None
    if "lunch" in entry:
        before, after = (_time(value) for value in entry["lunch"])
        if not start < before < after < end:
            raise ValueError(f"{name}: its lunch lies within it")
        lunch = (before, after)
    return Shift(name, start, end, days, lunch)


def _special(entry: Mapping[str, Any]) -> Special:
    day, reason = _date(entry["date"]), str(entry["reason"])
    if unknown := set(entry) - {"date", "reason", "closed", "open"}:
        raise ValueError(f"{day}: unknown key {sorted(unknown)[0]}")
    if (entry.get("closed") is True) == ("open" in entry):
        raise ValueError(f"{day}: a special day is closed = true, or says when it is open")
    spans = tuple((_time(start), _time(end)) for start, end in entry.get("open", ()))
    if any(start >= end for start, end in spans) or ("open" in entry and not spans):
        raise ValueError(f"{day}: a special day opens before it closes")
    return Special(day, reason, tuple(sorted(spans)))


def _date(value: object) -> dt.date:
    if type(value) is not dt.date:
        raise ValueError(f"{value!r} is not a date")
    return value


def _time(value: object) -> dt.time:
    if isinstance(value, str):
        value = dt.time.fromisoformat(value)
    if not isinstance(value, dt.time) or value.tzinfo is not None:
        raise ValueError(f"{value!r} is not a time of day")
    return value
