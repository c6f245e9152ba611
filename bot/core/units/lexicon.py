"""Every name that a ward, commune or district has or had, and where one stands in a text."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from bot.core.units.model import FormerDistrict, FormerUnit, Unit, UnitKind
from bot.core.units.reading import Reading
from bot.core.units.registry import UnitRegistry
from bot.core.units.words import DISTRICT, HEARD_OTHERWISE, NOT_BEFORE, ORDINARY
from nlu.text import fold, is_syllable
from nlu.text.slips import SlipIndex
from nlu.text.syllable_model import syllable_model

Key = tuple[str, ...]
_MIN_SLIP, _MIN_GLUED = 6, 6


@dataclass(frozen=True)
class Place:
    """One bearer of a name, today's or a former one; `type` is its type word; `exact`: the whole name."""

    words: tuple[str, ...]
    type: str
    bearer: Unit | FormerUnit | FormerDistrict
    exact: bool


class How(StrEnum):
    """How a name was read: as typed, with accents that contradict it, or with one slip of the finger."""

    FITS = "fits"
    CLASHES = "clashes"
    SLIPPED = "slipped"


@dataclass(frozen=True)
class Named:
    """A name at spots[start:end] and all who bear it or bore it. `proper`: written as a name, in capitals."""

    start: int
    end: int
    key: Key
    places: tuple[Place, ...]
    how: How
    proper: bool
    accented: bool

    @property
    def current(self) -> tuple[Unit, ...]:
        """The units of today."""
        return tuple(place.bearer for place in self.places if isinstance(place.bearer, Unit))

    @property
    def former(self) -> tuple[FormerUnit, ...]:
        """The former wards, communes and townships."""
        return tuple(place.bearer for place in self.places if isinstance(place.bearer, FormerUnit))

    @property
    def districts(self) -> tuple[FormerDistrict, ...]:
        """The abolished districts."""
        return tuple(place.bearer for place in self.places if isinstance(place.bearer, FormerDistrict))

    def typed(self, kind: str) -> tuple[Place, ...]:
        """Return the bearers of one type («phường»)."""
        return tuple(place for place in self.places if place.type == kind)


class Lexicon:
    """Finds names by their folded words; pure after construction."""

    def __init__(self, registry: UnitRegistry) -> None:
        self._places: dict[Key, list[Place]] = defaultdict(list)
        for unit in registry.units:
            if unit.kind in (UnitKind.WARD, UnitKind.COMMUNE):
                self._add(unit.name, unit.short_name, unit.also, unit)
        for old in registry.former:
            self._add(old.name, old.short_name, old.also, old)
        for district in registry.districts:
            self._add(district.name, district.short_name, district.also, district)
        self._longest: dict[str, int] = defaultdict(int)
        for key in self._places:
            self._longest[key[0]] = max(self._longest[key[0]], len(key))
        self._initials = {
            "".join(word[0] for word in key): key for key in self._places if self._is_city_district(key)
        }
        self._glued = {"".join(key): key for key in self._places if len(key) > 1 and len("".join(key)) >= _MIN_GLUED}
        self._spaced = {" ".join(key): key for key in self._places}
        self._slips = SlipIndex(name for name in self._spaced if len(name) >= _MIN_SLIP)
        self._model = syllable_model()

    def _add(self, name: str, short: str, also: tuple[str, ...], bearer: Unit | FormerUnit | FormerDistrict) -> None:
        kind = name[: -len(short)].strip().lower()
        for form in (short, *also):
            words = tuple(form.lower().replace("-", " ").split())
            self._places[tuple(map(fold, words))].append(Place(words, kind, bearer, form == short))

    def named(self, reading: Reading, at: int) -> Iterator[Named]:
        """Yield the names that begin at a word and that nothing typed contradicts, the longest first."""
        first = reading.bare(at)
        for length in range(self._longest.get(first, 0), 0, -1):
            key = tuple(spot.bare for spot in reading.spots[at : at + length])
            if len(key) == length and key in self._places and reading.joined(at, at + length):
                places = self._spelled(reading, at, key)
                if places and not self._goes_on(reading, key, at + length):
                    yield self._named(reading, at, at + length, key, places, How.FITS)
        if key_of_glued := self._glued.get(first):
            bearers = tuple(self._places[key_of_glued])
            if reading.spots[at].norm.isascii() or len({place.words for place in bearers}) == 1:
                yield self._named(reading, at, at + 1, key_of_glued, bearers, How.FITS)

    def _spelled(self, reading: Reading, at: int, key: Key) -> tuple[Place, ...]:
        """Return the bearers whose spelling the accents allow; those spelled just so before others."""
        typed = tuple(spot.norm for spot in reading.spots[at : at + len(key)])
        exact = tuple(place for place in self._places[key] if place.words == typed and typed != key)
        return exact or tuple(place for place in self._places[key] if reading.spelled(at, place.words))

    def is_common(self, key: Key) -> bool:
        """True when the folded words of a name stand together elsewhere («thanh cong»), and for a single word."""
        return len(key) == 1 or any(self._model.plain_pair(*pair) for pair in pairwise(key))

    def initials(self, reading: Reading, at: int) -> Named | None:
        """Return the city district whose initials stand at a word («q.HBT»)."""
        key = self._initials.get(reading.bare(at))
        if key is None:
            return None
        places = tuple(place for place in self._places[key] if isinstance(place.bearer, FormerDistrict))
        return Named(at, at + 1, key, places, How.FITS, False, False)

    def _is_city_district(self, key: Key) -> bool:
        return any(place.type == DISTRICT and place.exact for place in self._places[key])

    def mistyped(self, reading: Reading, at: int) -> Named | None:
        """Return the one name that was meant behind a type word, where accents contradict it or a letter is wrong."""
        for length in range(self._longest.get(reading.bare(at), 0), 1, -1):
            key = tuple(spot.bare for spot in reading.spots[at : at + length])
            if len(key) == length and key in self._places and reading.joined(at, at + length):
                if self._is_phrase(reading, at, at + length) or self._goes_on(reading, key, at + length):
                    return None
                return self._named(reading, at, at + length, key, tuple(self._places[key]), How.CLASHES)
        for length in (4, 3, 2):
            end = at + length
            if end > len(reading.spots) or not reading.joined(at, end):
                continue
            typed = " ".join(spot.bare for spot in reading.spots[at:end])
            near = self._slips.near(typed)
            if len(near) == 1:
                key = self._spaced[near.pop()]
                if len(key) == length and self._is_slip(reading, at, key):
                    return self._named(reading, at, end, key, tuple(self._places[key]), How.SLIPPED)
        return None

    def _named(self, reading: Reading, start: int, end: int, key: Key, places: tuple[Place, ...], how: How) -> Named:
        typed = tuple(spot.norm for spot in reading.spots[start:end])
        accented = any(typed == place.words and not "".join(typed).isascii() for place in places)
        return Named(start, end, key, places, how, reading.proper(start, end), accented)

    def _goes_on(self, reading: Reading, key: Key, end: int) -> bool:
        return not reading.gap(end) and reading.bare(end) in NOT_BEFORE.get(key, ())

    def _is_phrase(self, reading: Reading, start: int, end: int) -> bool:
        """True when the words as typed are known to stand together: no name that was mistyped."""
        words = [spot.norm for spot in reading.spots[start:end]]
        return not reading.proper(start, end) and any(
            self._model.pair(left, right) for left, right in pairwise(words)
        )

    def _is_slip(self, reading: Reading, at: int, key: Key) -> bool:
        """True when one word is wrong, and what was typed is no word or stands with its neighbours nowhere else."""
        typed = [spot.bare for spot in reading.spots[at : at + len(key)]]
        wrong = [number for number, (left, right) in enumerate(zip(typed, key, strict=True)) if left != right]
        if len(wrong) != 1:
            return False
        if reading.proper(at, at + len(key)) or not is_syllable(typed[wrong[0]], plain=True):
            return True
        at_wrong, end = at + wrong[0], at + len(key)
        before = reading.bare(at_wrong - 1) if wrong[0] else ""
        after = "" if at_wrong + 1 == end and reading.gap(end) else reading.bare(at_wrong + 1)
        word = typed[wrong[0]]
        return not self._model.plain_pair(before, word) and not self._model.plain_pair(word, after)


def heard_otherwise(named: Named) -> bool:
    """True when words behind «xã», «phường» are more likely ordinary ones than this name."""
    if named.proper:
        return False
    if named.key in ORDINARY:
        return True
    return named.key in HEARD_OTHERWISE and not named.accented
