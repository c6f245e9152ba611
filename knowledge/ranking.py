"""How the signals of one question become one score a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from bot.core.procedures import Status
from knowledge.lexical_index import K1, LexicalIndex
from knowledge.query import Question
from knowledge.terms import bigrams, catalogue_words, lexical_terms

FloatArray = NDArray[np.float32]
SYNONYM_WEIGHT = 0.5
BIGRAM_WEIGHT = 0.7


@dataclass(frozen=True)
class Weights:
    """The fusion: one weight a signal, chosen on synthetic questions and the project's own validation list."""

    dense_head: float = 1.2
    dense_body: float = 0.4
    short: float = 0.3
    head: float = 0.5
    body: float = 0.45
    level_agrees: float = 0.08
    level_differs: float = -0.06
    district_unasked: float = -0.06
    repealed: float = -0.08
    suspended: float = 0.0
    uncertain: float = -0.02
    internal: float = -0.04
    routing: float = 0.0


WEIGHTS = Weights()
_STATUS = {
    Status.REPEALED: "repealed",
    Status.SUSPENDED: "suspended",
    Status.UNCERTAIN: "uncertain",
    Status.INTERNAL: "internal",
    Status.ROUTING: "routing",
}


@dataclass(frozen=True)
class Signals:
    """Signals of every record for one question, each an array over the rows of the catalogue.

    Cosines lie in [-1, 1]; lexical scores are shares in [0, 1] of what the question's own words could reach.
    """

    dense_head: FloatArray
    dense_body: FloatArray
    short: FloatArray
    head: FloatArray
    body: FloatArray

    def combined(self, weights: Weights = WEIGHTS) -> FloatArray:
        """Return the weighted sum, divided by the sum of the weights."""
        parts = [(getattr(weights, field.name), getattr(self, field.name)) for field in fields(self)]
        total = sum(weight for weight, _ in parts)
        combined: FloatArray = sum(weight * signal for weight, signal in parts) / np.float32(total)
        return combined


def query_terms(question: Question) -> tuple[dict[str, float], dict[str, float]]:
    """Return (terms of the question's own words, terms that synonyms add), each with its weight."""
    own: dict[str, float] = {}
    bare = question.plain
    for word, weight in zip(bare, question.weights, strict=True):
        if weight:
            own[word] = max(own.get(word, 0.0), weight)
    for pair, left, right in zip(bigrams(bare), question.weights, question.weights[1:], strict=False):
        if left and right:
            own[pair] = max(own.get(pair, 0.0), BIGRAM_WEIGHT * min(left, right))
    added: dict[str, float] = {}
    for wording in question.standard:
        for term in lexical_terms(catalogue_words(wording)):
            if term not in own:
                added[term] = SYNONYM_WEIGHT * (BIGRAM_WEIGHT if "_" in term else 1.0)
    return own, added


def attainable(index: LexicalIndex, own: Mapping[str, float]) -> float:
    """Return the score of a document that holds every term of the question once, at average length."""
    return sum(weight * index.term_idf(term) for term, weight in own.items()) * (K1 + 1) / (1 + K1) or 1.0


def level_adjustment(question: Question, levels: NDArray[np.str_], weights: Weights = WEIGHTS) -> FloatArray:
    """Return what agreeing or differing with the level named in the question is worth, a record each."""
    if question.level is None:
        district = np.where(levels == "huyện", weights.district_unasked, 0.0)
        return district.astype(np.float32)
    agrees = levels == question.level
    neutral = np.isin(levels, ("liên thông", "nhiều cấp", "", "trung ương"))
    adjusted = np.where(agrees, weights.level_agrees, np.where(neutral, 0.0, weights.level_differs))
    if question.level != "huyện":
        adjusted = adjusted + np.where(levels == "huyện", weights.district_unasked, 0.0)
    return adjusted.astype(np.float32)


def status_handicaps(statuses: Sequence[Status], weights: Weights = WEIGHTS) -> FloatArray:
    """Return the handicap of records that are no longer, or not for citizens, in force."""
    return np.array([getattr(weights, _STATUS.get(status, ""), 0.0) for status in statuses], dtype=np.float32)
