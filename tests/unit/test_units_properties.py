"""What holds for every text and every name: form, case and tone style change nothing; offsets, order, speed."""

import unicodedata
from collections.abc import Callable
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.units import Certainty, Unit, UnitFinder, UnitKind, UnitMention, UnitRegistry
from tests.work import calls

REGISTRY = UnitRegistry.load()
FINDER = UnitFinder(REGISTRY)
COMMUNES = [unit for unit in REGISTRY.units if unit.kind in (UnitKind.WARD, UnitKind.COMMUNE)]


def one(text: str) -> UnitMention:
    found = FINDER.find(text)
    assert len(found) == 1, (text, found)
    return found[0]


Respelled = Callable[[str], str]
ALL_NAMES = st.sampled_from([*(unit.name for unit in COMMUNES), *(d.name for d in REGISTRY.districts)])
Form = Literal["NFC", "NFD"]
FORMS: st.SearchStrategy[Form] = st.sampled_from(["NFC", "NFD"])
CASES: st.SearchStrategy[Respelled] = st.sampled_from([str.lower, str.upper, str.title, str])


@given(ALL_NAMES, FORMS, CASES)
def test_form_and_case_change_nothing(name: str, form: Form, case: Respelled) -> None:
    plain = one(f"UBND {name}")
    other = one(unicodedata.normalize(form, case(f"UBND {name}")))
    assert (other.units, other.certainty, other.former) == (plain.units, plain.certainty, plain.former)


@given(st.sampled_from([unit for unit in COMMUNES if "òa" in unit.name]), FORMS)
def test_both_tone_styles_are_one(unit: Unit, form: Form) -> None:
    other = unicodedata.normalize(form, unit.name.replace("òa", "oà"))
    assert other != unit.name
    assert one(other).units == (unit.id,)


WORDS = ["phường", "xã", "p.", "cũ", "(cũ)", "ở", "UBND", "Cầu Giấy", "Láng", "sở", "số", "3", "chi nhánh", ",", "\n"]
WORDS += ["quận", "tỉnh", "tp", "công an", "trường", "hồi còn", "một cửa", "trung tâm hành chính công", "Nghĩa Tân"]


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)))
def test_any_text_is_read_in_order_and_without_error(text: str) -> None:
    end = 0
    for mention in FINDER.find(text):
        assert end <= mention.start < mention.end <= len(text)
        assert mention.text == text[mention.start : mention.end]
        assert all(REGISTRY.unit(unit) for unit in mention.units)
        assert mention.certainty is not Certainty.CERTAIN or len(mention.units) == 1
        assert bool(mention.units) is (mention.certainty is not Certainty.OTHER_BODY)
        end = mention.end


@pytest.mark.timeout(60)
def test_the_work_of_reading_grows_with_the_story_and_no_faster() -> None:
    part = "Hôm qua tôi ra UBND phường Cầu Giấy, toi len quan dong da, ho bao phai ra so noi vu roi ve nghia tan cu. "
    FINDER.find(part)
    short, long = (calls(lambda n=length: FINDER.find((part * 80)[:n])) for length in (2_000, 8_000))
    assert long < 6 * short
    assert short < 40 * 2_000, "a letter costs some calls, and not a look at every unit"
    FINDER.find((part * 600)[:60_000])
