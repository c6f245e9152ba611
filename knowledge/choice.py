"""Finds which of the offered options a citizen's words mean: an ordinal, or words only one title has."""

import re
from collections.abc import Mapping

from knowledge.query import filler_words
from knowledge.terms import plain_words

_NUMBERS = {
    "1": 1, "mot": 1, "nhat": 1, "dau": 1, "dau tien": 1, "i": 1,
    "2": 2, "hai": 2, "nhi": 2, "ii": 2,
    "3": 3, "ba": 3, "iii": 3,
    "4": 4, "bon": 4, "tu": 4,
    "5": 5, "nam": 5,
}  # fmt: skip
_NUMBER = r"(?P<number>\d|mot|nhat|hai|nhi|ba|bon|tu|nam|i{1,3})"
_CLASSIFIER = r"(?:cai|so|muc|y|lua chon|phuong an|thu tuc|truong hop|cau|dong|loai|phan|option|chon|lay)"
_ORDINAL = re.compile(
    rf"(?:^|\s)(?:{_CLASSIFIER}\s+)*(?:thu|so|{_CLASSIFIER})\s+{_NUMBER}(?=\s|$)"
    rf"|^{_NUMBER.replace('number', 'alone')}$"
)
_FIRST = re.compile(r"(?:^|\s)(?:cai|thu tuc|y|muc|so|dong)? ?(?:dau tien|dau|o tren cung|tren cung)(?=\s|$)")
_LAST = re.compile(r"(?:^|\s)(?:cuoi cung|cuoi|sau cung|duoi cung|chot)(?=\s|$)")
_MIDDLE = re.compile(r"(?:^|\s)(?:o giua|giua|chinh giua)(?=\s|$)")
# An ordinal stands in a short answer; in a long one «cấp một lần» or «hạng hai» is part of the matter.
_MOST_WORDS = 8


def _by_place(text: str, keys: list[str]) -> str | None:
    if match := _ORDINAL.search(text):
        number = _NUMBERS[match.group("number") or match.group("alone")]
        return keys[number - 1] if number <= len(keys) else None
    if _LAST.search(text):
        return keys[-1]
    if _FIRST.search(text):
        return keys[0]
    if _MIDDLE.search(text) and len(keys) == 3:
        return keys[1]
    return None


def _by_words(answer: list[str], options: Mapping[str, str]) -> str | None:
    """Return the option whose own words the answer has most of; words that every title has say nothing."""
    titles = {key: set(plain_words(title)) for key, title in options.items()}
    shared = set.intersection(*titles.values()) if len(titles) > 1 else set()
    said = set(answer)
    scores = {key: len(said & (words - shared)) for key, words in titles.items()}
    best = max(scores.values())
    winners = [key for key, score in scores.items() if score == best]
    if best == 0:
        return None
    if len(winners) > 1:
        # «cấp lại» is in both «cấp lại» and «cấp lại do đổi tên»: the title with fewer unsaid words is meant.
        unsaid = {key: len(titles[key] - said) for key in winners}
        fewest = min(unsaid.values())
        winners = [key for key in winners if unsaid[key] == fewest]
    return winners[0] if len(winners) == 1 else None


def choose(answer: str, options: Mapping[str, str]) -> str | None:
    """Return the key of the option (key → title) that the words name; None where none or several could be meant."""
    if not options:
        return None
    keys = list(options)
    words = plain_words(answer)
    text = " ".join(words)
    if len(words) <= _MOST_WORDS and (place := _by_place(text, keys)) is not None:
        return place
    titles = {word for title in options.values() for word in plain_words(title)}
    fillers = filler_words(words)
    said = [word for at, word in enumerate(words) if at not in fillers or word in titles]
    return _by_words(said, options) if said else None
