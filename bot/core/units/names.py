"""Where a text names wards, communes and former districts, in whatever words stand around them. Pure, linear."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.core.units.reading import fits, read
from bot.core.units.registry import UnitRegistry
from nlu.text import fold, tokens

# What stands before a name, folded; behind the latter only names of two words and more are meant.
_TYPES = frozenset(["phuong", "xa", "quan", "huyen", "tran", "p", "x", "q", "h", "tt", "f"])
_PLACES = frozenset(["o", "tai", "ubnd", "cua", "ban", "dan"])
# «một cửa», «ủy ban», «nhân dân».
_LEADS = {"cua": frozenset(["mot", "1"]), "ban": frozenset(["uy"]), "dan": frozenset(["nhan"])}


class NameWord(NamedTuple):
    """A word as typed, in lower case and without its accents; `pause`: a mark stands before it."""

    typed: str
    bare: str
    pause: bool


def name_spans(words: Sequence[NameWord]) -> Iterator[tuple[int, int]]:
    """Yield the places of unit names, without the type word before them, in order; none overlap.

    «hoan kiem» counts behind «phường», «ở», «một cửa» and the like; accents that are typed must be right.
    """
    at = 1
    while at < len(words):
        least = _least(words, at)
        # «mot cua phuong dinh cong»: the ward Định Công, not the commune Phương Đình.
        typed = least > 1 and words[at].bare in _TYPES and _name_end(words, at + 1, 1) > at + 1
        end = _name_end(words, at, least) if least and not typed else at
        if end > at:
            yield at, end
        at = max(end, at + 1)


def name_places(text: str) -> tuple[tuple[int, int], ...]:
    """Return the places of unit names in a text, as offsets."""
    spots = read(text).spots
    words = [NameWord(spot.norm, spot.bare, bool(spot.gap.strip("."))) for spot in spots]
    return tuple((spots[start].start, spots[end - 1].end) for start, end in name_spans(words))


def _least(words: Sequence[NameWord], at: int) -> int:
    """Return of how many words a name must be that begins here; 0 where none does."""
    lead = words[at - 1].bare
    if words[at].pause:
        return 0
    if lead in _TYPES:
        return 1
    if lead not in _PLACES:
        return 0
    leads = _LEADS.get(lead)
    return 2 if leads is None or (at > 1 and words[at - 2].bare in leads) else 0


def _name_end(words: Sequence[NameWord], at: int, least: int) -> int:
    """Return where the longest name ends that begins here; `at` for none."""
    if at >= len(words):
        return at
    for bares, name in _names().get(words[at].bare, ()):
        end = at + len(bares)
        if len(bares) < least or end > len(words) or any(word.pause for word in words[at + 1 : end]):
            continue
        if all(
            word.bare == bare and fits(word.typed, spelled)
            for word, bare, spelled in zip(words[at:end], bares, name, strict=True)
        ):
            return end
    return at


@lru_cache(maxsize=1)
def _names() -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    """Return the names, folded and with their accents, by their first word, the longest first."""
    registry = UnitRegistry.load()
    listed = [name for unit in registry.units for name in ((unit.short_name, *unit.also) if unit.former else ())]
    for old in registry.former:
        listed += (old.short_name, *old.also)
    for district in registry.districts:
        listed += (district.short_name, *district.also)
    found: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for words in sorted({tuple(token.norm for token in tokens(name)) for name in listed}, key=lambda w: (-len(w), w)):
        bares = tuple(map(fold, words))
        found.setdefault(bares[0], []).append((bares, words))
    return found
