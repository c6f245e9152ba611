"""What the gate answers outright, in and out of scope, at its operating point and along the curve."""

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.bench.retrieval import statistics
from bot.bench.retrieval.statistics import Interval
from bot.bench.retrieval.subjects import Subject
from bot.bench.retrieval.variants import GATE_ABLATIONS, ours
from bot.core.enquiry.findings import Zone
from knowledge.build import OpenIndex
from knowledge.evaluate import EvaluationQuestion, Measured, measure
from knowledge.query import Question
from knowledge.search import Ranking, Searcher

Report = Callable[[str], None]
LEVELS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
#: The share of foreign questions that may be answered outright (DESIGN.md, numbers to hold).
ALLOWED = 0.10
OPERATING = "operating point"
#: Findings give confidences with four decimals.
_ROUNDING = 1e-4


@dataclass(frozen=True)
class Point:
    """Answering from one confidence on: shares answered outright in scope (and right of those) and out of scope."""

    confidence: float
    note: str
    inside: Interval
    right: float
    outside: Interval


@dataclass(frozen=True)
class Curve:
    """The points by confidence, and the operating point's answered, choices and refused by kind of question."""

    points: tuple[Point, ...]
    ablated: tuple[Point, ...]
    by_kind: tuple[tuple[str, int, float, float, float], ...]
    inside: int
    outside: int

    @property
    def operating(self) -> Point:
        """Where the index answers."""
        return next(point for point in self.points if OPERATING in point.note)


class _Remembering(Searcher):
    """Ranks each question once: only the threshold differs between the points of a curve."""

    def __init__(self, base: Searcher) -> None:
        super().__init__(base.records, base.indexes, base.encoder, base.weights)
        self._base = base
        self._kept: dict[Question, Ranking] = {}

    def read(self, text: str) -> Question:
        """Return the base's reading."""
        return self._base.read(text)

    def rank(
        self,
        question: Question,
        day: dt.date,
        withdrawn: frozenset[str] = frozenset(),
        limit: int = 10,
        without: str | None = None,
    ) -> Ranking:
        """Return the base's ranking, from memory when the same question was ranked before."""
        if question not in self._kept:
            self._kept[question] = self._base.rank(question, day, withdrawn, limit, without)
        return self._kept[question]


def _answering_from(index: OpenIndex, level: float) -> OpenIndex:
    thresholds = replace(index.thresholds, answer=level, refuse=min(index.thresholds.refuse, level))
    return replace(index, manifest=replace(index.manifest, thresholds=thresholds))


def _answered(measured: Sequence[Measured]) -> list[float]:
    return [float(m.findings.zone is Zone.ANSWER) for m in measured]


def _level_of(outside: Sequence[Measured], share: float) -> float:
    """Return the confidence from which at most `share` of the questions, all answered at 0, are answered."""
    confidences = sorted(m.findings.confidence if m.findings.zone is Zone.ANSWER else 0.0 for m in outside)
    refused = math.ceil((1 - share) * len(confidences))
    return confidences[refused - 1] + _ROUNDING if refused else 0.0


def curve(subject: Subject, kinds: Sequence[str], now: dt.datetime, report: Report) -> Curve:
    """Return the curve of a subject; `kinds` names the origin of each question that is out of scope.

    In scope each question is asked once, in the spelling that it was written in.
    """
    written: dict[tuple[str, str], EvaluationQuestion] = {}
    for asked in subject.asked:
        written.setdefault(asked.cluster, asked.question)
    questions = list(written.values())
    index = replace(subject.index, searcher=_Remembering(subject.index.searcher))
    codes = index.catalogue.by_code

    def ask(changed: OpenIndex, these: Sequence[EvaluationQuestion]) -> list[Measured]:
        return measure(these, ours(changed), codes, now, lambda _done, _total: None)

    def point(changed: OpenIndex, note: str) -> Point:
        inside, outside = ask(changed, questions), ask(changed, subject.outside)
        taken = [m for m in inside if m.findings.zone is Zone.ANSWER]
        return Point(
            changed.thresholds.answer,
            note,
            statistics.mean(_answered(inside)),
            sum(m.rank == 1 for m in taken) / max(len(taken), 1),
            statistics.mean(_answered(outside)),
        )

    report(f"{subject.title}: gate, {len(questions)} questions in scope, {len(subject.outside)} out")
    foreign = ask(index, subject.outside)
    allowed = _level_of(ask(_answering_from(index, 0.0), subject.outside), ALLOWED)
    points = [point(_answering_from(index, level), "") for level in LEVELS]
    points.append(point(_answering_from(index, allowed), f"{ALLOWED:.0%} out of scope, set on these questions"))
    points.append(point(index, OPERATING))
    return Curve(
        tuple(sorted(points, key=lambda p: p.confidence)),
        tuple(point(ablation.change(index), ablation.title) for ablation in GATE_ABLATIONS),
        tuple(_kind(kind, foreign, kinds) for kind in dict.fromkeys(kinds)),
        len(questions),
        len(subject.outside),
    )


def _kind(kind: str, measured: Sequence[Measured], kinds: Sequence[str]) -> tuple[str, int, float, float, float]:
    zones = [m.findings.zone for m, own in zip(measured, kinds, strict=True) if own == kind]
    answered, offered, refused = (
        sum(zone is wanted for zone in zones) / len(zones) for wanted in (Zone.ANSWER, Zone.CLARIFY, Zone.REFUSE)
    )
    return kind, len(zones), answered, offered, refused
