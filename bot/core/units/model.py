"""What can be complained about, what it was called before, and what a citizen's words say of it."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class UnitKind(StrEnum):
    """What a unit is. VERTICAL bodies (police, tax, social insurance) are known but outside the city's remit."""

    WARD = "ward"
    COMMUNE = "commune"
    DEPARTMENT = "department"
    SERVICE = "service"
    ONE_STOP = "one_stop"
    CITY = "city"
    VERTICAL = "vertical"


@dataclass(frozen=True)
class Succession:
    """A current unit (its id) that took over the whole of a former commune, or a part; `confirmed` by two sources."""

    unit: str
    whole: bool
    confirmed: bool = True


@dataclass(frozen=True)
class FormerUnit:
    """A ward, commune or township of the time before the district level ended; `district` is its full name."""

    code: str
    name: str
    short_name: str
    district: str
    successors: tuple[Succession, ...]
    also: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """«Phường Nghĩa Tân, Quận Cầu Giấy»."""
        return f"{self.name}, {self.district}"

    @property
    def units(self) -> tuple[str, ...]:
        """The ids of the current units, the one of the same name first."""
        return tuple(successor.unit for successor in self.successors)


@dataclass(frozen=True)
class FormerDistrict:
    """An abolished district; `units` are the communes on its land: the one of its name, then those that hold most."""

    id: str
    name: str
    short_name: str
    agency: str
    valid_to: dt.date
    units: tuple[str, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unit:
    """A unit of today. `agency` is who answers for it («Ủy ban nhân dân phường Ba Đình»), `former` what it grew from.

    `parent` and `located_in` are ids. `verified` is false where the data could not be checked for the current year.
    """

    id: str
    name: str
    short_name: str
    kind: UnitKind
    agency: str
    former: tuple[FormerUnit, ...] = ()
    former_districts: tuple[str, ...] = ()
    parent: str | None = None
    located_in: str | None = None
    address: str | None = None
    also: tuple[str, ...] = ()
    verified: bool = True
    note: str | None = None

    @property
    def in_remit(self) -> bool:
        """True where a complaint about the unit is filed here; false where it goes to another body."""
        return self.kind is not UnitKind.VERTICAL


class Certainty(StrEnum):
    """How far a mention settles the unit.

    CERTAIN     one current unit
    SPLIT       a former unit that was split: the candidates are its successors
    AMBIGUOUS   a name that may stand for several things
    DISTRICT    an abolished district: the candidates are its successors
    OTHER_BODY  police, school, court, another province …: no unit of ours, whatever place it names
    """

    CERTAIN = "certain"
    SPLIT = "split"
    AMBIGUOUS = "ambiguous"
    DISTRICT = "district"
    OTHER_BODY = "other_body"


class DeskHint(StrEnum):
    """Which desk the phrase itself names: the one-stop counter, or the committee («UBND»)."""

    ONE_STOP = "one_stop"
    COMMITTEE = "committee"


@dataclass(frozen=True)
class UnitMention:
    """given[start:end] names a unit, with the words that lead up to it («UBND phường Láng», «công an phường Láng»).

    `units` are the candidates' ids, likeliest first; one where CERTAIN, none where OTHER_BODY. `former` is the name
    used, where it is one of the past («Phường Nghĩa Tân, Quận Cầu Giấy»). `namesakes` are former units and districts
    whose name the citizen may have meant though the current unit was understood: what a read-back may ask about.
    `home`: the words before say that somebody lives there («tôi ở phường Láng»), not that something happened there.
    """

    start: int
    end: int
    text: str
    units: tuple[str, ...]
    certainty: Certainty
    former: str | None = None
    namesakes: tuple[str, ...] = ()
    desk_hint: DeskHint | None = None
    home: bool = False
