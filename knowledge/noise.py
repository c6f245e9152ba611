"""Misspells clean Vietnamese the way citizens type, to make training questions (never used on a real question)."""

import random
import unicodedata

from knowledge import lexicon
from knowledge.terms import plain

_TELEX_TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_TELEX_MARKS = {"\u0302": None, "\u0306": "w", "\u031b": "w"}
_KEYS = {
    "a": "sqz", "e": "wr", "i": "uo", "o": "ip", "u": "yi", "n": "bm", "t": "ry", "h": "gj", "c": "xv", "m": "n",
    "g": "fh", "l": "k", "s": "ad", "d": "sf", "b": "vn", "v": "cb", "k": "jl", "p": "o", "r": "et", "y": "tu",
}  # fmt: skip


def telex(word: str) -> str:
    """Return the keys that Telex would have turned into `word`: «thủ» → «thur»."""
    keys: list[str] = []
    tone = ""
    for char in unicodedata.normalize("NFD", word):
        if char in _TELEX_TONES:
            tone = _TELEX_TONES[char]
        elif char in _TELEX_MARKS:
            keys.append(_TELEX_MARKS[char] or keys[-1])
        else:
            keys.append("dd" if char == "đ" else char)
    return "".join(keys) + tone


def _without_tone(word: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFD", word) if char not in _TELEX_TONES)
    return unicodedata.normalize("NFC", bare)


def _misspell(word: str, rng: random.Random) -> str:
    """Make one slip of the finger: swap neighbours, drop, double, hit the next key, leave Telex or lose the tone."""
    if len(word) < 3 or not word.isalpha():
        return word
    at = rng.randrange(len(word) - 1)
    slip = rng.random()
    if slip < 0.3:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if slip < 0.4:
        return word[:at] + word[at + 1 :]
    if slip < 0.5:
        near = _KEYS.get(plain(word[at]), "")
        return word[:at] + (rng.choice(near) if near else word[at]) + word[at + 1 :]
    return telex(word) if slip < 0.75 else _without_tone(word)


def _respell(text: str, table: dict[str, list[str]], rng: random.Random, share: float) -> str:
    padded = f" {text} "
    for standard, spellings in table.items():
        needle = f" {standard} "
        if needle in padded and rng.random() < share:
            padded = padded.replace(needle, f" {rng.choice(spellings)} ")
    return padded.strip()


def noisy(text: str, style: str, rng: random.Random) -> str:
    """Return `text` in one style: clean, nodiac, typo, teencode, dialect or messy (no accents and typos)."""
    if style == "nodiac":
        return plain(text)
    if style in ("typo", "messy"):
        share = 0.2 if style == "typo" else 0.1
        typed = " ".join(_misspell(word, rng) if rng.random() < share else word for word in text.split())
        return plain(typed) if style == "messy" else typed
    if style == "teencode":
        typed = _respell(text, lexicon.noise()["chat"], rng, 0.8)
        return plain(typed) if rng.random() < 0.4 else typed
    if style == "dialect":
        typed = _respell(text, lexicon.noise()["dialect"], rng, 0.8)
        return plain(typed) if rng.random() < 0.3 else typed
    return text
