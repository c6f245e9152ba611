"""One text as the finder sees it: words with their places, folded once, and what stands between them."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from nlu.text import fold, strip_accents, tokens
from nlu.text.restoration import keeps_accents, typed_without_accents
from nlu.text.telex import telex_word
from nlu.text.vni_keys import vni_readings

V = TypeVar("V")

_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
# Blanks, quotation marks and what nobody sees; a new line is a pause.
_UNSEEN = re.compile("[ \\t\\xa0\\u200b-\\u200d\\u2060\\ufeff\\u00ad\"'“”‘’«»*_]+")
_MOSTLY = 0.6


@dataclass(frozen=True)
class Spot:
    """A word: cleaned and lower-case (`norm`), without accents (`bare`); `gap` are the marks before it."""

    norm: str
    bare: str
    start: int
    end: int
    capital: bool
    gap: str


@dataclass(frozen=True)
class Reading:
    """The words of a text. `without_accents`: none were typed; `shouting`: capitals say nothing."""

    text: str
    spots: tuple[Spot, ...]
    without_accents: bool
    shouting: bool

    def bare(self, at: int) -> str:
        """Return a folded word; empty outside the text."""
        return self.spots[at].bare if 0 <= at < len(self.spots) else ""

    def gap(self, at: int) -> str:
        """Return the marks before a word; a full stop at the end of the text."""
        return self.spots[at].gap if at < len(self.spots) else "."

    def joined(self, start: int, end: int, marks: str = "-") -> bool:
        """True when nothing but blanks and single `marks` stands between the words of a span."""
        return all(not spot.gap or spot.gap in marks for spot in self.spots[start + 1 : end])

    def proper(self, start: int, end: int) -> bool:
        """True when every word of a span is capitalised and that says something."""
        return not self.shouting and all(spot.capital for spot in self.spots[start:end])

    def spelled(self, start: int, words: tuple[str, ...]) -> bool:
        """True when no accent typed contradicts `words`."""
        return all(fits(self.spots[start + at].norm, word) for at, word in enumerate(words))


@dataclass(frozen=True)
class Hit(Generic[V]):
    """A phrase at spots[start:end], its words as they should be spelled, and what it stands for."""

    start: int
    end: int
    words: tuple[str, ...]
    value: V


class Phrases(Generic[V]):
    """Phrases with accents and what each stands for; found with or without accents, the longest first."""

    def __init__(self, entries: Mapping[str, V], marks: str = "-.&/") -> None:
        """Take the phrases; `marks` may stand between their words."""
        self._marks = marks
        self._first: dict[str, list[tuple[tuple[str, ...], tuple[str, ...], V]]] = defaultdict(list)
        self._last: dict[str, list[tuple[tuple[str, ...], tuple[str, ...], V]]] = defaultdict(list)
        for phrase in sorted(entries, key=lambda phrase: -len(phrase.split())):
            words = tuple(token.norm for token in tokens(phrase))
            bares = tuple(map(fold, words))
            self._first[bares[0]].append((bares, words, entries[phrase]))
            self._last[bares[-1]].append((bares, words, entries[phrase]))

    def at(self, reading: Reading, at: int) -> Hit[V] | None:
        """Return the longest phrase that begins at a word."""
        for bares, words, value in self._first.get(reading.bare(at), ()):
            if self._stands(reading, at, bares, words):
                return Hit(at, at + len(bares), words, value)
        return None

    def before(self, reading: Reading, at: int) -> Hit[V] | None:
        """Return the longest phrase that ends right before a word."""
        for bares, words, value in self._last.get(reading.bare(at - 1), ()):
            start = at - len(bares)
            if start >= 0 and self._stands(reading, start, bares, words):
                return Hit(start, at, words, value)
        return None

    def _stands(self, reading: Reading, at: int, bares: tuple[str, ...], words: tuple[str, ...]) -> bool:
        end = at + len(bares)
        return (
            tuple(spot.bare for spot in reading.spots[at:end]) == bares
            and reading.joined(at, end, self._marks)
            and reading.spelled(at, words)
        )


def fits(typed: str, word: str) -> bool:
    """True when a typed word may be `word`: no accent of it contradicts."""
    return typed == word or typed.isascii() or keeps_accents(typed, word)


@lru_cache(maxsize=16384)
def _bare(norm: str) -> str:
    return _DRAWN_OUT.sub(r"\1", strip_accents(norm))


def read(text: str) -> Reading:
    """Cut a text into words; keys left by a keyboard that was off are decoded. Never raises."""
    found = tokens(text)
    norms = [token.norm for token in found]
    mixed = any(norm[0].isalpha() and not norm.isalpha() for norm in norms)
    decoded = vni_readings(norms) if mixed else {}
    spots = []
    end = 0
    for at, token in enumerate(found):
        norm = decoded.get(at) or token.norm
        if len(norm) > 2 and norm.isascii() and norm.isalpha():
            norm = telex_word(norm)
        gap = _UNSEEN.sub("", text[end : token.start])
        end = token.end
        spots.append(Spot(norm, _bare(norm), token.start, end, token.text[0].isupper(), gap))
    upper = sum(char.isupper() for char in text)
    shouting = upper > _MOSTLY * sum(char.isalpha() for char in text)
    return Reading(text, tuple(spots), typed_without_accents([spot.norm for spot in spots]), shouting)
