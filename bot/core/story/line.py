"""A message laid out for reading: words in standard spelling one space apart, and patterns that match them.

Patterns are written in ordinary Vietnamese; they match the same words typed without accents or with some left out.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from bot.core.units.names import name_places
from nlu.text import clean, strip_accents
from nlu.text.alignment import Alignment, align_cleaned
from nlu.text.expansion import ABBREVIATIONS, REGIONAL, standard_form, table
from nlu.text.syllables import TONES
from nlu.text.telex import telex_word

_BREAK = re.compile(r"[\r\n\v\f\x85\u2028\u2029]+")
_TOKEN = re.compile(
    "|".join(
        (
            r"\[[^\[\]\n]{1,30}\]",  # a placeholder of bot.core.privacy
            r"[\w.+%-]{1,64}@[\w.-]{1,100}",
            r"\d+(?:/\d+)?/[^\W\d_][\w-]*",  # 118/2025/NĐ-CP
            r"(?:000\.\d{2}\.\d{2}\.)?[HhGg]\d{2}(?:\.\d{1,3}){0,4}-\d{6}-\d{4,7}(?!\d)",  # a dossier code
            r"\d{1,4}-\d{1,2}-\d{1,4}(?![-\d])",
            r"\d+(?:[.,/:]\d+)*",
            r"[^\W\d_]+",
            r"\n|[^\w\s]",
        )
    )
)
_PLACEHOLDER = "[]"
_STRETCH = re.compile(r"([^\W\d_])\1{2,}")
_TABLES = (ABBREVIATIONS, REGIONAL)
# Words that the chat-word tables would change and that mean something of their own in a story: units after a number,
# weekdays, and «hẹn», «nhà», «hồng», «tàu» typed without accents.
_KEPT = frozenset("h g t p ph cn lít củ mùng hen nha hong tau ac".split())  # noqa: SIM905 (easier to read)
# A line with fewer accented words than one in so many was typed without accents.
_BARE_SHARE = 6


class Token(NamedTuple):
    """A word, number or sign as typed (cleaned), and its place in the line's text."""

    text: str
    start: int


class Line:
    """One message. `read` holds its standard words, lower case, each between single spaces; offsets refer to `read`.

    `text` is the message cleaned (accents and case as typed), lines kept apart; `bare` is true where it was typed
    without accents.
    """

    def __init__(self, given: str) -> None:
        self.given = given
        self.text = "\n".join(part for part in map(clean, _BREAK.split(given)) if part)
        found = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(self.text)]
        typed = [word if word[0].isdigit() else _norm(word) for word, _, _ in found]
        words = [
            _standard(word, typed[at - 1] if at else None, typed[at + 1] if at + 1 < len(typed) else None)
            for at, word in enumerate(typed)
        ]
        self.tokens = tuple(Token(word, start) for word, start, _ in found)
        self._places = [(start, end) for _, start, end in found]
        self._edges: list[int] = []
        length = 1
        for word in words:
            self._edges.append(length)
            length += len(word) + 1
        self.read = f" {' '.join(words)} " if words else " "
        letters = [word for word in typed if word[0].isalpha()]
        self.words = len(letters) + sum(word[0].isdigit() for word in typed)
        self.bare = sum(not word.isascii() for word in letters) * _BARE_SHARE <= len(letters)

    def token(self, offset: int) -> int:
        """Return the index of the token at an offset of `read`."""
        return max(bisect_right(self._edges, offset) - 1, 0)

    def offset(self, token: int) -> int:
        """Return the offset of the space before a token; the end of `read` behind the last."""
        return (self._edges[token] if token < len(self._edges) else len(self.read)) - 1

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of `text` that `read[start:end]` comes from; spaces around it do not count."""
        while start < end and self.read[start] == " ":
            start += 1
        while end > start and self.read[end - 1] == " ":
            end -= 1
        if start >= end:
            return 0, 0
        return self._places[self.token(start)][0], self._places[self.token(end - 1)][1]

    def said(self, start: int, end: int) -> str:
        """Return the citizen's own words behind `read[start:end]`."""
        return self.text[slice(*self.place(start, end))]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the message as given that `read[start:end]` comes from."""
        first, last = self.place(start, end)
        return self._alignment.span(first, last) if last > first else (0, 0)

    def in_name(self, start: int, end: int) -> bool:
        """True when `read[start:end]` shares a word with the name of a ward, a commune or a former district."""
        first, last = self.place(start, end)
        return any(first < stop and begin < last for begin, stop in self._names)

    def touching(self, offset: int) -> bool:
        """True when the word at `offset` was typed right behind the one before it («2tr», «500k»)."""
        at = self.token(offset)
        return at > 0 and self._places[at - 1][1] == self._places[at][0]

    @cached_property
    def sentences(self) -> list[int]:
        """Offsets of `read` at which its sentences end."""
        return [*(m.start() for m in _SENTENCE_END.finditer(self.read)), len(self.read)]

    def sentence(self, offset: int) -> tuple[int, int]:
        """Return the bounds of the sentence around an offset."""
        at = min(bisect_right(self.sentences, offset), len(self.sentences) - 1)
        return self.sentences[at - 1] if at else 0, self.sentences[at]

    @cached_property
    def _names(self) -> tuple[tuple[int, int], ...]:
        return name_places(self.text)

    @cached_property
    def _alignment(self) -> Alignment:
        return align_cleaned(self.given, self.text.replace("\n", " "))


_SENTENCE_END = re.compile(r" [.!?…;\n](?= )")


@lru_cache(maxsize=4)
def read(text: str) -> Line:
    """Return the message laid out for reading; the latest few are kept, since many readers ask for the same one."""
    return Line(text)


@lru_cache(maxsize=4096)
def _norm(word: str) -> str:
    """Return a typed word in lower case, with letters drawn out for effect and left-over Telex keys put right."""
    if word == "\n":
        return "."
    if word[0] == "[" and len(word) > 1:
        return _PLACEHOLDER
    lower = "".join(c if len(c) == 1 else o for o in word for c in (o.lower(),))
    if lower.isalpha():
        return telex_word(_STRETCH.sub(r"\1", lower)) if lower.isascii() else _STRETCH.sub(r"\1", lower)
    return lower


def _standard(word: str, before: str | None, after: str | None) -> str:
    if word in _KEPT or word not in table():
        return word
    return standard_form(word, before, after, _TABLES) or word


class Phrase:
    """A pattern over the words of lines; `^` in front ties it to the line's beginning, `$` in the end is for `ends`.

    Accents may be missing. With `strict` they may only in lines that were typed without any; with `exact` never:
    that is for words that are something else without them («tối» and «tôi»).
    """

    def __init__(self, pattern: str, *, strict: bool = False, exact: bool = False) -> None:
        self._pattern = pattern
        self._strict = strict or exact
        self._always = exact

    @cached_property
    def _typed(self) -> re.Pattern[str]:
        return re.compile(_bounded(self._pattern))

    @cached_property
    def _loose(self) -> re.Pattern[str]:
        return re.compile(_bounded("".join(map(_variants, self._pattern))))

    def _for(self, line: Line) -> re.Pattern[str]:
        """Compile what a line needs when it is first needed: a command that reads no story pays nothing."""
        return self._typed if self._always or (self._strict and not line.bare) else self._loose

    def finditer(self, line: Line, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """Yield the matches in `line.read[start:end]`; each begins with the space before its first word."""
        return self._for(line).finditer(line.read, start, len(line.read) if end is None else end)

    def search(self, line: Line, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """Return the first match in `line.read[start:end]`."""
        return self._for(line).search(line.read, start, len(line.read) if end is None else end)

    def ends(self, line: Line, end: int) -> bool:
        """True when the words right before the offset match; the pattern must end in `$`."""
        start = max(0, line.read.rfind(" ", 0, max(end - _REACH, 0)))
        return self.search(line, start, end) is not None

    def begins(self, line: Line, start: int) -> re.Match[str] | None:
        """Return the match of the words right behind the offset of a space."""
        return self._for(line).match(line.read, start)


# How far back «ends» looks, in characters.
_REACH = 90


def _bounded(pattern: str) -> str:
    start, pattern = ("^", pattern[1:]) if pattern.startswith("^") else ("", pattern)
    return rf"{start} (?:{pattern})" if pattern.endswith("$") else rf"{start} (?:{pattern})(?= )"


@lru_cache(maxsize=512)
def _variants(char: str) -> str:
    """Return a class of the letter with its marks, with each of them left out, and bare."""
    if char in "đĐ":
        return "[đd]"
    base, *marks = list(unicodedata.normalize("NFD", char))
    if not marks or not base.isalpha():
        return char
    tone = "".join(m for m in marks if m in TONES)
    quality = "".join(m for m in marks if m not in TONES)
    forms = dict.fromkeys(unicodedata.normalize("NFC", base + m) for m in (quality + tone, quality, tone, ""))
    return f"[{''.join(forms)}]"


def bare(words: str) -> str:
    """Return words without accents."""
    return words if words.isascii() else strip_accents(words)
