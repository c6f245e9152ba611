"""Damaged encodings are recognised, and repaired where the result is certain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.text import looks_garbled, repair_mojibake

SENTENCES = [
    "Thủ tục đăng ký thành lập hội ở phường Ba Đình",
    "Tôi muốn hỏi về trợ cấp thất nghiệp và chế độ người có công",
    "hoà giải, thuý, ngoài ra còn hoàn cảnh quỹ từ thiện",
    "Bà mẹ Việt Nam anh hùng; ốm đau; ngày 30/11/2026",
    "cai nay khong co dau thi sao?",
    "Café, résumé và visa",
    "",
]


def _utf8_read_as_1252(text: str) -> str:
    holes = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
    return "".join(chr(byte) if byte in holes else bytes([byte]).decode("cp1252") for byte in text.encode())


@pytest.mark.parametrize("sentence", SENTENCES)
def test_sound_text_is_neither_suspected_nor_changed(sentence: str) -> None:
    assert not looks_garbled(sentence)
    assert repair_mojibake(sentence) == sentence


@pytest.mark.parametrize("sentence", SENTENCES[:4])
def test_utf8_read_as_windows_1252_is_repaired(sentence: str) -> None:
    damaged = _utf8_read_as_1252(sentence)
    assert looks_garbled(damaged)
    assert repair_mojibake(damaged) == sentence


def test_windows_1258_read_as_1252_is_repaired() -> None:
    assert repair_mojibake("thuÒ tuòc ðãng kyì") == "thủ tục đăng ký"


@pytest.mark.parametrize(
    "damaged",
    [
        "Thñ tôc ®¨ng ký thµnh lËp héi",
        "Thuû tuïc ñaêng kyù thaønh laäp hoäi",
        "th? t?c ??ng k? h?i",
        "th\ufffd t\ufffdc",
    ],
)
def test_legacy_fonts_and_lost_letters_are_recognised(damaged: str) -> None:
    assert looks_garbled(damaged)


@given(st.text(max_size=60))
def test_repair_never_fails(text: str) -> None:
    assert isinstance(repair_mojibake(text), str)
    assert isinstance(looks_garbled(text), bool)


@pytest.mark.parametrize(
    "text",
    [
        "cần giấy tờ gì để lập hội ở xã?nộp ở đâu?lệ phí bao nhiêu",
        "lap hoi can gi?o dau?may ngay?",
        "lập hội cần gì?ở đâu?mấy ngày?",
    ],
)
def test_questions_without_a_space_between_are_not_garbled(text: str) -> None:
    assert not looks_garbled(text)


def test_question_marks_in_place_of_letters_are_garbled() -> None:
    assert looks_garbled("th? t?c l?p h?i ? xã c?n gi?y t? gì")
