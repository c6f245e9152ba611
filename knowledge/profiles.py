"""What a question's words say of each record beyond how often they occur: coverage, operation, level, for whom."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.lexical_index import LexicalIndex
from knowledge.names import short_name
from knowledge.operations import names as operation_names
from knowledge.operations import operations_asked, operations_of_title
from knowledge.passages import HEADS, Passage
from knowledge.query import Question
from knowledge.schema import Record
from knowledge.terms import catalogue_words, plain

FloatArray = NDArray[np.float32]
LONG_NAME = 40
_DISTRICT = "huyện"
_NO_SINGLE_LEVEL = ("liên thông", "nhiều cấp", "", "trung ương")


def _words(text: str) -> list[str]:
    return [plain(word) for word in catalogue_words(text)]


class Profiles:
    """The records' side of these signals, worked out once; safe in threads."""

    def __init__(self, records: Sequence[Record], passages: Sequence[Passage], head: LexicalIndex) -> None:
        """`passages` has those that name a procedure in front; `head` indexes the records by their naming words."""
        self._head = head
        found = [passage for passage in passages if passage.kind in HEADS]
        self._rows = np.array([passage.record for passage in found], dtype=np.int64)
        first: dict[int, int] = {}
        postings: dict[str, list[int]] = {}
        sizes = np.ones(len(found), dtype=np.float32)
        for number, passage in enumerate(found):
            first.setdefault(passage.record, number)
            words = set(_words(passage.text))
            sizes[number] = sum(head.term_idf(word) for word in words) or 1.0
            for word in words:
                postings.setdefault(word, []).append(number)
        self._postings = {word: np.array(numbers, dtype=np.int64) for word, numbers in postings.items()}
        self._sizes = sizes
        self._names = np.array([first[row] for row in range(len(records))], dtype=np.int64)
        names = [_words(short_name(record.name)) for record in records]
        self._operations = np.array(
            [[name in told for name in operation_names()] for told in map(operations_of_title, names)], dtype=bool
        ).reshape(len(records), -1)
        self._levels = np.array([str(record.level or "") for record in records])
        self._fixed = {
            "ministry": (self._levels == "trung ương").astype(np.float32),
            "citizens": np.array(
                ["công dân" in (record.applicants or "").casefold() for record in records], dtype=np.float32
            ),
            "length": np.array([min(len(name), LONG_NAME) / LONG_NAME for name in names], dtype=np.float32),
        }

    def signals(self, question: Question, own: dict[str, float], added: dict[str, float]) -> dict[str, FloatArray]:
        """Return arrays over the records.

        covers     share of the question (by IDF and weight) that a record's naming words or their everyday forms have
        said       share of the record's best name, alias or situation that the question has
        balance    harmonic mean of both, for the best name, alias or situation
        name_said  `said` of the name itself
        """
        covers = self._covers(question)
        total = sum(w * self._head.term_idf(t) for t, w in own.items() if "_" not in t) or 1.0
        matched = np.zeros(len(self._sizes), dtype=np.float32)
        covered = np.zeros(len(self._sizes), dtype=np.float32)
        for term in (*own, *added):
            numbers = self._postings.get(term)
            if numbers is not None:
                idf = self._head.term_idf(term)
                matched[numbers] += idf
                covered[numbers] += np.float32(idf * own.get(term, 0.5 * added.get(term, 0.0)))
        said = np.minimum(matched / self._sizes, 1.0)
        share = np.minimum(covered / np.float32(total), 1.0)
        balance = 2 * said * share / np.maximum(said + share, 1e-6)
        return {
            "covers": covers,
            "said": self._best(said),
            "balance": self._best(balance),
            "name_said": said[self._names],
            **self._operation_signals(question),
            **self._level_signals(question),
            **self._fixed,
        }

    def _best(self, by_head: FloatArray) -> FloatArray:
        best = np.zeros(len(self._names), dtype=np.float32)
        np.maximum.at(best, self._rows, by_head)
        return best

    def _covers(self, question: Question) -> FloatArray:
        present = np.zeros((len(question.words), len(self._names)), dtype=np.float32)
        for number, word in enumerate(question.plain):
            present[number, self._head.contains(word)] = 1.0
        for wording, numbers in question.meanings:
            words = set(_words(wording))
            idf = {word: self._head.term_idf(word) for word in words}
            share = np.zeros(len(self._names), dtype=np.float32)
            for word in words:
                share[self._head.contains(word)] += np.float32(idf[word])
            share /= np.float32(sum(idf.values()) or 1.0)
            for number in numbers:
                present[number] = np.maximum(present[number], share)
        value = np.array(
            [
                weight * self._head.term_idf(word)
                for word, weight in zip(question.plain, question.weights, strict=True)
            ],
            dtype=np.float32,
        )
        total = float(value.sum())
        covers: FloatArray = (value @ present) / np.float32(total or 1.0)
        return covers

    def _operation_signals(self, question: Question) -> dict[str, FloatArray]:
        asked_for = operations_asked(
            [word for word, weight in zip(question.plain, question.weights, strict=True) if weight > 0]
        )
        asked = np.array([name in asked_for for name in operation_names()], dtype=bool)
        told = self._operations.any(axis=1)
        same = (self._operations & asked).any(axis=1)
        any_asked = bool(asked.any())
        return {
            "same_operation": same.astype(np.float32),
            "other_operation": (told & ~same & any_asked).astype(np.float32),
            "unasked_operation": (told & (not any_asked)).astype(np.float32),
            "missing_operation": (~told & any_asked).astype(np.float32),
        }

    def _level_signals(self, question: Question) -> dict[str, FloatArray]:
        """A level that the question names; records of the abolished districts where it names none of them."""
        level = question.level
        agrees = (self._levels == level) & (level is not None)
        differs = ~agrees & ~np.isin(self._levels, _NO_SINGLE_LEVEL) & (level is not None)
        return {
            "level_agrees": agrees.astype(np.float32),
            "level_differs": differs.astype(np.float32),
            "district_unasked": ((self._levels == _DISTRICT) & (level != _DISTRICT)).astype(np.float32),
        }
