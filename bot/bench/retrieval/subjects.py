"""The catalogues that are measured, each with its questions: the shipped one, the portal's, and legal articles."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.bench.retrieval import baselines
from bot.bench.retrieval.questions import (
    Asked,
    Run,
    in_five_spellings,
    json_lines,
    own_questions,
    portal_questions,
)
from bot.core.errors import CatalogueError
from knowledge.build import OpenIndex
from knowledge.evaluate import EvaluationQuestion, Search, measure, read_questions
from knowledge.importers import load_any
from knowledge.passages import chunks
from knowledge.records import Catalogue
from knowledge.schema import Record
from knowledge.workspace import Workspace

Report = Callable[[str], None]
#: Passages that a field of a record is cut into at most; an article is spread over three fields.
_PARTS = 3


@dataclass(frozen=True)
class Subject:
    """An open index with what is asked of it. `documents` are the texts that BM25 indexes, one a record."""

    title: str
    index: OpenIndex
    asked: tuple[Asked, ...]
    outside: tuple[EvaluationQuestion, ...]
    documents: tuple[str, ...]

    def ask(self, search: Search, now: dt.datetime) -> Run:
        """Return what a system says to every question in scope."""
        questions = [asked.question for asked in self.asked]
        codes = self.index.catalogue.by_code
        return Run(self.asked, tuple(measure(questions, search, codes, now, lambda _done, _total: None)))


def shipped(workspace: Workspace, questions: Path, locked: Path | None, day: dt.date, report: Report) -> Subject:
    """Return the shipped catalogue with the project's validation questions and, if given, the locked ones."""
    workspace.build(day, report)
    index = workspace.open()
    asked, outside = own_questions(questions, "validation")
    if locked:
        more, more_outside = own_questions(locked, "locked")
        asked, outside = asked + more, outside + more_outside
    texts = tuple(baselines.names(record) for record in index.catalogue.records)
    return Subject("Shipped catalogue", index, tuple(asked), tuple(outside), texts)


def portal(open_workspace: Callable[[Catalogue], Workspace], shared: Path, day: dt.date, report: Report) -> Subject:
    """Return the portal's catalogue with its questions in five spellings, and those it cannot answer."""
    report("reading the portal catalogue")
    workspace = open_workspace(load_any(shared / "portal_catalogue.jsonl.gz"))
    workspace.build(day, report)
    index = workspace.open()
    asked = portal_questions(shared / "dev_questions_portal.jsonl", shared / "dev_questions_portal_noisy.json")
    outside = read_questions(shared / "dev_out_of_scope.jsonl")
    texts = tuple(baselines.names(record) for record in index.catalogue.records)
    return Subject("Portal catalogue", index, tuple(asked), tuple(outside), texts)


def articles(open_workspace: Callable[[Catalogue], Workspace], shared: Path, day: dt.date, report: Report) -> Subject:
    """Return ALQAC's legal articles as records, with its questions in five spellings."""
    report("reading the ALQAC articles")
    try:
        rows = json_lines(shared / "dev_alqac_articles.jsonl.gz")
        texts = [str(row["text"]) for row in rows]
        numbers = {row["id"]: f"A{number:05}" for number, row in enumerate(rows)}
        questions = [
            EvaluationQuestion(
                id=str(number),  # the set gives some of its own ids twice
                text=str(row["question"]),
                procedures=tuple(numbers[name] for name in row["gold"]),  # type: ignore[attr-defined]
            )
            for number, row in enumerate(json_lines(shared / "dev_alqac_questions.jsonl.gz"))
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogueError(f"{shared}: không đọc được bộ ALQAC ({error})") from error
    records = [article_record(name, text) for name, text in zip(numbers.values(), texts, strict=True)]
    workspace = open_workspace(Catalogue(records, day.replace(month=1, day=1)))
    workspace.build(day, report)
    asked = in_five_spellings(questions, "ALQAC")
    return Subject("ALQAC", workspace.open(), tuple(asked), (), tuple(texts))


def article_record(record_id: str, text: str) -> Record:
    """Return an article as a record: its first line is the name, the rest fills conditions, steps and result."""
    first, _, rest = text.strip().partition("\n")
    parts = list(chunks([rest]))
    fields: dict[str, object] = {"id": record_id, "name": first[:1_200]}
    if parts:
        fields["conditions"] = " ".join(parts[:_PARTS])
    if len(parts) > _PARTS:
        fields["steps"] = parts[_PARTS : 2 * _PARTS]
    if len(parts) > 2 * _PARTS:
        fields["result"] = " ".join(parts[2 * _PARTS :])
    return Record.model_validate(fields)
