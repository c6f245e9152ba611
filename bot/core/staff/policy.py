"""Which passwords are taken. Length counts; what everybody tries first, and the user's own name, are refused."""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from nlu.text import fold

COMMON_PASSWORDS = Path(__file__).parent.parent / "data" / "common_passwords.txt"
MIN_CHARACTERS = 12
MAX_CHARACTERS = 128
_MIN_DIFFERENT = 5
_LONGEST_UNIT = 6
# A name's part of so many letters is refused wherever it stands; a shorter one (Lan, An) only as a word of its own.
_LONG_PART = 5
_NOT_WORD = re.compile(r"[^a-z]+")
_NOT_SIGN = re.compile(r"[^a-z0-9]+")
_AROUND = re.compile(r"^[^a-z]+|[^a-z]+$")
# What stands for a letter inside a word: «p@ssw0rd».
_LOOKS = str.maketrans("@$!|013457", "asiloieast")


class Weakness(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    LONG = "long"
    UNREADABLE = "unreadable"  # control characters: nobody could type it again
    COMMON = "common"
    NAMED = "named"
    SAME = "same"  # as the one before


def weakness(password: str, name: str, login: str) -> Weakness | None:
    """Return why a password is refused to the user of this name and login, or None when it is taken."""
    typed = unicodedata.normalize("NFC", password)
    if len(typed) > MAX_CHARACTERS:
        return Weakness.LONG
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Cn") for sign in typed):
        return Weakness.UNREADABLE
    if len(typed) < MIN_CHARACTERS:
        return Weakness.SHORT
    plain = fold(typed)
    if _common(plain):
        return Weakness.COMMON
    return Weakness.NAMED if _named(plain, fold(name), fold(login)) else None


def _common(plain: str) -> bool:
    """True for what has no letters (a CCCD has twelve digits), for a repeated piece, for what everybody tries."""
    signs = _NOT_SIGN.sub("", plain)
    pieces = range(1, min(_LONGEST_UNIT, len(signs) // 2) + 1)
    if len(set(plain)) < _MIN_DIFFERENT or any(signs == (signs[:n] * len(signs))[: len(signs)] for n in pieces):
        return True
    inner = _AROUND.sub("", plain)
    return any(_made_of(_NOT_WORD.sub("", read), common_words()) for read in (plain, inner.translate(_LOOKS)))


def _made_of(letters: str, words: frozenset[str]) -> bool:
    """True when the letters are nothing but these words, one after another (and for no letters at all)."""
    reached = {0}
    for end in range(1, len(letters) + 1):
        if any(end - len(word) in reached for word in words if letters.endswith(word, 0, end)):
            reached.add(end)
    return len(letters) in reached


def _named(plain: str, name: str, login: str) -> bool:
    parts = [part for part in _NOT_WORD.split(name) if part]
    letters = _NOT_SIGN.sub("", plain)
    whole = _NOT_SIGN.sub("", login)
    # «nguyenthilan», «thilan», «nguyenlan»
    joined = {"".join(parts[start:]) for start in range(len(parts) - 1)}
    if len(parts) > 1:
        joined.add(parts[0] + parts[-1])
    if (len(whole) > 2 and whole in letters) or any(each in letters for each in joined):
        return True
    given = {*parts[-1:], *(part for part in _NOT_WORD.split(login) if len(part) > 2)}
    longer = {part for part in (*parts, *given) if len(part) >= _LONG_PART}
    return bool(given & set(_NOT_WORD.split(plain))) or any(part in letters for part in longer)


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Return the words of bot/core/data/common_passwords.txt."""
    lines = COMMON_PASSWORDS.read_text("utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
