"""How alike questions are in meaning: by their vectors, and by their words where those say more."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.base import LiveKnowledgeBase
from knowledge.query import Question
from knowledge.search import Searcher

FloatArray = NDArray[np.float32]
_REMEMBERED = 4_096
#: Words that both questions have count less than their vectors: «xin cấp lại» is in many.
_WORDS_WEIGHT = 0.95


class QuestionLikeness:
    """Implements bot.core.suggestions.review.Likeness over the index in use; remembers vectors, safe in threads."""

    def __init__(self, base: LiveKnowledgeBase) -> None:
        self._base = base
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[FloatArray, frozenset[str]]] = OrderedDict()
        self._of: Searcher | None = None

    def nearest(self, text: str, others: Mapping[str, str]) -> tuple[str, float] | None:
        """Return the key of the text that is most like `text`, and how alike they are in [0, 1]."""
        if not others:
            return None
        keys = list(others)
        vector, words = self._read(text)
        read = [self._read(other) for other in others.values()]
        alike = np.stack([each for each, _ in read]) @ vector
        shared = np.array([_WORDS_WEIGHT * _overlap(words, theirs) for _, theirs in read], dtype=np.float32)
        best = np.maximum(alike, shared)
        place = int(best.argmax())
        return keys[place], min(max(float(best[place]), 0.0), 1.0)

    def _read(self, text: str) -> tuple[FloatArray, frozenset[str]]:
        searcher = self._base.index.searcher
        with self._lock:
            if self._of is not searcher:  # vectors of another encoder compare with nothing
                self._of = searcher
                self._known.clear()
            found = self._known.get(text)
            if found is not None:
                self._known.move_to_end(text)
                return found
        question = searcher.read(text)
        read = searcher.vector(question), frozenset(_telling(question))
        with self._lock:
            self._known[text] = read
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return read


def _telling(question: Question) -> Sequence[str]:
    """Return the words that carry the matter; all of them where none does."""
    telling = [word for word, weight in zip(question.plain, question.weights, strict=True) if weight >= 1]
    return telling or question.plain


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0
