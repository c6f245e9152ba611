"""Which passwords are taken: long ones that are one's own."""

import unicodedata

import pytest

from bot.core.staff.policy import MAX_CHARACTERS, Weakness, common_words, weakness

NAME, LOGIN = "Nguyễn Thị Lan", "lan.nt"


def said(password: str, name: str = NAME, login: str = LOGIN) -> Weakness | None:
    return weakness(password, name, login)


@pytest.mark.parametrize(
    "password",
    [
        "chim hót ngoài đồng",
        "con mèo trèo cây cau 9",
        "Ba con vịt, hai con gà",
        "kẹo lạc và trà đá vỉa hè",
        "vR7#kTq2!mZp",
        "tàu hỏa đi Lào Cai lúc 6h",
        "Bình minh trên sông Đà",
        "xe đạp cũ màu xanh rêu",
        "hoa rừng nở sớm mai",
    ],
)
def test_sentences_and_random_signs_are_taken(password: str) -> None:
    assert said(password, "Trần Văn Bảo", "bao.tv") is None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("mèo con 123", Weakness.SHORT),
        ("           ", Weakness.SHORT),
        ("a" * (MAX_CHARACTERS + 1), Weakness.LONG),
        ("chim hót\x00ngoài đồng", Weakness.UNREADABLE),
        ("chim hót\nngoài đồng", Weakness.UNREADABLE),
        ("001085012345", Weakness.COMMON),  # a CCCD
        ("0912345678901", Weakness.COMMON),
        ("12/05/1990-12/05", Weakness.COMMON),
        ("aaaaaaaaaaaaa", Weakness.COMMON),
        ("abcabcabcabcabc", Weakness.COMMON),
        ("abcdeabcdeabc", Weakness.COMMON),
        ("Matkhau@123456", Weakness.COMMON),
        ("Mật khẩu 2026!", Weakness.COMMON),
        ("P@ssw0rd123456", Weakness.COMMON),
        ("PASSWORD2026!!", Weakness.COMMON),
        ("qwertyuiop123", Weakness.COMMON),
        ("Hà Nội 2026!!!", Weakness.COMMON),
        ("SoNoiVuHaNoi@1", Weakness.COMMON),
        ("tiepdan@hanoi1", Weakness.COMMON),
        ("anhyeuem123456", Weakness.COMMON),
        ("lan.nt rất vui", Weakness.NAMED),
        ("nguyenthilan86", Weakness.NAMED),
        ("Thị Lan đi chợ xa", Weakness.NAMED),
        ("cô Lan ở phòng ba", Weakness.NAMED),
        ("nhà Nguyễn có 4 con", Weakness.NAMED),
    ],
)
def test_what_is_easily_guessed_is_refused(password: str, why: Weakness) -> None:
    assert said(password) is why


@pytest.mark.parametrize(
    ("password", "name"),
    [
        ("làng bên có giếng", "Nguyễn Thị Lan"),  # «lan» is in «lang», and no word of its own
        ("hai bánh đa nướng", "Lê Văn Anh"),
        ("ngoan ngoãn như mèo", "Phạm Thị An"),
        ("mây bay thấp qua đồi", "Đỗ Thị Mai"),
    ],
)
def test_a_short_given_name_counts_as_a_word_alone(password: str, name: str) -> None:
    assert said(password, name, "xy.zt") is None


def test_accents_and_their_writing_make_no_difference() -> None:
    for form in ("NFC", "NFD"):
        assert said(unicodedata.normalize(form, "Mật khẩu 2026!")) is Weakness.COMMON
        assert said(unicodedata.normalize(form, "chim hót ngoài đồng")) is None


def test_length_is_counted_in_characters_as_they_are_seen() -> None:
    eleven = "ếếệệỗỗựựằẵx"
    assert len(eleven) == 11
    assert said(unicodedata.normalize("NFD", eleven)) is Weakness.SHORT


def test_the_list_is_small_and_plain() -> None:
    words = common_words()
    assert 80 < len(words) < 400
    assert all(word.isascii() and word.islower() and word.isalpha() for word in words)
