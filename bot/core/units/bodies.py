"""Bodies that are none of the city's units (police, tax, schools, banks …) with the place they are named after."""

from bot.core.units.places import Frame, PlaceReader
from bot.core.units.reading import Hit, Phrases, Reading
from bot.core.units.words import (
    BODIES_AT_ONCE,
    BODIES_BEFORE_TYPE,
    BODY_CAPITALS,
    BODY_LINKS,
    BREAKS,
    NAMED_BODIES,
    NO_SCHOOL,
    PLAIN_BODIES,
)

_MOST_LINKS = 5
# A body's own name: so many words with capitals, or so many without.
_LONGEST_NAME, _LONGEST_IN_SMALL = 6, 3


class BodyReader:
    """Finds «công an phường Láng», «trường tiểu học Nghĩa Tân», «chi cục thuế quận Đống Đa»; pure."""

    def __init__(self, places: PlaceReader, city: Phrases[bool]) -> None:
        self._places = places
        self._city = city
        self._bodies = Phrases({**PLAIN_BODIES, **NAMED_BODIES})

    def end(self, reading: Reading, at: int) -> int | None:
        """Return where the body that begins at a word ends, place included; None where there is none with a place."""
        if kind := BODY_CAPITALS.get(reading.text[reading.spots[at].start : reading.spots[at].end]):
            # «CAP Láng»: công an phường.
            place = self._places.behind_type(reading, at, kind)
            return place.end if place else None
        hit = self._bodies.at(reading, at)
        if hit is None or (hit.words[0] == "trường" and len(hit.words) == 1 and reading.bare(at - 1) in NO_SCHOOL):
            return None
        return self._named(reading, hit) if hit.value else self._plain(reading, hit)

    def _plain(self, reading: Reading, hit: Hit[bool]) -> int | None:
        key = tuple(reading.bare(word) for word in range(hit.start, hit.end))
        at = hit.end
        for steps in range(_MOST_LINKS):
            if reading.gap(at) not in ("", ".", "-"):
                return None
            typed_only = key in BODIES_BEFORE_TYPE
            if place := self._places.at(reading, at, Frame.BODY, typed_only=typed_only):
                return place.end
            if not typed_only and (city := self._city.at(reading, at)):
                return city.end
            if (key in BODIES_AT_ONCE and steps == 0) or reading.bare(at) not in BODY_LINKS:
                return None
            at += 1
        return None

    def _named(self, reading: Reading, hit: Hit[bool]) -> int | None:
        """Look for the place behind a name of the body's own: «trường THCS Lê Quý Đôn, quận Cầu Giấy»."""
        single, small = hit.words == ("trường",), 0
        for at in range(hit.end, min(len(reading.spots), hit.end + _LONGEST_NAME + 1)):
            gap = reading.gap(at)
            if gap not in ("", ".", "-", ",", "("):
                return None
            typed_only = at > hit.end or bool(gap)
            if place := self._places.at(reading, at, Frame.BODY, typed_only=typed_only):
                return self._address(reading, place.end)
            proper = reading.proper(at, at + 1)
            small += not proper and reading.bare(at) not in BODY_LINKS
            breaks = reading.bare(at) in BREAKS and not proper
            if gap in (",", "(") or single or breaks or small > _LONGEST_IN_SMALL:
                return None
        return None

    def _address(self, reading: Reading, end: int) -> int:
        """Take in the ward behind a school's name that is itself a place («trường Nghĩa Tân, phường Nghĩa Đô»)."""
        if reading.gap(end) in ("", ",", "-") and (place := self._places.at(reading, end, Frame.NONE)):
            return place.end
        return end
