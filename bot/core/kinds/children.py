"""Whether the writer shows to be a child. Pure."""

import re

from bot.core.kinds.lexicon import mark
from bot.core.kinds.marking import Word

ADULT_AGE = 16
YOUNGEST = 5
# In class eleven one turns sixteen or seventeen.
OLDER_CLASS = 11

_SELF = r"(?P<self>em|chau|con|minh|to|toi|tui)"
_FILL = r"(?: (?:,|nam nay|nay|moi|duoc|co|chi|da|dang|van|la|hien|vua|thi|con|len|day|a|ten \w+|ten la \w+))*"
_NUMBER = (
    r"(?P<number>\d{1,2}|muoi(?: (?:mot|hai|ba|bon|tu|lam|sau|bay|tam|chin))?|sau|bay|tam|chin|mot|hai|ba|bon|nam)"
)
_AGED = re.compile(rf"\b{_SELF}{_FILL}(?: (?:hoc sinh|hs))?{_FILL} {_NUMBER} ?(?:tuoi|t)\b")
_PUPIL = rf"\b{_SELF}{_FILL}(?: (?:hoc sinh|hs|sinh vien))?(?: hoc)?(?: (?:o|tai|cua))?(?: truong(?: \w+){{1,5}}?)?"
_CLASS = re.compile(rf"{_PUPIL}{_FILL} lop {_NUMBER}(?:\b|[a-z]\d?\b)")
_SCHOOL = re.compile(rf"{_PUPIL}{_FILL} (?:tieu hoc|cap (?:1|2|mot|hai)|thcs|trung hoc co so)\b")
_AT_SCHOOL = re.compile(
    rf"\b{_SELF}{_FILL} la{_FILL} (?:hoc sinh|hs)\b(?! (?:cap (?:3|ba)|thpt|cu|lop 1[12]|gioi cu))"
)
# «con em», «cháu của tôi», «đứa em»: somebody else.
_OWNER_BEFORE = re.compile(
    r"\b(?:con|chau|em|be|dua|thang|ban|nha|cua|tre|hai|co|cac|lop|nguoi|noi|ngoai|gai|trai|ruot|re|dau|ut)$"
)
_OWNED_AFTER = re.compile(
    r"^ (?:toi|em|chau|minh|anh|chi|tui|ho|ban|ay|nay|do|nha|gai|trai|noi|ngoai|ruot|re|dau|ut|cua|be|lon|nho|thu"
    r"|chung toi)\b"
)
_OTHER_SELF = re.compile(r"\b(?:toi|tui|chung toi)\b")
_WORDS = {
    word: number
    for number, words in enumerate(("", "mot", "hai", "ba", "bon tu", "nam lam", "sau", "bay", "tam", "chin", "muoi"))
    for word in words.split()
}


def child(text: str) -> bool:
    """True when the writer says to be under sixteen, in class ten or below, or at school («em học lớp 6»).

    «cháu», «em», «con» alone say nothing: grown-ups call themselves so. «con tôi 12 tuổi» is somebody else.
    """
    plain = _plain(mark(text).words)
    return any(
        _speaks(plain, match) and low <= _value(match) < high
        for pattern, low, high in ((_AGED, YOUNGEST, ADULT_AGE), (_CLASS, 1, OLDER_CLASS))
        for match in pattern.finditer(plain)
    ) or any(_speaks(plain, match) for pattern in (_SCHOOL, _AT_SCHOOL) for match in pattern.finditer(plain))


def _plain(words: tuple[Word, ...]) -> str:
    """Return the words without accents, a comma or full stop between where there was one."""
    marks = ("", " ,", " .")
    return "".join(f"{marks[word.after]} {word.plain}" for word in words).strip()


def _value(match: re.Match[str]) -> int:
    said = match["number"]
    return int(said) if said.isdigit() else sum(_WORDS[word] for word in said.split())


def _speaks(plain: str, match: re.Match[str]) -> bool:
    """True when the one whose age is told is the writer."""
    before, after = plain[: match.start()].rstrip(), plain[match.end("self") :]
    if _OWNER_BEFORE.search(before) or _OWNED_AFTER.match(after):
        return False
    # Whoever calls themselves «tôi» speaks of somebody else.
    return match["self"] not in {"em", "chau", "con"} or not _OTHER_SELF.search(plain)
