"""Reads one place in a text: type word, name, the former district behind it, «cũ», another province."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.units.lexicon import How, Lexicon, Named, heard_otherwise
from bot.core.units.model import FormerDistrict
from bot.core.units.reading import Phrases, Reading
from bot.core.units.words import (
    AFTER_BARE_OLD,
    BACKING,
    COMMUNE,
    COUNTY,
    DIRECTIONS,
    DISTRICT,
    DISTRICT_TYPES,
    FORMER_AFTER,
    FORMER_ASIDE,
    FORMER_BEFORE,
    LETTERS,
    NOT_ALONE,
    OTHER_PROVINCES,
    TIMES,
    TOWN,
    TOWNSHIP,
    TYPE_WORDS,
    WARD,
)

_PAUSES = ("", ",", "-", "(", ",(", "–", "/")


class Frame(StrEnum):
    """What stands before a place: nothing that counts, an office, another body, «ở», or nothing at all."""

    NONE = "none"
    OFFICE = "office"
    BODY = "body"
    LOCATIVE = "locative"
    WHOLE = "whole"


@dataclass(frozen=True)
class Place:
    """A place as written at spots[start:end].

    `old`: the citizen says that it is a former one; `maybe_old`: perhaps («cu» is «cũ» or «cứ»); `doubtful`: the name
    may go on; `elsewhere`: in another province.
    """

    start: int
    end: int
    type: str | None
    named: Named
    district: FormerDistrict | None = None
    old: bool = False
    maybe_old: bool = False
    doubtful: bool = False
    elsewhere: bool = False


@dataclass(frozen=True)
class _Type:
    word: str
    end: int
    letter: bool
    accented: bool


class PlaceReader:
    """Reads places at given words; pure after construction."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._types = Phrases(TYPE_WORDS)
        self._after, self._aside, self._before = Phrases(FORMER_AFTER), Phrases(FORMER_ASIDE), Phrases(FORMER_BEFORE)
        self._provinces = Phrases(OTHER_PROVINCES)
        self._wider = Phrases(dict.fromkeys(("tỉnh", "thành phố", "tp"), True))

    def at(
        self, reading: Reading, at: int, frame: Frame, *, typed_only: bool = False, lead: int | None = None
    ) -> Place | None:
        """Return the place that begins at a word, or None; without a type word only behind something that counts.

        `lead` is where the words that lead up to it begin («hồi còn UBND phường Láng»).
        """
        place = self._read(reading, at, frame, typed_only=typed_only)
        old = place is not None and lead is not None and self._before.before(reading, lead) is not None
        return replace(place, old=True) if place and old else place

    def _read(self, reading: Reading, at: int, frame: Frame, *, typed_only: bool) -> Place | None:
        kind = self._type(reading, at, frame)
        place = self._typed(reading, at, kind, frame) if kind else None
        if place or typed_only or frame is Frame.NONE:
            return place
        return self._untyped(reading, at, frame)

    def behind_type(self, reading: Reading, at: int, word: str) -> Place | None:
        """Return the place that begins at a word which stands for the type word `word`, or None."""
        return self._typed(reading, at, _Type(word, at + 1, False, True), Frame.NONE)

    def pair(self, reading: Reading, at: int) -> Place | None:
        """Return a ward and its former district that begin at a word, without type word («Nghĩa Tân, Cầu Giấy»)."""
        for named in self._lexicon.named(reading, at):
            if named.key in NOT_ALONE and not (named.proper and named.accented):
                continue
            place = self._with_tail(reading, Place(at, named.end, None, named))
            if place.district and not place.elsewhere:
                return place
        return None

    def _type(self, reading: Reading, at: int, frame: Frame) -> _Type | None:
        hit = self._types.at(reading, at)
        if hit and reading.gap(hit.end) in ("", ".", ":", "-"):
            typed = [spot.norm for spot in reading.spots[at : hit.end]]
            accented = not "".join(typed).isascii()
            # «xa» in a text with accents is «xa», not «xã».
            if typed == ["xa"] and not reading.without_accents and frame is Frame.NONE:
                return None
            return _Type(hit.value, hit.end, False, accented)
        word = LETTERS.get(reading.spots[at].norm) if at < len(reading.spots) else None
        if word and reading.gap(at + 1) in ("", ".", ":", ".:"):
            return _Type(word, at + 1, True, False)
        return None

    def _typed(self, reading: Reading, at: int, kind: _Type, frame: Frame) -> Place | None:
        start, old = kind.end, False
        first = next(self._lexicon.named(reading, start), None)
        if reading.bare(start) == "cu" and reading.spelled(start, ("cũ",)) and first is None:
            old, start = True, start + 1
            start += reading.bare(start) in ("la", "ten")
        for named in self._lexicon.named(reading, start):
            place = self._with_tail(reading, Place(at, named.end, kind.word, named, old=old))
            if self._accepts(reading, kind, place, frame):
                return self._ahead(reading, place)
        if kind.word == DISTRICT and (initials := self._lexicon.initials(reading, start)):
            return self._ahead(reading, self._with_tail(reading, Place(at, initials.end, kind.word, initials)))
        if kind.letter or (kind.word == COMMUNE and not kind.accented and frame is Frame.NONE):
            return None
        named_wrong = self._lexicon.mistyped(reading, start)
        if named_wrong is None:
            return None
        place = self._with_tail(reading, Place(at, named_wrong.end, kind.word, named_wrong, old=old))
        return place if self._accepts(reading, kind, place, frame) else None

    def _untyped(self, reading: Reading, at: int, frame: Frame) -> Place | None:
        for named in self._lexicon.named(reading, at):
            strict = named.key in NOT_ALONE and not (named.proper and named.accented)
            if named.key in NOT_ALONE and frame is Frame.WHOLE:
                continue
            if strict and frame is Frame.OFFICE:
                strict = not named.current or len(named.key) == 1
            if strict and frame is not Frame.BODY:
                continue
            return self._with_tail(reading, Place(at, named.end, None, named))
        return None

    def _accepts(self, reading: Reading, kind: _Type, place: Place, frame: Frame) -> bool:
        """True when a name fits its type word well enough, given how each was typed."""
        named = place.named
        of_type = bool(named.typed(kind.word))
        if place.district or place.old:
            return True
        if kind.word in DISTRICT_TYPES and not named.districts:
            return kind.accented and not kind.letter and named.how is How.FITS
        if len(named.key) == 1 and not of_type:
            return False
        if not kind.letter:
            return not heard_otherwise(named)
        if kind.word in (TOWNSHIP, TOWN, COMMUNE, COUNTY, DISTRICT) and not of_type:
            return False
        backed = reading.gap(kind.end) != "" or frame in (Frame.OFFICE, Frame.BODY, Frame.LOCATIVE)
        backed = backed or reading.bare(place.start - 1) in BACKING
        if of_type and (named.accented or not self._lexicon.is_common(named.key)):
            return True
        return named.proper or backed or named.key not in NOT_ALONE

    def _with_tail(self, reading: Reading, place: Place) -> Place:
        """Add what follows the name: «cũ», the district, another province."""
        place = replace(place, old=place.old or self._before.before(reading, place.start) is not None)
        place = self._marked_old(reading, place)
        if place.type not in DISTRICT_TYPES:
            place = self._in_district(reading, place)
        elsewhere = self._elsewhere(reading, place.end)
        doubtful = place.district is None and not place.old and self._continues(reading, place.end)
        return replace(place, end=place.end + doubtful, elsewhere=elsewhere, doubtful=doubtful)

    def _marked_old(self, reading: Reading, place: Place) -> Place:
        end = place.end
        gap = reading.gap(end)
        if gap not in ("", "(", ",("):
            return place
        hit = self._after.at(reading, end) or self._aside.at(reading, end)
        if hit is None:
            return place
        pause = reading.gap(hit.end) != ""
        if hit.value and not pause:
            return place
        bare_old = hit.words == ("cũ",) and reading.spots[end].norm.isascii()
        if bare_old and not pause and reading.bare(hit.end) not in AFTER_BARE_OLD:
            # «phuong yen hoa cu cau giay»: what the district proves.
            proven = self._in_district(reading, replace(place, end=hit.end)).district is not None
            return replace(place, end=hit.end, old=True) if proven else replace(place, maybe_old=True)
        return replace(place, end=hit.end, old=True)

    def _in_district(self, reading: Reading, place: Place) -> Place:
        at = place.end
        if reading.gap(at) not in _PAUSES and reading.gap(at) not in ("),", ")"):
            return place
        at += reading.bare(at) in ("thuoc", "cua", "o")
        kind = self._type(reading, at, Frame.OFFICE)
        if kind and kind.word not in DISTRICT_TYPES:
            return place
        start = kind.end if kind else at
        for named in self._lexicon.named(reading, start):
            if district := next((d for d in named.districts if belongs(place.named, d)), None):
                bound = replace(place, end=named.end, district=district)
                marked = self._marked_old(reading, bound)
                # «phường Yên Hòa, quận Cầu Giấy cũ»: it is the district that is the former one.
                return replace(marked, old=place.old)
        return place

    def _ahead(self, reading: Reading, place: Place) -> Place:
        """Join «quận Cầu Giấy, phường Nghĩa Tân» into the ward with its district."""
        if place.type not in DISTRICT_TYPES or reading.gap(place.end) not in _PAUSES:
            return place
        kind = self._type(reading, place.end, Frame.NONE)
        if kind is None or kind.word not in (WARD, COMMUNE, TOWNSHIP):
            return place
        inner = self._typed(reading, place.end, kind, Frame.NONE)
        if inner is None or inner.district:
            return place
        district = next((d for d in place.named.districts if belongs(inner.named, d)), None)
        return replace(inner, start=place.start, district=district) if district else place

    def _elsewhere(self, reading: Reading, at: int) -> bool:
        gap = reading.gap(at)
        if at >= len(reading.spots) or gap not in _PAUSES:
            return False
        wider = self._wider.at(reading, at)
        if wider is None and (kind := self._type(reading, at, Frame.NONE)) and kind.word in DISTRICT_TYPES:
            return kind.accented and self._unknown(reading, kind.end)
        province = self._provinces.at(reading, wider.end if wider else at)
        if province:
            return bool(wider) or gap == "," or reading.proper(at, province.end)
        return wider is not None and self._unknown(reading, wider.end) and not reading.spots[at].norm.isascii()

    def _unknown(self, reading: Reading, at: int) -> bool:
        """True when a capitalised name begins that is none of the city's."""
        if at >= len(reading.spots) or reading.gap(at) not in ("", ".") or not reading.proper(at, at + 1):
            return False
        own = (reading.bare(at), reading.bare(at + 1)) == ("ha", "noi") or reading.bare(at) == "hn"
        return not own and next(self._lexicon.named(reading, at), None) is None

    def _continues(self, reading: Reading, at: int) -> bool:
        """True when a direction follows that makes it another name («Thanh Xuân Nam»)."""
        if at >= len(reading.spots) or reading.gap(at) or reading.spots[at].norm not in DIRECTIONS:
            return False
        if any(len(named.key) > 1 for named in self._lexicon.named(reading, at)):
            return False
        if reading.proper(at, at + 1):
            return reading.bare(at + 1) not in TIMES
        return reading.without_accents and bool(reading.gap(at + 1)) and reading.bare(at) != "dong"


def belongs(named: Named, district: FormerDistrict) -> bool:
    """True when a unit of the name lies, or lay, in the district."""
    return any(old.district == district.name for old in named.former) or any(
        district.name in unit.former_districts for unit in named.current
    )
