"""How the citizen may be reached: telephone, e-mail, name. Read from the text as typed, before it is masked."""

import re
from dataclasses import dataclass

from bot.core.personal_numbers import DIGIT_WORDS, Kind
from bot.core.privacy import Found, find
from bot.core.story.line import Line, Phrase, bare, read
from bot.core.story.names import LONGEST_NAME, SURNAMES, name_at, plain_name_at
from nlu.text import clean, is_syllable, strip_accents


@dataclass(frozen=True)
class Contacts:
    """What the citizen gave of themselves: `phone` begins with 0, `email` is lower case, `name` capitalised."""

    phone: str | None = None
    email: str | None = None
    name: str | None = None


_DIGITS = re.compile(r"\d+|[a-z]+")
_PHONE = re.compile(r"0(?:[35789]\d{8}|2\d{9})")
_OFFICIAL_MAIL = re.compile(r"\.gov\.vn$")
_MOST_BEFORE = 48
# A number behind these words is an official's, not the citizen's.
_THEIRS_BEFORE = re.compile(
    r"\b(?:anh ta|chi ta|anh ay|chi ay|ong ay|ba ay|can bo|nhan vien|ho|no|nguoi nay|phuong"
    r"|xa)[^.,;:!?]{0,30}(?:so|sdt|dien thoai|nhan tin|goi|bang so|tu so|zalo)[^.,;:!?]{0,12}$"
)
_THEIRS_AFTER = re.compile(
    r"\W{0,2}(?:la )?(?:so )?(?:cua|ben) (?:anh ay|chi ay|can bo|nhan vien|ong|ba ay|phuong|xa|no|ho)\b"
)
_OWN_BEFORE = re.compile(
    r"(?:cua toi|cua em|cua chau|so toi|so em|lien he|goi lai|sdt(?: toi| em)?|lien lac|goi cho toi)\W*(?:la)?\W*$"
)

_FRAMES = (
    Phrase(
        r"(?:họ và tên|họ tên|tên đầy đủ|tên người gửi|người gửi|người phản ánh|người viết)(?: (?:của )?(?:tôi"
        r"|em))?(?: (?:là|:|-))*"
    ),
    Phrase(r"(?:tôi|em|cháu|con|mình|tui|tao) tên(?: (?:là|:))*(?: (?:anh|chị|ông|bà))?"),
    Phrase(r"tên (?:của )?(?:tôi|em|cháu|con|mình|tui|tao)(?: (?:là|:))*(?: (?:anh|chị|ông|bà))?"),
)
# A whole name alone makes these the citizen's own: «ghi tên Bình nhé» may be an official.
_WHOLE_FRAMES = (
    Phrase(r"(?:tôi|em|cháu|con|mình|tui|tao) là(?: (?:anh|chị|ông|bà))?"),
    Phrase(r"(?:cứ|cho|xin|hãy|cho phép) (?:ghi|để|nêu) (?:rõ )?(?:họ )?tên(?: (?:là|:))*(?: (?:anh|chị|ông|bà))?"),
)
_DENIED = Phrase(r"(?:không|chẳng|đừng|chưa|chả|ko|khỏi)(?: (?:muốn|cần|được|phải|có|dám))?$")
_BEFORE_NAME = (
    r"(?:dạ|vâng|ạ|à|thưa|tôi|em|cháu|con|mình|là|tên|họ và tên|họ tên|:|,|-|anh|chị|ông|bà|cứ ghi|ghi|xin)"
)
_ANSWER = Phrase(rf"^{_BEFORE_NAME}(?: {_BEFORE_NAME}){{0,5}}")
_TAIL = frozenset("a ạ nhe nhé . , ! nha".split())  # noqa: SIM905 (easier to read)
# What is left of an answer beside the name, once numbers and addresses are out.
_FILLER = re.compile(
    r"(?i)\b(?:số điện thoại|so dien thoai|điện thoại|dien thoai|sđt|sdt|đt|dt|số|so|zalo|email|mail|e-mail|gmail"
    r"|liên hệ|lien he)\b[\s:.-]*"
)


def contacts(raw_text: str) -> Contacts:
    """Return what the citizen gave of themselves; hotlines and what belongs to officials or offices is none of it."""
    found = find(raw_text)
    line = read(raw_text)
    name = _framed_name(line)
    phone, email = _phone(raw_text, found), _email(raw_text, found)
    if name is None and (phone or email):
        name = name_answer(_without(raw_text, found))
    return Contacts(phone, email, name)


def name_answer(text: str) -> str | None:
    """Return the name that an answer consists of, or None where it is anything more or else."""
    line = read(text)
    head = _ANSWER.search(line)
    token = line.token(head.end() + 1) if head and head.end() + 1 < len(line.read) else 0
    last = len(line.tokens)
    while last > token and line.tokens[last - 1].text in _TAIL:
        last -= 1
    words = [item.text for item in line.tokens[token:last]]
    if not 2 <= len(words) <= LONGEST_NAME or bare(words[0].lower()) not in SURNAMES:
        return None
    if not all(word.isalpha() and (is_syllable(word, plain=True) or len(word) == 1) for word in words):
        return None
    if name_at(line, token) == len(words) or plain_name_at(line, token) == len(words):
        return _titled(words)
    return _titled(words) if line.text.isupper() else None


def _framed_name(line: Line) -> str | None:
    for frame in _FRAMES:
        for match in frame.finditer(line):
            if name := _name_behind(line, match.end(), at_least=1):
                return name
    for frame in _WHOLE_FRAMES:
        for match in frame.finditer(line):
            if not _DENIED.ends(line, match.start()) and (name := _name_behind(line, match.end(), at_least=2)):
                return name
    return None


def _name_behind(line: Line, offset: int, *, at_least: int) -> str | None:
    if offset + 1 >= len(line.read):
        return None
    token = line.token(offset + 1)
    count = name_at(line, token) or plain_name_at(line, token)
    words = [item.text for item in line.tokens[token : token + count]]
    if len(words) < at_least or (len(words) == 1 and len(words[0]) == 1):
        return None
    return _titled(words)


def _titled(words: list[str]) -> str:
    return " ".join(word if word[:1].isupper() and not word.isupper() else word.capitalize() for word in words)


def _phone(text: str, found: list[Found]) -> str | None:
    numbers: list[tuple[int, str]] = []
    for item in found:
        if item.kind not in (Kind.MOBILE, Kind.LANDLINE):
            continue
        digits = _digits(text[item.start : item.end])
        if not _PHONE.fullmatch(digits):
            continue
        before = strip_accents(clean(text[max(0, item.start - _MOST_BEFORE) : item.start]).lower())
        after = strip_accents(clean(text[item.end : item.end + _MOST_BEFORE]).lower())
        own = bool(_OWN_BEFORE.search(before))
        if own or not (_THEIRS_BEFORE.search(before) or _THEIRS_AFTER.match(after)):
            numbers.append((0 if own else 1, digits))
    return min(numbers, key=lambda item: item[0])[1] if numbers else None


def _digits(written: str) -> str:
    plain = strip_accents(clean(written).lower())
    digits = "".join(part if part.isdigit() else DIGIT_WORDS.get(part, "") for part in _DIGITS.findall(plain))
    if digits.startswith("84") and len(digits) > 10:
        digits = "0" + digits[2:].removeprefix("0")
    return digits


def _email(text: str, found: list[Found]) -> str | None:
    for item in found:
        if item.kind is Kind.EMAIL:
            plain = strip_accents(clean(text[item.start : item.end]).lower())
            address = re.sub(r" ?(?:\(at\)|\ba cong\b) ?", "@", plain)
            address = re.sub(r" ?\bcham\b ?", ".", address).replace(" ", "")
            if not _OFFICIAL_MAIL.search(address):
                return address
    return None


def _without(text: str, found: list[Found]) -> str:
    kept, last = [], 0
    for item in found:
        kept.append(text[last : item.start])
        last = item.end
    rest = " ".join([*kept, text[last:]])
    return " ".join(_FILLER.sub(" ", clean(rest)).split()).strip(" ,;:.-")
