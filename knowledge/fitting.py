"""Fits the weights of the ranking on the validation questions (`tiepdan index fit`).

Each question is a choice among its candidates; the weights maximise the likelihood of the right ones under a softmax
(conditional logit, McFadden 1974) with an L2 penalty. Printed beside them is what they give when every question is
ranked with weights fitted without it (five folds).
"""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.build import OpenIndex
from knowledge.evaluate import EvaluationQuestion
from knowledge.gate import Thresholds, features, shipped_thresholds
from knowledge.logit import Choice, fit, hits
from knowledge.ranking import LIKENESSES, SIGNALS

FloatArray = NDArray[np.float64]
FOLDS = 5
CANDIDATES = 100
GATE_C = 0.1
#: Shares of held-out questions: answered although nothing answers them, refused although something does.
FALSE_ANSWERS = 0.08
FALSE_REFUSALS = 0.03
SEED = 20261122


@dataclass(frozen=True)
class GateCase:
    """A question's features, whether its first record is right, and whether any record is."""

    features: FloatArray
    right: bool
    in_scope: bool


def choices(index: OpenIndex, questions: Sequence[EvaluationQuestion]) -> list[Choice]:
    """Return one choice a question in scope, of the records that the shipped weights put in front."""
    searcher = index.searcher
    day = index.catalogue.checked_on
    found = []
    for asked in questions:
        if not asked.procedures:
            continue
        ranking = searcher.rank(searcher.read(asked.text), day, limit=CANDIDATES)
        rows = [ranked.row for ranked in ranking.ranked]
        right_ids = {name for given in asked.procedures for name in (given, *index.catalogue.by_code(given))}
        signals = np.array([[float(ranking.signals[name][row]) for name in SIGNALS] for row in rows])
        found.append(Choice(signals, np.array([searcher.records[row].id in right_ids for row in rows])))
    return found


def gate_cases(index: OpenIndex, questions: Sequence[EvaluationQuestion]) -> list[GateCase]:
    """Return one case a question, ranked with the shipped weights."""
    searcher = index.searcher
    found = []
    for asked in questions:
        ranking = searcher.rank(searcher.read(asked.text), index.catalogue.checked_on)
        if ranking.ranked:
            ids = {name for given in asked.procedures for name in (given, *index.catalogue.by_code(given))}
            right = searcher.records[ranking.ranked[0].row].id in ids
            found.append(GateCase(features(ranking), right, bool(asked.procedures)))
    return found


def fit_gate(cases: Sequence[GateCase]) -> Thresholds:
    """Return the gate: a logistic model, and the confidences at which held-out questions give the wanted shares."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold

    rows = np.array([case.features for case in cases])
    right = np.array([case.right for case in cases])
    inside = np.array([case.in_scope for case in cases])
    spread = rows.std(axis=0) + 1e-6

    def model(chosen: NDArray[np.int64]) -> Thresholds:
        fitted = LogisticRegression(C=GATE_C, max_iter=1000).fit(rows[chosen] / spread, right[chosen])
        coefficients = tuple(round(float(c), 4) for c in fitted.coef_[0] / spread)
        return Thresholds(coefficients, round(float(fitted.intercept_[0]), 4), 1.0, 0.0)

    confidence = np.zeros(len(cases))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    for train, test in folds.split(rows, right.astype(int) + 2 * inside):
        held = model(train)
        confidence[test] = [held.confidence(row) for row in rows[test]]
    answer = float(np.quantile(confidence[~inside], 1 - FALSE_ANSWERS))
    refuse = float(np.quantile(confidence[inside], FALSE_REFUSALS))
    return replace(model(np.arange(len(cases))), answer=round(answer, 4), refuse=round(min(refuse, answer), 4))


def cross_fitted(given: Sequence[Choice], others: Sequence[Choice]) -> dict[str, float]:
    """Return R@1 and R@3 of `given` with weights fitted on the other folds and on `others`."""
    order = list(range(len(given)))
    random.Random(SEED).shuffle(order)  # noqa: S311 - reproducible folds
    found = dict.fromkeys((1, 3), 0)
    for fold in range(FOLDS):
        held_out = [given[number] for number in order[fold::FOLDS]]
        weights = fit([given[n] for place, n in enumerate(order) if place % FOLDS != fold] + list(others))
        for depth in found:
            found[depth] += hits(held_out, weights, depth)
    return {f"recall@{depth}": round(count / max(len(given), 1), 4) for depth, count in found.items()}


def write_weights(path: Path, given: Mapping[str, Sequence[Choice]]) -> dict[str, dict[str, float]]:
    """Fit the weights on all choices, write them so that full likeness scores 1; return what folds gave."""
    everything = [choice for choices in given.values() for choice in choices]
    weights = fit(everything)
    total = sum(max(float(w), 0.0) for name, w in zip(SIGNALS, weights, strict=True) if name in LIKENESSES)
    measured = {
        name: cross_fitted(choices, [c for other, cs in given.items() if other != name for c in cs])
        for name, choices in given.items()
    }
    signals = {name: round(float(w) / total, 4) for name, w in zip(SIGNALS, weights, strict=True)}
    _write(path, {"signals": signals, "cross_fitted": measured, "gate": shipped_thresholds().to_json()})
    return measured


def write_gate(path: Path, cases: Sequence[GateCase]) -> Thresholds:
    """Fit the gate on rankings made with the weights of `path`, and write it beside them."""
    gate = fit_gate(cases)
    _write(path, {**json.loads(path.read_text(encoding="utf-8")), "gate": gate.to_json()})
    return gate


def _write(path: Path, content: Mapping[str, object]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
