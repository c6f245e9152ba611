"""Whom and which homes a story names, so that no answer to it that everybody reads names them. Pure.

An answer is refused where it repeats them. Other words that look like names may be a place's or an author's: whoever
writes the answer says that they are no person's.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from bot.core.cases.naming import NO_NAME, Place, people_places, plain_of
from bot.core.cases.redaction import ADDRESS, found, leaks
from bot.core.units import UnitRegistry
from nlu.text import clean, fold, strip_accents

Words = tuple[str, ...]

_WORD = re.compile(r"[^\W_]+")
_KIND_WORDS = "phuong xa thi tran quan huyen ubnd uy ban nhan dan so thanh pho tinh mot cua"
_KINDS = frozenset(_KIND_WORDS.split())
# Places of the country that no list of units has.
_KNOWN_PLACES = frozenset({"ha noi", "viet nam", "ho chi minh", "thang long", "hai ba trung", "ha dong", "hoang mai"})
# Before these a capitalised name is a place's.
_PLACE_WORDS = "phuong quan xa huyen tinh pho duong thon tran tp ubnd so thanh"
_BEFORE_PLACES = frozenset(_PLACE_WORDS.split())
_NO_TITLE = frozenset({"ban", "chủ", "bộ", "cơ"})
_HOUSE = frozenset({"ngo", "ngach", "hem", "kiet", "nha"})
_WIDTH = 3
_BY_NAME = re.compile(
    r"(?<![^\W_])(?:toi|em|chau|con|minh) ten(?: la)? (?P<x>[^\W\d_]+)|(?<![^\W_])ten toi(?: la)? (?P<y>[^\W\d_]+)"
)


@dataclass(frozen=True)
class Told:
    """Names in a story, and its addresses as runs of words without accents."""

    names: tuple[str, ...] = ()
    homes: frozenset[Words] = frozenset()


def place_names(registry: UnitRegistry) -> frozenset[str]:
    """Return the names of places that units bear, without accents: «hoang mai»."""
    found_names = set(_KNOWN_PLACES)
    for unit in registry.units:
        words = fold(unit.name).split()
        while words and words[0] in _KINDS:
            words = words[1:]
        found_names.add(" ".join(words))
    return frozenset(found_names)


def told_in(texts: Iterable[str], places: Collection[str] = _KNOWN_PLACES) -> Told:
    """Return whom and which homes these texts name."""
    names: dict[str, None] = {}
    homes: set[Words] = set()
    for text in map(clean, texts):
        plain = plain_of(text)
        for start, end in _people(text, plain, places):
            names[text[start:end]] = None
        for match in _BY_NAME.finditer(plain):
            start, end = match.span("x" if match["x"] else "y")
            names[text[start:end].capitalize()] = None
        for span in found(text, ()):
            if span.placeholder == ADDRESS:
                homes.update(_windows(text[span.start : span.end]))
    return Told(tuple(names), frozenset(homes))


def repeats(text: str, known: Iterable[str | None], told: Told, places: Collection[str] = _KNOWN_PLACES) -> bool:
    """True when a text that is to be published has a personal number, or a name or a home of the case."""
    whole = clean(text)
    bare = tuple(name for name in told.names if plain_of(name) == name.lower())
    # Who tells without accents is answered with them.
    for read, names in ((whole, (*known, *told.names)), (strip_accents(whole), bare)):
        if leaks(read, names, lambda typed, plain, place: _is_place(typed, plain, place, places)):
            return True
    plain = plain_of(whole)
    words = [(match[0], match.span()) for match in _WORD.finditer(plain)]
    for home in told.homes:
        for at in range(len(words) - len(home) + 1):
            if tuple(word for word, _ in words[at : at + len(home)]) == home:
                place = words[at][1][0], words[at + len(home) - 1][1][1]
                if _has_digit(home) or not _is_place(whole, plain, place, places):
                    return True
    return False


def maybe_people(text: str, places: Collection[str] = _KNOWN_PLACES) -> tuple[str, ...]:
    """Return the words of a text that look like somebody's name and are no known place."""
    whole = clean(text)
    return tuple(dict.fromkeys(whole[start:end] for start, end in _people(whole, plain_of(whole), places)))


def _people(text: str, plain: str, places: Collection[str]) -> Iterator[Place]:
    last = 0
    for start, end in sorted(people_places(text, plain), key=lambda place: (place[0], -place[1])):
        if start < last or _is_place(text, plain, (start, end), places):
            continue
        before = _WORD.findall(text[:start])
        if plain[start:end] in NO_NAME or (before and before[-1].casefold() in _NO_TITLE):
            continue
        last = end
        yield start, end


def _is_place(text: str, plain: str, place: Place, places: Collection[str]) -> bool:
    """True where a name stands in a place's: «phường Yên Hòa», «34 Trần Phú», «Hà Nội»."""
    words = [match.span() for match in _WORD.finditer(text)]
    inside = [at for at, (start, end) in enumerate(words) if start >= place[0] and end <= place[1]]
    if not inside:
        return False
    first, last = inside[0], inside[-1]
    while first and text[words[first - 1][0]].isupper() and text[words[first - 1][1] : words[first][0]] == " ":
        first -= 1
    while (
        last + 1 < len(words)
        and text[words[last + 1][0]].isupper()
        and text[words[last][1] : words[last + 1][0]] == " "
    ):
        last += 1
    for begin in range(first, inside[0] + 1):
        for end in range(inside[-1], last + 1):
            if plain[words[begin][0] : words[end][1]] in places:
                return True
        before = plain[slice(*words[begin - 1])] if begin else ""
        if before in _BEFORE_PLACES or before[:1].isdigit():
            return True
    return False


def _windows(home: str) -> Iterator[Words]:
    """Yield the runs of an address's words by which it is told, as short as they may be repeated."""
    typed = _WORD.findall(home)
    plain = [plain_of(word) for word in typed]
    for size in (2, _WIDTH):
        for at in range(len(plain) - size + 1):
            run = tuple(plain[at : at + size])
            capitals = all(word[0].isupper() and not word.isupper() for word in typed[at : at + size])
            if capitals or (_has_digit(run) and (size == _WIDTH or run[0] in _HOUSE)):
                yield run


def _has_digit(words: Words) -> bool:
    return any(word[0].isdigit() for word in words)
