"""Where the characters of a changed text come from in the text as given."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from nlu.text.cleaning import visible


def _starters(text: str) -> int:
    """Count the characters of a decomposed text that combine with none before them."""
    if text.isascii():
        return len(text)
    return sum(not unicodedata.combining(char) for char in unicodedata.normalize("NFD", text))


@dataclass(frozen=True)
class Alignment:
    """Maps spans back: character i of the changed text comes from given[starts[i]:ends[i]]."""

    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the text as given that the non-empty changed[start:end] comes from."""
        return self.starts[start], self.ends[end - 1]


def align_cleaned(given: str, cleaned: str) -> Alignment:
    """Align a text with what `clean` (or NFC) made of it: base letters stay in order and keep their number.

    Marks, controls and zero-width characters belong to the letter before them.
    """
    sources: list[int] = []
    limits: list[int] = []
    for at, char in enumerate(given):
        shown = char if char.isascii() and char.isprintable() else visible(char)
        if shown.isspace():
            continue
        count = _starters(shown)
        if not count and limits:
            # Only what follows directly: what stands behind a space belongs to nothing before it.
            if limits[-1] == at:
                limits[-1] = at + 1
            continue
        sources += [at] * count
        limits += [at + 1] * count
    starts: list[int] = []
    ends: list[int] = []
    seen = 0
    last = len(sources) - 1
    for char in cleaned:
        if char == " ":
            starts.append(limits[seen - 1] if seen else 0)
            ends.append(sources[min(seen, last)] if sources else len(given))
            continue
        count = _starters(char)
        first = min(max(seen if count else seen - 1, 0), last)
        seen += count
        starts.append(sources[first] if sources else 0)
        ends.append(limits[min(max(seen - 1, 0), last)] if sources else len(given))
    return Alignment(starts, ends)


def align_decoded(given: str, decoded: str) -> Alignment:
    """Align a text that was bytes read one by one with the UTF-8 that they are."""
    starts: list[int] = []
    at = 0
    for char in decoded:
        starts.append(at)
        at += len(char.encode())
    return Alignment(starts, [*starts[1:], len(given)])


@dataclass(frozen=True)
class Edit:
    """before[start:end] became after[new_start:new_end]."""

    start: int
    end: int
    new_start: int
    new_end: int


def undo(edits: Sequence[Edit], start: int, end: int) -> tuple[int, int]:
    """Map a span of the text after `edits` (in order, apart) to the one before; a part of an edit means all of it."""
    return _before(edits, start, last=False), _before(edits, end - 1, last=True)


def _before(edits: Sequence[Edit], at: int, *, last: bool) -> int:
    shift = 0
    for edit in edits:
        if at < edit.new_start:
            break
        if at < edit.new_end:
            return edit.end if last else edit.start
        shift = edit.end - edit.new_end
    return at + shift + last
