"""`tiepdan evaluate retrieval`: measures ranking, facets and gate on a file of questions."""

import datetime as dt
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.core.enquiry.findings import Findings, Zone
from bot.core.errors import CatalogueError
from bot.core.procedures import Facet
from knowledge.base import LOCAL_ZONE

MAX_LINE_BYTES = 64 * 1024
DEPTH = 10
Search = Callable[[str, dt.datetime], Findings]


class EvaluationQuestion(BaseModel):
    """One line of a question file; without procedures it is out of scope. Unknown keys are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Annotated[str, Field(max_length=200)] = ""
    text: Annotated[str, Field(max_length=20_000)]
    procedures: tuple[str, ...] = ()
    facet: Facet | None = None
    style: Annotated[str, Field(max_length=40)] = "clean"
    now: dt.datetime | None = None


@dataclass(frozen=True)
class Measured:
    """A question with what the knowledge base said; `rank` counts from 1, None beyond DEPTH."""

    question: EvaluationQuestion
    findings: Findings
    rank: int | None
    milliseconds: float


def read_questions(path: Path) -> list[EvaluationQuestion]:
    """Read a JSON Lines file of questions. Raises CatalogueError naming the line that cannot be used."""
    found = []
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if len(line) > MAX_LINE_BYTES:
                    raise CatalogueError(f"{path.name}, dòng {number}: dài quá {MAX_LINE_BYTES // 1024} KB")
                if line.strip():
                    found.append(_question(path, number, line))
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path}: không đọc được tệp câu hỏi ({error})") from error
    if not found:
        raise CatalogueError(f"{path}: không có câu hỏi nào")
    return found


def _question(path: Path, number: int, line: str) -> EvaluationQuestion:
    try:
        return EvaluationQuestion.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise CatalogueError(f"{path.name}, dòng {number}: {field}: {first['msg']}") from error


def measure(
    questions: Sequence[EvaluationQuestion],
    search: Search,
    references: Callable[[str], Iterable[str]],
    now: dt.datetime,
    progress: Callable[[int, int], None],
) -> list[Measured]:
    """Ask every question once. `references` gives the ids of a national code, so that either may be the gold."""
    found = []
    for number, question in enumerate(questions, 1):
        asked_at = question.now or now
        if asked_at.tzinfo is None:
            asked_at = asked_at.replace(tzinfo=LOCAL_ZONE)
        started = time.perf_counter()
        findings = search(question.text, asked_at)
        milliseconds = (time.perf_counter() - started) * 1000
        right = {name for given in question.procedures for name in (given, *references(given))}
        ids = [hit.procedure_id for hit in findings.hits[:DEPTH]]
        rank = next((place for place, name in enumerate(ids, 1) if name in right), None)
        found.append(Measured(question, findings, rank, milliseconds))
        progress(number, len(questions))
    return found


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _ranks(measured: Sequence[Measured]) -> dict[str, Any]:
    n = len(measured)
    scores: dict[str, Any] = {"n": n}
    for depth in (1, 3, 5):
        scores[f"recall@{depth}"] = _share(sum(m.rank is not None and m.rank <= depth for m in measured), n)
    scores["mrr@10"] = round(sum(1 / m.rank for m in measured if m.rank) / n, 4) if n else 0.0
    return scores


def _percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))], 3) if ordered else 0.0


def scores(measured: Sequence[Measured], index: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON object of `evaluate retrieval`; questions without procedures count only as out of scope."""
    inside = [m for m in measured if m.question.procedures]
    outside = [m for m in measured if not m.question.procedures]
    with_facet = [m for m in inside if m.question.facet is not None]
    by_style: dict[str, list[Measured]] = defaultdict(list)
    for m in inside:
        by_style[m.question.style].append(m)
    answered = [m for m in inside if m.findings.zone is Zone.ANSWER]
    times = [m.milliseconds for m in measured]
    result = _ranks(inside)
    result["facet_accuracy"] = _share(sum(m.findings.facet is m.question.facet for m in with_facet), len(with_facet))
    result["by_style"] = {
        style: {key: value for key, value in _ranks(found).items() if key != "recall@5"}
        for style, found in sorted(by_style.items())
    }
    result["answered"] = _share(len(answered), len(inside))
    result["answered_correct"] = _share(sum(m.rank == 1 for m in answered), len(answered))
    result["clarified"] = _share(sum(m.findings.zone is Zone.CLARIFY for m in inside), len(inside))
    result["refused"] = _share(sum(m.findings.zone is Zone.REFUSE for m in inside), len(inside))
    if outside:
        refused = sum(m.findings.zone is Zone.REFUSE for m in outside)
        result["out_of_scope"] = {
            "n": len(outside),
            "refused": _share(refused, len(outside)),
            "answered": _share(sum(m.findings.zone is Zone.ANSWER for m in outside), len(outside)),
        }
    result["latency_ms"] = {"p50": _percentile(times, 0.5), "p95": _percentile(times, 0.95)}
    result["index"] = index
    return result


def index_figures(root: Path, manifest: Any) -> dict[str, Any]:
    """Return the size of an index: procedures, passages, seconds to build, bytes on disk."""
    return {
        "procedures": manifest.procedures,
        "passages": manifest.passages,
        "build_seconds": manifest.build_seconds,
        "bytes": sum(path.stat().st_size for path in root.rglob("*") if path.is_file()),
    }


def details(measured: Sequence[Measured]) -> list[str]:
    """Return one line a question that was not first, for the person who tunes."""
    return [
        json.dumps(
            {
                "id": m.question.id,
                "expected": m.question.procedures,
                "found": [hit.procedure_id for hit in m.findings.hits[:3]],
                "zone": m.findings.zone,
                "facet": [m.question.facet, m.findings.facet],
            },
            ensure_ascii=False,
        )
        for m in measured
        if m.rank != 1 or m.question.facet not in (None, m.findings.facet)
    ]
