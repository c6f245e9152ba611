"""Fits the gate of an index on synthetic questions whose record, or whose whole sector, is taken away.

For encoders other than our own, whose cosines lie elsewhere; ours has the gate of weights.json.
"""

import datetime as dt
import random
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge import lexicon
from knowledge.foreign import outside
from knowledge.gate import FEATURES, FloatArray, Thresholds, features
from knowledge.noise import noisy
from knowledge.passages import heads, situations_of
from knowledge.question_synthesis import STYLES, foreign_questions, questions
from knowledge.schema import Record
from knowledge.search import Searcher

SAMPLE = 900
MOST_PER_RECORD = 8
FOREIGN_PER_MATTER = 2
#: Questions that nothing answers should be answered outright at most this often…
FALSE_ANSWERS = 0.08
#: …and questions that have an answer be refused at most this often.
FALSE_REFUSALS = 0.03
#: Synthetic questions are easier than real ones, so what is refused outright is bounded as well.
MOST_REFUSED = 0.08
#: The model is trained on near misses and is cautious; below this confidence it does not answer.
LEAST_ANSWERED = 0.35
SEED = 20261121


def _held_out(searcher: Searcher, rows: NDArray[np.int64]) -> frozenset[str]:
    return frozenset(searcher.records[row].id for row in rows)


def _collect(
    searcher: Searcher, day: dt.date, report: Callable[[str], None]
) -> tuple[FloatArray, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return (features, first record right, in scope) of synthetic questions, near misses and foreign questions."""
    rng = random.Random(SEED)  # noqa: S311 - reproducible sample
    records: Sequence[Record] = searcher.records
    per_record = min(max(1, round(SAMPLE / max(len(records), 1))), MOST_PER_RECORD)
    made = list(questions(records, per_record, rng))
    rng.shuffle(made)
    named_otherwise = [len(heads(*pair)) > 1 for pair in zip(records, situations_of(records), strict=True)]
    fields = np.array([record.field or "" for record in records])
    rows_of_field = {field: np.flatnonzero(fields == field) for field in set(fields)}
    found: list[FloatArray] = []
    right: list[bool] = []
    inside: list[bool] = []

    def add(text: str, hidden: frozenset[str], ids: frozenset[str], source: str | None) -> None:
        question = searcher.read(text)
        ranking = searcher.rank(question, day, hidden, without=source)
        if not ranking.ranked:
            return
        found.append(features(ranking))
        right.append(records[ranking.ranked[0].row].id in ids)
        inside.append(bool(ids))

    for number, question in enumerate(made[:SAMPLE]):
        record = records[question.record]
        # A record known by its name alone would lose everything with the passage the question was made from.
        source = question.source if named_otherwise[question.record] else None
        add(question.text, frozenset(), frozenset({record.id}), source)
        if number % 2 == 0:
            add(question.text, _held_out(searcher, rows_of_field[record.field or ""]), frozenset(), None)
    for text in lexicon.out_of_scope():
        add(text, frozenset(), frozenset(), None)
        add(noisy(text, rng.choice(STYLES), rng), frozenset(), frozenset(), None)
    strangers = outside(records)
    for number, stranger in enumerate(foreign_questions(strangers, FOREIGN_PER_MATTER, rng)):
        # Half of them as if the lexicon did not know the matter: it will not know them all.
        add(stranger.text, frozenset(), frozenset(), stranger.source if number % 2 else None)
    report(f"ngưỡng: hiệu chỉnh trên {len(found)} câu")
    return np.array(found), np.array(right), np.array(inside)


def calibrate(searcher: Searcher, day: dt.date, report: Callable[[str], None]) -> Thresholds:
    """Return the gate for this index; deterministic. `day` is the day on which the catalogue is read."""
    from sklearn.linear_model import LogisticRegression

    rows, right, inside = _collect(searcher, day, report)
    if len(rows) == 0 or len(set(right.tolist())) < 2:
        return Thresholds((1.0,) + (0.0,) * (len(FEATURES) - 1), 0.0, 1.0, 0.5)
    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=1000).fit(rows, right)
    unset = Thresholds(tuple(float(c) for c in model.coef_[0]), float(model.intercept_[0]), 1.0, 0.0)
    confidence = np.array([unset.confidence(row) for row in rows])
    answer = max(float(np.quantile(confidence[~inside], 1 - FALSE_ANSWERS)), LEAST_ANSWERED)
    refuse = min(float(np.quantile(confidence[inside], FALSE_REFUSALS)), MOST_REFUSED)
    report(
        f"ngưỡng: trả lời từ {answer:.2f} (trong phạm vi {np.mean(confidence[inside] >= answer):.0%}), "
        f"từ chối dưới {min(refuse, answer):.2f} (ngoài phạm vi {np.mean(confidence[~inside] < refuse):.0%})"
    )
    return Thresholds(unset.coefficients, unset.intercept, answer, min(refuse, answer))
