"""Two indexes asked the same questions: what a version that was taught something gains and loses."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.base import LOCAL_ZONE
from knowledge.build import OpenIndex
from knowledge.evaluate import DEPTH, EvaluationQuestion, Measured, measure, read_questions, scores
from knowledge.findings import find
from knowledge.learned import Learned
from nlu.text import fold

#: What is shown, in this order: key, title, and whether more is better.
FIGURES: tuple[tuple[str, str, bool], ...] = (
    ("recall@1", "đúng ở dòng đầu", True),
    ("recall@3", "đúng trong ba dòng đầu", True),
    ("facet_accuracy", "đúng mặt được hỏi", True),
    ("answered", "trả lời ngay", True),
    ("answered_correct", "đúng trong số trả lời ngay", True),
    ("outside_answered", "trả lời nhầm câu ngoài phạm vi", False),
)
#: A figure that gets worse by more than this stops a switch.
WORST = 0.01


@dataclass(frozen=True)
class Versus:
    """The figures of two indexes on one set; `left_out` questions were learned and are not asked."""

    name: str
    questions: int
    left_out: int
    before: Mapping[str, float]
    after: Mapping[str, float]

    def worse(self) -> list[str]:
        """Return the titles of the figures that got worse by more than WORST."""
        return [
            title
            for key, title, more in FIGURES
            if key in self.before and (self.after[key] - self.before[key]) * (1 if more else -1) < -WORST
        ]


def compared(path: Path, before: OpenIndex, after: OpenIndex, learned: Learned, now: dt.datetime) -> Versus:
    """Ask both indexes the questions of a file, but for those that were learned. Never trains."""
    asked = read_questions(path)
    kept = [question for question in asked if fold(question.text) not in learned.folded]
    left_out = len(asked) - len(kept)
    return Versus(path.stem, len(kept), left_out, _figures(before, kept, now), _figures(after, kept, now))


def _figures(index: OpenIndex, questions: Sequence[EvaluationQuestion], now: dt.datetime) -> dict[str, float]:
    measured: list[Measured] = measure(
        questions,
        lambda text, at: find(index, text, at.astimezone(LOCAL_ZONE).date(), frozenset(), DEPTH),
        index.catalogue.by_code,
        now,
        lambda _done, _total: None,
    )
    found: dict[str, Any] = scores(measured, {})
    if "out_of_scope" in found:
        found["outside_answered"] = found["out_of_scope"]["answered"]
    return {key: float(found[key]) for key, _, _ in FIGURES if key in found}


def found_first(index: OpenIndex, learned: Learned, day: dt.date) -> float:
    """Return the share of learned texts whose procedure comes first: what teaching was for."""
    right = 0
    for entry in learned.entries:
        hits = find(index, entry.text, day, frozenset(), 1).hits
        right += bool(hits) and hits[0].procedure_id == entry.procedure_id
    return round(right / max(len(learned.entries), 1), 4)
