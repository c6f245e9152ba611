"""Working days of Viet Nam's public offices, counted over a holiday table that is data."""

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.core.errors import ConfigurationError

HOLIDAY_TABLE = Path(__file__).with_name("data") / "holidays.toml"
_ONE_DAY = dt.timedelta(days=1)
_SATURDAY = 5
_LONGEST_HOLIDAY_DAYS = 31


class Certainty(StrEnum):
    """Why a day is in the table: the law names it, a yearly notice does, or it is still to be announced."""

    LAW = "law"
    ANNOUNCED = "announced"
    PROJECTED = "projected"


@dataclass(frozen=True)
class Holiday:
    """One day off, or one weekend day that is worked instead; `source` says in words where that is written."""

    date: dt.date
    name: str
    certainty: Certainty
    source: str
    reason: str | None = None


class WorkingCalendar:
    """Implements bot.core.ports.Calendar; dates are Vietnamese local dates.

    The first day of a time limit is not counted (Bộ luật Dân sự 2015, Điều 147 khoản 2), and a limit in days that
    ends on a day off ends with the next working day (Điều 148 khoản 5).
    """

    def __init__(
        self, first_day: dt.date, last_day: dt.date, holidays: Iterable[Holiday], worked: Iterable[Holiday] = ()
    ) -> None:
        """Take the days off and the worked weekend days of the period that the table covers."""
        self.first_day = first_day
        self.last_day = last_day
        self._holidays = {holiday.date: holiday for holiday in holidays}
        self._worked = {holiday.date: holiday for holiday in worked}

    @classmethod
    def load(cls, path: Path = HOLIDAY_TABLE) -> "WorkingCalendar":
        """Read the table. Raises ConfigurationError that says what is wrong with it."""
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
            first, last = _date(table["first_day"]), _date(table["last_day"])
            sources = table["sources"]
            days_off = [day for entry in table["holiday"] for day in _days(entry, sources)]
            worked = [day for entry in table.get("working_weekend", ()) for day in _days(entry, sources)]
        except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
            raise ConfigurationError(f"holiday table {path} is unusable: {error!r}; restore or mend it") from error
        for day in (*days_off, *worked):
            if not first <= day.date <= last:
                raise ConfigurationError(f"holiday table {path}: {day.date} lies outside {first} to {last}")
        return cls(first, last, days_off, worked)

    def holiday(self, day: dt.date) -> Holiday | None:
        """Return why `day` is a public holiday; None for weekends and working days."""
        return self._holidays.get(day)

    def is_working_day(self, day: dt.date) -> bool:
        """True when offices work. Raises ValueError outside the table."""
        if not self.covers(day):
            raise ValueError(f"{day} is outside the holiday table")
        return day in self._worked or (day.weekday() < _SATURDAY and day not in self._holidays)

    def covers(self, day: dt.date) -> bool:
        """True when the table knows the day's year."""
        return self.first_day <= day <= self.last_day

    def add_working_days(self, start: dt.date, days: int) -> dt.date | None:
        """Return the day `days` working days after `start`, the day after `start` being the first.

        Zero gives `start`, or the next working day. None beyond the table. Raises ValueError for a negative number.
        """
        if days < 0:
            raise ValueError("a time limit cannot be negative")
        if days == 0:
            return self._working_day_from(start)
        day = start
        while days and self.covers(day):
            day += _ONE_DAY
            days -= self.covers(day) and self.is_working_day(day)
        return day if self.covers(start) and self.covers(day) else None

    def add_days(self, start: dt.date, days: int) -> dt.date | None:
        """Return the day `days` days after `start`, moved on to a working day; None beyond the table.

        Raises ValueError for a negative number.
        """
        if days < 0:
            raise ValueError("a time limit cannot be negative")
        if not self.covers(start) or days > (self.last_day - start).days:
            return None
        return self._working_day_from(start + dt.timedelta(days=days))

    def projected_between(self, start: dt.date, end: dt.date) -> tuple[Holiday, ...]:
        """Return the days of the period that are not announced yet: a due date that spans them may still move."""
        days = (*self._holidays.values(), *self._worked.values())
        return tuple(d for d in days if d.certainty is Certainty.PROJECTED and start <= d.date <= end)

    def _working_day_from(self, day: dt.date) -> dt.date | None:
        while self.covers(day):
            if self.is_working_day(day):
                return day
            day += _ONE_DAY
        return None


def _days(entry: Mapping[str, Any], sources: Mapping[str, str]) -> list[Holiday]:
    first, last = _date(entry["date"]), _date(entry.get("until", entry["date"]))
    if not 0 <= (last - first).days < _LONGEST_HOLIDAY_DAYS:
        raise ValueError(f"{entry['name']}: until lies before date or too far after it")
    certainty, source = Certainty(entry["status"]), sources[entry["source"]]
    reason = entry.get("reason")
    if certainty is Certainty.PROJECTED and not reason:
        raise ValueError(f"{entry['name']}: a projected day needs its reason")
    return [
        Holiday(first + dt.timedelta(days=offset), str(entry["name"]), certainty, source, reason)
        for offset in range((last - first).days + 1)
    ]


def _date(value: object) -> dt.date:
    if type(value) is not dt.date:
        raise ValueError(f"{value!r} is not a date")
    return value
