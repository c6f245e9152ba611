"""Finding the hours and the parts of the day that a text names: «2 rưỡi chiều», «9h kém 15», «hồi sáng»."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.story.line import Line, Phrase, bare
from bot.core.story.numerals import SHORT, TENS, number


class Part(StrEnum):
    """A part of the day, with the hour at which it begins (`begins`)."""

    MORNING = "sang"
    NOON = "trua"
    AFTERNOON = "chieu"
    EVENING = "toi"
    NIGHT = "dem"

    @property
    def begins(self) -> dt.time:
        """The local time before which nothing can have happened in it."""
        return _BEGINS[self]


_BEGINS = {
    Part.MORNING: dt.time(0),
    Part.NOON: dt.time(10, 30),
    Part.AFTERNOON: dt.time(12),
    Part.EVENING: dt.time(17),
    Part.NIGHT: dt.time(18),
}


@dataclass(frozen=True)
class Hour:
    """An hour named at `line.read[start:end]`; None for one that no clock has. `part` is the part of day it says."""

    start: int
    end: int
    hour: int
    minute: int
    part: Part | None

    def time(self, part: Part | None) -> dt.time | None:
        """Return the time of day, read with what else is known of the part of the day; None: no clock has it.

        Offices work by day: «3h» without a part of the day is the afternoon's, «9h» the morning's.
        """
        hour, minute, part = self.hour, self.minute, self.part or part
        if minute < 0:
            hour, minute = hour - 1, minute + 60
        if hour == 24 and minute == 0:
            hour = 0
        if not (0 <= hour < 24 and minute < 60):
            return None
        match part:
            case Part.AFTERNOON if 1 <= hour <= 7:
                hour += 12
            case Part.NOON if 1 <= hour <= 3:
                hour += 12
            case Part.EVENING | Part.NIGHT if 5 <= hour <= 11:
                hour += 12
            case Part.EVENING | Part.NIGHT if hour == 12:
                hour = 0
            case None if 1 <= hour <= 5:
                hour += 12
            case _:
                pass
        return dt.time(hour, minute)


_CUE = r"(?:lúc|khoảng|tầm|cỡ|chừng|hồi|từ|đến|tới|gần|hơn|quá|đúng|mới|vào)"
_PART = r"(?:sáng|trưa|chiều|tối|đêm)"
_PATTERNS = (
    Phrase(rf"(?P<h>{SHORT}) (?:h|giờ|g) kém (?P<k>{SHORT})(?: (?:phút|p))?"),
    Phrase(rf"(?P<h>{SHORT}) (?:h|giờ|g) (?P<half>rưỡi)"),
    Phrase(rf"(?P<h>{SHORT}) (?:h|giờ) (?P<m>\d{{1,2}}|{SHORT}) (?:phút|p|ph)"),
    Phrase(rf"(?P<h>{SHORT}) (?:h|giờ|g) (?P<m>\d\d|{TENS})(?! (?:người|bộ|hồ sơ|lần|lượt|nghìn|ngàn|triệu))"),
    Phrase(rf"(?P<h>{SHORT}) (?:h|giờ)"),
    Phrase(r"(?P<h>\d{1,2}):(?P<m>\d\d)(?::\d\d)?"),
    Phrase(rf"(?P<h>{SHORT}) (?P<half>rưỡi)(?= (?:{_PART}|hôm|bữa|ngày|thứ) )"),
    Phrase(rf"(?:{_CUE} )(?P<h>{SHORT}) (?P<half>rưỡi)(?! (?:triệu|nghìn|củ|tiếng))"),
    Phrase(rf"(?P<h>{SHORT}) g(?= {_PART})"),
    Phrase(rf"(?:{_CUE} )(?P<h>{SHORT})(?= (?:sáng|trưa|chiều) )", strict=True),
)
# The whole message is the hour.
_ALONE = Phrase(rf"^(?:(?:dạ|lúc|khoảng|tầm|tôi|nhớ|là) ){{0,4}}(?P<h>{SHORT}) (?P<half>rưỡi)(?: ạ| gì đó)?(?= $)")

_LASTING = Phrase(
    r"(?:chờ|đợi|mất|hết|tốn|ngồi|suốt|cả|trong|(?<!thứ )sau|thêm|đứng|xếp hàng|chậm|trễ|muộn)(?: (?!từ|đến|tới"
    r"|lúc|tận|đúng|sang|hồi)[^ .,;!?]+){0,2}$"
)
_LASTING_AFTER = Phrase(r"(?:đồng hồ|liền|liên tục|sau|nữa|trước|làm việc|rồi)")
_OFFICE_HOURS = Phrase(
    r"(?:mở cửa|làm việc|giờ làm|giờ hành chính|đóng cửa|quy định|niêm yết|ghi)(?: (?:từ|đến|tới|lúc|là|buổi|sáng"
    r"|chiều))*$"
)
_APPOINTED = Phrase(r"(?:hẹn|mai|dặn|ngày kia)(?: (?!mà|nhưng|thì)[^ .,;!?]+){0,4}$")


def hours(line: Line) -> list[Hour]:
    """Return the hours that something happened at, in order: no lengths of time, opening hours or appointments.

    «từ 8h đến 11h sáng» is 8 in the morning.
    """
    taken = bytearray(len(line.read))
    found: list[Hour] = []
    for pattern in (*_PATTERNS, _ALONE) if line.words <= _SHORT_ANSWER else _PATTERNS:
        for match in pattern.finditer(line):
            start, end = match.span()
            if taken.find(1, start + 1, end) < 0:
                taken[start + 1 : end] = b"\x01" * (end - start - 1)
                found.append(_hour(line, match))
    spans: list[Hour] = []
    for hour in sorted(found, key=lambda hour: hour.start):
        if spans and _UNTIL.fullmatch(line.read, spans[-1].end, hour.start):
            spans[-1] = replace(spans[-1], end=hour.end, part=spans[-1].part or hour.part)
        else:
            spans.append(hour)
    return [hour for hour in spans if not _is_else(line, hour.start, hour.end)]


_UNTIL = re.compile(r" (?:đến|den|tới|toi|-)(?: (?:tận|tan))?")
_SHORT_ANSWER = 8


def _is_else(line: Line, start: int, end: int) -> bool:
    return bool(
        _LASTING.ends(line, start)
        or _LASTING_AFTER.begins(line, end)
        or _OFFICE_HOURS.ends(line, start)
        or _APPOINTED.ends(line, start)
    )


def _hour(line: Line, match: re.Match[str]) -> Hour:
    groups = match.groupdict()
    minute = 30 if groups.get("half") else number(groups["m"]) if groups.get("m") else 0
    if groups.get("k"):
        minute = -number(groups["k"])
    said = next(
        (part for part in parts(line, match.end(), match.end() + _PART_REACH) if part.start == match.end()), None
    )
    return Hour(
        match.start(), said.end if said else match.end(), number(groups["h"]), minute, said.part if said else None
    )


# «buổi chiều hôm» is the longest between an hour and the end of its part of the day.
_PART_REACH = 24


@dataclass(frozen=True)
class PartMention:
    """A part of the day named at `line.read[start:end]`."""

    start: int
    end: int
    part: Part


_PART_WORDS = Phrase(
    r"(?:vào )?(?:(?:đầu|cuối|giữa) )?(?:(?:buổi|giờ|hồi|ban|lúc) ){0,2}(?P<p>sáng|trưa|chiều|tối|đêm"
    r"|khuya)(?! (?:đa|thiểu|tạo|suốt|kiến|mắt|cao|theo|lòng|dài|tác))(?: sớm| muộn)?",
    strict=True,
)
# Without accents «sang» is also «to go over», «toi» also «I», «dem» also «to bring».
_UNSURE_BEFORE = re.compile(r" (?:buoi|hoi|ban|luc|gio|h|g|ruoi|\d{1,2}|:\d\d) ?$")
_UNSURE_AFTER = re.compile(r" (?:nay|hom|thu|ngay|mung|mong|som|chu nhat|[.,;!?]|t \d|\d{1,2}/|$)")
_EVENING = re.compile(r" (?:buoi|hoi|ban)$")
_LAST_NIGHT = re.compile(r" qua (?:[.,;!?]|luc|khoang|tam|\d|$)")
_NEVER_AFTER = re.compile(r" (?:phuong|xa|do|quan|so|ben|phong|cho|uy ban|ubnd|quay|trung tam)\b")


def parts(line: Line, start: int = 0, end: int | None = None) -> Iterator[PartMention]:
    """Yield the parts of the day that are named in `line.read[start:end]`."""
    for match in _PART_WORDS.finditer(line, start, end):
        name = bare(match["p"])
        if line.bare and name in ("sang", "toi", "dem") and not _sure(line, match, name):
            continue
        part = Part.NIGHT if name == "khuya" else Part(name)
        yield PartMention(match.start(), match.end(), part)


def _sure(line: Line, match: re.Match[str], name: str) -> bool:
    before = line.read[max(0, match.start("p") - 12) : match.start("p") - 1]
    if name == "sang" and _NEVER_AFTER.match(line.read, match.end("p")):
        return False
    after = bool(_UNSURE_AFTER.match(line.read, match.end("p")))
    if name == "toi":
        # «8h toi ra phuong» is «8h tôi …», «toi hom qua» is «tôi hôm qua …»
        alone = bool(_UNSURE_BEFORE.search(before)) and after
        return alone or bool(_EVENING.search(before)) or bool(_LAST_NIGHT.match(line.read, match.end("p")))
    return after or bool(_UNSURE_BEFORE.search(before))
