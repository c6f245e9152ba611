"""When it happened, as a story tells it, and the day that was promised, which is something else."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.core.story.days import Mention, day_mentions
from bot.core.story.hours import Hour, Part, hours, parts
from bot.core.story.line import Line, Phrase, read
from bot.core.story.moments import Day, Lean, Problem

__all__ = ["EventTime", "Problem", "appointment", "event_time"]

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
# Someone who tells of «now» may have a clock that is ahead of ours.
_CLOCK_SLIP = dt.timedelta(minutes=15)
# In a longer message a day to come is a plan or a threat, not an answer to «when was it?».
_ANSWER_WORDS = 12
_LONE_PART_WORDS = 6


@dataclass(frozen=True)
class EventTime:
    """When something happened, in Vietnamese local time; what is not said is None.

    `text[start:end]` names it. `problem` says why it must be asked again: FUTURE keeps the date that was read,
    IMPOSSIBLE and VAGUE have none.
    """

    date: dt.date | None
    time: dt.time | None
    approximate: bool
    problem: Problem | None
    start: int
    end: int


_DUE_BEFORE = Phrase(
    r"(?:hẹn|hạn|hạn chót|hạn trả|trả kết quả|ngày trả|dự kiến|phải xong|đáng lẽ|lẽ ra|đúng ra)(?: (?!thì|mà|nhưng"
    r"|nên|rồi|hôm|tuần|bị|ra lấy)[^ .,;:!?()]+){0,5}(?: :| \()?(?: (?:là|vào|đến|tới|hôm|trong))?$"
)
_DUE_AFTER = Phrase(
    r"(?:(?:là|thì) )?(?:(?:phải|mới|sẽ|được) )?(?:hẹn trả|là ngày hẹn|đến hẹn|đến hạn|là hạn|phải (?:có"
    r"|trả)(?: kết quả)?|hết hạn|sẽ (?:có|trả) kết quả|lấy kết quả theo)"
)
_WHEN_DUE = Phrase(r"(?:đến|tới|theo|đúng) (?:(?:giấy|phiếu|lịch|ngày) )?hẹn(?: (?:trả|ngày|là|hôm|vào)){0,2}$")
_CAME = Phrase(r"(?:, )?(?:(?:thì|tôi|em|cháu|mình|con) ){0,2}(?:ra|lên|đến|tới|quay lại|đi|qua)")
_PAPER_BEFORE = Phrase(
    r"(?:(?<!khai )sinh|sinh nhật|sinh ngày|cấp|ký|ban hành|công bố|hiệu lực|quyết định|nghị định|nghị quyết"
    r"|thông tư|công văn|văn bản|luật|thông báo số|giấy khai sinh|biên bản|kể từ ngày sinh)(?: (?:số|ngày|từ|vào"
    r"|[0-9][^ ]*)){0,4}$"
)
_NEGATED = Phrase(r"(?:(?:không|chẳng|đâu|hông|hong) phải|chứ không)(?: là)?(?: vào)?(?: lúc)?$")
_STATE_BEFORE = Phrase(r"(?:đến|tới|từ|kể từ|cho đến|mãi đến|tính đến|suốt|vẫn)(?: tận| hết)?$")
_FILED = Phrase(r"(?:nộp|làm) (?:[^ .;!?]+ ){0,3}(?:hồ sơ|đơn|giấy|thủ tục)|(?:đã|có|đi) nộp|nộp từ")
_BEHAVED = Phrase(
    r"quát|mắng|chửi|nạt|đuổi|ném|quăng|vứt|đòi|vòi|gợi ý|hách dịch|hạch sách|thái độ|bắt|không nhận|từ chối|cáu"
    r"|gắt|xúc phạm|sỉ nhục|lăng mạ|dọa|đe dọa|làm khó|gây khó|đưa tiền|phong bì|bồi dưỡng|lót tay|thu thêm"
    r"|không tiếp|không có ai|vắng|lướt điện thoại|chơi điện thoại|buôn chuyện|trống không|cộc lốc|to tiếng|hét"
    r"|lớn tiếng|bỏ về|đập bàn|chỉ tay|mỉa mai|khinh|làm ngơ|mặt lạnh|không thèm|chen ngang|ưu tiên"
)
_ABOUT_BEFORE = Phrase(
    r"(?:khoảng|tầm|chừng|hình như|chắc|ước|gần|hơn|ngót|chắc là|hình như là|đâu đó)"
    r"(?: (?:lúc|vào|hôm|ngày|từ|đâu|là|tầm)){0,2}$"
)
# Without accents these are «có», «đó», «đầu».
_ABOUT_BEFORE_EXACT = Phrase(r"(?:cỡ|độ|đâu|quãng|áng)(?: (?:lúc|vào|hôm|ngày)){0,2}$", exact=True)
_ABOUT_AFTER = Phrase(r"(?:gì đó|gì đấy|thì phải|hay sao|hoặc|hay (?:là )?(?:thứ|ngày|hôm)|đổ lại|trở lại|hơn)")
# «thứ 5 nha, 19/11 ấy»
_ADJACENT = re.compile(
    r"(?: (?:[,(-]|ngày|hôm|là|tức|nha|nhé|nhá|nè|á|ạ|à|ấy|đó|cơ|ngay|hom|la|tuc|nhe|ne|a|ay|do|co)){0,4}"
)
# «ba bữa trước đó»: before what was told, which only a short answer leaves to be today.
_BEFORE_THAT = Phrase(r"(?:đó|đấy|ấy)")
_LATEST = Phrase(r"lần (?:gần (?:đây )?nhất|mới nhất|cuối(?: cùng)?)(?: (?:là|thì|vào|hôm|ngày)){0,3}$")


def event_time(text: str, now: dt.datetime) -> EventTime | None:
    """Return when the story says it happened, read against `now` (aware), or None where it says nothing of it.

    Appointments, due dates and the dates of papers are passed over. Linear in the length of the text.
    """
    line = read(text)
    local = now.astimezone(VIETNAM)
    chosen = _best(line, [m for m in day_mentions(line) if not _passed_over(line, m)], local)
    clock = _clock(line, hours(line), chosen[0] if chosen else None)
    if chosen is None and clock is None:
        return _part_alone(line)
    part = _part(line, chosen[0] if chosen else None, clock)
    return _read(line, chosen, clock, part, local)


def appointment(text: str, now: dt.datetime) -> dt.date | None:
    """Return the day that was promised («hẹn trả 15/12», «giấy hẹn ngày 20»), or None. It may lie behind or ahead."""
    line = read(text)
    today = now.astimezone(VIETNAM).date()
    for mention in day_mentions(line):
        if _is_due(line, mention) and (day := mention.resolve(today, Lean.NEAR)) and day.date and not day.approximate:
            return day.date
    return None


def _is_due(line: Line, mention: Mention) -> bool:
    return bool(_DUE_BEFORE.ends(line, mention.start) or _DUE_AFTER.begins(line, mention.end))


def _came_when_due(line: Line, mention: Mention) -> bool:
    """True for the day of an appointment that the citizen kept."""
    return _WHEN_DUE.ends(line, mention.start) and _CAME.begins(line, mention.end) is not None


def _passed_over(line: Line, mention: Mention) -> bool:
    """True for a day on which nothing happened: a promise, the date of a paper, one that is denied, a plan."""
    if _is_due(line, mention) and not _came_when_due(line, mention):
        return True
    return bool(
        _PAPER_BEFORE.ends(line, mention.start)
        or _NEGATED.ends(line, mention.start)
        or ((mention.ahead or _before_that(line, mention)) and line.words > _ANSWER_WORDS)
    )


def _before_that(line: Line, mention: Mention) -> bool:
    return line.read.endswith(_BEFORE, 0, mention.end) and _BEFORE_THAT.begins(line, mention.end) is not None


_BEFORE = ("trước", "truoc", "trươc", "truớc")


def _best(line: Line, mentions: Sequence[Mention], local: dt.datetime) -> tuple[Mention, Day] | None:
    """Return the day that what happened is tied to: told with a deed before told alone, the earlier word first."""
    found: list[tuple[float, int, Mention, Day]] = []
    for at, mention in enumerate(mentions):
        day = mention.resolve(local.date(), Lean.PAST)
        if day is None:
            continue
        if mention.weekday and at + 1 < len(mentions) and _beside(line, mention, mentions[at + 1]):
            other = mentions[at + 1].resolve(local.date(), Lean.PAST)
            if other and other.date and not other.approximate:
                continue  # «thứ ba ngày 17/11»: the date says it better
        before = mentions[at - 1].end if at else 0
        after = mentions[at + 1].start if at + 1 < len(mentions) else len(line.read)
        found.append((-_weight(line, mention, day, before, after), at, mention, day))
    if not found:
        return None
    _, _, mention, day = min(found, key=lambda item: item[:2])
    return mention, day


def _beside(line: Line, mention: Mention, other: Mention) -> bool:
    return _ADJACENT.fullmatch(line.read, mention.end, other.start) is not None


def _weight(line: Line, mention: Mention, day: Day, before: int, after: int) -> float:
    """Return how much the words around, between the days named `before` and `after`, tie a day to what happened."""
    start, end = line.sentence(mention.start)
    start, end = max(start, before), min(end, after)
    weight = 0.0
    if mention.since or mention.ahead or _STATE_BEFORE.ends(line, mention.start):
        weight -= 2
    if day.approximate:
        weight -= 0.5
    if _LATEST.ends(line, mention.start):
        weight += 0.5
    if mention.weak or day.date is None:
        weight -= 2.5 if day.problem is not Problem.IMPOSSIBLE else 0
    if _BEHAVED.search(line, mention.end, end + 1):
        weight += 1
    elif _BEHAVED.search(line, start, mention.start + 1):
        weight += 0.75
    if _FILED.search(line, max(start, mention.start - 40), min(end, mention.end + 40)):
        weight -= 0.5
    return weight


def _clock(line: Line, found: Sequence[Hour], mention: Mention | None) -> Hour | None:
    """Return the hour that belongs to the day: one beside it, else the first of its sentence, else of the text."""
    if mention is None or not found:
        return found[0] if found else None
    start, end = line.sentence(mention.start)
    beside = [hour for hour in found if max(hour.start - mention.end, mention.start - hour.end) <= _BESIDE]
    around = [hour for hour in found if start <= hour.start < end]
    return (beside or around or found)[0]


def _part(line: Line, mention: Mention | None, clock: Hour | None) -> Part | None:
    """Return the part of the day that is said beside the hour or the day."""
    if clock and clock.part:
        return clock.part
    anchors = [m for m in (mention, clock) if m is not None]
    first, last = min(m.start for m in anchors), max(m.end for m in anchors)
    start, end = line.sentence(first)
    near = [p for p in parts(line, max(start, first - 24), min(end + 1, last + 24))]
    return min(near, key=lambda p: min(abs(p.start - a.start) for a in anchors)).part if near else None


def _part_alone(line: Line) -> EventTime | None:
    if line.words > _LONE_PART_WORDS or (said := next(parts(line), None)) is None:
        return None
    return EventTime(None, None, True, Problem.VAGUE, *line.span(said.start, said.end))


def _read(
    line: Line, chosen: tuple[Mention, Day] | None, clock: Hour | None, part: Part | None, local: dt.datetime
) -> EventTime:
    time = clock.time(part) if clock else None
    anchors = [a for a in (chosen[0] if chosen else None, clock) if a]
    approximate = any(_is_rough(line, anchor.start, anchor.end) for anchor in anchors)
    approximate = approximate or (chosen is not None and _before_that(line, chosen[0]))
    span = _span(line, chosen[0] if chosen else None, clock)
    if clock and time is None:
        return EventTime(chosen[1].date if chosen else None, None, approximate, Problem.IMPOSSIBLE, *span)
    if chosen is None:
        return EventTime(None, time, approximate, None, *span)
    day = _passed(chosen[1], time, part, local)
    return EventTime(day.date, time, approximate or day.approximate, day.problem, *span)


def _passed(day: Day, time: dt.time | None, part: Part | None, local: dt.datetime) -> Day:
    """Return the day, moved back or marked where its hour is still to come today."""
    if day.date != local.date():
        return day
    begins = time or (part.begins if part else dt.time(0))
    if dt.datetime.combine(day.date, begins) <= local.replace(tzinfo=None) + _CLOCK_SLIP:
        return day
    if day.step:
        return Day(day.date - dt.timedelta(days=day.step), day.approximate)
    return Day(day.date, day.approximate, Problem.FUTURE)


def _is_rough(line: Line, start: int, end: int) -> bool:
    return bool(
        _ABOUT_BEFORE.ends(line, start) or _ABOUT_BEFORE_EXACT.ends(line, start) or _ABOUT_AFTER.begins(line, end)
    )


# Characters between the day and the hour of one phrase («hôm qua, khoảng 3 giờ»).
_BESIDE = 14


def _span(line: Line, mention: Mention | None, clock: Hour | None) -> tuple[int, int]:
    first = mention or clock
    assert first is not None  # noqa: S101
    start, end = first.start, first.end
    if mention and clock and max(clock.start - mention.end, mention.start - clock.end) <= _BESIDE:
        start, end = min(start, clock.start), max(end, clock.end)
    return line.span(start, end)
