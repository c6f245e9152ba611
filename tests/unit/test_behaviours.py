"""The behaviours as data: what they say, how grave a complaint is, and what the office may not get wrong."""

import datetime as dt
from importlib import resources

import pytest

from bot.core.errors import ConfigurationError
from bot.core.taxonomy import Denunciation, Mark, Taxonomy

PACKAGED = (resources.files("bot.core") / "data" / "behaviours.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return Taxonomy.load()


def test_fifteen_behaviours_with_a_version_and_a_day(taxonomy: Taxonomy) -> None:
    assert len(taxonomy.codes) == 15
    assert taxonomy.version
    assert taxonomy.as_of == dt.date(2026, 11, 21)
    assert all(taxonomy.behaviour(code).code == code for code in taxonomy.codes)


def test_money_and_danger_are_the_gravest_and_the_only_ones_of_five(taxonomy: Taxonomy) -> None:
    gravest = {code for code in taxonomy.codes if taxonomy.behaviour(code).severity == 5}
    assert gravest == {taxonomy.money_code, taxonomy.danger_code} == {"TN-HOILO", "AT-DEDOA"}


def test_bribery_is_the_only_one_that_surely_is_a_denunciation(taxonomy: Taxonomy) -> None:
    by_route = {code: taxonomy.behaviour(code).denunciation for code in taxonomy.codes}
    assert [code for code, route in by_route.items() if route is Denunciation.YES] == ["TN-HOILO"]
    assert {code for code, route in by_route.items() if route is Denunciation.POSSIBLE} == {
        "PH-SACHNHIEU",
        "CB-UUTIEN",
        "TC-THUPHI",
        "BM-LODULIEU",
        "AT-DEDOA",
    }


@pytest.mark.parametrize(
    ("codes", "money", "danger", "severity"),
    [
        ((), False, False, 1),
        (("TD-THOO",), False, False, 2),
        (("TD-THOO", "TD-XUCPHAM"), False, False, 3),
        (("TC-THUPHI", "TD-THOO"), False, False, 4),
        (("TD-THOO",), True, False, 5),
        (("TD-THOO",), False, True, 5),
        ((), True, False, 5),
        (("TN-HOILO",), False, False, 5),
        (("a code of an older version",), False, False, 1),
        (("a code of an older version", "HS-CHAM"), False, False, 3),
    ],
)
def test_severity_is_the_highest_of_codes_money_and_danger(
    taxonomy: Taxonomy, codes: tuple[str, ...], money: bool, danger: bool, severity: int
) -> None:
    assert taxonomy.severity(codes, money=money, danger=danger) == severity


def test_label_of_a_code_that_was_dropped_is_the_code(taxonomy: Taxonomy) -> None:
    assert taxonomy.label("HS-CHAM") == "Chậm trễ, quá hạn không xin lỗi"
    assert taxonomy.label("XX-OLD") == "XX-OLD"


def test_unknown_code_has_no_behaviour(taxonomy: Taxonomy) -> None:
    with pytest.raises(KeyError):
        taxonomy.behaviour("XX-OLD")


def test_every_legal_basis_says_how_sure_it_is(taxonomy: Taxonomy) -> None:
    bases = [basis for code in taxonomy.codes for basis in taxonomy.behaviour(code).legal_basis]
    assert len(bases) >= len(taxonomy.codes)
    assert all(basis.text for basis in bases)
    assert all(basis.source for basis in bases if basis.mark in {Mark.VERIFIED, Mark.SECONDARY})
    assert {basis.mark for basis in bases} == set(Mark)


def test_office_may_change_severity_label_and_version() -> None:
    text = PACKAGED.replace('version = "2026-11-21"', 'version = "2027-01-05"')
    text = text.replace('label = "Thờ ơ, vô cảm, làm việc riêng"\n', 'label = "Thờ ơ"\n')
    before, after = text.split('code = "TD-THOO"')
    changed = Taxonomy.load(f'{before}code = "TD-THOO"{after.replace("severity = 2", "severity = 4", 1)}')
    assert (changed.version, changed.label("TD-THOO"), changed.severity(["TD-THOO"])) == ("2027-01-05", "Thờ ơ", 4)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('money_code = "TN-HOILO"', 'money_code = "XX-NONE"', "XX-NONE"),
        ('danger_code = "AT-DEDOA"', 'danger_code = "TD-THOO"', "TD-THOO"),
        ("severity = 3", "severity = 6", "severity 6"),
        ("severity = 3", "severity = true", "severity True"),
        ('code = "TD-THOO"', 'code = "TD-XUCPHAM"', "twice"),
        ('denunciation = "no"', 'denunciation = "perhaps"', "perhaps"),
        ('mark = "verified"', 'mark = "sure"', "sure"),
        ('do_not_confuse_with = ["TD-THOO", "AT-DEDOA"]', 'do_not_confuse_with = ["XX-NONE"]', "XX-NONE"),
        ('extra_slots = ["waiting_minutes"]', 'extra_slots = "waiting_minutes"', "waiting_minutes"),
        ('label = "Thờ ơ, vô cảm, làm việc riêng"', 'label = ""', "TD-THOO"),
        ('label = "Thờ ơ, vô cảm, làm việc riêng"\n', "", "label"),
        ("as_of = 2026-11-21", "", "as_of"),
        ('1 = "góp ý"', "", "1 to 5"),
        ("[[behaviour]]", "[[behaviour]", "toml"),
    ],
)
def test_unusable_data_is_refused_in_one_line_that_names_it(old: str, new: str, named: str) -> None:
    assert old in PACKAGED
    with pytest.raises(ConfigurationError, match=r"behaviours\.toml") as caught:
        Taxonomy.load(PACKAGED.replace(old, new, 1))
    assert named.lower() in str(caught.value).lower()
    assert "\n" not in str(caught.value)
