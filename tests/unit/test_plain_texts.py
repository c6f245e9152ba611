"""Catalogues of plain texts: how they are told, and what is made up and fitted for them."""

import random
from collections.abc import Sequence

import numpy as np
import pytest

from knowledge.articles import LEAST_RECORDS, QUESTIONS, are_plain, questions
from knowledge.logit import Choice, fit, hits
from knowledge.passages import passages
from knowledge.query import read_question
from knowledge.ranking import FULL, SIGNALS, Weights, full_terms, shipped_weights
from knowledge.records import SHIPPED, Catalogue
from knowledge.schema import Record

TEXT = "Người sử dụng lao động phải trả lương đúng hạn cho người lao động theo hợp đồng đã ký kết số {n}"


def _articles(count: int) -> list[Record]:
    return [
        Record.model_validate({"id": f"A{n:05}", "name": f"Điều {n}. Trả lương", "conditions": TEXT.format(n=n)})
        for n in range(count)
    ]


def test_articles_are_plain_and_procedures_are_not() -> None:
    assert are_plain(_articles(LEAST_RECORDS))
    assert not are_plain(_articles(LEAST_RECORDS - 1))
    assert not are_plain(Catalogue.load(SHIPPED).records)
    mixed: Sequence[Record] = [r.model_copy(update={"fee": "0 đồng"}) for r in _articles(30)] + _articles(100)
    assert not are_plain(mixed)


def test_made_up_questions_quote_their_record_and_repeat() -> None:
    records = _articles(LEAST_RECORDS)
    found = passages(records)
    made = list(questions(records, found, random.Random(1)))
    assert len(made) == QUESTIONS
    assert made == list(questions(records, found, random.Random(1)))
    assert len({row for _, row in made}) > LEAST_RECORDS / 2


def test_records_that_say_nothing_give_no_questions() -> None:
    names = [Record.model_validate({"id": f"A{n:05}", "name": f"Điều {n}"}) for n in range(5)]
    assert list(questions(names, passages(names), random.Random(1))) == []


def test_full_terms_keep_asking_words_that_search_discounts_and_drop_negated_ones() -> None:
    question = read_question("gia hạn giấy phép mất bao lâu")
    by_word = dict(zip(question.plain, question.weights, strict=True))
    assert by_word["lau"] < 1
    assert full_terms(question)["lau"] == 1.0
    corrected = read_question("cấp lại giấy phép chứ không phải cấp mới")
    assert "moi" not in full_terms(corrected)


def test_the_shipped_weights_have_no_full_text_signal() -> None:
    assert FULL not in SIGNALS
    assert FULL not in shipped_weights().signals
    assert Weights({FULL: 0.5, "dense_head": 0.5}).scale == pytest.approx(1.0)


def test_fitted_weights_find_the_signal_that_tells_and_keep_their_bound() -> None:
    rng = np.random.default_rng(1)
    given = []
    for _ in range(80):
        signals = rng.random((10, 3))
        # The second signal speaks against the right one, the first for it, the third says nothing.
        right = (signals[:, 0] - 0.5 * signals[:, 1]) == (signals[:, 0] - 0.5 * signals[:, 1]).max()
        given.append(Choice(signals, right))
    free, bound = fit(given), fit(given, least=0.0)
    assert free[0] > 0 > free[1]
    assert bound.min() >= 0
    assert bound.argmax() == 0
    assert hits(given, free, 1) > hits(given, np.array([0.0, 0.0, 1.0]), 1)
