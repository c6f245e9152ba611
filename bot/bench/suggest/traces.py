"""Typing traces: questions without accents, key by key, at a typist's uneven pace."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.evaluate import EvaluationQuestion, read_questions
from nlu.text import clean, strip_accents

SEED = 20261126
#: Seconds between keys: five a second, seldom below a tenth.
_MEAN, _SPREAD, _LEAST = 0.2, 0.07, 0.05
#: The page waits so long after a key before it asks.
WAIT = 0.1


@dataclass(frozen=True)
class Key:
    """What stands in the box after a key, and how many seconds after the key before it was pressed."""

    text: str
    after: float


@dataclass(frozen=True)
class Trace:
    """One question being typed; `right` are the procedures of which one should be shown."""

    id: str
    text: str
    right: frozenset[str]

    def keys(self, rng: random.Random) -> Iterator[Key]:
        """Yield every key."""
        for end in range(1, len(self.text) + 1):
            yield Key(self.text[:end], max(_LEAST, rng.gauss(_MEAN, _SPREAD)))


def as_typed(text: str) -> str:
    """Return a question as an operator in a hurry types it: small letters without accents."""
    return strip_accents(clean(text)).lower()


def traces(path: Path, count: int, seed: int = SEED) -> list[Trace]:
    """Return `count` questions in scope of a file, drawn at random but always the same ones."""
    asked = [question for question in read_questions(path) if question.procedures]
    random.Random(seed).shuffle(asked)  # noqa: S311 - a reproducible sample
    return [_trace(question) for question in asked[:count]]


def _trace(question: EvaluationQuestion) -> Trace:
    return Trace(question.id, as_typed(question.text), frozenset(question.procedures))


def dealt(given: Sequence[Trace], operators: int) -> list[list[Trace]]:
    """Deal the traces out to operators, one after the other."""
    return [list(given[number::operators]) for number in range(operators)]
