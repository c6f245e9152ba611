"""Personal numbers are masked however they are written; public numbers and the law's are not."""

import random
import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.personal_numbers import PLACEHOLDERS, PUBLIC_NUMBERS, Kind
from bot.core.privacy import find, mask

# The kinds that the patterns' own cases expect; `public` numbers are not listed by them.
CASES = [
    ("CCCD 001084000999", ["cccd_pin"]),
    ("cccd 001 084 000999", ["cccd_pin"]),
    ("sdt 0912345678", ["mobile"]),
    ("gọi +84 912 345 678", ["mobile"]),
    ("0912.345.678", ["mobile"]),
    ("024 3825 3536", ["landline_hn"]),
    ("mã H26.15.02-261008-0975", ["dossier_code"]),
    ("000.00.01.H26-230101-0001", ["dossier_code"]),
    ("G09.01-261008-090123", ["dossier_code"]),
    ("thủ tục 2.002396", ["procedure_code"]),
    ("CMND 012345678", ["cmnd"]),
    ("xe 30A-123.45", ["plate"]),
    ("29-B1 123.45", ["plate"]),
    ("biển 29AA-123.45", ["plate"]),
    ("BHXH 0116123456", ["ten_digit_id"]),
    ("0101234567-001", ["tax_org"]),
    ("a.b@gmail.com", ["email"]),
    ("hotline 0768.221.221", []),
    ("gọi 19001009", []),
    ("024.1022", []),
    ("hẹn ngày 15/11/2026 lúc 14h30", []),
    ("phí 1.500.000 đồng", []),
    ("H15.50.05.13-261008-0975", ["dossier_code"]),
    ("hộ chiếu C1234567", ["passport"]),
    ("Nghị định 118/2025/NĐ-CP", []),
]
UNTOUCHED = [
    "Quyết định 2479/QĐ-UBND ngày 15/5/2025, thủ tục 1.000894",
    "mã 1.000894.000.00.00.H26",
    "phí 150.000.000 đồng, 150000000 đồng hoặc 1.234.567.890đ",
    "hạn 15.11.2026, 2026-11-21, 15 11 2026 14 30",
    "năm 2024 2025 30 ngày làm việc",
    "gọi 113, 114, 115 hoặc 1022, 1900 1009",
    "20 m2, 50k 10000, lúc 14h30 5 người",
    "không ai biết ba tôi sinh năm nào, hai hay ba tháng sau",
    "cần 2 bản chính, 3 bản sao; mẫu 01, 02, 03",
    "Luật 45/2019/QH14 điều 96 khoản 4",
    "H26.15.02-261008-0975",
]
MASKED = [
    ("không chín một hai ba bốn năm sáu bảy tám", "[số điện thoại]"),
    ("sdt khong chin muoi hai ba tu nam sau bay tam nhe", "sdt [số điện thoại] nhe"),
    ("số 0 9 1 2 3 4 5 6 7 8 nha", "số [số điện thoại] nha"),
    ("không 9 một 2 ba 4 năm 6 bảy 8", "[số điện thoại]"),
    ("０９１２３４５６７８", "[số điện thoại]"),
    ("0912\u200b345\u200b678", "[số điện thoại]"),
    ("0912\n345678", "[số điện thoại]"),
    ("(+84) 912 345 678", "[số điện thoại]"),
    ("số nhà 12 0912 345 678", "số nhà 12 [số điện thoại]"),
    ("0912345678 đồng ý", "[số điện thoại] đồng ý"),
    ("CMND 125.345.678", "CMND [số giấy tờ]"),
    ("stk 1903 4567 8901 2", "stk [số tài khoản]"),
    ("tài khoản 12345678", "tài khoản [số tài khoản]"),
    ("hộ chiếu c 1234567", "hộ chiếu [số giấy tờ]"),
    ("xe 30a12345", "xe [biển số]"),
    ("nguyen.van.a a còng gmail chấm com", "[email]"),
]
WORDS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
SENTENCES = [
    "số của tôi là {} nhé",
    "{} gọi lại giúp cháu",
    "tôi tên An, {}, cần hỏi thủ tục",
    "em gửi {} ạ",
    "ngày 15/11/2026 tôi nộp, {}",
]


@pytest.mark.parametrize(("text", "kinds"), CASES)
def test_kinds_are_told_apart(text: str, kinds: list[str]) -> None:
    assert [str(found.kind) for found in find(text) if found.kind is not Kind.PUBLIC] == kinds


@pytest.mark.parametrize("text", UNTOUCHED)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_public_numbers_stay(text: str, form: str) -> None:
    text = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    assert mask(text) == text


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_other_writings_are_masked(text: str, masked: str) -> None:
    assert mask(text) == masked
    assert mask(unicodedata.normalize("NFD", text)) == unicodedata.normalize("NFD", masked).replace(
        *_decomposed_placeholder(masked)
    )


def _decomposed_placeholder(masked: str) -> tuple[str, str]:
    placeholder = next(value for value in PLACEHOLDERS.values() if value in masked)
    return unicodedata.normalize("NFD", placeholder), placeholder


def test_dossier_codes_are_masked_on_demand() -> None:
    assert mask("mã H26.15.02-261008-0975", dossier_codes=True) == "mã [mã hồ sơ]"


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _numbers(rng: random.Random) -> dict[str, str]:
    return {
        "mobile": "0" + rng.choice(["32", "38", "56", "70", "79", "86", "91", "96", "98"]) + _digits(rng, 7),
        "landline": "024" + rng.choice("36") + _digits(rng, 7),
        "cccd": "0" + rng.choice(["01", "34", "38", "79", "84"]) + _digits(rng, 9),
        "cmnd": rng.choice("0123") + _digits(rng, 8),
        "social": rng.choice(["01", "79"]) + _digits(rng, 8),
        "account": rng.choice("123456789") + _digits(rng, rng.choice([12, 13, 15])),
    }


def _grouped(separators: str) -> Callable[[random.Random, str], str]:
    def write(rng: random.Random, number: str) -> str:
        separator = rng.choice(separators)
        size = rng.choice([3, 4])
        return separator.join(number[at : at + size] for at in range(0, len(number), size))

    return write


def _scattered(rng: random.Random, number: str) -> str:
    cuts = sorted(rng.sample(range(2, len(number) - 1), 2))
    return rng.choice(" .").join([number[: cuts[0]], number[cuts[0] : cuts[1]], number[cuts[1] :]])


WRITINGS: dict[str, Callable[[random.Random, str], str]] = {
    "plain": lambda _, number: number,
    "spaces": _grouped(" "),
    "dots": _grouped("."),
    "dashes": _grouped("-"),
    "scattered": _scattered,
    "one by one": lambda _, number: " ".join(number),
    "words": lambda _, number: " ".join(WORDS[int(digit)] for digit in number),
    "full width": lambda _, number: "".join(chr(0xFF10 + int(digit)) for digit in number),
    "no accents": lambda _, number: " ".join(
        unicodedata.normalize("NFD", WORDS[int(digit)]).encode("ascii", "ignore").decode() for digit in number
    ),
}


@pytest.mark.parametrize("writing", WRITINGS)
def test_generated_numbers_are_masked(writing: str) -> None:
    rng = random.Random(f"privacy {writing}")
    leaked, total = [], 0
    for _ in range(300):
        for number in _numbers(rng).values():
            shown = WRITINGS[writing](rng, number)
            sentence = rng.choice(SENTENCES)
            total += 1
            if mask(sentence.format(shown)) not in {sentence.format(p) for p in PLACEHOLDERS.values()}:
                leaked.append((sentence.format(shown), mask(sentence.format(shown))))
    assert total == 1800
    assert len(leaked) <= total * 0.01, leaked[:10]


def test_generated_public_numbers_stay() -> None:
    rng = random.Random("public numbers")
    changed = []
    for _ in range(500):
        for text in (
            f"Quyết định {rng.randint(1, 9999)}/QĐ-UBND ngày {rng.randint(1, 28)}/{rng.randint(1, 12)}/2025",
            f"Nghị định {rng.randint(1, 300)}/{rng.randint(2015, 2026)}/NĐ-CP",
            f"thủ tục {rng.randint(1, 3)}.{_digits(rng, 6)} nộp ở đâu",
            f"phí {rng.randint(1, 999)}.{rng.randint(0, 999):03}.000 đồng",
            f"hạn {rng.randint(1, 28)}-{rng.randint(1, 12)}-{rng.randint(2020, 2027)}",
            f"H26.{rng.randint(1, 99)}.{rng.randint(1, 99)}-261008-{_digits(rng, 4)}",
        ):
            if mask(text) != text:
                changed.append((text, mask(text)))
    assert changed == []


HOSTILE = [
    "1", "0", "11 ", "111 011 ", "0912 ", "0 ",
    "a", "a@", "a@a.", "a.", "khong ", "không\n", "30A-", "h26.", " ", "1-",
    "a@a cham ", "a cong ", "sdt 111 011,", "1.", "84 ", "+", "ế", "\u0301", "1900", "12/", "a1", "aa1 ",
]  # fmt: skip


@pytest.mark.timeout(60)  # a second of linear work; minutes of any other
@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_takes_no_more_than_its_length(piece: str) -> None:
    assert mask((piece * 100_000)[:100_000])


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("0123456789 .-+()@/,ahbđếkn\u0301\n０９không"), max_size=80))
def test_masking_is_idempotent_and_leaves_no_number_of_a_person(text: str) -> None:
    masked = mask(text)
    assert mask(masked) == masked
    assert set(re.findall(r"(?<![\d.])0\d{8,}(?![\d.])", masked)) <= PUBLIC_NUMBERS


@settings(deadline=None)
@given(st.text(max_size=200))
def test_places_point_into_the_text(text: str) -> None:
    last = 0
    for found in find(text):
        assert last <= found.start < found.end <= len(text)
        last = found.end


@pytest.mark.parametrize(
    "number",
    [
        "0912   -   345   -   678",
        "0    9    1    2    3    4    5    6    7    8",
        "0912\x01345678",
        "0️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣",
        "0⁹1²345678",
        "0912|345|678",
        "0912*345*678",
    ],
)
def test_odd_writings_of_a_telephone_number_are_masked(number: str) -> None:
    masked = mask(f"gọi tôi {number} nhé")
    assert masked.startswith("gọi tôi ")
    assert masked.endswith(" nhé")
    assert "345" not in masked
    assert "[số điện thoại]" in masked
