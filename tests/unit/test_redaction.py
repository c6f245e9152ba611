"""What an accused unit may read of a story: planted details are gone, however they were typed."""

import itertools
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.core.cases.record import CaseRecord, Contact, Story
from bot.core.cases.redaction import hide, hide_known, leaks, redact
from bot.core.story import Identity
from nlu.text import fold, strip_accents
from tests.unit.case_examples import RECORD

NAMES = ("Trần Thị Bích Ngọc", "Nguyễn Văn Hòa", "Lê Quang Dũng", "Phạm Thùy Dương", "Vũ Hoàng Long", "Đặng Thị Mai")
PLACES = (
    "số nhà 12, ngõ 34 phố Đội Cấn",
    "ngách 5/7 đường Láng Hạ",
    "25 Lý Thường Kiệt",
    "tổ 12, thôn Đoài",
    "chung cư Hateco Xuân Phương",
)
# {name} the citizen, {place} where they live, {kin} somebody of the family
TEMPLATES = (
    "Tôi là {name}, ở {place}. Sáng nay tôi đến nộp hồ sơ thì bị quát.",
    "Em tên {name}, nhà em ở {place}, cán bộ bắt em đi lại 4 lần.",
    "Tên tôi là {name}, sinh năm 1956, địa chỉ: {place}. Quầy 3 không nhận hồ sơ của tôi.",
    "Mẹ tôi là bà {kin}, 82 tuổi, phải chờ 2 tiếng ở quầy 3. Tôi là {name}.",
    "Con gái tôi tên {kin} học lớp 3A1, tôi làm giấy khai sinh lại cho cháu mà bị mắng. Ký tên: {name}",
    "Cán bộ quầy 3 nói trống không. Người phản ánh: {name}, số điện thoại 0912345678, ở {place}",
    "Nhà tôi ở {place}, hồ sơ mã H26.15.02-261018-0975, số thứ tự 145, chờ mãi không ai gọi. {name}",
    "Chồng em là {kin} đi cùng, cán bộ quát cả hai. Zalo của em là 0987 654 321, facebook tên {name}.",
)
STORY_WORDS = (
    "quát",
    "đi lại 4 lần",
    "không nhận hồ sơ",
    "chờ 2 tiếng",
    "bị mắng",
    "nói trống không",
    "không ai gọi",
    "cả hai",
)


def styles(text: str) -> dict[str, str]:
    return {
        "typed well": text,
        "without accents": strip_accents(text).lower(),
        "lower case": text.lower(),
        "decomposed": unicodedata.normalize("NFD", text),
    }


def planted() -> Iterator[tuple[str, str, str, str, tuple[str, ...]]]:
    """Give (style, text, name, words of the story that must stay, what must be gone)."""
    for (name, kin), place, (template, kept) in itertools.product(
        itertools.pairwise((*NAMES, NAMES[0])), PLACES, zip(TEMPLATES, STORY_WORDS, strict=True)
    ):
        text = template.format(name=name, kin=kin, place=place)
        gone = [name]
        gone += [kin] * ("{kin}" in template)
        gone += [part.strip() for part in place.split(",")] * ("{place}" in template)
        gone += [
            each for each in ("0912345678", "0987 654 321", "0975", "145", "3A1", "1956", "82 tuổi") if each in text
        ]
        for style, typed in styles(text).items():
            yield style, typed, name, kept, tuple(gone)


PLANTED = list(planted())


def test_planted_details_are_gone_in_every_style() -> None:
    assert len(PLANTED) > 900
    left = [
        (style, detail, hide(text, (name,)))
        for style, text, name, _, gone in PLANTED
        for detail in gone
        if fold(detail) in fold(hide(text, (name,)))
    ]
    assert not left, f"{len(left)} of {len(PLANTED)}: {left[:5]}"


def test_given_name_alone_is_gone_where_the_citizen_is_known() -> None:
    for name in NAMES:
        given = name.split()[-1]
        for text in (
            f"{given} đến từ sáng sớm.",
            f"Họ bảo chị {given} về đi.",
            f"ho bao chi {strip_accents(given).lower()} ve di",
        ):
            shown = fold(hide(text, (name,)))
            assert fold(given) not in shown.split(), shown


def test_what_happened_stays() -> None:
    lost = [text for style, text, name, kept, _ in PLANTED if fold(kept) not in fold(hide(text, (name,)))]
    assert not lost, lost[:3]


@pytest.mark.parametrize(
    "text",
    [
        "Cán bộ một cửa thái độ thờ ơ, tôi chờ từ 8 giờ đến 10 giờ, hỏi thì bảo không biết.",
        "ý tôi là cán bộ phải xin lỗi, mong muốn của tôi là được giải quyết",
        "tôi ở quầy 3 thấy chị ấy nghe điện thoại suốt 20 phút",
        "UBND phường Hoàng Mai hẹn 15 ngày, hồ sơ 15 ngày chưa xong, đi lại 4 lần",
        "Theo Nghị định 118/2025/NĐ-CP thì không cần giấy này, thủ tục 1.013703",
        "ngày 12/3 lúc 14h30 tại quầy số 2",
        "can bo mot cua thai do tho o, cho tu 8 gio den 10 gio, hoi thi bao khong biet",
    ],
)
def test_story_without_such_details_is_left_alone(text: str) -> None:
    assert hide(text) == text


@pytest.mark.parametrize(
    ("staff", "text", "gone"),
    [
        ("anh Phạm Quốc Khánh, đeo kính", "Khánh quát tôi, ông Quốc Khánh đó", ("Khánh",)),
        ("pham quoc khanh", "anh khanh quat toi, pham quoc khanh do", ("khanh",)),
        ("chị Lan tóc ngắn", "chi lan bao ve, chị Lan bảo về", ("lan",)),
        ("cán bộ Hòa", "cán bộ Hoà nói", ("hoa",)),
    ],
)
def test_the_accused_is_not_named_either(staff: str, text: str, gone: tuple[str, ...]) -> None:
    shown = fold(hide(text, (staff,)))
    assert not [name for name in gone if fold(name) in shown.split()], shown


def test_description_without_a_name_hides_no_words_of_the_story() -> None:
    assert hide("cô ấy tóc ngắn, áo xanh, quát tôi", ("áo xanh tóc ngắn",)).count("[") <= 2
    assert "quát tôi" in hide("cô ấy tóc ngắn, quát tôi", ("cô tóc ngắn",))


def test_redacted_record_has_no_identity_in_any_field() -> None:
    record: CaseRecord = replace(
        RECORD,
        narrative="Tôi là Trần Thị Bích Ngọc, anh Khánh quát tôi.",
        dossier_code="H26.15.02-261018-0975",
        story=Story("Khánh nói: về đi", 30, 2, 200_000, "bác Tám", ("ghi âm của Ngọc",), "xin lỗi bà Ngọc"),
        child=True,
    )
    shown = redact(record)
    written = fold(repr(shown.to_json()))
    for detail in ("ngọc", "Khánh", "0912345678", "Tám", "0975", "200000", "named"):
        assert fold(detail) not in written, detail
    assert shown.contact == Contact()
    assert shown.identity is Identity.HIDDEN
    assert (shown.narrative_raw, shown.staff, shown.event_time, shown.child) == ("", None, None, False)
    # what is needed to look into it
    assert (shown.unit, shown.desk, shown.event_date, shown.behaviours) == (
        record.unit,
        record.desk,
        record.event_date,
        record.behaviours,
    )
    assert shown.story.waited_minutes == 30
    assert redact(shown) == shown


def test_redacting_twice_changes_nothing() -> None:
    for _, text, name, _, _ in PLANTED[::7]:
        once = hide(text, (name,))
        assert hide(once, (name,)) == once


def test_office_text_keeps_its_addresses_and_names_nobody_of_the_case() -> None:
    text = "Gửi đơn tới 34 Trần Phú, gọi 1022. Anh Khánh đã xin lỗi chị Ngọc, số 0912345678."
    shown = hide_known(text, ("Trần Thị Bích Ngọc", "anh Phạm Quốc Khánh"))
    assert shown == "Gửi đơn tới 34 Trần Phú, gọi 1022. Anh [tên] đã xin lỗi chị [tên], số [số điện thoại]."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Đơn vị đã xin lỗi; gọi 1022 nếu cần.", False),
        ("Đơn vị đã xin lỗi bà Ngọc.", True),
        ("don vi da xin loi tran thi bich ngoc", True),
        ("Ông Phạm Quốc Khánh bị nhắc nhở.", True),
        ("Đã gọi 0912 345 678.", True),
        ("Hồ sơ H26.15.02-261018-0975 đã trả.", True),
        ("Quyết định 118/2025/NĐ-CP nêu rõ.", False),
    ],
)
def test_public_text_that_names_somebody_is_noticed(text: str, told: bool) -> None:
    assert leaks(text, ("Trần Thị Bích Ngọc", None, "anh Phạm Quốc Khánh, đeo kính")) is told


@pytest.mark.parametrize(
    "piece", ["toi la ", "so nha 1 ngo 2 ", "me toi la ", "Nguyễn Nguyễn ", "ho so so ", "a" * 50 + " "]
)
@pytest.mark.timeout(60)  # a second of linear work; minutes of any other
def test_long_text_is_read_in_time_that_grows_with_its_length(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    assert len(hide(text, ("Trần Thị Bích Ngọc",))) > 0
