"""What a caller asks just now, out of what was said: the words to search for. Pure; quick enough for every line.

The last stretch that is like a question counts, with what the caller told before it: on the telephone the matter is
told first and asked about last («bố tôi là thương binh vừa mất … thế phải làm giấy tờ gì»). What the operator reads
aloud is no question; only what the caller confirms of the operator's own («gia hạn phép đúng không ạ» – «đúng rồi»).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.calls.transcript import Line, Side
from nlu.text import fold, strip_accents

# Words that are said and mean nothing; as recognisers write them, with accents («dạ» is no «da cam»).
_SAID = "dạ vâng ạ ờ ừ ừm ừa à ơ ơi ấy đấy nhỉ nhá nhé nha hả há ok hello alo alô lô ui ôi hở hử uh um"
_PARTICLES = frozenset(_SAID.split())
_ASKING = (
    r"\b(?:gì|đâu|nào|(?<!bản )sao|bao nhiêu|bao lâu|bao giờ|mấy (?:ngày|tháng|năm|người|bản|lần|tiền|cái|tờ|giờ)"
    r"|có (?:được|phải|cần|mất|cho)|(?:được|phải|đúng) không|hay (?:là|không)|những giấy|cho ai|là ai|của ai"
    r"|không (?:ạ|chị|em|anh|cô|cháu|bác|bạn|nhỉ|hả)|có (?:sao|lâu|kịp) không|(?<!tài )(?<!dữ )(?<!nguyên )liệu)\b"
    r"|\b(?:không|chưa|nhỉ|hả)$"
)
# Recognisers write accents, by which «đâu» is told from «đầu»; who types notes may not.
_ASKS, _ASKS_PLAIN = re.compile(_ASKING), re.compile(strip_accents(_ASKING))
_WISHES = re.compile(
    r"\b(?:muon|dinh|can|xin|hoi (?:ve|cai|viec|thu tuc)|thu tuc|dang ky|lam lai|cap lai|gia han|huong dan)\b"
)
# Said while the operator looks something up; asks nothing, whatever its words.
_WAITS = re.compile(
    r"\b(?:chờ|đợi)\b|\bcứ (?:tra|xem|từ từ|tìm)\b|\bcòn (?:nghe|đó|đấy|đây) không\b|\bnghe (?:rõ|được|thấy)\b"
    r"|\bcảm ơn\b"
)
_CONFIRMS = re.compile(
    r"^(?:(?:da|vang|u|a|the|o|roi|day|dung|phai|chinh xac|chinh no)\s*)+(?:roi|day|a|chi|em|anh|co|chau|the|do)*$"
)
_OPERATOR_ASKS = re.compile(r"\b(?:dung|phai) khong\b|\b(?:hoi ve|muon hoi|can hoi)\b.*\b(?:khong|chua|a|nhi)$")
_SHORT = 4
# Of a longer line the end counts; of what was told before, so many words in all.
_MOST_WORDS, _NEAR_WORDS, _FAR_WORDS = 40, 25, 60
# One channel for both: whoever speaks so long without asking reads aloud.
_READS_ALOUD = 25


@dataclass(frozen=True)
class Asked:
    """What to search for: `queries` from the question alone to the question with much of what was told before it.

    `order` is the line that asks, `upto` the last line that was looked at.
    """

    queries: tuple[str, ...]
    order: int
    upto: int


def question_of(lines: Sequence[Line]) -> Asked | None:
    """Return what is asked in assembled lines; None before anything is."""
    told = [line for line in lines if _counts(line)]
    at = _anchor(lines, told)
    if at is None:
        return None
    line = told[at]
    question = " ".join((spoken(line.text), *(spoken(more.text) for more in _going_on(lines, told, at))))
    before = [spoken(earlier.text) for earlier in told[:at]]
    # «lệ phí bao nhiêu» goes on with what was asked before, however much was said in between.
    near, far = _tail(before, max(_NEAR_WORDS, _to_question(before))), _tail(before, _FAR_WORDS)
    queries = (_last_words(question), *(f"{context} {_last_words(question)}".strip() for context in (near, far)))
    return Asked(tuple(dict.fromkeys(queries)), line.order, lines[-1].order)


def spoken(text: str) -> str:
    """Return a line without the particles of speech."""
    return " ".join(word for word in text.split() if word.lower() not in _PARTICLES)


def _counts(line: Line) -> bool:
    """True for what a caller says that may ask or tell something."""
    if line.side is Side.OPERATOR:
        return False
    folded = fold(line.text)
    words = len(folded.split())
    asks = _asks(line.text)
    if line.side is Side.UNKNOWN and words > _READS_ALOUD and not asks:
        return False
    if _WAITS.search(line.text.lower()) and not (asks and words > _SHORT * 3):
        return False
    return words > _SHORT or asks or _wishes(line.text)


def _asks(text: str) -> bool:
    lowered = text.lower().strip(" .?!")
    return (_ASKS_PLAIN if lowered.isascii() else _ASKS).search(lowered) is not None


def _wishes(text: str) -> bool:
    return _WISHES.search(fold(text)) is not None


def _anchor(lines: Sequence[Line], told: list[Line]) -> int | None:
    """Return the place in `told` of the line that asks; the operator's words join `told` where they are confirmed."""
    if confirmed := _confirmed(lines):
        told[:] = [line for line in told if (line.started_at, line.order) < (confirmed.started_at, confirmed.order)]
        told.append(confirmed)
        return len(told) - 1
    for wanted in (_asks, _wishes):
        found = [at for at, line in enumerate(told) if wanted(line.text)]
        if found:
            return found[-1]
    return len(told) - 1 if told else None


def _confirmed(lines: Sequence[Line]) -> Line | None:
    """Return the operator's question that the caller's last line confirms, or None."""
    caller = [at for at, line in enumerate(lines) if line.side is Side.CALLER]
    if not caller or caller[-1] == 0 or not _CONFIRMS.match(fold(lines[caller[-1]].text)):
        return None
    asked = lines[caller[-1] - 1]
    return asked if asked.side is Side.OPERATOR and _OPERATOR_ASKS.search(fold(asked.text)) else None


def _going_on(lines: Sequence[Line], told: Sequence[Line], at: int) -> list[Line]:
    """Return what the caller says on after the question before anybody answers."""
    place = lines.index(told[at])
    following: list[Line] = []
    for line in lines[place + 1 :]:
        if line.side is Side.OPERATOR:
            break
        if _counts(line):
            following.append(line)
    return following


def _tail(before: Sequence[str], most: int) -> str:
    """Return the last lines that together have at most so many words; whole lines."""
    kept: list[str] = []
    words = 0
    for text in reversed(before):
        words += len(text.split())
        if words > most and kept:
            break
        kept.append(text)
    return " ".join(reversed(kept))


def _to_question(before: Sequence[str]) -> int:
    """Return how many words it is back to the last question of some length; 0 where none is near."""
    words = 0
    for text in reversed(before):
        count = len(text.split())
        words += count
        if words > _FAR_WORDS:
            return 0
        if count > _SHORT * 2 and _asks(text):
            return words
    return 0


def _last_words(text: str) -> str:
    return " ".join(text.split()[-_MOST_WORDS:])
