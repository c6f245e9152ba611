"""Numbers as people write them in a story: digits or words up to ninety-nine, and words up to thousands for money."""

from bot.core.story.line import bare

_TEENS = "một|hai|ba|bốn|tư|lăm|nhăm|sáu|bảy|bẩy|tám|chín"
_ONES = "một|hai|ba|bốn|tư|năm|sáu|bảy|bẩy|tám|chín"
# Fragments of patterns: a number up to 99 in words; the same or digits.
TENS = (
    rf"(?:mười(?: (?:{_TEENS}))?|(?:hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín) (?:mươi|chục)(?: (?:mốt|năm|{_TEENS}))?"
    r"|(?:hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín) (?:mốt|lăm|nhăm)"
    rf"|hăm (?:mốt|{_TEENS}))"
)
WORDS = rf"(?:{TENS}|{_ONES})"
NUMBER = rf"(?:\d{{1,3}}|{WORDS})"
# A number of the calendar or the clock.
SHORT = rf"(?:\d{{1,2}}|{WORDS})"
MONTH = r"(?:\d{1,2}|giêng|chạp|mười một|mười hai|mười|một|hai|ba|tư|bốn|năm|sáu|bảy|bẩy|tám|chín)"

_VALUES = {
    "mot": 1,
    "hai": 2,
    "ba": 3,
    "bon": 4,
    "tu": 4,
    "nam": 5,
    "lam": 5,
    "nham": 5,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
    "gieng": 1,
    "chap": 12,
}


def number(words: str) -> int:
    """Return the value of what NUMBER, SHORT or MONTH matched («15», «mười lăm», «hai mốt»)."""
    if words.isdecimal():
        return int(words)
    total = 0
    for word in bare(words).split():
        if word in ("muoi", "chuc"):
            total = total * 10 if total else 10
        elif word == "ham":
            total = 20
        elif word == "mot" and total and total < 10:
            total = total * 10 + 1
        elif total and total < 10:
            total = total * 10 + _VALUES[word]
        else:
            total += _VALUES[word]
    return total
