"""Decides whether a ranking is answered outright, offered as choices, or refused, with thresholds of its index."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.core.enquiry.findings import Zone
from bot.core.errors import IndexMismatch
from knowledge.names import short_name
from knowledge.schema import Record
from knowledge.search import Ranking
from knowledge.terms import word_set

FloatArray = NDArray[np.float64]
FEATURES = ("combined", "dense", "covers", "foreign", "foreign_lead")
TWIN_SIMILARITY = 0.75
MAX_CHOICES = 3


@dataclass(frozen=True)
class Thresholds:
    """A logistic model of «the first record is right», and the confidences between the three zones."""

    coefficients: tuple[float, ...]
    intercept: float
    answer: float
    refuse: float

    def confidence(self, features: FloatArray) -> float:
        """Return the probability in [0, 1] for one feature row."""
        logit = float(np.dot(self.coefficients, features)) + self.intercept
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))

    def zone(self, confidence: float) -> Zone:
        """Return the zone of a confidence."""
        if confidence >= self.answer:
            return Zone.ANSWER
        return Zone.CLARIFY if confidence >= self.refuse else Zone.REFUSE

    def to_json(self) -> dict[str, object]:
        """Return a JSON-ready dict."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: object) -> "Thresholds":
        """Read back what `to_json` wrote; IndexMismatch where it is something else."""
        try:
            if not isinstance(raw, dict):
                raise TypeError("not a mapping")
            coefficients = tuple(float(value) for value in raw["coefficients"])
            if len(coefficients) != len(FEATURES):
                raise ValueError("another number of features")
            return cls(coefficients, float(raw["intercept"]), float(raw["answer"]), float(raw["refuse"]))
        except (KeyError, TypeError, ValueError) as error:
            raise IndexMismatch("ngưỡng của chỉ mục bị hỏng, hãy chạy «tiepdan index build»") from error


def are_twins(one: Record, other: Record) -> bool:
    """True for one matter at two levels, or a version and what replaced it: no reason to ask the citizen back."""
    if other.id in one.replaced_by_ids or one.id in other.replaced_by_ids:
        return True
    left, right = word_set(short_name(one.name)), word_set(short_name(other.name))
    return one.level != other.level and len(left & right) / max(len(left | right), 1) >= TWIN_SIMILARITY


def rival(records: Sequence[Record], ranking: Ranking) -> float | None:
    """Return the score of the best record that is another matter than the first one."""
    if not ranking.ranked:
        return None
    first = records[ranking.ranked[0].row]
    return next((r.score for r in ranking.ranked[1:] if not are_twins(first, records[r.row])), None)


def features(ranking: Ranking) -> FloatArray:
    """Return the features of a ranking's first record, in the order of FEATURES.

    `foreign` is the cosine of the nearest matter of another body, `foreign_lead` by how much it is nearer than the
    record. The lead over the second record says which record is right, not whether any is, and is left out.
    """
    top = ranking.ranked[0]
    dense = float(ranking.signals["dense_head"][top.row])
    return np.array(
        [
            top.combined,
            dense,
            float(ranking.signals["covers"][top.row]),
            ranking.foreign_cosine,
            max(ranking.foreign_cosine - dense, 0.0),
        ]
    )


@lru_cache(maxsize=1)
def shipped_thresholds() -> Thresholds:
    """Return the gate that was fitted with the weights on the validation questions; for our own encoder."""
    content = json.loads(Path(__file__).with_name("weights.json").read_text(encoding="utf-8"))
    return Thresholds.from_json(content["gate"])
