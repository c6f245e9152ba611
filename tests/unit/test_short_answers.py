"""Short answers in a talk about a case: nothing of them is taken for a story, nobody is asked the same for ever."""

from datetime import date

import pytest

from bot.core.cases.absorb import MAX_TOLD
from bot.core.cases.announcing import announced, shy
from bot.core.cases.draft import Slot
from bot.core.cases.heard import StoryReader
from bot.core.kinds import InputType
from bot.core.routes import Route
from bot.core.story import Identity
from tests.unit.test_interview import Talk, reader  # noqa: F401  (the fixture)

STORY = "sáng hôm qua lúc 9h cán bộ một cửa phường Cầu Giấy quát tôi trước bao nhiêu người vì tôi hỏi lại giấy hẹn"


@pytest.fixture
def asked_who(reader: StoryReader) -> Talk:  # noqa: F811
    talk = Talk(reader)
    talk.say(STORY)
    assert talk.known.asked is Slot.STAFF
    return talk


@pytest.mark.parametrize(
    ("answer", "staff"),
    [
        ("không nhớ tên, người thấp đậm, đeo kính", "người thấp đậm, đeo kính"),
        ("anh nhân viên một cửa, ko rõ tên, tóc bạc", "anh nhân viên một cửa, tóc bạc"),
        ("chị Hoa", "chị Hoa"),
        ("bang ten Nguyen Van Long", "Nguyen Van Long"),
        ("chị tên Lan", "chị tên Lan"),
        ("không biết tên ai cả, quầy lúc đó trống không", None),
        ("cán bộ phường Cầu Giấy", None),
        ("không có gì thêm", None),
        ("chịu, ai mà biết", None),
    ],
)
def test_who_it_was_is_taken_and_not_knowing_is_accepted(asked_who: Talk, answer: str, staff: str | None) -> None:
    step = asked_who.say(answer)
    assert asked_who.known.staff == staff
    if answer != "cán bộ phường Cầu Giấy":  # named before: the question stays
        assert step.draft.asked is not Slot.STAFF


def test_what_steers_the_talk_is_no_story(asked_who: Talk) -> None:
    told = asked_who.known.told
    for text in ("không có gì thêm", "cho tôi ẩn danh", "gửi đi", "ờ", "huhu"):
        asked_who.say(text)
    assert asked_who.known.told == told


def test_a_corrected_office_takes_the_place_of_the_first(asked_who: Talk) -> None:
    asked_who.say("không phải, phường Long Biên mới đúng")
    assert asked_who.known.unit == "HN-00145"
    assert asked_who.known.staff is None


def test_the_same_question_is_not_asked_for_ever(asked_who: Talk) -> None:
    for text in ("phòng đông người lắm", "hôm đó trời mưa to", "tôi chờ mãi", "đường thì ngập"):
        asked_who.say(text)
    assert asked_who.known.asked is not Slot.STAFF


def test_a_month_long_ago_is_kept_as_it_was_said(reader: StoryReader) -> None:  # noqa: F811
    talk = Talk(reader)
    talk.say("cán bộ một cửa phường Cầu Giấy quát tôi trước bao nhiêu người vì tôi hỏi lại giấy hẹn")
    assert talk.known.asked is Slot.WHEN
    step = talk.say("khoảng tháng 8 năm ngoái")
    assert (step.draft.asked, step.notes) == (Slot.STAFF, ())
    assert "khoảng tháng 8 năm ngoái" in talk.known.narrative


@pytest.mark.parametrize(
    ("text", "intent", "kind"),
    [
        ("ẩn danh", "denunciation", InputType.PHAN_ANH_HANH_VI),
        ("tôi tố cáo", "denunciation", InputType.TO_CAO),
        ("phản ánh cán bộ", "report_staff", InputType.PHAN_ANH_HANH_VI),
    ],
)
def test_two_words_open_what_they_name(reader: StoryReader, text: str, intent: str, kind: InputType) -> None:  # noqa: F811
    talk = Talk(reader)
    talk.say(text, intent)
    assert talk.known.input_type is kind


def test_sighs_are_no_story_and_help_is_offered(reader: StoryReader) -> None:  # noqa: F811
    talk = Talk(reader)
    talk.say("phản ánh")
    notes = [note for text in ("huhu", "hmm", "ờ") for note in talk.say(text).notes]
    assert not talk.known.told
    assert "case_story_help" in notes


def test_a_story_without_end_is_stopped_aloud(asked_who: Talk) -> None:
    notes = [note for i in range(MAX_TOLD) for note in asked_who.say(f"lần thứ {i} họ lại quát tôi ở quầy").notes]
    assert len(asked_who.known.told) == MAX_TOLD
    assert "case_story_full" in notes


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("tố cáo", Route.DENUNCIATION),
        ("em muốn làm đơn khiếu nại ạ", Route.FORMAL_COMPLAINT),
        ("Phản ánh cán bộ", Route.REPORT_STAFF),
        ("tố cáo thì nộp đơn ở đâu", None),
        ("tôi không muốn phản ánh", None),
    ],
)
def test_a_complaint_that_is_only_announced_is_known_by_its_word(text: str, route: Route | None) -> None:
    assert announced(text) is route


@pytest.mark.parametrize(
    "text",
    [
        "em sợ chú ấy biết em nói",
        "ảnh đó tôi vừa gửi đó",
        "thì sao",
        "ơ tôi chưa hiểu",
        "rồi, quay lại chuyện kia nhé",
    ],
)
def test_what_is_said_instead_of_a_person_is_no_person(asked_who: Talk, text: str) -> None:
    asked_who.say(text, "nlu_fallback")
    assert asked_who.known.staff is None


@pytest.mark.parametrize("text", ["hai đứa con gái ngồi bàn ngoài cùng", "lúc ấy trời mưa to tầm tã"])
def test_nothing_typed_is_lost(reader: StoryReader, text: str) -> None:  # noqa: F811
    talk = Talk(reader)
    talk.say("sáng hôm qua cán bộ phường Cầu Giấy quát tôi trước bao nhiêu người vì tôi hỏi lại giấy hẹn")
    assert talk.known.asked is Slot.DESK
    step = talk.say(text, "nlu_fallback")
    assert text in (*talk.known.told, talk.known.staff)
    assert "case_not_heard" not in step.notes


@pytest.mark.parametrize(
    ("text", "day", "note"),
    [
        ("à nhớ ra rồi, là hôm kia cơ", 22, "case_corrected_when"),
        ("sai rồi, là hôm kia chứ", 22, "case_corrected_when"),
        ("ngày 20/11 mới phải", 20, "case_corrected_when"),
        ("ở xã Thạch Thất cơ", 23, "case_corrected_unit"),
    ],
)
def test_corrections_are_taken_and_acknowledged(asked_who: Talk, text: str, day: int, note: str) -> None:
    step = asked_who.say(text, "nlu_fallback")
    assert asked_who.known.event_date == date(2026, 11, day)
    assert note in step.notes


def test_at_the_read_back_a_day_takes_the_place_of_the_first(asked_who: Talk) -> None:
    for text in ("bỏ qua", "ẩn danh"):
        asked_who.say(text)
    assert asked_who.known.asked is Slot.REVIEW
    assert "case_corrected_when" in asked_who.say("hôm kia").notes
    assert asked_who.known.event_date == date(2026, 11, 22)


def test_gui_is_no_refusal_of_consent_once_a_number_was_given(asked_who: Talk) -> None:
    for text in ("bỏ qua", "giấu tên tôi nhé"):
        asked_who.say(text)
    assert "case_number_heard" in asked_who.say("0912345678").notes
    asked_who.say("gửi đi")
    assert (asked_who.known.asked, asked_who.known.contact.phone) == (Slot.CONSENT, "0912345678")


def test_whoever_denounces_is_never_named(reader: StoryReader) -> None:  # noqa: F811
    talk = Talk(reader)
    talk.say(
        "sáng hôm qua anh Tùng quầy 2 một cửa phường Cầu Giấy đòi phong bì 500 nghìn mới nhận hồ sơ", "denunciation"
    )
    assert talk.known.input_type is InputType.TO_CAO
    talk.say("cho ghi tên")
    assert talk.known.identity is Identity.HIDDEN


def test_a_data_request_that_tells_of_conduct_becomes_a_report(reader: StoryReader) -> None:  # noqa: F811
    talk = Talk(reader)
    talk.say("tôi muốn xóa dữ liệu của tôi", "privacy_request")
    assert talk.known.input_type is InputType.YEU_CAU_DLCN
    talk.say("hôm qua cán bộ phường Cầu Giấy quát tôi trước mặt mọi người vì tôi hỏi giấy hẹn")
    assert talk.known.input_type is InputType.PHAN_ANH_HANH_VI


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("em có chuyện này ngại quá không biết nói sao", True),
        ("khó nói lắm ạ", True),
        ("không biết nộp hồ sơ ở đâu", False),
        ("tôi không biết nói sao với phường về lệ phí", False),
    ],
)
def test_somebody_shy_is_noticed(text: str, found: bool) -> None:
    assert shy(text) is found


@pytest.mark.parametrize(
    "text",
    [
        "vâng tôi muốn gửi phản ánh ạ",
        "tôi muốn làm đơn phản ánh",
        "bức xúc quá, cho tôi phản ánh",
        "tôi có việc muốn phản ánh",
    ],
)
def test_a_wish_to_report_needs_no_fixed_words(text: str) -> None:
    assert announced(text) is Route.REPORT_STAFF


@pytest.mark.parametrize(
    "text",
    [
        "phản ánh của tôi đến đâu rồi",
        "tôi không muốn phản ánh nữa",
        "xin mẫu đơn tố cáo",
        "phản ánh có mất tiền không",
    ],
)
def test_other_things_said_of_reports_announce_none(text: str) -> None:
    assert announced(text) is None
