"""Office hours: shifts that overlap, lunch, holidays, days unlike others, and tables that are wrong."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.calendar import WorkingCalendar
from bot.core.errors import ConfigurationError
from bot.core.handover import saying
from bot.core.handover.hours import VIETNAM, Closed, Hours
from bot.core.phrases import load_phrases

CALENDAR = WorkingCalendar.load()
PHRASES = load_phrases()
TWO_SHIFTS = """
checked_on = 2026-11-26
[[shift]]
name = "sớm"
days = "working_days"
from = 07:30:00
to = 16:30:00
lunch = [11:30:00, 13:00:00]
[[shift]]
name = "muộn"
days = ["T2", "T3", "T4", "T5"]
from = 10:00:00
to = 19:00:00
lunch = [13:00:00, 14:00:00]
[[shift]]
name = "thứ Bảy"
days = ["T7"]
from = 08:00:00
to = 11:00:00
[[special]]
date = 2026-12-18
reason = "tổng kết năm"
open = [["08:00", "10:00"]]
[[special]]
date = 2026-12-21
reason = "mất điện"
closed = true
"""


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.fixture
def hours(tmp_path: Path) -> Hours:
    path = tmp_path / "hours.toml"
    path.write_text(TWO_SHIFTS, "utf-8")
    return Hours.load(CALENDAR, path)


@pytest.mark.parametrize(
    ("at", "shift"),
    [
        ("2026-11-26T07:30", "sớm"),
        ("2026-11-26T09:00", "sớm"),
        # The other shift works through the first one's lunch.
        ("2026-11-26T12:00", "muộn"),
        ("2026-11-26T13:30", "sớm"),
        ("2026-11-26T18:59", "muộn"),
        ("2026-11-28T08:30", "thứ Bảy"),
        ("2026-12-18T09:00", "tổng kết năm"),
    ],
)
def test_some_shift_is_on_duty(hours: Hours, at: str, shift: str) -> None:
    now = hours.at(local(at))
    assert (now.open, now.shift, now.closed) == (True, shift, None)
    assert now.until is not None
    assert now.until > local(at)


@pytest.mark.parametrize(
    ("at", "closed", "opens"),
    [
        ("2026-11-26T07:29", Closed.NIGHT, "2026-11-26T07:30"),
        ("2026-11-26T19:00", Closed.NIGHT, "2026-11-27T07:30"),
        # On Friday nobody else works through lunch.
        ("2026-11-27T12:00", Closed.LUNCH, "2026-11-27T13:00"),
        ("2026-11-27T17:00", Closed.NIGHT, "2026-11-28T08:00"),
        ("2026-11-28T11:00", Closed.NIGHT, "2026-11-30T07:30"),
        ("2026-11-29T10:00", Closed.WEEKEND, "2026-11-30T07:30"),
        ("2026-11-24T10:00", Closed.HOLIDAY, "2026-11-25T07:30"),
        ("2026-12-18T10:00", Closed.NIGHT, "2026-12-19T08:00"),
        ("2026-12-21T10:00", Closed.SPECIAL, "2026-12-22T07:30"),
    ],
)
def test_it_is_closed_for_a_reason_and_opens_again(hours: Hours, at: str, closed: Closed, opens: str) -> None:
    now = hours.at(local(at))
    assert (now.open, now.closed, now.next_open) == (False, closed, local(opens))


def test_a_holiday_and_a_special_day_are_named(hours: Hours) -> None:
    assert saying.why_closed(PHRASES, hours.at(local("2026-12-21T10:00"))) == "hôm nay nghỉ (mất điện)"
    assert "Văn hóa" in saying.why_closed(PHRASES, hours.at(local("2026-11-24T10:00")))


def test_hours_are_the_same_whatever_zone_the_moment_is_told_in(hours: Hours) -> None:
    assert hours.at(datetime(2026, 11, 26, 0, 30, tzinfo=UTC)) == hours.at(local("2026-11-26T07:30"))


def test_times_to_call_back_are_the_next_times_of_duty(hours: Hours) -> None:
    evening = hours.slots(local("2026-11-27T20:00"), 3)
    assert [(span.start, span.end) for span in evening] == [
        (local("2026-11-28T08:00"), local("2026-11-28T11:00")),
        # Two shifts that overlap are one time.
        (local("2026-11-30T07:30"), local("2026-11-30T19:00")),
        (local("2026-12-01T07:30"), local("2026-12-01T19:00")),
    ]
    assert hours.slots(local("2026-11-27T09:00"), 1)[0].start == local("2026-11-27T07:30")


def test_beyond_the_holiday_table_only_weekends_are_known(hours: Hours) -> None:
    assert hours.at(local("2031-01-01T10:00")).open
    assert hours.at(local("2031-01-05T10:00")).closed is Closed.WEEKEND


def test_the_shipped_hours_are_office_hours() -> None:
    hours = Hours.load(CALENDAR)
    assert hours.at(local("2026-11-26T09:00")).open
    assert hours.at(local("2026-11-26T12:30")).closed is Closed.LUNCH
    assert hours.at(local("2026-11-28T09:00")).closed is Closed.WEEKEND
    assert hours.at(local("2026-11-24T09:00")).closed is Closed.HOLIDAY
    start = local("2026-11-23T00:00")
    assert any(hours.at(start + timedelta(hours=n)).open for n in range(24 * 7))


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("from = 17:00:00", "from = 07:30:00"),
        ("to = 07:00:00", "to = 16:30:00"),
        ("lunch = [06:30:00, 13:00:00]", "lunch = [11:30:00, 13:00:00]"),
        ("lunch = [13:00:00, 11:30:00]", "lunch = [11:30:00, 13:00:00]"),
        ('days = "moi_ngay"', 'days = "working_days"'),
        ("days = []", 'days = ["T7"]'),
        ('days = ["T8"]', 'days = ["T7"]'),
        ('nam = "thứ Bảy"', 'name = "thứ Bảy"'),
        ('name = " "', 'name = "thứ Bảy"'),
        ('from = "sáng"', "from = 08:00:00"),
        ('open = [["10:00", "08:00"]]', 'open = [["08:00", "10:00"]]'),
        ("open = []", 'open = [["08:00", "10:00"]]'),
        ("closed = false", "closed = true"),
        ("date = 2026-12-18", "date = 2026-12-21"),
        ("ngay = 2026-12-21", "date = 2026-12-21"),
        ("[[ca]]", "[[shift]]"),
        ("kiem_tra = 2026-11-26", "checked_on = 2026-11-26"),
        ('checked_on = "hôm qua"', "checked_on = 2026-11-26"),
    ],
)
def test_a_wrong_table_is_refused_in_one_line(tmp_path: Path, wrong: str, right: str) -> None:
    assert right in TWO_SHIFTS
    path = tmp_path / "hours.toml"
    path.write_text(TWO_SHIFTS.replace(right, wrong, 1), "utf-8")
    with pytest.raises(ConfigurationError) as refused:
        Hours.load(CALENDAR, path)
    assert "\n" not in str(refused.value)


def test_a_table_that_is_not_there_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        Hours.load(CALENDAR, tmp_path / "none.toml")
    (tmp_path / "empty.toml").write_text("checked_on = 2026-11-26\nshift = []\n", "utf-8")
    with pytest.raises(ConfigurationError):
        Hours.load(CALENDAR, tmp_path / "empty.toml")


@pytest.mark.parametrize(
    ("when", "now", "said"),
    [
        ("2026-11-27T08:00", "2026-11-26T20:00", "8 giờ sáng mai"),
        ("2026-11-26T13:00", "2026-11-26T12:10", "13 giờ chiều nay"),
        ("2026-11-30T07:30", "2026-11-27T20:00", "7 giờ 30 sáng thứ Hai 30/11"),
        ("2026-11-29T18:00", "2026-11-27T20:00", "18 giờ tối Chủ nhật 29/11"),
    ],
)
def test_moments_are_said_as_people_say_them(when: str, now: str, said: str) -> None:
    assert saying.moment(PHRASES, local(when), local(now)) == said


def test_a_time_that_goes_on_is_called_by_what_is_left_of_it(hours: Hours) -> None:
    (now_on, *_) = hours.slots(local("2026-11-26T15:00"), 1)
    assert saying.slot(PHRASES, now_on, local("2026-11-26T15:00")) == "chiều nay"
