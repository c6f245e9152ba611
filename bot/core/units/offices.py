"""The city's own offices as citizens name them: departments, the one-stop centre, its branches, the city itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.units.model import Certainty, DeskHint, UnitKind
from bot.core.units.places import Frame, PlaceReader
from bot.core.units.reading import Phrases, Reading
from bot.core.units.registry import UnitRegistry
from bot.core.units.words import (
    CENTRES,
    CITY,
    LINKS,
    NAMED_BODIES,
    NO_DEPARTMENT,
    NUMBER_WORDS,
    OFFICES,
    OTHER_PROVINCES,
    PLAIN_BODIES,
    TIMES,
)

_NEAR = 6
_SHORT_BRANCH = re.compile(r"cn0?(\d{1,2})")
_MOST_OFFICES = 4
_BRANCH_WORDS = ("chi nhánh số", "chi nhánh", "cn số", "cơ sở số", "cơ sở")


@dataclass(frozen=True)
class Office:
    """An office at spots[start:end]; `former` is its former name where that was used."""

    start: int
    end: int
    units: tuple[str, ...]
    certainty: Certainty
    former: str | None = None
    hint: DeskHint | None = None


@dataclass(frozen=True)
class Lead:
    """«UBND», «bộ phận một cửa của UBND»: what leads up to a place, which may begin at one of the words `after`."""

    end: int
    after: tuple[int, ...]
    hint: DeskHint | None
    centre: bool


class OfficeReader:
    """Reads offices at given words; pure after construction."""

    def __init__(self, registry: UnitRegistry, places: PlaceReader) -> None:
        self._places = places
        self._centre = registry.centre
        self._city_id = next(unit.id for unit in registry.units if unit.kind is UnitKind.CITY)
        branches = [u for u in registry.units if u.kind is UnitKind.ONE_STOP and u.parent == self._centre]
        self._branches = {
            int(unit.short_name.rpartition(" ")[2]): unit.id for unit in branches if unit.located_in is None
        }
        self._services = {unit.id for unit in registry.units if unit.kind is UnitKind.SERVICE}
        self._departments = Phrases(_department_forms(registry.department_forms))
        self._centres = Phrases(CENTRES)
        self._leads = Phrases({**OFFICES, **CENTRES})
        self._bodies = Phrases({**PLAIN_BODIES, **NAMED_BODIES})
        self._branch_words = Phrases(dict.fromkeys(_BRANCH_WORDS, 1))
        self._number_sign = Phrases({"số": 1})
        self._provinces = Phrases({**OTHER_PROVINCES, "tỉnh": True})
        self.city = Phrases(CITY)

    def department(self, reading: Reading, at: int) -> Office | None:
        """Return the department or service named at a word, or None."""
        hit = self._departments.at(reading, at)
        if hit is None or not self._means_department(reading, at, hit.words):
            return None
        unit, former = hit.value
        end = self._past_city(reading, hit.end)
        if elsewhere := self._elsewhere(reading, end):
            return Office(at, elsewhere, (), Certainty.OTHER_BODY)
        if unit in self._services:
            end = self._past_branch(reading, end)
        return Office(at, end, (unit,), Certainty.CERTAIN, former)

    def branch(self, reading: Reading, at: int) -> Office | None:
        """Return the one-stop branch named at a word («chi nhánh số 3»), unless another body's is meant."""
        hit = self._branch_words.at(reading, at)
        short = _SHORT_BRANCH.fullmatch(reading.bare(at))
        number = int(short[1]) if short else _number(reading, hit.end) if hit else None
        if number not in self._branches or (hit and hit.words[0] == "cơ"):
            return None
        end = hit.end + 1 if hit else at + 1
        tail = end + (reading.bare(end) in LINKS)
        centre = self._centres.at(reading, tail)
        if centre:
            end = self._past_city(reading, centre.end)
        elif any(self._bodies.at(reading, near) for near in self._around(reading, at, end)) or any(
            self._departments.at(reading, near) for near in self._around(reading, at, end)
        ):
            return None
        return Office(at, end, (self._branches[number],), Certainty.CERTAIN, hint=DeskHint.ONE_STOP)

    def centre(self, reading: Reading, at: int, lead: Lead) -> Office | None:
        """Return the one-stop centre, or the branch whose number follows; `lead` is what was read at the word."""
        if not lead.centre:
            return None
        end = self._past_city(reading, lead.end)
        for tail in {lead.end, end}:
            words = self._branch_words.at(reading, tail) or self._number_sign.at(reading, tail)
            if words and (number := _number(reading, words.end)) in self._branches:
                return Office(at, words.end + 1, (self._branches[number],), Certainty.CERTAIN, hint=lead.hint)
        if elsewhere := self._elsewhere(reading, end):
            return Office(at, elsewhere, (), Certainty.OTHER_BODY)
        # Without «thành phố» it is one of many places: which one must be asked.
        certainty = Certainty.CERTAIN if end > lead.end else Certainty.AMBIGUOUS
        return Office(at, end, (self._centre,), certainty, hint=lead.hint)

    def of_city(self, reading: Reading, at: int, lead: Lead) -> Office | None:
        """Return «UBND thành phố», «một cửa thành phố», or None."""
        if lead.hint is None:
            return None
        for after in lead.after:
            city = self.city.at(reading, after)
            if city and reading.gap(after) in ("", ".") and not self._is_another(reading, city.end):
                unit = self._city_id if lead.hint is DeskHint.COMMITTEE else self._centre
                return Office(at, city.end, (unit,), Certainty.CERTAIN, hint=lead.hint)
        return None

    def lead(self, reading: Reading, at: int) -> Lead | None:
        """Return the offices named at a word, one behind another, or None."""
        hit = self._leads.at(reading, at)
        if hit is None:
            return None
        hints, centre, end, after = [hit.value], self._centres.at(reading, at) is not None, hit.end, hit.end
        for _ in range(_MOST_OFFICES):
            after = end
            while after - end < 2 and reading.bare(after) in LINKS and not reading.gap(after):
                after += 1
            hit = next(filter(None, (self._leads.at(reading, start) for start in {end, after})), None)
            if hit is None or reading.gap(hit.start) not in ("", "-", ",", "("):
                break
            hints.append(hit.value)
            end = hit.end
        known = [hint for hint in hints if hint]
        hint = DeskHint.ONE_STOP if DeskHint.ONE_STOP in known else known[0] if known else None
        return Lead(end, tuple(dict.fromkeys((end, after))), hint, centre)

    def _means_department(self, reading: Reading, at: int, words: tuple[str, ...]) -> bool:
        """True unless «so …» is «hồ sơ», «cơ sở», «số lao động», or a short form is in small letters alone."""
        first = reading.spots[at]
        if words[0] == "sở":
            if first.norm == "sở" or (first.capital and not reading.shouting):
                return reading.bare(at - 1) not in {"co", "tru"}
            if not reading.without_accents or reading.bare(at - 1) in NO_DEPARTMENT:
                return False
            return words[1:] != ("lao", "động") or reading.bare(at - 1) in {*LINKS, "len", "ra", "ve", "den"}
        return len(words) > 1 or len(words[0]) > 4 or reading.text[first.start : first.end].isupper() or at == 0

    def _elsewhere(self, reading: Reading, at: int) -> int | None:
        """Return where another province's name ends that begins at a word, or None."""
        hit = self._provinces.at(reading, at) if reading.gap(at) in ("", ",") else None
        if hit and hit.words == ("tỉnh",):
            hit = self._provinces.at(reading, hit.end) or hit
        return hit.end if hit else None

    def _past_city(self, reading: Reading, end: int) -> int:
        if reading.gap(end) not in ("", "-", ",", "("):
            return end
        city = self.city.at(reading, end)
        if (
            city is None
            or self._is_another(reading, city.end)
            or (city.words == ("hà", "nội") and reading.gap(end) == ",")
        ):
            return end
        return city.end

    def _is_another(self, reading: Reading, at: int) -> bool:
        """True when «thành phố» is another one's: a province or an unknown name follows."""
        if at >= len(reading.spots) or reading.gap(at) or reading.bare(at - 1) in ("noi", "hn", "tphn"):
            return False
        return self._provinces.at(reading, at) is not None or reading.proper(at, at + 1)

    def _past_branch(self, reading: Reading, end: int) -> int:
        """Take in «chi nhánh quận Cầu Giấy» behind a service that has branches."""
        start = end + 2 if (reading.bare(end), reading.bare(end + 1)) == ("chi", "nhanh") else end
        start += reading.bare(start) in LINKS
        if reading.gap(start) not in ("", ",", "-", "("):
            return end
        place = self._places.at(reading, start, Frame.BODY)
        return place.end if place else end

    def _around(self, reading: Reading, start: int, end: int) -> range:
        return range(max(0, start - _NEAR), min(len(reading.spots), end + _NEAR))


def _number(reading: Reading, at: int) -> int | None:
    if at >= len(reading.spots) or reading.gap(at) not in ("", "."):
        return None
    norm = reading.spots[at].norm
    if norm.isdecimal():
        return int(norm) if len(norm) < 3 else None
    # «chi nhánh năm ngoái» is no number.
    dated = reading.bare(at + 1) in TIMES or reading.bare(at + 1).isdecimal()
    return None if dated else NUMBER_WORDS.get(norm)


def _department_forms(forms: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, tuple[str, str | None]]:
    """Return every spelling of every department, with (id, former name or None); «và» may be left out."""
    found: dict[str, tuple[str, str | None]] = {}
    for unit, names in forms.items():
        for name, spellings in names.items():
            for spelling in (*([name] if name else []), *spellings):
                for form in (spelling, spelling.replace(" và ", " ")):
                    found.setdefault(form, (unit, name or None))
    return found
