"""Ranks the records of a catalogue for a question: lexical and dense signals, fused. Pure after construction."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge import lexicon
from knowledge.dense_index import DenseIndex
from knowledge.encoder import Encoder
from knowledge.facet_model import FacetModel
from knowledge.foreign import ForeignIndex, Matter, outside
from knowledge.lexical_index import LexicalIndex
from knowledge.passages import HEADS, Kind, Passage
from knowledge.profiles import Profiles
from knowledge.query import Question, read_question
from knowledge.ranking import (
    FULL,
    Signals,
    Weights,
    attainable,
    full_terms,
    query_terms,
    shipped_weights,
    status_handicaps,
)
from knowledge.schema import Record
from knowledge.spelling import Speller
from knowledge.terms import catalogue_words, lexical_terms, plain_words
from nlu.text import Normalizer

FloatArray = NDArray[np.float32]
DENSE_LIMIT = 400
_RESTORING = Normalizer(restoration=True)
NAMED_BONUS = 2.0


@dataclass(frozen=True)
class Ranked:
    """A record's place for one question; `combined` is its text score before level and status count."""

    row: int
    score: float
    combined: float


@dataclass(frozen=True)
class Ranking:
    """The ranked records of one question, best first, with the signals they come from.

    `foreign` is the nearest matter of another body, `foreign_cosine` how near it is.
    """

    question: Question
    ranked: tuple[Ranked, ...]
    signals: Signals
    foreign_cosine: float = 0.0
    foreign: Matter | None = None


@dataclass(frozen=True)
class Indexes:
    """The parts of a built index; passages are in the order of the dense vectors, heads before bodies."""

    passages: tuple[Passage, ...]
    short: LexicalIndex
    head: LexicalIndex
    body: LexicalIndex
    dense: DenseIndex
    foreign: ForeignIndex


def heads_first(passages: Sequence[Passage]) -> list[Passage]:
    """Return the passages with those that name a procedure in front, otherwise in their order."""
    return sorted(passages, key=lambda passage: passage.kind not in HEADS)


def build_indexes(records: Sequence[Record], passages: Sequence[Passage], encoder: Encoder) -> Indexes:
    """Index passages (heads first) of the records."""
    terms = [lexical_terms(catalogue_words(passage.text)) for passage in passages]
    head: list[list[str]] = [[] for _ in records]
    body: list[list[str]] = [[] for _ in records]
    for passage, found in zip(passages, terms, strict=True):
        target = head if passage.kind in HEADS else body
        target[passage.record] += found * (2 if passage.kind is Kind.NAME else 1)
    strangers = outside(records)
    short = [found for passage, found in zip(passages, terms, strict=True) if passage.kind in HEADS]
    vectors = encoder.encode_passages([passage.text for passage in passages])
    return Indexes(
        passages=tuple(passages),
        short=LexicalIndex.build(short),
        head=LexicalIndex.build(head),
        body=LexicalIndex.build([h + b for h, b in zip(head, body, strict=True)]),
        dense=DenseIndex.build(vectors),
        foreign=ForeignIndex(strangers, encoder.encode_passages([text for m in strangers for text in m.phrases])),
    )


class Searcher:
    """Ranks records; holds nothing that changes, so threads may share it."""

    def __init__(
        self,
        records: Sequence[Record],
        indexes: Indexes,
        encoder: Encoder,
        weights: Weights | None = None,
        facets: FacetModel | None = None,
    ) -> None:
        """Hold the parts; `weights` and the model of `facets` are the shipped ones where none are given."""
        self._facets = facets
        self.records = tuple(records)
        self.indexes = indexes
        self.encoder = encoder
        self.weights = weights or shipped_weights()
        self._profiles = Profiles(records, indexes.passages, indexes.head)
        self._levels = np.array([str(record.level or "") for record in records])
        self._passage_rows = np.array([passage.record for passage in indexes.passages], dtype=np.int64)
        self._heads = len(indexes.short)
        self._head_rows = self._passage_rows[: self._heads]
        self._rows_by_reference: dict[str, list[int]] = {}
        for row, record in enumerate(records):
            for reference in (record.code, record.id.upper()):
                if reference:
                    self._rows_by_reference.setdefault(reference, []).append(row)
        self._numbers_by_text: dict[str, list[int]] = {}
        for number, passage in enumerate(indexes.passages):
            self._numbers_by_text.setdefault(passage.text, []).append(number)
        self.speller = _speller(indexes)
        self._on_day = lru_cache(maxsize=16)(self._versions_on)

    def read(self, text: str) -> Question:
        """Return the reading of a question, spelling mended with the words of this catalogue."""
        return read_question(text, self.speller, facets=self._facets)

    def knows(self, word: str) -> bool:
        """True when some record has this accent-free word."""
        return word in self.indexes.body.vocabulary

    def _versions_on(self, day: dt.date) -> tuple[NDArray[np.bool_], FloatArray]:
        """Return which rows are the versions to show on `day` (the valid, else the last ended one), and handicaps."""
        chosen: dict[str, int] = {}
        for row, record in enumerate(self.records):
            if record.valid_from is not None and record.valid_from > day:
                continue
            before = chosen.get(record.id)
            if before is None or (self.records[before].valid_from or dt.date.min) <= (
                record.valid_from or dt.date.min
            ):
                chosen[record.id] = row
        visible = np.zeros(len(self.records), dtype=bool)
        visible[list(chosen.values())] = True
        statuses = [record.status_on(day) for record in self.records]
        return visible, status_handicaps(statuses, self.weights)

    def vector(self, question: Question) -> FloatArray:
        """Return the unit vector of a question: the mean of its words, accents restored, standard wordings."""
        texts = [question.asked]
        if (restored := _RESTORING.normalize(question.asked).text) != question.asked:
            texts.append(restored)
        if question.standard:
            texts.append(" ".join((question.asked, *question.standard)))
        vector: FloatArray = self.encoder.encode_queries(texts).mean(axis=0)
        norm = float(np.linalg.norm(vector))
        return vector / np.float32(norm) if norm else vector

    def signals(
        self,
        question: Question,
        vector: FloatArray,
        without: str | None = None,
        guessed: Mapping[str, float] | None = None,
    ) -> Signals:
        """Return the signals of every record; `without` leaves out the passages with exactly this text.

        `guessed` are terms that the question may go on with, each with its weight.
        """
        hidden = self._numbers_by_text.get(without, []) if without else []
        own, added = query_terms(question)
        own = {**guessed, **own} if guessed else own
        terms = {**own, **added}
        indexes = self.indexes
        short = indexes.short.scores(terms)
        short[[number for number in hidden if number < self._heads]] = 0.0
        best_short = np.zeros(len(self.records), dtype=np.float32)
        np.maximum.at(best_short, self._head_rows, short)
        head = indexes.head.scores(terms)
        body = indexes.body.scores(terms)
        dense_head, dense_body = self._dense(vector, hidden)
        full = {}
        if self.weights.signals.get(FULL):
            every = full_terms(question)
            reached = indexes.body.scores(every) / np.float32(attainable(indexes.body, every))
            full[FULL] = np.minimum(reached, 1.0)
        return Signals(
            {
                "dense_head": dense_head,
                "dense_body": dense_body,
                "short": np.minimum(best_short / np.float32(attainable(indexes.short, own)), 1.0),
                "head": np.minimum(head / np.float32(attainable(indexes.head, own)), 1.0),
                "body": np.minimum(body / np.float32(attainable(indexes.body, own)), 1.0),
                **self._profiles.signals(question, own, added),
                **full,
            }
        )

    def _dense(self, vector: FloatArray, hidden: Sequence[int]) -> tuple[FloatArray, FloatArray]:
        scores, numbers = self.indexes.dense.search(vector, DENSE_LIMIT)
        floor = float(scores[-1]) if len(scores) else 0.0
        found = []
        for is_head in (True, False):
            best = np.full(len(self.records), floor, dtype=np.float32)
            chosen = (numbers < self._heads) == is_head
            if hidden:
                chosen &= ~np.isin(numbers, hidden)
            np.maximum.at(best, self._passage_rows[numbers[chosen]], scores[chosen])
            found.append(best)
        return found[0], found[1]

    def rank(
        self,
        question: Question,
        day: dt.date,
        withdrawn: frozenset[str] = frozenset(),
        limit: int = 10,
        without: str | None = None,
    ) -> Ranking:
        """Return the best `limit` records to show on `day`, best first, ties by id; withdrawn ids never."""
        vector = self.vector(question)
        signals = self.signals(question, vector, without)
        combined = signals.combined(self.weights)
        ranked = self.order(question, combined, day, withdrawn, limit)
        return Ranking(question, ranked, signals, *self.indexes.foreign.nearest(vector, without))

    def order(
        self, question: Question, combined: FloatArray, day: dt.date, withdrawn: frozenset[str], limit: int
    ) -> tuple[Ranked, ...]:
        """Return the best `limit` records by their text score and what level and status take from it."""
        visible, handicaps = self._on_day(day)
        # A question that names the abolished district level is about a repealed record.
        score = combined + (
            np.where(self._levels == "huyện", 0, handicaps) if question.level == "huyện" else handicaps
        )
        for reference in question.references:
            score[self._rows_by_reference.get(reference, [])] += NAMED_BONUS
        score[~visible] = -np.inf
        if withdrawn:
            score[[row for row, record in enumerate(self.records) if record.id in withdrawn]] = -np.inf
        best = sorted(
            np.argpartition(-score, min(limit, len(score) - 1))[:limit],
            key=lambda row: (-score[row], self.records[row].id),
        )
        return tuple(
            Ranked(int(row), float(score[row]), float(combined[row])) for row in best if score[row] > -np.inf
        )


def _speller(indexes: Indexes) -> Speller:
    frequency: Counter[str] = Counter()
    for term in indexes.head.vocabulary:
        if "_" not in term:
            frequency[term] = len(indexes.head.contains(term))
    pairs = [term for term in indexes.head.vocabulary if "_" in term]
    return Speller(frequency, pairs, _ordinary_words())


@lru_cache(maxsize=1)
def _ordinary_words() -> frozenset[str]:
    """Return words of questions that need no mending although no record has them."""
    grammar = lexicon.templates()
    texts = [
        *grammar["openers"],
        *grammar["closers"],
        *grammar["wishes"],
        *lexicon.fillers(),
        *lexicon.out_of_scope(),
    ]
    texts += [ask for asks in grammar["asks"].values() for ask in asks]
    texts += [f"{synonym.everyday} {synonym.standard}" for synonym in lexicon.synonyms()]
    return frozenset(word for text in texts for word in plain_words(text))
