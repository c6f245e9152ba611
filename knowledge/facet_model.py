"""A linear model of which side of a procedure a question asks about, learned from examples; says what rules miss.

It reads the whole question, and once more the clause that asks: in a story that clause alone is the question.
Trained by facet_training.py (`tiepdan index facets`) into facets.npz; used with numpy alone, in well under a
millisecond.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.core.errors import ConfigurationError
from bot.core.procedures import Facet
from knowledge.terms import plain

FloatArray = NDArray[np.float32]
WEIGHTS = Path(__file__).with_name("facets.npz")
#: Words of the asking clause that count, from its end: what stands before them tells what the matter is.
TAIL = 16
#: Words of the whole question that count, from its end.
MOST_WORDS = 80
#: Words that ask; the last clause with one of them is taken for the question.
ASKING = frozenset({
    "gi", "nao", "dau", "bao", "may", "sao", "khong", "lau", "ai", "nhieu", "chua", "kip", "nhi", "ha", "chang",
    "mo", "chi", "rang", "hong", "hok", "hem", "ko", "bn",
})  # fmt: skip
#: How much each kind of term counts beside the others.
KINDS: Mapping[str, float] = {"whole": 1.0, "clause": 1.0, "accented": 0.5, "letters": 1.25, "rules": 0.5}
_LETTERS = (2, 5)


@dataclass(frozen=True)
class Asked:
    """A question cut into clauses of words, accents as typed, and the names of the rules that match it."""

    clauses: tuple[tuple[str, ...], ...]
    rules: tuple[str, ...]


def asking_clause(clauses: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the last clause that asks something; where none does, the longer one of the last two."""
    for clause in reversed(clauses):
        if len(clause) > 1 and not ASKING.isdisjoint(plain(word) for word in clause):
            return tuple(clause)
    return max((tuple(clause) for clause in clauses[-2:]), key=len, default=())


def _runs(words: Sequence[str], longest: int) -> list[str]:
    return [" ".join(words[at : at + size]) for size in range(1, longest + 1) for at in range(len(words) - size + 1)]


def _letters(words: Sequence[str]) -> list[str]:
    low, high = _LETTERS
    found = []
    for word in words:
        padded = f" {word} "
        for size in range(low, min(high, len(padded)) + 1):
            found += [padded[at : at + size] for at in range(len(padded) - size + 1)]
    return found


def terms(asked: Asked) -> dict[str, list[str]]:
    """Return the terms of a question by kind, in the order of KINDS."""
    clause = asking_clause(asked.clauses)[-TAIL:]
    bare = [plain(word) for word in clause]
    whole = [plain(word) for part in asked.clauses for word in part][-MOST_WORDS:]
    return {
        "whole": _runs(whole, 2),
        "clause": _runs(["^", *bare, "$"], 3),
        "accented": _runs(clause, 2),
        "letters": _letters(bare),
        "rules": list(asked.rules),
    }


class FacetModel:
    """Terms with their IDF and a weight for every facet; immutable, safe in threads."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        """Take what facet_training.py saved."""
        names = json.loads(bytes(arrays["terms"].tobytes()).decode())
        self.facets = tuple(Facet(str(name)) for name in names["facets"])
        self._places = {kind: {term: at for at, term in enumerate(names[kind])} for kind in KINDS}
        self._idf = {kind: arrays[f"idf_{kind}"].astype(np.float32) for kind in KINDS}
        self._weights = {kind: arrays[f"weights_{kind}"].astype(np.float32) for kind in KINDS}
        self._bias = arrays["bias"].astype(np.float32)
        for kind in KINDS:
            if self._weights[kind].shape != (len(self._places[kind]), len(self.facets)):
                raise ConfigurationError(f"{WEIGHTS.name} bị hỏng: «{kind}»")

    def shares(self, asked: Asked) -> FloatArray:
        """Return the probability of each of `facets`."""
        scores = self._bias.copy()
        for kind, found in terms(asked).items():
            places = self._places[kind]
            counts = Counter(place for term in found if (place := places.get(term)) is not None)
            if not counts:
                continue
            rows = np.fromiter(counts, np.int64, len(counts))
            times = np.fromiter(counts.values(), np.float32, len(counts))
            values = (1 + np.log(times)) * self._idf[kind][rows]
            values *= np.float32(KINDS[kind]) / np.sqrt(values @ values)
            scores += values @ self._weights[kind][rows]
        shares: FloatArray = np.exp(scores - scores.max())
        shares /= shares.sum()
        return shares

    def facet(self, asked: Asked) -> tuple[Facet, float]:
        """Return the likeliest facet and its probability."""
        shares = self.shares(asked)
        best = int(shares.argmax())
        return self.facets[best], float(shares[best])


def load(path: Path) -> FacetModel:
    """Read a model. Raises ConfigurationError where the file is damaged."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return FacetModel(dict(arrays))
    except (OSError, ValueError, KeyError) as error:
        raise ConfigurationError(f"{path.name} không đọc được ({error})") from error


@lru_cache(maxsize=1)
def shipped_model() -> FacetModel:
    """Return the model that ships."""
    return load(WEIGHTS)
