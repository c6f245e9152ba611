"""How the signals of one question become one score a record."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

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
    """What each signal and each circumstance is worth; fitted by `fitting.py` on the validation questions."""

    signals: Mapping[str, float]
    repealed: float = -0.08
    suspended: float = 0.0
    uncertain: float = -0.02
    internal: float = -0.04
    routing: float = 0.0

    @property
    def scale(self) -> float:
        """What a record would score whose every likeness is 1, so that scores compare between fits."""
        return sum(max(self.signals.get(name, 0.0), 0.0) for name in (*LIKENESSES, FULL))


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    """Return the weights of weights.json."""
    content = json.loads(Path(__file__).with_name("weights.json").read_text(encoding="utf-8"))
    return Weights({name: float(value) for name, value in content["signals"].items()})


_STATUS = {
    Status.REPEALED: "repealed",
    Status.SUSPENDED: "suspended",
    Status.UNCERTAIN: "uncertain",
    Status.INTERNAL: "internal",
    Status.ROUTING: "routing",
}
#: Signals in [0, 1] (cosines in [-1, 1]) that say how alike question and record are.
LIKENESSES = ("dense_head", "dense_body", "short", "head", "body", "covers", "said", "balance", "name_said")
#: The share of the whole record's BM25 score that all words of the question reach, none of them discounted as an
#: asking word: for catalogues of plain texts (articles.py). No part of the shipped weights.
FULL = "full"
SIGNALS = (
    *LIKENESSES, "same_operation", "other_operation", "unasked_operation", "missing_operation",
    "level_agrees", "level_differs", "district_unasked", "ministry", "citizens", "length",
)  # fmt: skip


@dataclass(frozen=True)
class Signals:
    """Signals of every record for one question, by name; each an array over the rows of the catalogue.

    Cosines lie in [-1, 1]; `short`, `head`, `body` are shares in [0, 1] of the BM25 score that the question's words
    could reach; the rest is told in profiles.py.
    """

    by_name: Mapping[str, FloatArray]

    def __getitem__(self, name: str) -> FloatArray:
        return self.by_name[name]

    def combined(self, weights: Weights) -> FloatArray:
        """Return the weighted sum, divided by what full likeness would give."""
        combined = np.zeros_like(self["dense_head"])
        scale = weights.scale
        for name, signal in self.by_name.items():
            combined += np.float32(weights.signals.get(name, 0.0) / scale) * signal
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


def full_terms(question: Question) -> dict[str, float]:
    """Return the terms of all words that are not negated, asking words and fillers at full weight."""
    words = [word for word, weight in zip(question.plain, question.weights, strict=True) if weight]
    return {**dict.fromkeys(bigrams(words), BIGRAM_WEIGHT), **dict.fromkeys(words, 1.0)}


def attainable(index: LexicalIndex, own: Mapping[str, float]) -> float:
    """Return the score of a document that holds every term of the question once, at average length."""
    return sum(weight * index.term_idf(term) for term, weight in own.items()) * (K1 + 1) / (1 + K1) or 1.0


def status_handicaps(statuses: Sequence[Status], weights: Weights) -> FloatArray:
    """Return the handicap of records that are no longer, or not for citizens, in force."""
    return np.array([getattr(weights, _STATUS.get(status, ""), 0.0) for status in statuses], dtype=np.float32)
