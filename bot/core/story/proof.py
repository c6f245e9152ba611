"""Time lost, visits made, proof and witnesses, as a story tells them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.core.story.line import Line, Phrase, bare
from bot.core.story.numerals import NUMBER, SHORT, TENS, number


class Evidence(StrEnum):
    """What the citizen says they can show."""

    AUDIO = "ghi âm"
    VIDEO = "video"
    PHOTO = "ảnh"
    RECEIPT = "biên lai"
    SLIP = "giấy hẹn"
    MESSAGE = "tin nhắn"
    WITNESS = "nhân chứng"


@dataclass(frozen=True)
class Wait:
    """Time lost in the citizen's words, and in minutes where it can be counted."""

    words: str
    minutes: int | None


_WAITS = r"(?:chờ|đợi|ngồi|mất|hết|tốn|xếp hàng|đứng|chầu chực|phơi nắng|mòn mỏi)"
_AMOUNT = r"(?:(?:hơn|gần|khoảng|tầm|tới|đến|tận|cả|mất|hết|suốt|những|trọn|đúng|chừng|ngót) ){0,3}"
_GAP = r"(?: (?!từ|lúc|tiền|đến lượt|không|[.,;!?])[^ ]+){0,4}?"
_UNTIL = rf"(?P<h>{SHORT}) (?:h|giờ)(?: (?P<m>\d\d))?(?: (?:sáng|trưa|chiều))?"
_TIMES: tuple[tuple[Phrase, Callable[[re.Match[str]], int | None]], ...] = (
    (
        Phrase(
            rf"(?:{_WAITS} (?:[^ .,;!?]+ ){{0,3}}?)?từ (?P<h>{SHORT}) (?:h|giờ)(?: (?P<m>\d\d))?(?: (?:sáng|trưa"
            r"|chiều))?"
            rf" (?:đến|tới|-)(?: tận)? (?P<h2>{SHORT}) (?:h|giờ)(?: (?P<m2>\d\d))?(?: (?:sáng|trưa|chiều))?"
        ),
        lambda m: _between(m),
    ),
    (Phrase(rf"{_WAITS}{_GAP} {_AMOUNT}nửa (?:tiếng|giờ)(?: đồng hồ)?"), lambda _: 30),
    (
        Phrase(
            rf"{_WAITS}{_GAP} {_AMOUNT}(?P<n>{SHORT}) (?:tiếng|giờ|h)(?: đồng hồ)?(?: (?P<half>rưỡi)| (?P<m>\d\d"
            rf"|{TENS})(?: phút| p)?)?"
        ),
        lambda m: _hours(m),
    ),
    (Phrase(rf"{_WAITS}{_GAP} {_AMOUNT}(?P<n>{NUMBER}) (?:phút|p)"), lambda m: number(m["n"])),
    (Phrase(rf"{_WAITS}{_GAP} (?:cả|hàng) (?:tiếng|giờ)(?: đồng hồ)?"), lambda _: 60),
    (
        Phrase(
            rf"{_WAITS}{_GAP} {_AMOUNT}(?:(?:{NUMBER}|mấy|nửa|vài) (?:ngày|tuần|tháng|buổi|hôm|tiếng|năm)"
            r"|(?:buổi )?(?:sáng|chiều)|buổi|ngày)"
        ),
        lambda _: None,
    ),
    (
        Phrase(
            rf"(?P<n>{SHORT}) tiếng(?: đồng hồ)?(?: (?P<half>rưỡi))?(?: đồng hồ)?(?! (?:trước|sau|nữa|việt|anh|nói"
            r"|chửi))"
        ),
        lambda m: _hours(m),
    ),
)
_CLOCK_BEFORE_UNIT = re.compile(r" (?:đến|den|tới|toi|tận|tan)(?: \S+)? (?:\S+ )?(?:\d{1,2}|\S+) (?:giờ|gio|h)\b")

_GOES = r"(?:đi lại|đi|ra|lên|đến|tới|quay lại|trở lại|chạy|bổ sung|sửa|nộp lại|xuống|lui tới|bắt về|về|qua)"
_TIMES_WORD = r"(?:lần|lượt|bận|chuyến|phen)"
_VISITS = (
    Phrase(rf"lần thứ (?P<n>{SHORT})"),
    Phrase(
        rf"{_GOES}(?: (?!gọi|điện|quát|mắng|chửi|hỏi|nhắc)[^ .,;!?]+){{0,5}}? (?P<n>{SHORT})(?:(?: -| đến"
        rf"| ,)? {SHORT}){{0,1}} {_TIMES_WORD}"
    ),
    Phrase(
        rf"(?P<n>{SHORT})(?:(?: -| đến| ,)? {SHORT}){{0,1}} {_TIMES_WORD} (?:phải |tôi |em |mới |bị bắt "
        rf"|bắt ){{0,2}}{_GOES}"
    ),
)
_CALLS = Phrase(r"(?:gọi|điện|nhắn|quát|mắng|chửi|hỏi|nhắc|họp|đọc)(?: [^ .,;!?]+){0,2}$")

_KINDS: dict[Evidence, tuple[Phrase, ...]] = {
    Evidence.AUDIO: (Phrase(r"ghi âm|file ghi|audio|thu âm"),),
    Evidence.VIDEO: (
        Phrase(r"quay (?:video|phim|clip|được|lại được|lại toàn bộ|màn hình)|video|clip|camera|có quay"),
    ),
    Evidence.PHOTO: (
        Phrase(r"chụp (?:ảnh|hình|lại|được)|(?:có|kèm|gửi|đính kèm) hình|hình chụp|bức ảnh|tấm (?:ảnh|hình)|có chụp"),
        # «có anh Tuấn» is no picture, and neither is «co anh tuan».
        Phrase(r"(?:có|co|kèm|kem|gửi|gui) (?:ảnh|ãnh)|ảnh chụp", exact=True),
        Phrase(
            r"(?:có|kèm|gửi|đính kèm) ảnh(?= (?:chụp|[.,;!?]|và(?! (?:anh|chị|cô|chú|bác|ông|bà|em))"
            r"|làm bằng chứng|kèm|gửi kèm|rồi|đây|trong máy|lưu|nhé|ạ|hồ sơ|giấy|màn hình|cuộc) |(?= $))"
            r"|ảnh chụp (?:lại|màn hình|được)",
            strict=True,
        ),
    ),
    Evidence.RECEIPT: (Phrase(r"biên lai|hóa đơn|phiếu thu|biên nhận"),),
    Evidence.SLIP: (Phrase(r"(?:giấy|phiếu) (?:hẹn|tiếp nhận)"),),
    Evidence.MESSAGE: (Phrase(r"tin nhắn|đoạn chat|ảnh chụp màn hình"),),
    Evidence.WITNESS: (Phrase(r"nhân chứng|người làm chứng|làm chứng|chứng kiến"),),
}
_LACKS = Phrase(
    r"(?:không|chưa|chả|chẳng|đừng|cấm|quên|thiếu|mất|bắt|đòi|yêu cầu|nộp|đâu|xin|hỏi|kịp|làm gì có|thay vì"
    r"|không ai)(?: (?!nhưng|mà|thì|và|có)[^ .,;!?]+){0,4}$"
)
_NOT_HAD = Phrase(r"(?:không|chưa|chả|chẳng|đâu) có(?: [^ .,;!?]+){0,4}$")
_NO_PROOF = Phrase(
    r"(?:không|chưa|chả|chẳng) (?:có )?(?:(?:kịp|được|gì|hề|giữ|lưu|ai|lại) ){0,3}(?:bằng chứng|chứng cứ|ghi âm"
    r"|quay|video|chụp|ảnh|nhân chứng|làm chứng|chứng kiến|giấy tờ gì)"
)
_WITNESSES = (
    Phrase(r"(?:nhân chứng|người làm chứng|người chứng kiến)(?: (?:là|gồm|có|:))(?: [^ .;!?]+){1,12}"),
    Phrase(
        r"(?<!không )(?<!chưa )có(?: (?!có|thì|quát|mắng|và|ghi|quay|video|chụp"
        r"|clip)[^ .;!?]+){1,9}? (?:chứng kiến|làm chứng|nghe thấy|nhìn thấy|trông thấy|cùng nghe)"
    ),
    Phrase(
        r"trước (?:mặt )?(?:(?:rất|bao nhiêu|đông đảo) )?(?:nhiều|mọi|mấy|cả|đông|bao) (?:người|phòng|bà con"
        r"|chục người)(?: dân)?(?: khác)?"
    ),
    Phrase(
        r"(?:mọi|nhiều|mấy|các|những|hai|ba|\d+) (?:người|bác|bà con|cô chú"
        r"|anh chị)(?: [^ .,;!?]+){0,5}? (?:chứng kiến|làm chứng|(?:đều |cùng )?(?:nghe|nhìn|trông) thấy"
        r"|đều (?:thấy|nghe|biết))"
    ),
    Phrase(
        r"(?:chồng|vợ|con|mẹ|bố|bạn|hàng xóm|anh|chị|cô|bác|chú|ông|bà|em)(?: (?!quát|mắng|nói|bảo(?! vệ)|thì"
        r"|tôi quát)[^ .,;!?]+){0,6}? (?:chứng kiến|làm chứng|nghe thấy|nhìn thấy)"
    ),
)


def waited(line: Line) -> Wait | None:
    """Return the time that was lost («chờ 3 tiếng»: 180 minutes); days and mornings are kept in words alone."""
    for phrase, minutes in _TIMES:
        for match in phrase.finditer(line):
            if not _CLOCK_BEFORE_UNIT.search(match[0]) or match.groupdict().get("h2"):
                return Wait(line.said(*match.span()), minutes(match))
    return None


def _hours(match: re.Match[str]) -> int:
    groups = match.groupdict()
    extra = 30 if groups.get("half") else number(groups["m"]) if groups.get("m") else 0
    return number(match["n"]) * 60 + extra


def _between(match: re.Match[str]) -> int | None:
    start = number(match["h"]) * 60 + int(match["m"] or 0)
    end = number(match["h2"]) * 60 + int(match["m2"] or 0)
    if end <= start:
        end += 12 * 60
    return end - start if 0 < end - start <= 12 * 60 else None


def visits(line: Line) -> int | None:
    """Return how often the citizen had to come; the lower number of «3 4 lần»."""
    for phrase in _VISITS:
        for match in phrase.finditer(line):
            if not _CALLS.ends(line, match.start()) and (count := number(match["n"])) > 0:
                return count
    return None


def evidence(line: Line) -> tuple[Evidence, ...]:
    """Return the kinds of proof that the citizen has; what was refused, demanded or missed is none."""
    found = []
    for kind, phrases in _KINDS.items():
        for match in (match for phrase in phrases for match in phrase.finditer(line)):
            if not _LACKS.ends(line, match.start()) and not _NOT_HAD.ends(line, match.start()):
                found.append(kind)
                break
    return tuple(found)


def lacks_evidence(line: Line) -> bool | None:
    """Return False where the citizen says that they have no proof; None where they say nothing of it."""
    return False if _NO_PROOF.search(line) else None


def witnesses(line: Line) -> str | None:
    """Return who saw it, in the citizen's words, or None."""
    for phrase in _WITNESSES:
        for match in phrase.finditer(line):
            words = line.said(*match.span())
            if not _NOT_HAD.ends(line, match.start()) and "không" not in bare_words(words):
                return words
    return None


def bare_words(words: str) -> tuple[str, ...]:
    """Return the words of a text, lower case."""
    return tuple(bare(words.lower()).split())
