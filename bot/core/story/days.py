"""Finding the days that a text names: «chiều thứ ba tuần trước», «mùng 2/9», «3 ngày trước»."""

from dataclasses import dataclass
from functools import lru_cache

from bot.core.story.day_rules import RULES, Rule
from bot.core.story.line import Line, Phrase
from bot.core.story.moments import Resolver, vague


@dataclass(frozen=True)
class Mention:
    """A day named at `line.read[start:end]`.

    `ahead` is a word for a day to come, `since` the beginning of a state that lasts, `weak` no more than a hint.
    """

    start: int
    end: int
    resolve: Resolver
    ahead: bool = False
    since: bool = False
    weak: bool = False
    weekday: bool = False


@lru_cache(maxsize=4)
def day_mentions(line: Line) -> tuple[Mention, ...]:
    """Return the days named in a line, in order, none overlapping another."""
    taken = bytearray(len(line.read))
    found: list[Mention] = []
    for rule in RULES:
        for match in rule.phrase.finditer(line):
            start, end = match.span()
            if taken.find(1, start + 1, end) >= 0 or _means_else(line, rule, start, end):
                continue
            resolve = rule.build(match)
            if resolve is None:
                continue
            taken[start + 1 : end] = b"\x01" * (end - start - 1)
            if not rule.nothing:
                weak = rule.weak or resolve is vague
                found.append(Mention(start, end, resolve, rule.ahead, rule.since, weak, rule.weekday))
    return tuple(sorted(found, key=lambda mention: mention.start))


# A number behind one of these is an address, an ordinal or a share.
_NOUN_BEFORE = Phrase(
    r"(?:số|ngõ|ngách|hẻm|nhà|quầy|cửa|bàn|phòng|ô|điều|khoản|điểm|mục|tờ|thửa|mẫu|mỗi|từng|lần|đi lại|tỷ lệ"
    r"|chung cư|tòa|lô|xe|tổ|phục vụ|một|hàng|người|con|cái|câu|tầng|hạng|loại|nhóm|đợt|đứng|[0-9]+)$"
)
# A number before one of these counts it.
_COUNTED = Phrase(
    r"(?:lần|người|buổi|bữa|bộ|hồ sơ|tiếng|giờ|lượt|cái|triệu|nghìn|ngàn|đồng|phút|tuần|%|tờ|bản|loại|công|nữa"
    r"|liền|liên tục|tuổi|ngày|quầy|cửa)"
)
_ORDINAL_BEFORE = Phrase(
    r"(?:số|lần|người|con|cái|quầy|câu|điểm|chuyện|tầng|hạng|loại|đợt|vợ|đứng|bên|nước|bàn|(?:sang|đến|tới|đã"
    r"|là) ngày)$"
)
_LISTED = Phrase(r"thứ nhất")
_LIST_AFTER = Phrase(r"(?:là|:|nữa)")


def _means_else(line: Line, rule: Rule, start: int, end: int) -> bool:
    if rule.counts and (_NOUN_BEFORE.ends(line, start) or _COUNTED.begins(line, end)):
        return True
    return rule.weekday and bool(
        _ORDINAL_BEFORE.ends(line, start) or _LIST_AFTER.begins(line, end) or _LISTED.search(line)
    )
