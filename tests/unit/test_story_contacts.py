"""Telephone, e-mail and name of the citizen, read from the text as typed."""

import random
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.personal_numbers import MOBILE
from bot.core.story import Contacts, contacts, name_answer
from nlu.text import strip_accents

PHONES = [
    ("sđt 0912345678", "0912345678"),
    ("số của tôi là 0912 345 678", "0912345678"),
    ("0912.345.678", "0912345678"),
    ("+84 912 345 678", "0912345678"),
    ("84912345678", "0912345678"),
    ("+84 (0)912-345-678", "0912345678"),
    ("không chín một hai ba bốn năm sáu bảy tám", "0912345678"),
    ("máy bàn 024 3825 3536", "02438253536"),
    ("để số 0243 555 6677", "02435556677"),
    ("số tui không phẩy chín một hai, ba bốn năm, sáu bảy tám", "0912345678"),
    ("so tui khong cham chin mot hai ba bon nam sau bay tam", "0912345678"),
    ("không phẩy năm phần trăm", None),
    ("gọi lại cho tôi theo số 0987 654 321 nhé", "0987654321"),
    ("Nguyễn Văn A - 0356789012", "0356789012"),
    ("gọi 1022", None),
    ("hotline 0768.221.221", None),
    ("19001009", None),
    ("cccd 001084000999", None),
    ("hồ sơ H26.15.02-261008-0975", None),
    ("cán bộ gọi cho tôi từ số 0911222333", None),
    ("chị ấy nhắn tin bằng số 0911222333, còn số của tôi là 0912345678", "0912345678"),
    ("đòi 500.000 đồng ngày 15/11/2026", None),
]
EMAILS = [
    ("email a.b@gmail.com", "a.b@gmail.com"),
    ("Hoa.Nguyen88@Yahoo.com.vn nhé", "hoa.nguyen88@yahoo.com.vn"),
    ("mail của tôi abc a còng gmail chấm com", "abc@gmail.com"),
    ("gửi tới ubnd_yenhoa@hanoi.gov.vn", None),
    ("không có email", None),
]
NAMES = [
    ("tôi tên là Hoa", "Hoa"),
    ("Tôi tên Nguyễn Văn Nam, ở phường Yên Hòa", "Nguyễn Văn Nam"),
    ("họ tên: Trần Thị Bình, sđt 0912345678", "Trần Thị Bình"),
    ("Họ và tên tôi là Lê Minh Đức", "Lê Minh Đức"),
    ("tôi là Nguyễn Văn A, ra phường bị quát", "Nguyễn Văn A"),
    ("tên tôi là Phạm Thu Hà", "Phạm Thu Hà"),
    ("em tên minh ạ", None),
    ("tôi là nguyen van an", "Nguyen Van An"),
    ("Nguyễn Thị Hoa 0987654321", "Nguyễn Thị Hoa"),
    ("0987654321 nguyen thi hoa", "Nguyen Thi Hoa"),
    ("HỌ TÊN: NGUYỄN VĂN NAM", "Nguyễn Văn Nam"),
    ("cho ghi tên Ng Minh Anh", "Ng Minh Anh"),
    ("cứ ghi tên Lê Thị Mận nhé", "Lê Thị Mận"),
    ("giấu làm gì, ghi tên tao là Phí Văn Tèo", "Phí Văn Tèo"),
    ("tôi tên Đỗ Hoàng Anh", "Đỗ Hoàng Anh"),
    ("đừng ghi tên Lê Thị Mận", None),
    ("không cho ghi tên Trần Văn Bê", None),
    ("cho ghi tên Bình", None),
    ("cho ghi tên cán bộ Ng Văn Tám", None),
    ("tôi là Hoa", None),
    ("tôi là dân ở đây", None),
    ("tôi là người Hà Nội", None),
    ("chị Nguyễn Thị Lan quát tôi", None),
    ("cán bộ tên là Trần Minh Đức", None),
    ("tôi là giám đốc công ty", None),
]


@pytest.mark.parametrize(("text", "phone"), PHONES)
def test_telephone(text: str, phone: str | None) -> None:
    assert contacts(text).phone == phone


@pytest.mark.parametrize(("text", "email"), EMAILS)
def test_email(text: str, email: str | None) -> None:
    assert contacts(text).email == email


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_name(text: str, name: str | None) -> None:
    assert contacts(text).name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nguyễn Văn A", "Nguyễn Văn A"),
        ("Trần Thị Thu Hà ạ", "Trần Thị Thu Hà"),
        ("dạ em tên Lê Hoàng Nam", "Lê Hoàng Nam"),
        ("nguyễn thị hoa", "Nguyễn Thị Hoa"),
        ("nguyen van nam", "Nguyen Van Nam"),
        ("PHẠM THỊ HƯƠNG", "Phạm Thị Hương"),
        ("Vũ Mai", "Vũ Mai"),
        ("không muốn nói", None),
        ("bỏ qua", None),
        ("ẩn danh", None),
        ("có", None),
        ("Nguyễn Văn A quát tôi", None),
        ("hôm qua", None),
        ("gửi đi", None),
        ("hồ sơ của tôi đâu", None),
        ("Phường Yên Hòa", None),
        ("lê la mãi", None),
    ],
)
def test_answer_that_is_a_name(text: str, name: str | None) -> None:
    assert name_answer(text) == name


def test_every_way_of_writing_a_telephone_is_read() -> None:
    chance = random.Random(20261124)
    names = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
    words = dict(zip("0123456789", names, strict=True))
    wrong, count = [], 0
    for _ in range(300):
        number = "0" + chance.choice("35789") + "".join(chance.choice("123456789") for _ in range(8))
        if not MOBILE.fullmatch(number[1:]):
            continue
        count += 1
        forms = (
            number,
            f"{number[:4]} {number[4:7]} {number[7:]}",
            f"{number[:4]}.{number[4:7]}.{number[7:]}",
            f"+84{number[1:]}",
            " ".join(words[digit] for digit in number),
            " ".join(strip_accents(words[digit]) for digit in number),
        )
        for form in forms:
            if contacts(f"liên hệ tôi số {form} nhé").phone != number:
                wrong.append(form)
    assert count >= 100
    assert not wrong


@given(st.text())
@settings(max_examples=200)
def test_reading_never_raises_and_knows_no_normal_form(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert contacts(composed) == contacts(decomposed)
    assert name_answer(composed) == name_answer(decomposed)


def test_nothing_given_is_nothing() -> None:
    assert contacts("hôm qua tôi ra phường bị quát") == Contacts()
