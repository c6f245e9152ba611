"""Compares retrieval with a BM25 baseline on the project's own questions and on the portal's, as a Markdown page."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core.findings import Findings, Hit, Zone
from bot.core.procedures import Facet
from knowledge.base import LOCAL_ZONE
from knowledge.build import OpenIndex
from knowledge.evaluate import DEPTH, EvaluationQuestion, Measured, measure, scores
from knowledge.findings import find
from knowledge.lexical_index import LexicalIndex
from knowledge.schema import Record
from knowledge.terms import lexical_terms
from nlu.text import clean, tokens

CONFIDENCES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


class Baseline:
    """BM25 on accent-free syllables and bigrams of names and aliases; no lexicon, no expansion, no encoder."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._ids = [record.id for record in records]
        self._index = LexicalIndex.build([_terms(" . ".join((r.name, *r.aliases))) for r in records])

    def search(self, text: str, _now: dt.datetime) -> Findings:
        """Return the best records; everything is «answered», as the baseline has no gate."""
        found = self._index.scores(dict.fromkeys(_terms(text), 1.0))
        order = sorted(range(len(self._ids)), key=lambda row: (-found[row], self._ids[row]))[:DEPTH]
        hits = tuple(dict.fromkeys(Hit(self._ids[row], 0.0) for row in order))
        return Findings(hits, Facet.GENERAL, False, Zone.ANSWER, True, 1.0)


def _terms(text: str) -> list[str]:
    return lexical_terms([token.norm for token in tokens(clean(text))])


@dataclass(frozen=True)
class Subject:
    """An open index with the questions it is measured on, by the name of their spelling or style."""

    title: str
    index: OpenIndex
    questions: dict[str, list[EvaluationQuestion]]


def portal_spellings(questions: Sequence[EvaluationQuestion], noisy: Path) -> dict[str, list[EvaluationQuestion]]:
    """Return the questions in every spelling of the paired noise file, the same order in each."""
    content = json.loads(noisy.read_text(encoding="utf-8"))
    by_id = {question.id: question for question in questions}
    return {
        style: [
            by_id[name].model_copy(update={"text": text})
            for name, text in zip(content["qid"], texts, strict=True)
            if name in by_id
        ]
        for style, texts in content.items()
        if style != "qid"
    }


def _answers(index: OpenIndex) -> Callable[[str, dt.datetime], Findings]:
    return lambda text, now: find(index, text, now.astimezone(LOCAL_ZONE).date(), frozenset(), DEPTH)


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _percent(value: float) -> str:
    return f"{100 * value:.1f}"


def comparison(subject: Subject, now: dt.datetime, report: Callable[[str], None]) -> list[str]:
    """Return a table: for each spelling the ranks of the baseline and of the assistant, its facets and its gate."""
    lines = [
        f"## {subject.title}",
        "",
        _row(
            (
                "questions",
                "n",
                "BM25 R@1",
                "R@3",
                "MRR@10",
                "ours R@1",
                "R@3",
                "MRR@10",
                "facet",
                "answered",
                "of those right",
            )
        ),
        _row(["---"] + ["---:"] * 10),
    ]
    baseline = Baseline(subject.index.catalogue.records)
    for name, questions in subject.questions.items():
        report(f"{subject.title}: {name}")
        measured = [
            measure(questions, search, subject.index.catalogue.by_code, now, lambda _done, _total: None)
            for search in (baseline.search, _answers(subject.index))
        ]
        theirs, ours = (scores(found, {}) for found in measured)
        cells = [name, ours["n"]]
        for side in (theirs, ours):
            cells += [_percent(side[key]) for key in ("recall@1", "recall@3", "mrr@10")]
        cells += [_percent(ours[key]) for key in ("facet_accuracy", "answered", "answered_correct")]
        lines.append(_row(cells))
    return [*lines, ""]


def gate_curve(title: str, inside: Sequence[Measured], outside: Sequence[Measured], threshold: float) -> list[str]:
    """Return a table of what the gate answers outright at several confidences, in and out of scope."""
    lines = [
        f"## {title}",
        "",
        f"The index answers from confidence {threshold:.2f}; {len(inside)} questions in scope, {len(outside)} out.",
        "",
        _row(("confidence", "in scope answered", "of those right", "out of scope answered")),
        _row(["---:"] * 4),
    ]

    def answered(measured: Sequence[Measured], level: float) -> list[Measured]:
        return [m for m in measured if m.findings.zone is not Zone.REFUSE and m.findings.confidence >= level]

    for level in sorted({*CONFIDENCES, round(threshold, 2)}):
        taken = answered(inside, level)
        right = sum(m.rank == 1 for m in taken) / len(taken) if taken else 0.0
        shares = (len(taken) / max(len(inside), 1), right, len(answered(outside, level)) / max(len(outside), 1))
        lines.append(_row([f"{level:.2f}", *(_percent(share) for share in shares)]))
    return [*lines, ""]


def write_page(
    path: Path,
    subjects: Sequence[Subject],
    out_of_scope: Sequence[EvaluationQuestion],
    now: dt.datetime,
    report: Callable[[str], None],
) -> None:
    """Write the page. Questions of `out_of_scope` are asked of every subject."""
    lines = [
        "# Retrieval quality",
        "",
        f"Made by `tiepdan bench retrieval` on {now.date().isoformat()}; shares in percent. BM25 is the baseline on",
        "accent-free syllables and bigrams of names and aliases. The questions are in no training file.",
        "",
    ]
    for subject in subjects:
        lines += comparison(subject, now, report)
        asked = [
            question for questions in subject.questions.values() for question in questions if question.procedures
        ]
        search, codes = _answers(subject.index), subject.index.catalogue.by_code
        inside = measure(asked, search, codes, now, lambda _done, _total: None)
        outside = measure(out_of_scope, search, codes, now, lambda _done, _total: None)
        threshold = subject.index.thresholds.answer
        lines += gate_curve(f"{subject.title}: what is answered outright", inside, outside, threshold)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")
