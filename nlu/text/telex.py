"""Telex keys left in a word («thur tucj»): typed with the Vietnamese keyboard switched off."""

import re
from functools import lru_cache
from importlib import resources

from nlu.text.syllables import LONGEST, is_syllable, spell, without_tone

_TONE_KEYS = {"f": "\u0300", "s": "\u0301", "x": "\u0303", "r": "\u0309", "j": "\u0323"}
_ROMAN = re.compile(r"[ivxlcdm]+")
_HORN = {"a": "ă", "o": "ơ", "u": "ư"}
_CIRCUMFLEX = {"a": "â", "e": "ê", "o": "ô"}
_ASCII_WORD = re.compile(r"(?<![\w./@\-])[A-Za-z]{2,8}(?![\w@]|[./\-]\w)")


@lru_cache(maxsize=1)
def loanwords() -> frozenset[str]:
    """Return foreign words of Vietnamese chats that are no left-over keys (one a line in loanwords.txt)."""
    text = resources.files(__package__).joinpath("loanwords.txt").read_text(encoding="utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _widen(letters: list[str]) -> bool:
    """Apply the key w to the last vowel that takes it (uo as one: ươ)."""
    for i in range(len(letters) - 1, -1, -1):
        if letters[i] in _HORN:
            if letters[i] == "o" and i and letters[i - 1] == "u" and letters[: i - 1] != ["q"]:
                letters[i - 1] = "ư"
            letters[i] = _HORN[letters[i]]
            return True
    return False


def decode_telex(word: str) -> str | None:
    """Return the syllable that the keys of a lower-case word spell, or None where they spell none."""
    return _decode_telex(word) if len(word) <= LONGEST else None


@lru_cache(maxsize=16384)
def _decode_telex(word: str) -> str | None:
    letters: list[str] = []
    plain, tone = without_tone(word)
    keys = 0
    for char in plain:
        seen_vowel = any(letter in "aeiouyăâêôơư" for letter in letters)
        if char in _TONE_KEYS and seen_vowel:
            tone, keys = _TONE_KEYS[char], keys + 1
        elif char == "w" and _widen(letters):
            keys += 1
        elif char == "d" and letters[:1] == ["d"]:
            letters[0], keys = "đ", keys + 1
        elif char in _CIRCUMFLEX and char in letters:
            at = len(letters) - 1 - letters[::-1].index(char)
            letters[at], keys = _CIRCUMFLEX[char], keys + 1
        elif char in "wfjz":
            return None
        else:
            letters.append(char)
    if not keys or len(tone) > 1:
        return None
    spelled = spell("".join(letters), tone)
    return spelled if is_syllable(spelled) else None


def telex_word(word: str) -> str:
    """Return the word that was meant when `word` holds left-over keys, else `word`."""
    lower = word.lower()
    if lower in loanwords() or _ROMAN.fullmatch(lower) or (is_syllable(lower, plain=True) and "oo" not in lower):
        return word
    decoded = decode_telex(lower)
    if decoded is None or (lower.endswith("oong") and lower[0] in "xbl"):
        return word
    if word.isupper():
        return decoded.upper()
    return decoded[0].upper() + decoded[1:] if word[0].isupper() else decoded


def repair_telex(text: str) -> str:
    """Replace words that only make sense as Telex keys («thur tucj» → «thủ tục»); the rest is untouched."""
    return _ASCII_WORD.sub(lambda match: telex_word(match.group()), text)
