"""Answers to «which of these units?»."""

import pytest

from bot.core.units import UnitFinder, UnitRegistry

REGISTRY = UnitRegistry.load()
FINDER = UnitFinder(REGISTRY)
_DISTRICT = REGISTRY.explain_district("Đống Đa")
assert _DISTRICT
# Đống Đa, Văn Miếu - Quốc Tử Giám, Kim Liên, Láng, Ô Chợ Dừa, Giảng Võ, Bạch Mai
OFFERED = _DISTRICT.units
BRANCHES = tuple(f"HN-TTPVHCC-CN{number:02}" for number in range(3, 7))


def chosen(text: str, offered: tuple[str, ...] = OFFERED) -> str | None:
    unit = FINDER.choose(text, offered)
    found = REGISTRY.unit(unit) if unit else None
    return found.short_name if found else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(("Phường Láng", "Láng"), ("láng", "Láng"), ("lang", "Láng"), ("p láng ạ", "Láng"), ("HN-00199", "Láng")),
        *(("số 2", "Văn Miếu - Quốc Tử Giám"), ("2", "Văn Miếu - Quốc Tử Giám"), ("cái thứ 3", "Kim Liên")),
        *(("đầu tiên", "Đống Đa"), ("cái cuối", "Bạch Mai"), ("cái thứ hai", "Văn Miếu - Quốc Tử Giám")),
        *(("văn miếu", "Văn Miếu - Quốc Tử Giám"), ("quoc tu giam", "Văn Miếu - Quốc Tử Giám")),
        *(("kim lien", "Kim Liên"), ("KIM LIÊN", "Kim Liên"), ("phường kim liêm", "Kim Liên"), ("giảng", "Giảng Võ")),
        *(("o cho dua", "Ô Chợ Dừa"), ("ô chợ", "Ô Chợ Dừa"), ("chắc là bạch mai đó em", "Bạch Mai")),
        *(("không phải Láng, Kim Liên cơ", "Kim Liên"), ("k phải ở phường láng, ở giảng võ", "Giảng Võ")),
    ],
)
def test_a_name_a_part_of_it_or_its_number_settles_it(text: str, name: str) -> None:
    assert chosen(text) == name


@pytest.mark.parametrize(
    "text",
    [
        *(
            "không rõ",
            "tôi không biết",
            "",
            "phường Ba Đình",
            "đống đa hay láng",
            "1 hoặc 2",
            "bây giờ tôi bận",
            "nam",
        ),
        *("số 8", "0", "không phải láng", "sao lâu thế"),
    ],
)
def test_what_settles_nothing_is_asked_again(text: str) -> None:
    assert chosen(text) is None


@pytest.mark.parametrize(
    ("text", "name"), [("chi nhánh số 4", "Chi nhánh số 4"), ("4", "Chi nhánh số 4"), ("ba", "Chi nhánh số 3")]
)
def test_a_branch_goes_by_its_own_number(text: str, name: str) -> None:
    assert chosen(text, BRANCHES) == name


def test_a_number_that_no_branch_bears_is_none_of_them() -> None:
    assert chosen("chi nhánh 1", BRANCHES) is None
    assert chosen("số 7", BRANCHES) is None


def test_every_candidate_can_be_chosen_by_its_name() -> None:
    for district in REGISTRY.districts:
        for unit in district.units:
            known = REGISTRY.unit(unit)
            assert known
            assert FINDER.choose(known.name, district.units) == unit
            assert FINDER.choose(known.short_name.lower(), district.units) == unit


def test_unknown_candidates_are_left_out() -> None:
    assert FINDER.choose("1", ("HN-nowhere",)) is None
    assert FINDER.choose("láng", ()) is None
