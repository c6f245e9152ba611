"""Whole sentences: other bodies, what is taken back, one of two, doubt, and texts that name no unit at all."""

import unicodedata

import pytest

from bot.core.units import Certainty
from nlu.text import strip_accents
from tests.unit.unit_steps import AMBIGUOUS, CERTAIN, FINDER, OTHER_BODY, names, one


@pytest.mark.parametrize(
    "text",
    [
        *("công an phường Láng", "cong an phuong lang", "ca p lang", "CAP Láng", "công an khu vực của phường Láng"),
        *("Công an thành phố Hà Nội", "csgt quận Cầu Giấy", "chi cục thuế quận Đống Đa", "thuế phường Láng"),
        *("bảo hiểm xã hội Hoàng Mai", "tòa án nhân dân quận Thanh Xuân", "bưu điện phường Láng"),
        *("trạm y tế xã Sóc Sơn", "bệnh viện Thanh Nhàn", "bệnh viện đa khoa Hà Đông", "ngân hàng xã Sóc Sơn"),
        *("trường tiểu học Nghĩa Tân, phường Nghĩa Đô", "trường THCS Lê Quý Đôn quận Cầu Giấy", "trường Nghĩa Tân"),
        *("hợp tác xã Đại Mỗ", "sở y tế tỉnh Bắc Ninh", "xã Bình Minh, huyện Kiến Xương, tỉnh Thái Bình"),
        *("phường Minh Khai, Hưng Yên", "truong mam non hoa sen phuong bach mai"),
    ],
)
def test_other_bodies_are_never_a_unit_of_ours(text: str) -> None:
    mention = one(text)
    assert (mention.certainty, mention.units) == (OTHER_BODY, ())


def test_another_body_and_a_unit_of_ours_in_one_text() -> None:
    found = FINDER.find("Công an phường Láng bảo tôi sang UBND phường Láng, ở đó cũng không giải quyết")
    assert [(mention.certainty, mention.units) for mention in found] == [
        (OTHER_BODY, ()),
        (CERTAIN, ("HN-00199",)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "không phải phường Láng, phường Giảng Võ",
        "phuong giang vo chu khong phai o phuong lang",
        "k phải Láng, phường Giảng Võ",
    ],
)
def test_what_is_taken_back_is_left_out(text: str) -> None:
    assert names(one(text)) == ["Phường Giảng Võ"]


def test_where_somebody_lives_is_marked() -> None:
    home, office = FINDER.find("tôi ở phường Láng, ra UBND phường Đống Đa nộp hồ sơ")
    assert (home.home, office.home) == (True, False)
    assert not one("nhân viên ở phường Láng quát tôi").home


NOTHING = [
    *("hòa giải ở cơ sở", "cán bộ nói chuyện riêng", "tôi ở nhà", "bà Hồng Hà quát tôi", "anh Phúc Lợi hách dịch"),
    *("chị Kim Anh ở quầy 3", "bác Minh Châu bảo vệ", "lên quận thì quận chỉ về phường", "cán bộ phường nói tôi ngu"),
    *("xã hội bây giờ thế đấy", "phương pháp làm việc rất tệ", "hồ sơ xây dựng bị trả", "cơ sở y tế tư nhân"),
    *("khai số lao động", "về hợp đồng lao động", "ở hợp đồng này", "về đình công", "chế độ phúc lợi", "về phúc lợi"),
    *("phường thanh tra đột xuất", "phường văn hóa", "cán bộ xã tự nhiên quát tôi", "xã liên quan đến vụ này"),
    *(
        "phường buổi sáng không có ai",
        "ngân hàng Agribank chi nhánh số 3",
        "UBND tỉnh Hưng Yên",
        "tôi thành công rồi",
    ),
    *("UBND thành phố Hải Phòng", "một cửa quận tôi", "p/s: cảm ơn", "đường Láng", "chợ Đồng Xuân", "", "   ", "!!!"),
    *("cán bộ xã ăn tiền", "công an bắt tôi chờ", "trường hợp của tôi", "môi trường ô nhiễm", "chi nhánh năm ngoái"),
]


@pytest.mark.parametrize("text", NOTHING)
def test_texts_without_a_unit(text: str) -> None:
    assert FINDER.find(text) == ()
    assert FINDER.find(strip_accents(text).lower()) == ()


def test_offsets_are_true_to_the_text_as_given() -> None:
    text = unicodedata.normalize(
        "NFD", "Ôi,  hôm qua ở  UBND  phường Ô Chợ Dừa (cũ), họ 😡 quát; rồi công an quận Đống Đa…"
    )
    found = FINDER.find(text)
    assert [text[m.start : m.end] == m.text for m in found] == [True, True]
    assert unicodedata.normalize("NFC", found[0].text) == "UBND  phường Ô Chợ Dừa (cũ)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Phường Đống Đa hay là phường Kim Liên tôi không rõ", ["Phường Đống Đa", "Phường Kim Liên"]),
        ("phường láng hoặc phường giảng võ", ["Phường Láng", "Phường Giảng Võ"]),
        ("phuong Bach Mai, hay phuong Lang gi do", ["Phường Bạch Mai", "Phường Láng"]),
        ("phường Bạch Mai hay Kim Liên ấy", ["Phường Bạch Mai", "Phường Kim Liên"]),
    ],
)
def test_one_of_two_is_one_doubtful_mention(text: str, said: list[str]) -> None:
    for typed in (text, strip_accents(text)):
        mention = one(typed)
        assert (mention.certainty, names(mention)) == (AMBIGUOUS, said)
        assert mention.text == typed[mention.start : mention.end]


@pytest.mark.parametrize(
    ("text", "certainties"),
    [
        ("một cửa phường Láng hay ủy ban phường Láng", [CERTAIN, CERTAIN]),
        ("phường Láng hay công an phường Láng", [CERTAIN, OTHER_BODY]),
        ("cán bộ phường Láng hay quát dân", [CERTAIN]),
        ("phường Láng hay gây khó dễ", [CERTAIN]),
        ("phường Láng hay", [CERTAIN]),
        ("phường Láng hoặc là", [CERTAIN]),
        ("phường Láng hay nói là phường Kim Liên làm", [CERTAIN, CERTAIN]),
        ("phường Láng và phường Kim Liên", [CERTAIN, CERTAIN]),
        ("không phải phường Láng mà phường Kim Liên", [CERTAIN]),
    ],
)
def test_two_that_are_both_meant_stay_two(text: str, certainties: list[Certainty]) -> None:
    assert [mention.certainty for mention in FINDER.find(text)] == certainties


@pytest.mark.parametrize("text", ["chắc Kim Liên", "chac la Kim Lien", "hình như Kim Liên thì phải", "Kim Liên chắc"])
def test_answer_that_is_not_sure_is_an_answer(text: str) -> None:
    assert names(one(text)) == ["Phường Kim Liên"]


@pytest.mark.parametrize("text", ["chắc chị Kim Liên", "chắc Liên", "hình như chị Liên", "chắc thế", "chắc không"])
def test_doubt_about_something_else_names_no_unit(text: str) -> None:
    assert FINDER.find(text) == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Kính gửi Sở Nội vụ. Sáng nay tôi đến một cửa phường Ba Đình thì bị quát.", ["một cửa phường Ba Đình"]),
        ("kinh gui so noi vu, toi ra mot cua phuong lang bi quat", ["mot cua phuong lang"]),
        ("Kính gửi:\n- Sở Nội vụ;\n- UBND phường Láng\nTôi ra phường Kim Liên bị đuổi", ["phường Kim Liên"]),
        ("Kính gửi Sở Nội vụ, cán bộ quát tôi", []),
        ("Kính gửi UBND phường Ba Đình, hôm qua tôi bị cán bộ quát", ["UBND phường Ba Đình"]),
        ("Kính gửi Sở Nội vụ. Tôi nộp ở Sở Nội vụ thì bị quát", ["Sở Nội vụ"]),
        ("Tôi bị cán bộ Sở Nội vụ quát", ["Sở Nội vụ"]),
    ],
)
def test_whom_a_letter_is_sent_to_is_not_whom_it_is_about(text: str, named: list[str]) -> None:
    assert [mention.text for mention in FINDER.find(text)] == named
