"""Finds the units that a citizen's text names, in the order of the text."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.units.assessing import assess
from bot.core.units.bodies import BodyReader
from bot.core.units.choosing import addressed, choose, denied
from bot.core.units.lexicon import Lexicon
from bot.core.units.model import Certainty, DeskHint, UnitKind, UnitMention
from bot.core.units.offices import Lead, Office, OfficeReader
from bot.core.units.places import Frame, Place, PlaceReader
from bot.core.units.reading import Phrases, Reading, read
from bot.core.units.registry import UnitRegistry
from bot.core.units.words import CLOSERS, HOMES, HONORIFICS, LOCATIVES, OPENERS, OR_ELSE, PLACE_HEADS

_LONGEST_ANSWER = 9
_PAIRS = (("(", ")"), ("“", "”"), ("«", "»"), ("‘", "’"))
# Letters about somebody else are sent to these.
_ABOVE = frozenset({UnitKind.DEPARTMENT, UnitKind.CITY})
_NO_PLACE_BEHIND = HONORIFICS | PLACE_HEADS


class UnitFinder:
    """Reads units from texts; built once, immutable. Texts may lack accents, capitals and type words.

    A name without a type word («ở Cầu Giấy») counts only where somebody is or goes, or with its former district
    behind it; names that are ordinary words or people's need their capitals and accents there.
    """

    def __init__(self, registry: UnitRegistry) -> None:
        self._registry = registry
        self._places = PlaceReader(Lexicon(registry))
        self._offices = OfficeReader(registry, self._places)
        self._bodies = BodyReader(self._places, self._offices.city)
        self._locatives, self._homes = Phrases(LOCATIVES), Phrases(HOMES)
        self._or_else = Phrases(OR_ELSE)

    def find(self, text: str) -> tuple[UnitMention, ...]:
        """Return the mentions in text order, none overlapping; offsets are true to `text`. Never raises.

        What is taken back («không phải phường Láng») is left out, and whom a letter is sent to where it names another
        unit or the addressee is an office above them; «phường Láng hay phường Kim Liên» is one mention of several
        candidates.
        """
        reading = read(text)
        found: list[UnitMention] = []
        sent_to: list[UnitMention] = []
        at = 0
        while at < len(reading.spots):
            mention, end = self._at(reading, at)
            if mention and not denied(reading, at):
                while either := self._either(reading, mention, end):
                    mention, end = either
                (sent_to if addressed(reading, at) else found).append(mention)
            at = max(end, at + 1)
        if any(mention.units for mention in found):
            return tuple(found)
        kept = [mention for mention in sent_to if not self._above(mention)]
        return tuple(sorted((*found, *kept), key=lambda mention: mention.start))

    def choose(self, text: str, candidates: Sequence[str]) -> str | None:
        """Return the candidate (id) that an answer to «which of these?» means, or None where it means none or two.

        Understood are the id itself, a place in the list («số 2», «cái cuối»), a name or a part of it that no other
        candidate has, with or without accents.
        """
        units = [unit for candidate in candidates if (unit := self._registry.unit(candidate))]
        return choose(read(text), text, units)

    def _above(self, mention: UnitMention) -> bool:
        units = [unit for candidate in mention.units if (unit := self._registry.unit(candidate))]
        return any(unit.kind in _ABOVE for unit in units)

    def _either(self, reading: Reading, mention: UnitMention, end: int) -> tuple[UnitMention, int] | None:
        """Return a mention joined with another place that it may have been instead, and where that ends."""
        if not mention.units or reading.gap(end) not in ("", ",") or not (hit := self._or_else.at(reading, end)):
            return None
        if hit.end >= len(reading.spots):
            return None
        other, after = self._at(reading, hit.end)
        if other is None and (place := self._places.at(reading, hit.end, Frame.LOCATIVE)):
            other, after = _of_place(reading, hit.end, place, Frame.LOCATIVE, None), place.end
        # «một cửa phường Láng hay ủy ban phường Láng» is one unit.
        if other is None or not other.units or set(other.units) & set(mention.units):
            return None
        units, text = (*mention.units, *other.units), reading.text[mention.start : other.end]
        return replace(
            mention, end=other.end, text=text, units=units, certainty=Certainty.AMBIGUOUS, former=None, namesakes=()
        ), after

    def _at(self, reading: Reading, at: int) -> tuple[UnitMention | None, int]:
        """Return what begins at a word, and where it ends."""
        if end := self._bodies.end(reading, at):
            return _mention(reading, at, end, Certainty.OTHER_BODY), end
        office = self._offices.department(reading, at) or self._offices.branch(reading, at)
        lead = None if office else self._offices.lead(reading, at)
        if lead and (led := self._led(reading, at, lead)):
            return led
        if lead and not office:
            office = self._offices.centre(reading, at, lead) or self._offices.of_city(reading, at, lead)
        if office:
            return _of_office(reading, office), office.end
        if lead:
            return None, at + 1
        return self._alone(reading, at)

    def _led(self, reading: Reading, at: int, lead: Lead) -> tuple[UnitMention, int] | None:
        """Return the place that an office belongs to («một cửa phường Láng»)."""
        for after in lead.after:
            if reading.gap(after) in ("", ".", "-", ":", "(") and (
                place := self._places.at(reading, after, Frame.OFFICE, lead=at)
            ):
                return _of_place(reading, at, place, Frame.OFFICE, lead.hint), place.end
        return None

    def _alone(self, reading: Reading, at: int) -> tuple[UnitMention | None, int]:
        """Return a place that no office leads up to."""
        frame = self._frame(reading, at)
        place = self._places.at(reading, at, frame)
        if place and frame is Frame.WHOLE and place.type is None and not self._closes(reading, place.end):
            place = None
        if place is None and reading.bare(at - 1) not in _NO_PLACE_BEHIND:
            place = None if reading.bare(at - 1).isdigit() else self._places.pair(reading, at)
        if place is None:
            return None, at + 1
        home = self._homes.before(reading, at) is not None
        return replace(_of_place(reading, at, place, frame, None), home=home), place.end

    def _frame(self, reading: Reading, at: int) -> Frame:
        if at > 0 and not reading.gap(at) and (hit := self._locatives.before(reading, at)):
            bare = all(spot.norm.isascii() for spot in reading.spots[hit.start : at])
            if not (hit.value and bare and reading.without_accents):
                return Frame.LOCATIVE
        opened = all(reading.bare(before) in OPENERS for before in range(at))
        return Frame.WHOLE if opened and len(reading.spots) <= _LONGEST_ANSWER else Frame.NONE

    def _closes(self, reading: Reading, end: int) -> bool:
        return all(reading.bare(after) in CLOSERS for after in range(end, len(reading.spots)))


def _mention(reading: Reading, start: int, end: int, certainty: Certainty) -> UnitMention:
    first, last = reading.spots[start].start, reading.spots[end - 1].end
    # «phường Yên Hòa (cũ)»: what is opened is closed.
    inside, behind = reading.text[first:last], reading.text[last : last + 1]
    last += any(behind == closing and opening in inside and closing not in inside for opening, closing in _PAIRS)
    return UnitMention(first, last, reading.text[first:last], (), certainty)


def _of_office(reading: Reading, office: Office) -> UnitMention:
    plain = _mention(reading, office.start, office.end, office.certainty)
    return replace(plain, units=office.units, former=office.former, desk_hint=office.hint)


def _of_place(reading: Reading, start: int, place: Place, frame: Frame, hint: DeskHint | None) -> UnitMention:
    meaning = assess(place, frame)
    return replace(
        _mention(reading, start, place.end, meaning.certainty),
        units=meaning.units,
        former=meaning.former,
        namesakes=meaning.namesakes,
        desk_hint=None if meaning.certainty is Certainty.OTHER_BODY else hint,
    )
