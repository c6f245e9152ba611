"""Our own system as the assistant uses it, and the same with one of its parts taken away."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from bot.core.enquiry.findings import Findings
from bot.core.routes import Agency
from knowledge.base import LOCAL_ZONE
from knowledge.build import OpenIndex
from knowledge.evaluate import DEPTH, Search
from knowledge.findings import find
from knowledge.query import TYPED, Question, read_question
from knowledge.ranking import FULL, SIGNALS
from knowledge.search import Searcher
from nlu.text import Normalizer

Change = Callable[[OpenIndex], OpenIndex]
_DENSE = ("dense_head", "dense_body")
_WORDS = ("short", "head", "body", "covers", "said", "balance", "name_said", FULL)
_OPERATIONS = ("same_operation", "other_operation", "unasked_operation", "missing_operation")
_LEVELS = ("level_agrees", "level_differs", "district_unasked")
_STATUSES = dict.fromkeys(("repealed", "suspended", "uncertain", "internal", "routing"), 0.0)


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
        super().__init__(base.records, base.indexes, base.encoder, base.weights)
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


def _without(*signals: str, **circumstances: float) -> Change:
    """Fuse without some signals."""

    def change(index: OpenIndex) -> OpenIndex:
        s = index.searcher
        kept = {name: 0.0 if name in signals else weight for name, weight in s.weights.signals.items()}
        return replace(
            index,
            searcher=Searcher(s.records, s.indexes, s.encoder, replace(s.weights, signals=kept, **circumstances)),
        )

    return change


def _reading(reading: Callable[[Searcher, str], Question]) -> Change:
    """Read questions in another way."""
    return lambda index: replace(index, searcher=_OtherReader(index.searcher, reading))


def _normalised(normalizer: Normalizer) -> Change:
    """Make questions standard with fewer steps."""
    return _reading(lambda searcher, text: read_question(text, searcher.speller, normalizer))


#: What search does without; a part that comes to the ranker or the reading gets its row here.
ABLATIONS = (
    Ablation("without the encoder (words only)", _without(*_DENSE)),
    Ablation("encoder only", _without(*(name for name in (*SIGNALS, FULL) if name not in _DENSE))),
    Ablation("without coverage of question and name", _without("covers", "said", "balance", "name_said")),
    Ablation("without words (encoder and circumstances)", _without(*_WORDS)),
    Ablation("without the operation asked for", _without(*_OPERATIONS)),
    Ablation("without for whom, ministry, length", _without("citizens", "ministry", "length")),
    Ablation("without level and status", _without(*_LEVELS, **_STATUSES)),
    Ablation("without synonyms", _reading(lambda searcher, text: replace(searcher.read(text), meanings=()))),
    Ablation("without mending by the catalogue's words", _reading(lambda _searcher, text: read_question(text))),
    *(
        Ablation(f"without {step} in the normaliser", _normalised(replace(TYPED, **{step: False})))
        for step in ("telex", "abbreviations", "regional", "spelling")
    ),
)
#: What deciding whether to answer does without.
GATE_ABLATIONS = (
    Ablation(
        "without words of other bodies",
        lambda index: _NobodyElse(index.manifest, index.catalogue, index.searcher),
    ),
)
