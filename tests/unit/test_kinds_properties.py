"""What holds for every text: nothing raises, its form changes nothing, its length costs no more than its share."""

import unicodedata
from collections.abc import Callable
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.kinds import InputType, child, clauses, part_of_kind, part_of_ours, read_kind, route_of
from bot.core.kinds.lexicon import mark
from nlu.text import strip_accents
from tests import work

INTENTS = ["report_staff", "formal_complaint", "denunciation", "ask_procedure", "other_agency", "emergency", "abuse"]
INTENTS += ["regulation_feedback", "survey", "privacy_request", "greeting", "nlu_fallback", "of another version"]
WORDS = """
tôi em bị cán bộ phường công an quát mắng không có ai đòi 500k nếu thì báo ai quyết định số 12 oan nên bỏ quy định
dọa giết muốn chết cháy rồi . , ? ! 3 lần hôm qua ko đc hs ubnd bệnh viện xóa số của tôi 😡 … «» đm
"""
STORY = (
    "Sáng thứ hai tôi lên bộ phận một cửa phường Cầu Giấy nộp hồ sơ cho mẹ. Cô ở quầy số 3 bảo thiếu giấy xác nhận, "
    "bắt tôi về làm lại từ đầu. Tôi hỏi thì bị quát. Công an phường cũng bắt tôi chờ hai tiếng. "
    "Quy định đó vô lý, nên bỏ. "
)
SMALL_TALK = "Buổi ấy trời xanh, mây trắng bay ngang mái nhà, gió thổi lá vàng khắp lối nhỏ. "
TEXTS = st.one_of(st.text(max_size=300), st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=60).map(" ".join))
Form = Literal["NFC", "NFD"]


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from(INTENTS), st.sampled_from([None, *INTENTS]))
def test_any_text_is_read(text: str, intent: str, guess: str | None) -> None:
    reading = read_kind(text, intent, guess, ())
    assert reading.main not in reading.others
    assert not (reading.hypothetical and (reading.others or reading.money))
    route_of(intent, 0.5, guess, reading)
    child(text)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_parts_are_cut_from_the_text_and_nothing_is_made_up(text: str) -> None:
    parts = clauses(text)
    place = 0
    for part in parts:
        place = text.index(part, place) + len(part)
    kept = "".join("".join(parts).split()).translate({ord(c): None for c in ",;"})
    assert kept == "".join(text.split()).translate({ord(c): None for c in ",;"})
    assert len(part_of_ours(text)) <= len(text)
    assert len(part_of_kind(text, InputType.PHAN_ANH_HANH_VI)) <= len(text)


@pytest.mark.parametrize("respell", [str.upper, str.lower, lambda text: unicodedata.normalize("NFD", text)])
@pytest.mark.parametrize(
    "text",
    [
        STORY.strip(),
        "Tòa án quận kéo dài vụ của tôi",
        "nếu cán bộ vòi tiền thì báo ai",
        "Hắn dọa giết tôi, tôi sợ quá",
        "tôi không đồng ý với quyết định thu hồi trợ cấp của mẹ tôi",
    ],
)
def test_form_and_case_change_nothing(text: str, respell: Callable[[str], str]) -> None:
    assert read_kind(respell(text), "report_staff", None, ()) == read_kind(text, "report_staff", None, ())


def test_both_tone_styles_are_one() -> None:
    old, new = (read_kind(t, "other_agency", None, ()) for t in ("tòa án xử oan tôi", "toà án xử oan tôi"))
    assert old == new


def calls(text: str) -> int:
    """Return how many functions are called to read a text, once what is remembered of its words is remembered."""

    def read() -> None:
        read_kind(text, "report_staff", None, ())
        clauses(text)

    read()
    mark.cache_clear()
    return work.calls(read)


@pytest.mark.parametrize("text", [STORY, strip_accents(STORY), "tôi bị cán bộ phường quát vì không có ai "])
def test_a_text_full_of_phrases_costs_little_more_than_one_without(text: str) -> None:
    # Work is counted, not timed: a busy machine changes nothing. What is said over and over is two to three times
    # the work of small talk; a reader that compares all with all would be far beyond.
    assert mark(SMALL_TALK).hits == ()
    assert calls((text * 100)[:2_000]) < 4 * calls((SMALL_TALK * 100)[:2_000])


@pytest.mark.parametrize("unit", [STORY, "công an ", "không ", "3 lần ", "bị ", "nếu ", "a", "ubnd k hs "])
@pytest.mark.timeout(60)
def test_work_grows_with_the_length(unit: str) -> None:
    short, long = (calls((unit * 8_000)[:length]) for length in (1_500, 6_000))
    assert long < 6 * short
    read_kind((unit * 60_000)[:60_000], "report_staff", None, ())
