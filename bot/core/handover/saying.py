"""Waits and moments in words, as people say them."""

from datetime import datetime

from bot.core.handover.hours import VIETNAM, OpenAt, Span
from bot.core.handover.queue import LONGEST_MINUTES
from bot.core.phrases import Phrases

_NOON, _EVENING = 12, 18


def wait(phrases: Phrases, minutes: int) -> str:
    """Return «khoảng 10 phút», «hơn một giờ»."""
    return phrases.word("wait_long") if minutes > LONGEST_MINUTES else phrases.word("wait_minutes", n=minutes)


def why_closed(phrases: Phrases, at: OpenAt) -> str:
    """Return «đang nghỉ Tết Dương lịch»; for what is closed."""
    return phrases.word(f"closed_{at.closed}", day_off=at.day_off)


def moment(phrases: Phrases, when: datetime, now: datetime) -> str:
    """Return «8 giờ sáng mai», «13 giờ 30 chiều thứ Hai 30/11»."""
    local = when.astimezone(VIETNAM)
    hour = f"{local.hour} giờ" + (f" {local.minute:02}" if local.minute else "")
    return f"{hour} {_part_of_day(phrases, local, now)}"


def slot(phrases: Phrases, span: Span, now: datetime) -> str:
    """Return «sáng mai», «chiều thứ Sáu 27/11»."""
    local = max(span.start, now.astimezone(VIETNAM))
    return _part_of_day(phrases, local, now)


def _part_of_day(phrases: Phrases, local: datetime, now: datetime) -> str:
    part = "morning" if local.hour < _NOON else "afternoon" if local.hour < _EVENING else "evening"
    return f"{phrases.word(f'part_{part}')} {_day(phrases, local, now)}"


def _day(phrases: Phrases, local: datetime, now: datetime) -> str:
    today = now.astimezone(VIETNAM).date()
    ahead = (local.date() - today).days
    if ahead == 0:
        return phrases.word("day_today")
    if ahead == 1:
        return phrases.word("day_tomorrow")
    return f"{phrases.word(f'weekday_{local.weekday()}')} {local.day:02}/{local.month:02}"
