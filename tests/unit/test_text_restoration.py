"""Accent restoration: typed accents are kept, the model is that of our texts, its accuracy is known."""

import gzip
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.restoration_training import (
    MODEL_PATH,
    accuracy,
    clauses,
    corpus,
    held_out_accuracy,
    shared_questions,
    train,
)
from nlu.text import Normalizer, strip_accents
from nlu.text.restoration import keeps_accents, restore, typed_without_accents
from nlu.text.syllable_model import SyllableModel, syllable_model
from tests.work import calls

NORMALIZER = Normalizer(restoration=True)
_SYLLABLES = sorted(word for word in syllable_model().singles if not word.startswith("<"))


@pytest.mark.parametrize(
    "text",
    [
        "lệ phí bao nhiêu và nộp ở đâu",
        "tôi muốn hỏi thủ tục thành lập hội",
        "trợ cấp thất nghiệp cần giấy tờ gì",
        "bố tôi là thương binh mới mất",
        "gia hạn giấy phép lao động mất mấy ngày",
    ],
)
def test_usual_questions_get_their_accents_back(text: str) -> None:
    assert NORMALIZER.normalize(strip_accents(text)).text == text


def test_a_text_with_accents_is_left_as_it_is() -> None:
    text = "ba tôi đi hai năm, cho hỏi làm sao"
    assert NORMALIZER.normalize(text).text == text


@settings(max_examples=500, deadline=None)
@given(
    st.lists(
        st.sampled_from(_SYLLABLES).flatmap(lambda word: st.sampled_from([word, strip_accents(word)])), max_size=12
    )
)
def test_typed_accents_and_letters_are_kept(words: list[str]) -> None:
    restored = restore(words, syllable_model())
    assert [strip_accents(word) for word in restored] == [strip_accents(word) for word in words]
    assert all(keeps_accents(typed, word) for typed, word in zip(words, restored, strict=True))
    assert restore(restored, syllable_model()) == restored


def test_a_long_text_keeps_its_words() -> None:
    words = ["thu", "tuc", "xyz", "1.014748"] * 500
    assert [strip_accents(word) for word in restore(words, syllable_model())] == words


def test_unfinished_accents_are_completed() -> None:
    assert restore(["đuoc"], SyllableModel({"được": 3, "đuốc": 1}, {})) == ["được"]
    assert keeps_accents("đuoc", "được")
    assert not keeps_accents("đuợc", "đuốc")


def test_few_accents_mean_that_they_were_left_out() -> None:
    assert typed_without_accents(["thu", "tuc", "lap", "hoi"])
    assert typed_without_accents(["thu", "tuc", "lập", "hoi"])
    assert not typed_without_accents(["thủ", "tục", "lập", "hội", "cho", "em"])
    assert not typed_without_accents([])


def test_the_shipped_model_is_the_one_our_texts_give() -> None:
    built = train(corpus()).dump()
    same = built == MODEL_PATH.read_bytes()  # compared outside the assertion: a diff of two such texts takes minutes
    assert same, "run «python -m knowledge.restoration_training» and commit the file"
    assert len(built) < 500_000


def test_restoration_is_right_on_texts_it_has_not_seen() -> None:
    found = held_out_accuracy(corpus())
    assert found.untouched < 0.25
    assert found.syllables > 0.9


def test_restoration_is_right_on_the_portal_questions() -> None:
    questions = Path(os.environ.get("TIEPDAN_SHARED", "../shared")) / "data" / "dev_questions_portal.jsonl"
    if not questions.is_file():
        pytest.skip(f"the measuring questions are not at {questions} (set TIEPDAN_SHARED)")
    found = accuracy(shared_questions(questions), syllable_model())
    assert found.syllables > 0.93


def test_the_model_is_small_enough_to_load_at_once() -> None:
    data = MODEL_PATH.read_bytes()
    assert len(data) < 200_000
    assert gzip.decompress(data).count(b"\n") < 60_000
    assert calls(lambda: SyllableModel.parse(data)) < 10 * 60_000


def test_clauses_leave_out_what_is_no_syllable() -> None:
    assert clauses("Nộp đơn (mẫu 03), lệ phí: không; VNeID") == [["nộp", "đơn"], ["mẫu"], ["lệ", "phí"], ["không"]]
