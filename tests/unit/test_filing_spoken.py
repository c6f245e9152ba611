"""What an officer reads out, asks and is warned of."""

import re
from dataclasses import replace
from datetime import date, time

import pytest

from bot.core.cases.access import Access, same_house
from bot.core.cases.lifecycle import Incomplete
from bot.core.cases.people import Principal, Role
from bot.core.filing.checks import Twin, Warnings
from bot.core.filing.choices import require_choices, units_like
from bot.core.filing.consent import Consents, ContactConsent, consented
from bot.core.filing.form import Form, Source
from bot.core.filing.reading import Reading
from bot.core.filing.spoken import Spoken
from bot.core.kinds import InputType
from bot.core.story import Identity
from tests.filing_steps import FORMS, NOW, PHRASES, REGISTRY, STORY, TAXONOMY, UNIT, form

SPOKEN = Spoken(PHRASES, REGISTRY, TAXONOMY)
WARNINGS = Warnings(PHRASES, Access(alike=same_house(REGISTRY)))
OPERATOR = Principal("lan", "Vũ Thị Thơm", Role.OPERATOR)
BRIBE = "Cán bộ phường Cầu Giấy đòi phong bì 2 triệu mới ký hồ sơ cho tôi."


def read(told: Form) -> Reading:
    return FORMS.read(told, NOW)


def back(told: Form) -> str:
    return " ".join(SPOKEN.back(read(told)))


def codes(told: Form, principal: Principal = OPERATOR, *twins: Twin, number_known: bool = True) -> list[str]:
    return [warn.code for warn in WARNINGS.of(principal, read(told), twins, number_known=number_known)]


def test_the_read_back_is_short_and_says_where_when_who_and_what() -> None:
    said = SPOKEN.back(read(form(identity=Identity.ANONYMOUS)))
    whole = " ".join(said)
    for part in ("phường Cầu Giấy", "9 giờ ngày 25 tháng 11 năm 2026", "Hoa", "quầy một cửa", "ẩn danh", "đúng chưa"):
        assert part.lower() in whole.lower(), part
    assert all(len(sentence.split()) <= 60 for sentence in said)
    assert not re.search(r"\d/\d|[«»{}]|TD-XUCPHAM", whole)


def test_what_is_not_known_is_said_to_be_so() -> None:
    whole = back(form("họ quát tôi rất to khi tôi hỏi giấy tờ"))
    assert "chưa rõ" in whole
    assert "chưa nhớ rõ" in whole
    assert "None" not in whole


def test_consent_is_asked_aloud_only_where_a_contact_is_kept() -> None:
    question = PHRASES.say("say_ask_consent")
    assert question in back(form(phone="0912345678", identity=Identity.HIDDEN))
    assert question in back(form(caller_number=True, identity=Identity.NAMED))
    assert question not in back(form(identity=Identity.ANONYMOUS))
    assert question not in back(form(phone="0912345678", identity=Identity.HIDDEN, child=True))
    assert "6 7 8" in back(form(phone="0912345678", identity=Identity.HIDDEN))
    assert "0912345678" not in back(form(phone="0912345678", identity=Identity.HIDDEN))


def test_offices_wishes_and_people_are_spoken_as_one_speaks() -> None:
    whole = back(form("Cho cháu hỏi, sáng hôm qua cháu ra phường Cầu Giấy bị quát, cháu muốn được xin lỗi."))
    assert "ở phường Cầu Giấy." in whole
    assert "mong muốn: được xin lỗi." in whole
    assert "Cháu kể:" in whole
    assert "Sở Nội vụ" in back(form("Sáng hôm qua chị Hoa ở Sở Nội vụ quát tôi trước mặt mọi người"))


def test_a_long_story_is_not_read_out() -> None:
    assert "quát tôi trước mặt" in back(form())
    assert "quát tôi trước mặt" not in back(form(f"{STORY} " + "Rồi tôi phải chờ thêm nữa. " * 12))


def test_the_legal_line_fits_the_kind() -> None:
    assert "chưa phải đơn tố cáo" in back(form(BRIBE))
    assert "90 ngày" in back(form("Tôi không đồng ý với quyết định xử phạt của phường, yêu cầu hủy quyết định."))


@pytest.mark.parametrize(
    ("clock", "approximate", "said"),
    [
        (time(9), False, "9 giờ ngày 1 tháng 11 năm 2026"),
        (time(14, 5), True, "khoảng 14 giờ 5 ngày 1 tháng 11 năm 2026"),
        (None, False, "ngày 1 tháng 11 năm 2026"),
    ],
)
def test_moments_are_spoken(clock: time | None, approximate: bool, said: str) -> None:
    assert SPOKEN.when(date(2026, 11, 1), clock, approximate=approximate) == said
    assert SPOKEN.when(None, clock, approximate=approximate) is None


def test_missing_fields_come_with_their_question_in_the_order_of_asking() -> None:
    missing = SPOKEN.missing(read(form("họ quát tôi rất to khi tôi hỏi giấy tờ")))
    assert [each["field"] for each in missing] == ["unit", "desk", "event_date", "staff", "identity"]
    assert [each["field"] for each in missing if each["required"]] == ["identity"]
    assert all(str(each["question"]).endswith("?") for each in missing)
    assert SPOKEN.missing(read(form(identity=Identity.ANONYMOUS))) == []
    hidden = [each["field"] for each in SPOKEN.missing(read(form(identity=Identity.HIDDEN)))]
    assert hidden == ["contact"]
    reached = [each["field"] for each in SPOKEN.missing(read(form(identity=Identity.HIDDEN, caller_number=True)))]
    assert reached == ["consent"]
    child = [each["field"] for each in SPOKEN.missing(read(form(identity=Identity.HIDDEN, child=True)))]
    assert child == []


def test_a_plain_story_has_no_warnings() -> None:
    assert codes(form(identity=Identity.ANONYMOUS)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BRIBE, {"law_TO_CAO", "restricted"}),
        ("Tôi không đồng ý với quyết định xử phạt của phường, yêu cầu hủy quyết định.", {"law_KHIEU_NAI"}),
        ("cán bộ phường Cầu Giấy", {"thin"}),
        (f"{STORY} Số căn cước của tôi 001099012345.", {"masked"}),
        ("Ngày 30/12/2026 tôi ra phường Cầu Giấy bị quát mắng trước mặt mọi người", {"when_future"}),
        ("Ở UBND quận Cầu Giấy sáng hôm qua chị Hoa quát tôi trước mặt mọi người", {"unit_district"}),
        ("giả sử tôi ra phường Cầu Giấy rồi bị quát trước mặt mọi người thì sao", {"hypothetical"}),
    ],
)
def test_doubts_are_told(text: str, expected: set[str]) -> None:
    assert expected <= set(codes(form(text, identity=Identity.ANONYMOUS)))


def test_danger_comes_first_and_is_grave() -> None:
    found = WARNINGS.of(
        OPERATOR, read(form("cứu tôi với, bảo vệ phường đang đánh tôi chảy máu ngay tại đây")), (), number_known=True
    )
    assert found[0].code.startswith("danger_")
    assert found[0].grave
    assert "113" in found[0].text


def test_a_doubt_settled_by_hand_is_not_told_again() -> None:
    text = "Ở UBND quận Cầu Giấy sáng hôm qua chị Hoa quát tôi trước mặt mọi người"
    assert "unit_district" in codes(form(text))
    assert "unit_district" not in codes(form(text, unit=UNIT))
    assert "unit_district" in codes(form(text, unit=None))


def test_another_bodys_matter_needs_an_office_chosen_by_hand() -> None:
    text = "Công an phường Láng giữ xe của tôi sai quy định, anh cảnh sát còn quát tôi."
    told = read(form(text))
    assert WARNINGS.other_body(told)
    assert "other_body" in codes(form(text))
    assert not WARNINGS.other_body(read(form(text, unit=UNIT)))
    assert not WARNINGS.other_body(read(form()))


@pytest.mark.parametrize(
    ("principal", "may"),
    [
        (OPERATOR, True),
        (Principal("a", "Nguyễn Thị Hoa", Role.OPERATOR), False),
        (Principal("a", "Nguyễn Thị Hoa", Role.OPERATOR, "HN-00004"), True),
        (Principal("b", "Vũ Thị Thơm", Role.OPERATOR, UNIT), False),
        (Principal("c", "Vũ Thị Thơm", Role.OPERATOR, "HN-SNV"), True),
    ],
)
def test_nobody_files_what_names_them_or_accuses_their_unit(principal: Principal, may: bool) -> None:
    told = form(staff="chị Hoa, quầy 3", identity=Identity.ANONYMOUS)
    assert WARNINGS.may_file(principal, read(told)) is may
    assert ("conflict" in codes(told, principal)) is not may


def test_a_case_about_the_department_may_be_taken_down_by_its_people() -> None:
    told = form("Hôm qua tôi gọi tổng đài, chị trực tổng đài cúp máy và quát tôi.", identity=Identity.ANONYMOUS)
    ours = Principal("c", "Vũ Thị Thơm", Role.OPERATOR, "HN-SNV")
    assert WARNINGS.may_file(ours, read(told))
    assert "about_us" in codes(told, ours)


def test_contacts_are_warned_about() -> None:
    assert "no_consent" in codes(form(phone="0912345678", identity=Identity.HIDDEN))
    assert "phone" in codes(form(phone="12345", identity=Identity.HIDDEN))
    assert "no_number" in codes(form(caller_number=True, identity=Identity.HIDDEN), number_known=False)
    assert codes(form(phone="0912345678", identity=Identity.ANONYMOUS)) == []
    assert codes(form(phone="0912345678", identity=Identity.HIDDEN, child=True)) == ["child"]


def test_cases_that_are_there_already_are_named() -> None:
    twins = (Twin("PA-1", "received", date(2026, 11, 25), True), Twin("PA-2", "received", date(2026, 11, 25), False))
    found = WARNINGS.of(OPERATOR, read(form(identity=Identity.ANONYMOUS)), twins, number_known=True)
    assert {warn.code: warn.text.count("PA-") for warn in found} == {"same_person": 1, "twin": 1}


def test_every_warning_and_question_has_its_words() -> None:
    acts = PHRASES.acts()
    for kind in (k for k in InputType if k.value in {"KHIEU_NAI", "TO_CAO", "KIEN_NGHI", "PHAN_ANH_QDHC"}):
        assert f"say_law_{kind.value}" in acts
    for source in Source:
        assert PHRASES.word(f"source_{source.value}")


@pytest.mark.parametrize("typed", ["cau giay", "Cầu Giấy", "giay cau", "phuong cau g", "CẦU"])
def test_an_office_is_found_by_a_part_of_its_name(typed: str) -> None:
    assert UNIT in [unit.id for unit in units_like(REGISTRY, typed)]


@pytest.mark.parametrize("typed", ["", "  ", "xyzxyz", "cong an"])
def test_nothing_and_bodies_outside_the_citys_remit_are_not_found(typed: str) -> None:
    found = units_like(REGISTRY, typed)
    assert all(unit.in_remit for unit in found)
    assert not found or typed == "cong an"


def test_the_office_itself_comes_before_its_desks() -> None:
    assert units_like(REGISTRY, "ba dinh")[0].id == "HN-00004" or "Ba Đình" in units_like(REGISTRY, "ba dinh")[0].name


def test_what_there_is_not_cannot_be_set_by_hand() -> None:
    require_choices(form(unit=UNIT, behaviours=("TD-THOO",), input_type=InputType.KIEN_NGHI), REGISTRY, TAXONOMY)
    for wrong, field in (
        (form(unit="HN-99999"), "draft.unit"),
        (form(behaviours=("XX-YY",)), "draft.behaviours"),
        (form(behaviours=("TD-THOO", "TD-XUCPHAM", "HS-CHAM", "HD-SAI")), "draft.behaviours"),
        (form(input_type=InputType.HOI_TTHC), "draft.input_type"),
    ):
        with pytest.raises(Incomplete) as refused:
            require_choices(wrong, REGISTRY, TAXONOMY)
        assert refused.value.missing == (field,)
    # what was read and not set is nobody's mistake
    require_choices(replace(form(), facts=replace(form().facts, unit="HN-99999")), REGISTRY, TAXONOMY)


def test_without_consent_no_contact_is_kept() -> None:
    draft = read(form(phone="0912345678", identity=Identity.NAMED)).draft
    refused = consented(draft, ContactConsent(Consents.NONE), NOW)
    assert (refused.identity, refused.consent, refused.contact.phone) == (Identity.ANONYMOUS, False, None)
    spoken = consented(draft, ContactConsent(Consents.SPOKEN, NOW), NOW)
    assert (spoken.consent, spoken.consent_at, spoken.contact.phone) == (True, NOW, "0912345678")
    assert spoken.consent_version == "spoken/2026-11-1"
    child = consented(replace(draft, child=True), ContactConsent(Consents.SPOKEN, NOW), NOW)
    assert child.contact.phone is None
    anonymous = consented(replace(draft, identity=Identity.ANONYMOUS), ContactConsent(Consents.SPOKEN, NOW), NOW)
    assert anonymous.contact.phone is None


@pytest.mark.parametrize("how", [Consents.SPOKEN, Consents.WRITTEN])
def test_nobody_agreed_in_the_future_or_long_ago(how: Consents) -> None:
    draft = read(form(phone="0912345678", identity=Identity.NAMED)).draft
    for said_at in (NOW.replace(year=2027), NOW.replace(year=2020)):
        with pytest.raises(Incomplete):
            consented(draft, ContactConsent(how, said_at), NOW)
