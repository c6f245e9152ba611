"""A message cut into standard words, sentences and clauses, and the phrases found in it. Pure."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from nlu.text import Normalizer, strip_accents

# As `nlu.text.expand`, with the words' places in the text as given.
_TYPED = Normalizer(mojibake=False, vni=False, spelling=False)
_NUMBERS = frozenset(
    [
        "một",
        "hai",
        "ba",
        "bốn",
        "năm",
        "sáu",
        "bảy",
        "bẩy",
        "tám",
        "chín",
        "mười",
        "mươi",
        "chục",
        "trăm",
        "mấy",
        "vài",
        "nửa",
        "dăm",
    ]
) | frozenset(
    [
        "mot",
        "hai",
        "ba",
        "bon",
        "nam",
        "sau",
        "bay",
        "tam",
        "chin",
        "muoi",
        "chuc",
        "tram",
        "may",
        "vai",
        "nua",
        "dam",
    ]
)
_SENTENCE_ENDS = re.compile(r"[.!?…;\n\r]")
_PAUSES = re.compile(r"[,:()\[\]{}«»\"“”–—/\n]| - ")
# Full stops after these belong to them («p. Láng», «TP. Hà Nội», «v.v.»).
_SHORT_FORMS = frozenset(
    [
        "p",
        "q",
        "tp",
        "tt",
        "x",
        "h",
        "ts",
        "ths",
        "gs",
        "bs",
        "ks",
        "cn",
        "st",
        "vd",
        "k",
        "mr",
        "ms",
        "mrs",
        "phường",
        "quận",
        "thành",
        "phố",
    ]
)
_NONE, _PAUSE, _END = 0, 1, 2
_PIECE = 300


class Word(NamedTuple):
    """A standard word, its form without accents, its place in the text, and what stands before it (0, pause, end).

    `bare`: it is typed without accents, whatever its standard form has.
    """

    norm: str
    plain: str
    start: int
    end: int
    after: int
    bare: bool


class Hit(NamedTuple):
    """A phrase of `tag` at words[start:end]."""

    tag: str
    start: int
    end: int


@dataclass(frozen=True)
class Marked:
    """A text, its words and the phrases found in them."""

    text: str
    words: tuple[Word, ...]
    hits: tuple[Hit, ...]

    @cached_property
    def by_tag(self) -> dict[str, list[Hit]]:
        """The hits of each tag, in order of their place."""
        found: dict[str, list[Hit]] = {}
        for hit in self.hits:
            found.setdefault(hit.tag, []).append(hit)
        return found

    @cached_property
    def sentence_of(self) -> tuple[int, ...]:
        """The number of each word's sentence."""
        return tuple(accumulate(int(word.after == _END) for word in self.words))

    @cached_property
    def clause_of(self) -> tuple[int, ...]:
        """The number of each word's clause: cut at commas and the like too."""
        return tuple(accumulate(int(word.after != _NONE) for word in self.words))

    def all(self, *tags: str) -> list[Hit]:
        """Return the hits of these tags, in order of their place."""
        found = [hit for tag in tags for hit in self.by_tag.get(tag, ())]
        return sorted(found, key=lambda hit: hit.start) if len(tags) > 1 else found

    def has(self, *tags: str) -> bool:
        """True when a phrase of one of these tags was found."""
        return any(tag in self.by_tag for tag in tags)

    def near(self, first: str, second: str, within: int, *, ordered: bool = False) -> bool:
        """True when hits of two tags stand in one sentence with at most `within` words between them."""
        return any(
            self.sentence_of[a.start] == self.sentence_of[b.start]
            and (0 <= b.start - a.end <= within or (not ordered and 0 <= a.start - b.end <= within))
            for a in self.by_tag.get(first, ())
            for b in self.by_tag.get(second, ())
        )

    def plains(self, start: int, end: int) -> list[str]:
        """Return words[start:end] without accents; places outside the text are left out."""
        return [word.plain for word in self.words[max(0, start) : max(0, end)]]


def word_set(words: str) -> frozenset[str]:
    """Return the words of a string."""
    return frozenset(words.split())


def is_number(word: Word) -> bool:
    """True for digits and for words of numbers."""
    return word.plain[0].isdigit() or word.norm in _NUMBERS


def read_words(text: str) -> tuple[Word, ...]:
    """Return the standard words of a text with what stands between them."""
    words: list[Word] = []
    start = 0
    while start < len(text):
        # In pieces, because the places of many changed words in one text cost more than linear time.
        end = _piece(text, start)
        piece = text[start:end].strip()
        first = text.find(piece, start)
        for word in _TYPED.normalize(piece).words:
            after = _between(text, words[-1], first + word.start) if words else _NONE
            start_at, end_at = first + word.start, first + word.end
            bare = text[start_at:end_at].isascii()
            words.append(Word(word.norm, strip_accents(word.norm), start_at, end_at, after, bare))
        start = end
    return tuple(words)


def _piece(text: str, start: int) -> int:
    """Return where a piece ends that begins at `start`: behind a sentence, a clause or a word."""
    end = start + _PIECE
    if end >= len(text):
        return len(text)
    for marks in (". ", "\n", ", ", " "):
        if (found := text.rfind(marks, start + _PIECE // 2, end)) >= 0:
            return found + len(marks)
    return end


def _between(text: str, last: Word, start: int) -> int:
    between = text[last.end : start] if start > last.end else ""
    if not between or between == " ":
        return _NONE
    if _SENTENCE_ENDS.search(between):
        dotted = between.strip() == "." and last.norm in _SHORT_FORMS
        return _NONE if dotted else _END
    return _PAUSE if _PAUSES.search(between) else _NONE
