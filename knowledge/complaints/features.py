"""Terms of a stretch and their weights: words and letters, as typed and without accents, and cues."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.complaints.words import Stretch

Array = npt.NDArray[Any]

#: Each kind of terms is a vector of length one times its weight: words, plain words, letters, plain letters, cues.
WEIGHTS = np.array([1.0, 1.0, 0.8, 0.8, 0.4])
_WORDS, _PLAIN, _LETTERS, _PLAIN_LETTERS, _CUES = range(5)
_LETTER_GRAMS = (2, 4)
_PLAIN_LETTER_GRAMS = (2, 5)
_REMEMBERED_WORDS = 50_000


def _grams(word: str, shortest: int, longest: int) -> Iterable[str]:
    padded = f" {word} "
    for length in range(shortest, min(longest, len(padded)) + 1):
        for start in range(len(padded) - length + 1):
            yield padded[start : start + length]


def _word_terms(word: str, plain: str) -> list[str]:
    return [
        f"{_WORDS}{word}",
        f"{_PLAIN}{plain}",
        *(f"{_LETTERS}{gram}" for gram in _grams(word, *_LETTER_GRAMS)),
        *(f"{_PLAIN_LETTERS}{gram}" for gram in _grams(plain, *_PLAIN_LETTER_GRAMS)),
    ]


def _pair_terms(text: Stretch) -> list[str]:
    return [
        *(f"{_WORDS}{left} {right}" for left, right in pairwise(text.words)),
        *(f"{_PLAIN}{left} {right}" for left, right in pairwise(text.plain)),
    ]


class Features:
    """Turns stretches into sparse vectors over the terms it was fitted on."""

    def __init__(self, terms: Sequence[str], idf: Array) -> None:
        """Take the terms in the order of the vectors, and the weight of each by rarity."""
        self.terms = terms
        self.idf = idf
        self._places = {term: place for place, term in enumerate(terms)}
        self._kinds = np.array([int(term[0]) for term in terms], dtype=np.int64)
        self._known: dict[str, Array] = {}

    @classmethod
    def fit(cls, texts: Sequence[Sequence[tuple[Stretch, Sequence[str]]]], least: int) -> "Features":
        """Learn the terms that occur in at least `least` texts; a text is its sentences, each with its cues."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update({term for sentence, cues in text for term in _terms(sentence, cues)})
        kept = sorted(term for term, count in counts.items() if count >= least)
        times = np.array([counts[term] for term in kept], dtype=np.float64)
        return cls(kept, (np.log((1 + len(texts)) / (1 + times)) + 1).astype(np.float32))

    def places(self, text: Stretch, cues: Iterable[str]) -> Array:
        """Return where the terms of a stretch stand in the vectors, each as often as it occurs."""
        pieces = [self._word(word, plain) for word, plain in zip(text.words, text.plain, strict=True)]
        others = (*_pair_terms(text), *_cue_terms(cues))
        return np.concatenate([*pieces, self._find(others)])

    def vector(self, places: Array) -> tuple[Array, Array]:
        """Return (distinct places, values) of the terms at `places`, each kind with its length."""
        found, times = np.unique(places, return_counts=True)
        values = (1.0 + np.log(times)) * self.idf[found]
        kinds = self._kinds[found]
        lengths = np.sqrt(np.bincount(kinds, values * values, minlength=len(WEIGHTS)))
        return found, values * (WEIGHTS / np.maximum(lengths, 1e-9))[kinds]

    def _word(self, word: str, plain: str) -> Array:
        """Return the places of a word's own terms; remembered, since citizens use few words."""
        known = self._known.get(word)
        if known is None:
            known = self._find(_word_terms(word, plain))
            if len(self._known) < _REMEMBERED_WORDS:
                self._known[word] = known
        return known

    def _find(self, terms: Iterable[str]) -> Array:
        places = [place for term in terms if (place := self._places.get(term)) is not None]
        return np.array(places, dtype=np.int64)


def _terms(text: Stretch, cues: Iterable[str]) -> list[str]:
    words = [term for pair in zip(text.words, text.plain, strict=True) for term in _word_terms(*pair)]
    return [*words, *_pair_terms(text), *_cue_terms(cues)]


def _cue_terms(cues: Iterable[str]) -> list[str]:
    return [f"{_CUES}{name}" for name in cues]
