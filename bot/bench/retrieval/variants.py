"""Our own system as the assistant uses it, and the same with one of its parts taken away."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from bot.core.findings import Findings
from bot.core.routes import Agency
from knowledge.base import LOCAL_ZONE
from knowledge.build import OpenIndex
from knowledge.evaluate import DEPTH, Search
from knowledge.findings import find
from knowledge.query import Question, read_question
from knowledge.ranking import WEIGHTS
from knowledge.search import Searcher

Change = Callable[[OpenIndex], OpenIndex]
_LEVEL_AND_STATUS = (
    "level_agrees", "level_differs", "district_unasked", "repealed", "suspended", "uncertain", "internal", "routing"
)  # fmt: skip


def ours(index: OpenIndex) -> Search:
    """Return the search of an index, exactly as the assistant asks it."""

    def search(text: str, now: dt.datetime) -> Findings:
        return find(index, text, now.astimezone(LOCAL_ZONE).date(), frozenset(), DEPTH)

    return search


@dataclass(frozen=True)
class Ablation:
    """Our system without one part, at question time: encoder and gate are not fitted anew without it."""

    title: str
    change: Change


class _OtherReader(Searcher):
    """A searcher that reads questions in another way."""

    def __init__(self, base: Searcher, reading: Callable[[Searcher, str], Question]) -> None:
        super().__init__(base.records, base.indexes, base.encoder)
        self._base = base
        self._reading = reading

    def read(self, text: str) -> Question:
        """Return the other reading."""
        return self._reading(self._base, text)


class _NobodyElse(OpenIndex):
    """An index that takes every body's matters for its own: the words of other bodies refuse nothing."""

    @cached_property
    def own_agencies(self) -> frozenset[Agency]:
        """All bodies."""
        return frozenset(Agency)


def _weighted(**weights: float) -> Change:
    """Fuse with other weights."""

    def change(index: OpenIndex) -> OpenIndex:
        s = index.searcher
        return replace(index, searcher=Searcher(s.records, s.indexes, s.encoder, replace(WEIGHTS, **weights)))

    return change


def _reading(reading: Callable[[Searcher, str], Question]) -> Change:
    """Read questions in another way."""
    return lambda index: replace(index, searcher=_OtherReader(index.searcher, reading))


#: What search does without; a part that comes to the ranker or the reading gets its row here.
ABLATIONS = (
    Ablation("without the encoder (lexical only)", _weighted(dense_head=0.0, dense_body=0.0)),
    Ablation("encoder only (no lexical signal)", _weighted(short=0.0, head=0.0, body=0.0)),
    Ablation("without synonyms", _reading(lambda searcher, text: replace(searcher.read(text), standard=()))),
    Ablation("without mending of spelling", _reading(lambda _searcher, text: read_question(text))),
    Ablation("without level and status", _weighted(**dict.fromkeys(_LEVEL_AND_STATUS, 0.0))),
)
#: What deciding whether to answer does without.
GATE_ABLATIONS = (
    Ablation(
        "without words of other bodies",
        lambda index: _NobodyElse(index.manifest, index.catalogue, index.searcher),
    ),
)
