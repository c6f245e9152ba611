"""Case numbers and secrets: readable, checked, and never confused with other numbers."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.cases import number as numbers
from bot.core.cases.number import (
    broken_number,
    check_digit,
    claimed_secret,
    hash_secret,
    numbers_in,
    secret_fits,
    secrets_in,
    tells_secret,
)
from bot.core.privacy import mask

DIGITS = st.text("0123456789", min_size=7, max_size=7)


def written(digits: str) -> str:
    whole = digits + str(check_digit(digits))
    return f"PA-{whole[:4]}-{whole[4:]}"


def test_damm_gives_the_published_check_digit() -> None:
    assert check_digit("572") == 4  # Damm's own example


@given(DIGITS, st.integers(0, 7), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_found(digits: str, place: int, wrong: str) -> None:
    whole = digits + str(check_digit(digits))
    spoiled = whole[:place] + wrong + whole[place + 1 :]
    text = f"mã PA-{spoiled[:4]}-{spoiled[4:]}"
    assert bool(numbers_in(text)) == (spoiled == whole)
    assert broken_number(text) == (spoiled != whole)


@given(DIGITS, st.integers(0, 6))
def test_swapped_neighbours_are_found(digits: str, place: int) -> None:
    whole = digits + str(check_digit(digits))
    swapped = whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :]
    assert bool(numbers_in(f"pa {swapped}")) == (swapped == whole)


@given(DIGITS)
def test_a_number_is_read_however_it_is_written(digits: str) -> None:
    standard = written(digits)
    a, b = standard[3:7], standard[8:]
    for form in (standard, standard.lower(), f"pa {a} {b}", f"PA{a}{b}", f"pa.{a}.{b}", f"PA-{a}{b}"):
        assert numbers_in(f"cho hỏi phiếu {form} tới đâu rồi") == (standard,), form
    assert numbers_in(f"{a} {b}", bare=True) == (standard,)
    assert numbers_in(f"{a} {b}") == ()


@given(DIGITS)
def test_masking_leaves_a_number_alone(digits: str) -> None:
    assert mask(f"phiếu {written(digits)} tới đâu") == f"phiếu {written(digits)} tới đâu"


def test_new_numbers_are_valid_and_differ() -> None:
    made = {numbers.new_number() for _ in range(200)}
    assert len(made) > 190
    assert all(numbers_in(number) == (number,) for number in made)


def test_secrets_are_read_and_only_the_right_one_fits() -> None:
    secret = numbers.new_secret()
    assert re.fullmatch(r"[A-Z0-9]{4}-[A-Z0-9]{4}", secret)
    assert secrets_in(f"mã bí mật {secret.lower()} ạ") == (secret,)
    assert secret in secrets_in(f"pa-1234-5678 {secret.replace('-', ' ')}")
    stored = hash_secret(secret, "case-1")
    assert secret_fits(secret.lower(), "case-1", stored)
    assert not secret_fits(secret, "case-2", stored)
    assert not secret_fits(numbers.new_secret(), "case-1", stored)


@pytest.mark.parametrize(
    "text", ["sáng nay tôi ra phường", "số điện thoại 0912345678", "mã hồ sơ H26.15.02-261008-0975"]
)
def test_other_texts_hold_no_number(text: str) -> None:
    assert numbers_in(text, bare=True) == ()
    assert secrets_in(text) == ()


EXAMPLE = re.compile(r"PA-\d{4}-\d{4}")
TEXTS = ("README.md", "README.vi.md", "docs/cases.md", "bot/core/data/case_phrases.toml", "bot/cli/acting.py")


@pytest.mark.parametrize("name", TEXTS)
def test_number_that_a_text_gives_as_an_example_is_a_valid_one(name: str) -> None:
    shown = EXAMPLE.findall((Path(__file__).parents[2] / name).read_text("utf-8"))
    assert shown
    assert [number for number in shown if not numbers_in(number)] == []


@pytest.mark.parametrize("text", ["PA-1234-5678", "PA-4829-1376", "PA-4829-1370"])
def test_number_that_only_looks_like_one_is_told_apart(text: str) -> None:
    assert broken_number(text)
    assert not numbers_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "mã bí mật là abcd1234", "mã bí mật của tôi ghi là k7md3xpb", "mã bí mật thì tôi có, là H4KT-99PN",
        "ma bi mat k7md-3xpb", "Mã Bí Mật: qwer-tyui", "cái mã bí mật in trên giấy đó: b8s2kk10", "bí mật K7MD3XPA",
    ],
)  # fmt: skip
def test_a_message_that_gives_its_secret_code_is_known_whatever_its_letters(text: str) -> None:
    assert tells_secret(text)
    assert claimed_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "mã bí mật là gì", "mã bí mật tôi mất từ 2024", "mã bí mật tôi quên rồi", "K7MD-3XPA",
        "bí mật đời tư của tôi bị cán bộ phường 12 tiết lộ", "hồ sơ bí mật nhà nước theo NĐ26 thì nộp ở đâu",
        "tôi muốn giữ bí mật tên tôi khi tố cáo ở phường Kim Liên",
    ],
)  # fmt: skip
def test_a_message_that_only_speaks_of_secrets_gives_none(text: str) -> None:
    assert not tells_secret(text)
