"""The units' data: complete, consistent with itself, and refused when it is not."""

import datetime as dt
import json
from collections import Counter
from importlib import resources
from typing import Any

import pytest

from bot.core.errors import ConfigurationError
from bot.core.units import UnitKind, UnitRegistry

REGISTRY = UnitRegistry.load()


def data() -> dict[str, Any]:
    text = (resources.files("bot.core") / "data" / "units_hanoi.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def test_the_city_has_its_126_communes_and_what_they_grew_from() -> None:
    kinds = Counter(unit.kind for unit in REGISTRY.units)
    assert kinds[UnitKind.WARD] == 51
    assert kinds[UnitKind.COMMUNE] == 75
    assert kinds[UnitKind.DEPARTMENT] == 15
    assert kinds[UnitKind.ONE_STOP] == 1 + 12 + 126
    assert kinds[UnitKind.CITY] == 1
    assert len(REGISTRY.former) == 526
    assert len(REGISTRY.districts) == 30
    assert sum(len(old.units) > 1 for old in REGISTRY.former) == 199
    assert REGISTRY.version
    assert REGISTRY.as_of == dt.date(2026, 11, 21)


def test_every_unit_is_found_by_its_id_and_answers_to_somebody() -> None:
    for unit in REGISTRY.units:
        assert REGISTRY.unit(unit.id) is unit
        assert unit.agency
        assert unit.parent is None or REGISTRY.unit(unit.parent)
        for old in unit.former:
            assert unit.id in old.units
    assert REGISTRY.unit("HN-99999") is None


def test_a_commune_tells_its_agency_and_history() -> None:
    unit = REGISTRY.unit("HN-00004")
    assert unit is not None
    assert (unit.name, unit.short_name, unit.kind) == ("Phường Ba Đình", "Ba Đình", UnitKind.WARD)
    assert unit.agency == "Ủy ban nhân dân phường Ba Đình"
    assert "Phường Trúc Bạch, Quận Ba Đình" in [old.full_name for old in unit.former]
    assert "Quận Hoàn Kiếm" in unit.former_districts


def test_bodies_outside_the_remit_are_known_as_such() -> None:
    outside = {unit.id for unit in REGISTRY.units if not unit.in_remit}
    assert outside == {"HN-CA", "HN-THUE", "HN-BHXH"}


@pytest.mark.parametrize("name", ["Phường Nghĩa Tân", "nghĩa tân", "phuong nghia tan", "NGHĨA TÂN"])
def test_successors_of_a_former_unit(name: str) -> None:
    (old,) = REGISTRY.successors(name)
    assert old.full_name == "Phường Nghĩa Tân, Quận Cầu Giấy"
    assert old.units == ("HN-00160",)
    assert old.successors[0].whole


def test_successors_of_a_name_of_two_districts() -> None:
    both = REGISTRY.successors("Phường Minh Khai")
    assert {old.district for old in both} == {"Quận Hai Bà Trưng", "Quận Bắc Từ Liêm"}
    (one,) = REGISTRY.successors("Phường Minh Khai", "bac tu liem")
    assert one.district == "Quận Bắc Từ Liêm"
    assert REGISTRY.successors("Phường Không Có") == ()


def test_a_split_unit_names_its_namesake_first() -> None:
    (old,) = REGISTRY.successors("phường Yên Hòa")
    assert len(old.units) > 1
    first = REGISTRY.unit(old.units[0])
    assert first is not None
    assert first.short_name == "Yên Hòa"


def test_an_unconfirmed_succession_is_marked() -> None:
    (old,) = REGISTRY.successors("xã Văn Khê")
    assert [successor.unit for successor in old.successors if not successor.confirmed] == ["HN-09817"]


@pytest.mark.parametrize("name", ["Quận Cầu Giấy", "quận cầu giấy", "cau giay", "Cầu Giấy"])
def test_an_abolished_district_is_explained(name: str) -> None:
    district = REGISTRY.explain_district(name)
    assert district is not None
    assert district.name == "Quận Cầu Giấy"
    assert district.agency == "Ủy ban nhân dân quận Cầu Giấy"
    assert district.valid_to == dt.date(2025, 6, 30)
    assert district.units[0] == "HN-00166"
    assert len(district.units) == 9


def test_what_is_no_district_is_not_explained() -> None:
    assert REGISTRY.explain_district("Nghĩa Tân") is None


def test_who_is_responsible_for_a_one_stop_desk_depends_on_the_day() -> None:
    point = REGISTRY.service_point("HN-00004")
    commune = REGISTRY.unit("HN-00004")
    assert point is not None
    assert commune is not None
    assert point.name == "Điểm Phục vụ hành chính công phường Ba Đình"
    assert REGISTRY.responsible(point, dt.date(2025, 12, 31)).id == "HN-00004"
    assert REGISTRY.responsible(point, dt.date(2026, 1, 1)).id == "HN-TTPVHCC"
    assert REGISTRY.responsible(commune, dt.date(2026, 1, 1)) is commune


def _unknown_successor(broken: dict[str, Any]) -> None:
    broken["former_communes"][0]["now"] = {"HN-1": "whole"}


def _no_successor(broken: dict[str, Any]) -> None:
    broken["former_communes"][0]["now"] = {}


def _unknown_part(broken: dict[str, Any]) -> None:
    broken["former_communes"][0]["now"] = {"HN-00097": "most"}


def _id_twice(broken: dict[str, Any]) -> None:
    broken["offices"].append(broken["offices"][0])


def _district_incomplete(broken: dict[str, Any]) -> None:
    broken["former_districts"][0]["now"].pop()


def _district_missing(broken: dict[str, Any]) -> None:
    broken["former_districts"].pop()


def _no_version(broken: dict[str, Any]) -> None:
    del broken["meta"]["version"]


BREAKS = [
    _unknown_successor,
    _no_successor,
    _unknown_part,
    _id_twice,
    _district_incomplete,
    _district_missing,
    _no_version,
]


@pytest.mark.parametrize("damage", BREAKS)
def test_inconsistent_data_is_refused(damage: Any) -> None:
    broken = data()
    damage(broken)
    with pytest.raises(ConfigurationError, match=r"units_hanoi\.json is unusable"):
        UnitRegistry.load(json.dumps(broken))


@pytest.mark.parametrize("text", ["", "[]", "{}", "not json"])
def test_unreadable_data_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError):
        UnitRegistry.load(text)


def test_an_edited_file_is_what_counts() -> None:
    edited = data()
    edited["meta"]["version"] = "next"
    edited["offices"][0]["forms"].append("Sở Thử nghiệm")
    assert UnitRegistry.load(json.dumps(edited)).version == "next"
