"""A story taken down by an officer is read as the chat reads it; what was set by hand outranks the reading."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.core.cases.absorb import MAX_JUDGED
from bot.core.cases.interview import Interview
from bot.core.enquiry.signals import Signal
from bot.core.filing.form import FIELDS, Facts, Form, Source, differing
from bot.core.kinds import InputType
from bot.core.privacy import mask
from bot.core.story import DeskKind, Identity, Reach
from nlu.text import clean
from tests.filing_steps import FORMS, NOW, READER, STORY, UNIT, form, on, shown


def test_a_story_is_read_as_the_chat_reads_it() -> None:
    draft = FORMS.read(form(), NOW).draft
    heard = READER.hear(Signal(mask(clean(STORY)), "report_staff", 0.9, NOW, None, None, STORY, "c"))
    chat = Interview(READER).open(heard).draft
    names = "input_type behaviours severity unit desk counter staff event_date event_time approximate story identity"
    for name in (*names.split(), "contact", "told", "told_raw"):
        assert getattr(draft, name) == getattr(chat, name), name
    assert (draft.unit, draft.event_date, draft.event_time) == (UNIT, date(2026, 11, 25), time(9))
    assert (draft.desk, draft.behaviours) == (DeskKind.ONE_STOP, ("TD-XUCPHAM",))


def test_what_was_set_by_hand_stays_while_the_story_grows() -> None:
    first = shown(form("tôi ra phường Cầu Giấy bị quát", staff="anh Sơn", unit="HN-00004", amount=200_000))
    grown = shown(on(first, "à sáng hôm qua lúc 9h, chị Hoa quầy số 3"))
    facts = grown.facts
    assert (facts.staff, facts.unit, facts.amount) == ("anh Sơn", "HN-00004", 200_000)
    assert (facts.event_date, facts.event_time) == (date(2026, 11, 25), time(9))
    assert grown.by_hand == {"staff", "unit", "amount"}


def test_a_field_emptied_by_hand_stays_empty() -> None:
    read = shown(form(staff=None, event_date=None))
    assert read.facts.staff is None
    assert read.facts.event_date is None
    assert shown(form()).facts.staff is not None


def test_what_was_not_set_by_hand_is_read_anew_whatever_was_sent() -> None:
    sent = Form(STORY, Source.HOTLINE, facts=Facts(unit="HN-00004", staff="ai đó", behaviours=("HS-CHAM",)))
    read = shown(sent)
    assert (read.facts.unit, read.facts.behaviours) == (UNIT, ("TD-XUCPHAM",))
    assert set(differing(sent, read)) >= {"unit", "staff", "behaviours"}
    assert differing(read, shown(read)) == ()


def test_a_later_note_takes_back_an_earlier_one_and_a_longer_one_goes_on_telling() -> None:
    base = "sáng hôm qua tôi ra phường Cầu Giấy bị quát"
    assert shown(form(base)).facts.event_date == date(2026, 11, 25)
    taken_back = shown(form(f"{base}\nà nhầm, hôm kia cơ"))
    assert taken_back.facts.event_date == date(2026, 11, 24)
    goes_on = shown(
        form(
            f"{base}\ncán bộ còn bảo tôi sửa lại đơn từ hôm thứ hai tuần trước rồi mới nhận cho tôi vào sổ của phường"
        )
    )
    assert goes_on.facts.event_date == date(2026, 11, 25)


def test_a_letter_takes_nothing_back_and_its_days_count_from_when_it_came() -> None:
    letter = "Kính gửi Sở Nội vụ.\nHôm qua tôi ra phường Cầu Giấy bị chị Hoa quát.\nTôi nhầm, hôm kia."
    sent = replace(form(letter, Source.LETTER), received_on=date(2026, 11, 20))
    read = FORMS.read(sent, NOW)
    assert read.draft.event_date == date(2026, 11, 19)
    assert read.at.date() == date(2026, 11, 20)
    assert FORMS.read(form(letter, Source.LETTER), NOW).draft.event_date == date(2026, 11, 25)


def test_days_are_understood_by_when_the_story_was_first_told() -> None:
    first = shown(form())
    next_day = FORMS.read(first, NOW + timedelta(days=1))
    assert next_day.draft.event_date == date(2026, 11, 25)
    assert next_day.form == first


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Tôi không đồng ý với quyết định xử phạt của phường, yêu cầu hủy quyết định.", InputType.KHIEU_NAI),
        ("Cán bộ phường Cầu Giấy đòi phong bì 2 triệu mới ký hồ sơ cho tôi.", InputType.TO_CAO),
        ("Quy định nộp bản sao công chứng rất bất hợp lý, đề nghị bỏ giấy này đi.", InputType.PHAN_ANH_QDHC),
        ("Đề nghị phường lắp thêm ghế chờ cho người già ở bộ phận một cửa.", InputType.KIEN_NGHI),
        (STORY, InputType.PHAN_ANH_HANH_VI),
        ("ẩn danh", InputType.PHAN_ANH_HANH_VI),
    ],
)
def test_kinds_are_read_from_the_content(text: str, kind: InputType) -> None:
    assert FORMS.read(form(text), NOW).draft.input_type is kind


def test_money_stays_restricted_whatever_is_set_by_hand() -> None:
    text = "Cán bộ phường Cầu Giấy đòi phong bì 2 triệu mới ký hồ sơ cho tôi."
    lowered = FORMS.read(form(text, input_type=InputType.PHAN_ANH_HANH_VI, behaviours=("TD-THOO",)), NOW).draft
    assert lowered.input_type is InputType.PHAN_ANH_HANH_VI
    assert lowered.severity == 5


def test_who_denounces_is_never_named() -> None:
    text = "Cán bộ phường Cầu Giấy đòi phong bì 2 triệu mới ký hồ sơ cho tôi."
    assert FORMS.read(form(text, identity=Identity.NAMED), NOW).draft.identity is Identity.HIDDEN
    assert FORMS.read(form(identity=Identity.NAMED), NOW).draft.identity is Identity.NAMED


def test_numbers_are_masked_and_the_words_as_typed_kept_apart() -> None:
    draft = FORMS.read(form(f"{STORY} Gọi tôi số 0912 345 678."), NOW).draft
    assert "345" not in draft.narrative
    assert draft.told_raw[0].endswith("0912 345 678.")
    assert draft.contact.phone == "0912345678"
    assert draft.identity is Identity.HIDDEN


def test_how_they_want_to_be_told_is_kept() -> None:
    assert FORMS.read(form(phone="0912345678", reach=Reach.SMS), NOW).draft.reach is Reach.SMS
    assert FORMS.read(form(), NOW).draft.reach is None


def test_a_telephone_set_by_hand_is_written_the_one_way() -> None:
    assert FORMS.read(form(phone="+84 912 345 678"), NOW).draft.contact.phone == "0912345678"
    assert FORMS.read(form(phone="12"), NOW).draft.contact.phone == "12"


def test_a_very_long_letter_is_kept_whole() -> None:
    long = f"{STORY} " + "Tôi đã chờ rất lâu ở đó. " * 600
    draft = FORMS.read(form(long, Source.LETTER), NOW).draft
    assert len(long) > MAX_JUDGED
    assert draft.told_raw == (long.strip(),)
    assert draft.unit == UNIT


@pytest.mark.parametrize("text", ["", "   ", "?!…", "a", "\n\n\n", "😀" * 50, "gửi", "thôi không gửi nữa", "123 456"])
def test_anything_can_be_read(text: str) -> None:
    read = FORMS.read(form(text), NOW)
    assert read.draft.told == ((mask(clean(text.strip())),) if text.strip() else ())
    assert set(vars(read.form.facts)) == set(FIELDS)
