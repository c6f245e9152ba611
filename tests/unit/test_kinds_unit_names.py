"""A unit's name typed without accents is a unit's name, whatever word stands behind it."""

import pytest

from bot.core.kinds import read_kind
from bot.core.routes import Agency
from bot.core.units import UnitRegistry
from nlu.text import strip_accents

REGISTRY = UnitRegistry.load()
NAMES = sorted(
    {unit.name for unit in REGISTRY.units if unit.former}
    | {old.name for old in REGISTRY.former}
    | {district.name for district in REGISTRY.districts}
)
BEHIND = ["làm", "nói", "phí", "viên", "an", "tá", "quan", "sát", "tế", "xã"]


@pytest.mark.parametrize("behind", BEHIND)
def test_no_units_name_is_another_body(behind: str) -> None:
    wrong = [
        name
        for name in NAMES
        if read_kind(strip_accents(f"một cửa {name} {behind} khó tôi".lower()), "report_staff", None, ()).agency
    ]
    assert len(NAMES) > 500
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "can bo p. hoan kiem lam toi mat ca buoi sang, quat toi truoc mat moi nguoi",
        "o hoan kiem lam giay to ma bi can bo quat",
        "mot cua bach khoa noi nang coc loc voi me toi",
        "ubnd hoan kiem lam kho toi mai",
        "cán bộ phường Hoàn Kiếm làm khó tôi",
        "len mot cua phuong yen vien phi mat ba buoi, chi nhan vien con mang toi",
        "can bo phuong dinh cong an noi coc loc voi toi",
        "xa phuong dinh cong chuc quat toi",
    ],
)
def test_the_unit_is_complained_about(text: str) -> None:
    reading = read_kind(text, "report_staff", None, ())
    assert (reading.agency, reading.ours) == (None, True)


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("kiem lam ba vi bat xe cua toi roi quat toi", Agency.OTHER),
        ("kiểm lâm xã Ba Vì quát tôi", Agency.OTHER),
        ("kiem lam phuong hoan kiem lam kho toi", Agency.OTHER),
        ("công an phường Hoàn Kiếm đánh tôi", Agency.CONG_AN),
        ("cong an phuong bach khoa noi tuc voi toi", Agency.CONG_AN),
        ("o phuong hoan kiem, kiem lam bat xe roi quat toi", Agency.OTHER),
        ("thue yen vien phat toi sai, can bo thue quat toi", Agency.THUE),
        ("khoa noi benh vien bach mai quat me toi", Agency.BENH_VIEN),
        ("benh vien o phuong bach mai thu vien phi vo ly", Agency.BENH_VIEN),
        ("cán bộ kiểm lâm làm khó tôi", Agency.OTHER),
    ],
)
def test_another_body_beside_a_units_name_is_still_one(text: str, agency: Agency) -> None:
    assert read_kind(text, "report_staff", None, ()).agency is agency
