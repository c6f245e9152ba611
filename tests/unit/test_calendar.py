"""Working days, days off, and limits counted over them."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calendar import HOLIDAY_TABLE, Certainty, WorkingCalendar
from bot.core.errors import ConfigurationError
from bot.core.ports import Calendar

TABLE = WorkingCalendar.load()
DAYS = st.dates(TABLE.first_day, TABLE.last_day)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_the_calendar_is_what_the_core_asks_for() -> None:
    calendar: Calendar = TABLE
    assert calendar.add_working_days(day("2026-11-16"), 1) == day("2026-11-17")


@pytest.mark.parametrize(
    ("off", "name"),
    [
        ("2026-01-01", "Tết Dương lịch"),
        ("2026-02-17", "Tết Nguyên đán Bính Ngọ"),
        ("2026-04-27", "Nghỉ bù Giỗ Tổ Hùng Vương"),
        ("2026-04-30", "Ngày Chiến thắng"),
        ("2026-05-01", "Ngày Quốc tế Lao động"),
        ("2026-09-02", "Quốc khánh"),
        ("2026-11-24", "Ngày Văn hóa Việt Nam"),
        ("2027-02-06", "Tết Nguyên đán Đinh Mùi"),
        ("2027-04-16", "Giỗ Tổ Hùng Vương (10/3 âm lịch)"),
        ("2027-05-03", "Nghỉ bù Ngày Quốc tế Lao động"),
    ],
)
def test_public_holidays(off: str, name: str) -> None:
    holiday = TABLE.holiday(day(off))
    assert holiday is not None
    assert holiday.name == name
    assert holiday.source
    assert not TABLE.is_working_day(day(off))


def test_swapped_weekends_are_worked() -> None:
    assert TABLE.is_working_day(day("2026-01-10"))
    assert TABLE.is_working_day(day("2026-08-22"))
    assert not TABLE.is_working_day(day("2026-01-02"))
    assert not TABLE.is_working_day(day("2026-11-21"))


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-23", 1, "2026-11-25"),
        ("2026-11-21", 5, "2026-11-30"),
        ("2026-02-13", 1, "2026-02-23"),
        ("2026-01-09", 1, "2026-01-10"),
        ("2026-11-24", 0, "2026-11-25"),
    ],
)
def test_the_day_after_the_start_is_the_first_working_day(start: str, days: int, due: str) -> None:
    assert TABLE.add_working_days(day(start), days) == day(due)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [("2026-11-16", 3, "2026-11-19"), ("2026-11-21", 3, "2026-11-25"), ("2026-11-16", 5, "2026-11-23")],
)
def test_a_limit_in_days_ends_on_a_working_day(start: str, days: int, due: str) -> None:
    assert TABLE.add_days(day(start), days) == day(due)


def test_nothing_is_promised_beyond_the_table() -> None:
    assert TABLE.add_working_days(day("2027-12-20"), 60) is None
    assert TABLE.add_days(day("2027-12-20"), 60) is None
    assert TABLE.add_working_days(day("2025-12-30"), 5) is None
    assert TABLE.add_days(day("2025-12-30"), 5) is None
    assert TABLE.add_days(day("2026-12-30"), 10**12) is None


def test_a_negative_limit_is_refused() -> None:
    for count in (TABLE.add_working_days, TABLE.add_days):
        with pytest.raises(ValueError, match="negative"):
            count(day("2026-11-21"), -1)


@given(DAYS, st.integers(0, 120), st.integers(0, 120))
def test_working_days_add_up(start: dt.date, first: int, second: int) -> None:
    middle = TABLE.add_working_days(start, first)
    whole = TABLE.add_working_days(start, first + second)
    if middle is not None and whole is not None and first > 0:
        assert TABLE.add_working_days(middle, second) == whole


@given(DAYS, st.integers(1, 200))
def test_a_due_day_is_worked_and_has_that_many_working_days_before_it(start: dt.date, days: int) -> None:
    due = TABLE.add_working_days(start, days)
    if due is not None:
        between = [start + dt.timedelta(days=n) for n in range(1, (due - start).days + 1)]
        assert sum(map(TABLE.is_working_day, between)) == days
        assert TABLE.is_working_day(due)


@given(DAYS, st.integers(0, 200))
def test_a_limit_in_days_is_never_shortened(start: dt.date, days: int) -> None:
    due = TABLE.add_days(start, days)
    if due is not None:
        assert due >= start + dt.timedelta(days=days)
        assert TABLE.is_working_day(due)


def test_a_due_date_over_days_not_yet_announced_is_told_apart() -> None:
    projected = TABLE.projected_between(day("2027-01-20"), day("2027-02-20"))
    assert projected
    assert all(h.certainty is Certainty.PROJECTED and h.reason for h in projected)
    assert not TABLE.projected_between(day("2026-01-01"), day("2026-12-31"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("first_day = 2026-01-01", "first_day = 'hôm nay'"),
        ("date = 2026-01-10", "date = 2031-01-10"),
        ('status = "law"', 'status = "maybe"'),
        ('source = "van_hoa"', 'source = "nowhere"'),
        ("reason = ", "remark = "),
        ("[sources]", "[sources"),
        ("until = 2026-02-20", "until = 2026-02-10"),
    ],
)
def test_a_broken_table_stops_the_start_with_one_line(old: str, new: str, tmp_path: Path) -> None:
    text = HOLIDAY_TABLE.read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "holidays.toml"
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"holidays\.toml"):
        WorkingCalendar.load(broken)
