"""Matches phrases against messages as citizens type them: with, without and with some of the accents. Pure."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.core.kinds.marking import Hit, Word, is_number
from nlu.text import strip_accents

_QUALITIES = "\u0302\u0306\u031b"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
# A message counts as typed without accents when fewer than one word in so many has one.
_BARE = 6
_GAP = "*"
_NUMBER = "#"
_MAX_GAP = 3
_END = 2


class _Slot(NamedTuple):
    """What may stand at one place of a phrase: the options by their first word without accents."""

    options: dict[str, list[tuple[str, ...]]]
    optional: bool


class _Phrase(NamedTuple):
    tag: str
    slots: tuple[_Slot, ...]
    strict: bool
    accented: bool


class _Follow(NamedTuple):
    """A quick look ahead: one of `words` must be among the next `reach`."""

    words: frozenset[str]
    reach: int


class Lexicon:
    """Phrases by tag, written with their accents, parted by «|».

    Within a phrase «a/b_c» is one word or two others, «a?» may be missing, «*» stands for up to three words, «#» for
    a number; no phrase goes over a comma. A typed word fits when it has the accents or some of them; none, where the
    message is typed without; and beside other words of the phrase none or all but the tone. Of three words one may
    have another accent. A phrase that begins with «=» allows none of the latter; «!» must be typed with its accents.
    """

    def __init__(self, phrases: Mapping[str, str], strict: Collection[str] = ()) -> None:
        """Take the phrases of each tag; those of the tags in `strict` are all read as if they began with «=»."""
        self._by_first: dict[str, list[tuple[_Follow | None, _Phrase]]] = {}
        for tag, listed in phrases.items():
            for text in filter(None, map(str.strip, listed.split("|"))):
                slots = tuple(_slot(part) for part in text.lstrip("=!").split())
                phrase = _Phrase(tag, slots, tag in strict or text[0] in "=!", text[0] == "!")
                for first, options in slots[0].options.items():
                    self._by_first.setdefault(first, []).append((_follow(options, slots[1:]), phrase))

    def find(self, words: Sequence[Word]) -> list[Hit]:
        """Return the longest phrase of each tag at each place, in order of place."""
        found = []
        bare = sum(not word.bare for word in words) * _BARE < len(words)
        plains = [word.plain for word in words]
        for at, word in enumerate(words):
            longest: dict[str, int] = {}
            phrases = self._by_first.get(word.plain, [])
            if is_number(word):
                phrases = phrases + self._by_first.get(_NUMBER, [])
            for follow, phrase in phrases:
                if follow is not None and follow.words.isdisjoint(plains[at + 1 : at + 1 + follow.reach]):
                    continue
                end = max(_ends(phrase, words, at, bare=bare), default=0)
                if end > longest.get(phrase.tag, 0):
                    longest[phrase.tag] = end
            found += [Hit(tag, at, end) for tag, end in longest.items()]
        return found


def _follow(options: Sequence[Sequence[str]], rest: Sequence[_Slot]) -> _Follow | None:
    """Return the words one of which must follow the first, and how near; None where anything may, or nothing."""
    found: set[str] = set()
    reach = 1
    for option in options:
        if len(option) > 1:
            found.add(strip_accents(option[1]))
            continue
        slots = list(rest)
        if slots and _GAP in slots[0].options:
            slots, reach = slots[1:], 1 + _MAX_GAP
        if not slots or slots[0].optional or not slots[0].options.keys().isdisjoint((_GAP, _NUMBER)):
            return None
        found |= slots[0].options.keys()
    return None if _NUMBER in found else _Follow(frozenset(found), reach)


def _slot(part: str) -> _Slot:
    options: dict[str, list[tuple[str, ...]]] = {}
    for option in part.rstrip("?").split("/"):
        words = tuple(option.split("_"))
        options.setdefault(strip_accents(words[0]), []).append(words)
    return _Slot(options, part.endswith("?"))


def _ends(phrase: _Phrase, words: Sequence[Word], start: int, *, bare: bool) -> Iterator[int]:
    """Yield where a phrase that begins at `start` may end. `bare`: the message is typed without accents."""
    stack = [(0, start, 0, 0)]
    while stack:
        number, at, named, wrong = stack.pop()
        if number == len(phrase.slots):
            if wrong == 0 or (not phrase.strict and wrong <= (named - 1) // 2):
                yield at
            continue
        slot = phrase.slots[number]
        if slot.optional:
            stack.append((number + 1, at, named, wrong))
        if _GAP in slot.options:
            stack += [(number + 1, end, named, wrong) for end in _gaps(words, at)]
            continue
        if at >= len(words) or (at > start and words[at].after):
            continue
        if _NUMBER in slot.options and is_number(words[at]):
            stack.append((number + 1, at + 1, named, wrong))
        for option in slot.options.get(words[at].plain, ()):
            slips = _slips(option, words, at, phrase, bare=bare)
            if slips is not None:
                stack.append((number + 1, at + len(option), named + len(option), wrong + slips))


def _gaps(words: Sequence[Word], at: int) -> Iterator[int]:
    """Yield the places up to three words on; a pause ends the gap."""
    for end in range(at, min(at + _MAX_GAP, len(words) - 1) + 1):
        if words[end].after:
            return
        yield end


def _slips(option: Sequence[str], words: Sequence[Word], at: int, phrase: _Phrase, *, bare: bool) -> int | None:
    """Return how many words of an option are typed with other accents; None where it is not there."""
    alone = len(option) == len(phrase.slots) == 1
    slips = 0
    for offset, expected in enumerate(option):
        place = at + offset
        if place >= len(words) or (offset and words[place].after):
            return None
        typed = words[place]
        if expected == _NUMBER:
            if not is_number(typed):
                return None
        elif typed.plain != _bare(expected) or (phrase.accented and typed.norm != expected):
            return None
        elif typed.norm == expected or (typed.norm.isascii() and (bare or not (phrase.strict or alone))):
            continue
        elif typed.norm.isascii():
            return None
        elif not _consistent(typed.norm, expected):
            dropped = not phrase.strict and not alone and _toneless(typed.norm, expected)
            slips += not dropped
    return slips


@lru_cache(maxsize=8192)
def _bare(word: str) -> str:
    return strip_accents(word)


@lru_cache(maxsize=16384)
def _consistent(typed: str, word: str) -> bool:
    """True where every letter of `typed` is that of `word`, or the same without marks or without its hook or hat."""
    return len(typed) == len(word) and all(
        a == b or a in (strip_accents(b), _without(b, _QUALITIES)) for a, b in zip(typed, word, strict=True)
    )


@lru_cache(maxsize=16384)
def _toneless(typed: str, word: str) -> bool:
    """True where `typed` is `word` with its tone left out («tiên» for «tiền»)."""
    return typed == _without(word, _TONES)


@lru_cache(maxsize=8192)
def _without(word: str, marks: str) -> str:
    kept = (char for char in unicodedata.normalize("NFD", word) if char not in marks)
    return unicodedata.normalize("NFC", "".join(kept))
