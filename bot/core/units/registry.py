"""The units of the city and what became of the former ones, read from a dated data file."""

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Any

from bot.core.errors import ConfigurationError
from bot.core.units.model import FormerDistrict, FormerUnit, Succession, Unit, UnitKind
from nlu.text import clean, fold

DATA_FILE = "units_hanoi.json"
_KINDS = {"Phường": UnitKind.WARD, "Xã": UnitKind.COMMUNE}
_TYPES = ("phường", "xã", "thị trấn", "thị xã", "quận", "huyện")
_PARTS = {"whole": True, "part": False}


class UnitRegistry:
    """All units, by id and by former name; immutable. Names are found with or without accents and type word."""

    def __init__(
        self,
        version: str,
        as_of: dt.date,
        units: Sequence[Unit],
        former: Sequence[FormerUnit],
        districts: Sequence[FormerDistrict],
        *,
        centre: str,
        centre_since: dt.date,
        department_forms: Mapping[str, Mapping[str, Sequence[str]]],
    ) -> None:
        """Take the facts. `centre` has been responsible for the one-stop desks since `centre_since`."""
        self.version = version
        self.as_of = as_of
        self.units = tuple(units)
        self.former = tuple(former)
        self.districts = tuple(districts)
        self.centre = centre
        self.centre_since = centre_since
        self.department_forms = department_forms
        self._by_id = {unit.id: unit for unit in units}
        self._former: dict[str, list[FormerUnit]] = defaultdict(list)
        for old in former:
            for name in (old.short_name, *old.also):
                self._former[_key(name)].append(old)
        self._points = {unit.located_in: unit for unit in units if unit.located_in}

    @classmethod
    def load(cls, text: str | None = None) -> "UnitRegistry":
        """Read the packaged data, or `text` of the same form. Raises ConfigurationError that says what is wrong."""
        if text is None:
            text = (resources.files("bot.core") / "data" / DATA_FILE).read_text(encoding="utf-8")
        try:
            return _read(json.loads(text))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ConfigurationError(f"{DATA_FILE} is unusable: {error!r}; restore or mend it") from error

    def unit(self, unit_id: str) -> Unit | None:
        """Return the unit with this id, or None."""
        return self._by_id.get(unit_id)

    def service_point(self, unit_id: str) -> Unit | None:
        """Return the one-stop point of a ward or commune, or None."""
        return self._points.get(unit_id)

    def responsible(self, unit: Unit, day: dt.date) -> Unit:
        """Return who answered for the people at a unit's desks on `day`: the commune or the centre for a point."""
        owner = self.centre if day >= self.centre_since else unit.located_in
        return self._by_id[owner] if unit.located_in and owner else unit

    def successors(self, name: str, district: str | None = None) -> tuple[FormerUnit, ...]:
        """Return the former units of a name, with what became of each; `district` keeps only those in it.

        Several where the name stood in two districts; empty where it is no former unit's.
        """
        found = self._former.get(_key(name), ())
        typed = _type(name)
        alike = [old for old in found if typed is None or _type(old.name) == typed] or found
        near = [old for old in alike if district is None or _key(old.district) == _key(district)]
        return tuple(near)

    def explain_district(self, name: str) -> FormerDistrict | None:
        """Return the abolished district of a name («quận Cầu Giấy», «cau giay»), or None where it is not one."""
        found = [d for d in self.districts if _key(d.short_name) == _key(name)]
        return found[0] if len(found) == 1 else None


def _type(name: str) -> str | None:
    folded = fold(name)
    return next((kind for kind in _TYPES if folded.startswith(f"{fold(kind)} ")), None)


def short(name: str) -> str:
    """Return a name without its type word: «Phường Ba Đình» → Ba Đình."""
    kind = _type(name)
    return name[len(kind) + 1 :] if kind else name


def _key(name: str) -> str:
    return " ".join(fold(short(clean(name))).replace("-", " ").split())


def _lower_first(text: str) -> str:
    return text[0].lower() + text[1:]


def _read(data: Mapping[str, Any]) -> UnitRegistry:
    meta = data["meta"]
    names = {row["id"]: short(row["name"]) for row in data["communes"]}
    former = [_former(row, names) for row in data["former_communes"]]
    by_district: dict[str, list[FormerUnit]] = defaultdict(list)
    for old in former:
        by_district[old.district].append(old)
    until = dt.date.fromisoformat(meta["districts_until"])
    districts = [_district(row, by_district[row["name"]], names, until) for row in data["former_districts"]]
    if missing := set(by_district) - {district.name for district in districts}:
        raise ValueError(f"districts without a row: {sorted(missing)}")
    city, centre, points = data["city"], data["one_stop_centre"], data["service_points"]
    communes = _communes(data["communes"], former, city["id"])
    units = [
        Unit(city["id"], city["name"], short(city["name"]), UnitKind.CITY, city["agency"]),
        *communes,
        *(_office(row, city["id"]) for row in data["offices"]),
        _one_stop(centre, city["id"], centre["name"]),
        *(_one_stop(row, centre["id"], centre["name"]) for row in data["one_stop_branches"]),
        *(_point(commune, points, centre) for commune in communes),
    ]
    if doubled := [unit_id for unit_id, count in Counter(unit.id for unit in units).items() if count > 1]:
        raise ValueError(f"ids stand twice: {doubled}")
    forms = {
        row["id"]: {"": [row["name"], *row.get("forms", [])], **row.get("former", {})}
        for row in data["offices"]
        if row["kind"] != UnitKind.VERTICAL
    }
    return UnitRegistry(
        str(meta["version"]),
        dt.date.fromisoformat(meta["as_of"]),
        units,
        former,
        districts,
        centre=centre["id"],
        centre_since=dt.date.fromisoformat(points["centre_responsible_from"]),
        department_forms=forms,
    )


def _former(row: Mapping[str, Any], names: Mapping[str, str]) -> FormerUnit:
    name, now = row["name"], row["now"]
    doubtful = row.get("unconfirmed", ())
    if not now or not names.keys() >= now.keys() >= set(doubtful):
        raise ValueError(f"{name}, {row['district']}: successors are missing or unknown")
    order = sorted(now, key=lambda unit: names[unit] != short(name))
    successors = [Succession(unit, _PARTS[now[unit]], unit not in doubtful) for unit in order]
    return FormerUnit(row["code"], name, short(name), row["district"], tuple(successors), tuple(row.get("also", ())))


def _district(
    row: Mapping[str, Any], communes: Iterable[FormerUnit], names: Mapping[str, str], until: dt.date
) -> FormerDistrict:
    name, now = row["name"], row["now"]
    wholes: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    for old in communes:
        for successor in old.successors:
            (wholes if successor.whole else parts)[successor.unit] += 1
    if set(wholes) | set(parts) != set(now):
        raise ValueError(f"{name}: its successors are not those of its communes")
    order = sorted(now, key=lambda unit: (names[unit] != short(name), -wholes[unit], -parts[unit]))
    agency = f"Ủy ban nhân dân {_lower_first(name)}"
    return FormerDistrict(row["id"], name, short(name), agency, until, tuple(order), tuple(row.get("also", ())))


def _communes(rows: Iterable[Mapping[str, Any]], former: Iterable[FormerUnit], city: str) -> list[Unit]:
    grown: dict[str, list[FormerUnit]] = defaultdict(list)
    for old in former:
        for unit in old.units:
            grown[unit].append(old)
    return [
        Unit(
            row["id"],
            row["name"],
            short(row["name"]),
            _KINDS[row["name"].split()[0]],
            f"Ủy ban nhân dân {_lower_first(row['name'])}",
            tuple(grown[row["id"]]),
            tuple(dict.fromkeys(old.district for old in grown[row["id"]])),
            parent=city,
            address=row["seat"],
            also=tuple(row.get("also", ())),
        )
        for row in rows
    ]


def _office(row: Mapping[str, Any], city: str) -> Unit:
    kind = UnitKind(row["kind"])
    return Unit(row["id"], row["name"], row["name"], kind, row["name"], parent=city, note=row.get("note"))


def _one_stop(row: Mapping[str, Any], parent: str, agency: str) -> Unit:
    return Unit(
        row["id"],
        row["name"],
        row["name"].removesuffix(f" {agency}"),
        UnitKind.ONE_STOP,
        agency,
        parent=parent,
        address=row.get("address"),
        verified=row.get("verified_for_2026", True),
        note=row.get("note"),
    )


def _point(commune: Unit, rule: Mapping[str, Any], centre: Mapping[str, Any]) -> Unit:
    name = rule["name"].format(commune=_lower_first(commune.name))
    number = commune.id.rpartition("-")[2]
    return Unit(
        f"{rule['id_prefix']}{number}",
        name,
        name,
        UnitKind.ONE_STOP,
        centre["name"],
        parent=centre["id"],
        located_in=commune.id,
    )
