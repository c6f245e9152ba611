"""Nobody handles a case about themselves: names as people write them, in accounts and in stories; and the hotline."""

from typing import Any

import pytest

from bot.core.cases.access import Access, Level, View
from bot.core.cases.conflict import about_hotline, names, own_name
from bot.core.cases.people import Role
from bot.core.cases.record import Story
from bot.core.cases.state import Status
from tests.unit.case_examples import OTHER, UNIT, case, principal


def conflict(name: str, additions: tuple[str, ...] = (), unit: str | None = None, **record: Any) -> bool:
    told = {"staff": None, "narrative": "Cán bộ quát tôi ở quầy 3.", **record}
    return names(principal(Role.OFFICER, unit, name), case(record=told, additions=additions))


@pytest.mark.parametrize(
    ("name", "staff"),
    [
        ("Lê Thị Mai", "chị Mai ở một cửa phường"),
        ("Lê Thị Mai", "chi mai mot cua phuong"),
        ("Trần Hương Lan", "cô Lan quầy số 3"),
        ("Trần Hương Lan", "cô lan ngồi quầy số 3, hay cáu"),
        ("Đỗ Mạnh Hùng", "anh Hùng ở phòng tư pháp"),
        ("Đỗ Mạnh Hùng", "anh hùng phòng tư pháp"),
        ("Đỗ Mạnh Hùng", "cán bộ Hùng, cao gầy"),
        ("Đỗ Mạnh Hùng", "một anh tên là Hùng"),
        ("Vũ Thị Hòa", "chị hoà áo xanh"),
        ("Ngô Bảo Châu", "bà Châu phường Yên Sở"),
        ("Lê Thị Mai (Phó Chủ tịch)", "chị Lê Thị Mai"),
        ("Lê Thị Mai - PCT", "chị Lê Thị Mai"),
        ("PCT Lê Thị Mai", "chị Mai"),
        ("Phó Chủ tịch Lê Thị Mai", "chị Lê Thị Mai"),
        ("Lê Thị Mai, Phó Chủ tịch", "bà Lê Thị Mai"),
        ("bà Lê Thị Mai", "LÊ THỊ MAI"),
        ("Lê Mai", "chị Lê Thị Mai"),
        ("Lê Thị Mai", "bà Lê Mai, phó phòng"),
        ("Mai", "chị Lê Thị Mai"),
        ("Mai", "chị Mai ở một cửa"),
        ("Phạm Quốc Khánh", "ông Phạm Khánh"),
    ],
)
def test_whoever_is_described_by_name_does_not_handle_it(name: str, staff: str) -> None:
    assert conflict(name, staff=staff)


@pytest.mark.parametrize(
    ("name", "staff"),
    [
        ("Lê Thị Mai", "cô Lan quầy số 3"),
        ("Lê Thị Mai", "chị Mai Lan Hương"),
        ("Trần Văn Hòa", "chị Lan ở phường Yên Hòa"),
        ("Trần Văn Hòa", "anh Tú, UBND phường Yên Hòa"),
        ("Phan Thanh", "anh thanh niên đeo kính"),
        ("Hà Trung", "anh trung niên tóc bạc"),
        ("Vũ Hoài Nam", "cán bộ nam ở quầy 3"),
        ("Vũ Hoài Nam", "nhân viên nam"),
        ("Lê Thị Thu", "chị thu ngân"),
        ("Lê Quốc Bảo", "anh bảo vệ ở cổng"),
        ("Nguyễn Văn Hùng", "anh Nguyễn Mạnh Hùng"),
        ("Đinh Công Tráng", "công chức tư pháp hộ tịch"),
        ("Lê Thị Huế", "chị huệ quầy 4"),
        ("Lê Thị Mai", "người phụ nữ lớn tuổi"),
        ("Lê Thị Mai", ""),
    ],
)
def test_description_of_somebody_else_keeps_nobody_away(name: str, staff: str) -> None:
    assert not conflict(name, staff=staff)


def test_given_name_alone_is_nobody_in_another_unit_but_a_whole_name_is() -> None:
    assert not conflict("Lê Thị Mai", unit=OTHER, staff="chị Mai ở một cửa phường")
    assert conflict("Lê Thị Mai", unit=OTHER, staff="chị Lê Mai ở một cửa phường")


@pytest.mark.parametrize(
    ("name", "added", "named"),
    [
        ("Đào Văn Tuấn", "Bổ sung: người quát tôi tên là Đào Văn Tuấn", True),
        ("Đào Văn Tuấn", "Người đó tên Tuấn, ngồi quầy 2", True),
        ("Đào Tuấn", "nguoi quat toi la dao van tuan", True),
        ("Đào Văn Tuấn", "Tôi tên Tuấn, xin nói thêm", False),
        ("Đào Văn Tuấn", "Hôm đó là giữa tuần, trời mưa", False),
        ("Đào Văn Tuấn", "Người đó tên là Đào Văn Tú", False),
    ],
)
def test_names_in_additions_count(name: str, added: str, named: bool) -> None:
    assert conflict(name, additions=("Không có gì thêm.", added)) is named


@pytest.mark.parametrize(
    ("name", "story", "named"),
    [
        ("Lê Mai", "Tôi gặp chị Lê Thị Mai thì bị quát.", True),
        ("Lê Thị Mai (PCT)", "toi gap le thi mai o quay", True),
        ("Lê Thị Mai", "Tôi gặp chị Lê Thị Lan thì bị quát.", False),
        ("Lê Mai", "Lễ xong, mai tôi lại đến.", False),
    ],
)
def test_names_in_the_story_count(name: str, story: str, named: bool) -> None:
    assert conflict(name, narrative=story) is named


@pytest.mark.parametrize(
    "name", ["Phường Yên Hòa", "UBND phường Yên Hòa", "Một cửa phường Yên Hòa", "phuong Yen Hoa"]
)
def test_unit_that_bears_its_own_name_sees_its_case(name: str) -> None:
    told = case(
        Status.ASSIGNED,
        assigned_unit=UNIT,
        record={"staff": None, "narrative": "Ở phường Yên Hòa tôi bị quát, một cửa phường Yên Hòa rất đông."},
    )
    assert Access().may(principal(Role.UNIT, UNIT, name), View.SHOW, told)


@pytest.mark.parametrize("name", ["Phạm Quốc Khánh", "Phương Thảo"])
def test_person_who_stands_for_a_unit_does_not_read_what_names_them(name: str) -> None:
    told = case(Status.ASSIGNED, assigned_unit=UNIT, record={"staff": f"chị {name}", "narrative": "Bị quát."})
    assert not Access().may(principal(Role.UNIT, UNIT, name), View.SHOW, told)
    assert Access().may(principal(Role.UNIT, UNIT, "Ngô Bảo Châu"), View.SHOW, told)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Lê Thị Mai (Phó Chủ tịch)", ["Lê", "Thị", "Mai"]),
        ("ThS. Lê Thị Mai - PGĐ", ["Lê", "Thị", "Mai"]),
        ("Lê Thị Mai Phó Chủ tịch", ["Lê", "Thị", "Mai"]),
        ("Trương Phó", ["Trương", "Phó"]),
        ("Ngô Bảo Châu", ["Ngô", "Bảo", "Châu"]),
        ("Chu Bá Thông", ["Chu", "Bá", "Thông"]),
        ("  An ", ["An"]),
        ("()", []),
    ],
)
def test_name_of_an_account_is_read_without_what_stands_around_it(name: str, words: list[str]) -> None:
    assert own_name(name) == words


NO_UNIT: dict[str, Any] = {"unit": None, "staff": None}


@pytest.mark.parametrize(
    ("record", "additions"),
    [
        ({"narrative": "Tôi gọi thì tổng đài viên đường dây này nói cộc lốc rồi cúp máy."}, ()),
        ({"narrative": "goi hotline bi mang"}, ()),
        ({"narrative": "Bị quát qua điện thoại."}, ("Là người trực đường dây nóng hôm thứ hai.",)),
        ({"narrative": "Bị quát.", "story": Story(said="tổng đài này không phục vụ ông")}, ()),
        ({"narrative": "Nhân viên tổng đài quát tôi rồi dập máy.", "unit": UNIT}, ()),
    ],
)
def test_complaint_about_the_hotline_is_not_for_the_hotline(
    record: dict[str, Any], additions: tuple[str, ...]
) -> None:
    told = case(record={**NO_UNIT, **record}, additions=additions)
    assert about_hotline(told)
    assert Access().level(principal(Role.OFFICER), told) is Level.NOTHING
    assert Access().level(principal(Role.SUPERVISOR, "HN-SNV"), told) is Level.STATUS
    assert Access().level(principal(Role.OFFICER, OTHER), told) is Level.FULL


@pytest.mark.parametrize(
    "record",
    [
        {"narrative": "Cán bộ quát tôi trước đám đông."},
        {"narrative": "Gọi tổng đài điện lực không ai nghe, ra đây thì bị mắng."},
        {"narrative": "Tôi gọi tổng đài hỏi trước, được hướng dẫn ra phường, ở đó tôi bị quát.", "unit": UNIT},
        {"narrative": "Đường dây điện trước trụ sở bị đứt, tôi báo thì bị mắng."},
        {"narrative": "Số đường dây nóng dán ở quầy đã mờ, tôi hỏi thì cán bộ quát.", "unit": UNIT},
    ],
)
def test_complaint_that_only_mentions_a_hotline_is_handled(record: dict[str, Any]) -> None:
    told = case(record={**NO_UNIT, **record})
    assert not about_hotline(told)
    assert Access().level(principal(Role.OFFICER), told) is Level.FULL
