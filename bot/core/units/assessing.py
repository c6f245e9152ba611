"""What a place that was read stands for: one unit, several to choose from, or none of ours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.core.units.lexicon import Named
from bot.core.units.model import Certainty, FormerDistrict, FormerUnit, Unit
from bot.core.units.places import Frame, Place
from bot.core.units.words import DISTRICT_TYPES


@dataclass(frozen=True)
class Meaning:
    """Candidates (ids, likeliest first), how certain they are, the former name used, and namesakes left aside."""

    certainty: Certainty
    units: tuple[str, ...]
    former: str | None = None
    namesakes: tuple[str, ...] = ()


def assess(place: Place, frame: Frame) -> Meaning:
    """Return what a place means. What its words cannot settle is left open, never guessed."""
    named, district = place.named, place.district
    if place.elsewhere:
        return Meaning(Certainty.OTHER_BODY, ())
    current, former, districts = named.current, named.former, named.districts
    if district:
        current = tuple(unit for unit in current if district.name in unit.former_districts)
        former = tuple(old for old in former if old.district == district.name)
        districts = ()
    if place.doubtful:
        kind = {id(bearer.bearer) for bearer in named.places if place.type in (None, bearer.type)}
        alike = [unit for unit in current if id(unit) in kind]
        return Meaning(Certainty.AMBIGUOUS, _ids(alike or current, [o for o in former if id(o) in kind], districts))
    if place.type in DISTRICT_TYPES:
        return _abolished(districts) if districts else Meaning(Certainty.AMBIGUOUS, _ids(current, former))
    if place.old:
        return _as_former(place, current, former, districts)
    if place.type:
        return _typed(place, current, former, districts)
    return _untyped(frame, current, former, districts, settled=district is not None)


def _typed(
    place: Place, current: Sequence[Unit], former: Sequence[FormerUnit], districts: Sequence[FormerDistrict]
) -> Meaning:
    """Behind «phường» and «xã» a unit of today comes first, and one of that type before another."""
    of_type = {id(place.bearer) for place in place.named.typed(place.type or "")}
    alike = [unit for unit in current if id(unit) in of_type]
    past = [old for old in former if id(old) in of_type]
    if alike:
        rivals = [old for old in past if place.maybe_old or not _same_name(place.named, old, alike[0])]
        rivals = [old for old in rivals if old.units != (alike[0].id,)]
        return Meaning(Certainty.AMBIGUOUS, _ids(alike, rivals)) if rivals else _today(alike[0], former, districts)
    if past:
        return _past(past)
    if current:
        return _today(current[0], former, districts)
    return _past(former) if former else _abolished(districts)


def _untyped(
    frame: Frame,
    current: Sequence[Unit],
    former: Sequence[FormerUnit],
    districts: Sequence[FormerDistrict],
    *,
    settled: bool,
) -> Meaning:
    """A name alone may mean any of its bearers; an office can only be one of today, or of a former district."""
    if frame is Frame.OFFICE and current and not districts:
        return _today(current[0], former, districts)
    candidates = _ids(current, former, districts)
    if current and len(candidates) == 1:
        return _today(current[0], former, districts)
    if current and not former and not districts:
        return _today(current[0], (), ())
    if former and not current and not districts:
        past = _past(former)
        # A street may bear the name as well: behind «ở» alone it proves nothing.
        loose = frame is Frame.LOCATIVE and not settled and past.certainty is Certainty.CERTAIN
        return replace(past, certainty=Certainty.AMBIGUOUS) if loose else past
    if districts and not current and not former:
        return _abolished(districts)
    return Meaning(Certainty.AMBIGUOUS, candidates)


def _as_former(
    place: Place, current: Sequence[Unit], former: Sequence[FormerUnit], districts: Sequence[FormerDistrict]
) -> Meaning:
    if place.type:
        of_type = {id(place.bearer) for place in place.named.typed(place.type)}
        former = [old for old in former if id(old) in of_type] or former
    if former and (place.type or not districts):
        return _past(former)
    if districts and not former:
        return _abolished(districts)
    return Meaning(Certainty.AMBIGUOUS, _ids(current if not former else (), former, districts))


def _today(unit: Unit, former: Iterable[FormerUnit], districts: Iterable[FormerDistrict]) -> Meaning:
    namesakes = [old.full_name for old in former if old.units != (unit.id,)]
    return Meaning(Certainty.CERTAIN, (unit.id,), namesakes=(*namesakes, *(district.name for district in districts)))


def _past(former: Sequence[FormerUnit]) -> Meaning:
    units = _ids((), former)
    names = {old.full_name for old in former}
    if len(names) == 1:
        name: str | None = former[0].full_name
    elif len({old.district for old in former}) == 1 and (form := _common_form(former)):
        name = f"{former[0].name.removesuffix(former[0].short_name)}{form}, {former[0].district}"
    else:
        name = former[0].name if len({old.name for old in former}) == 1 else None
        return Meaning(Certainty.AMBIGUOUS, units, name)
    return Meaning(Certainty.CERTAIN if len(units) == 1 else Certainty.SPLIT, units, name)


def _abolished(districts: Sequence[FormerDistrict]) -> Meaning:
    names = " / ".join(district.name for district in districts)
    return Meaning(Certainty.DISTRICT, _ids((), (), districts), names)


def _common_form(former: Sequence[FormerUnit]) -> str | None:
    """Return the name that several former units share without their numbers («Mỹ Đình» of Mỹ Đình 1 and 2)."""
    shared = set(former[0].also).intersection(*(old.also for old in former))
    return min(shared) if shared else None


def _same_name(named: Named, old: FormerUnit, unit: Unit) -> bool:
    """True when both are spelled alike, so that nothing but the border differs."""
    words = {id(place.bearer): place.words for place in named.places}
    return words[id(old)] == words[id(unit)]


def _ids(
    current: Iterable[Unit], former: Iterable[FormerUnit] = (), districts: Iterable[FormerDistrict] = ()
) -> tuple[str, ...]:
    found = [unit.id for unit in current]
    found += [unit for old in former for unit in old.units]
    found += [unit for district in districts for unit in district.units]
    return tuple(dict.fromkeys(found))
