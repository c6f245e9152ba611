"""Time and memory of search by the size of the catalogue; each figure comes from a fresh process of its own."""

import datetime as dt
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.bench.cpu import machine_seconds, own_seconds
from bot.bench.retrieval.memory import peak_mib, resident_mib
from bot.bench.retrieval.variants import ours
from bot.settings import PROJECT_ROOT, load
from knowledge.base import load_encoder
from knowledge.build import build_index, open_index
from knowledge.evaluate import EvaluationQuestion, measure, scores
from knowledge.names import short_name
from knowledge.records import Catalogue
from knowledge.schema import Record

Report = Callable[[str], None]
SIZES = (200, 1_000, 2_924, 10_000, 20_000)
QUESTIONS = 300
WARM_UP = 20
_SEED = 20261122
_RECORDS, _TEXTS, _INDEX = "records.jsonl", "questions.json", "index"


@dataclass(frozen=True)
class Cost:
    """What an index of one size takes: milliseconds, seconds, bytes, MiB resident.

    `opened_mib` is a process that has opened the index and searched; `peak_mib` the one that built it, at most.
    `other_cores` is what everything else on the machine used while it was searched.
    """

    procedures: int
    passages: int
    p50_ms: float
    p95_ms: float
    index_bytes: int
    build_seconds: float
    opened_mib: float
    peak_mib: float
    other_cores: float


def sample(records: Sequence[Record], size: int, seed: int = _SEED) -> list[Record]:
    """Return `size` records: a sample, or all and then new ones whose name is half one record's, half another's.

    New records keep the texts of the first, have an id of their own, and neither code nor aliases.
    """
    rng = random.Random(seed)  # noqa: S311 - reproducible sample
    if size <= len(records):
        return rng.sample(list(records), size)
    found = list(records)
    for number in range(size - len(records)):
        first, second = rng.choice(records), rng.choice(records)
        left, right = short_name(first.name).split(), short_name(second.name).split()
        name = " ".join([*left[: (len(left) + 1) // 2], *right[len(right) // 2 :]])
        found.append(
            first.model_copy(update={"id": f"S{number:06}", "name": name, "code": None, "aliases": [],
                                     "valid_from": None, "valid_to": None})
        )  # fmt: skip
    return found


def costs(
    catalogue: Catalogue, encoder: Path, texts: Sequence[str], sizes: Sequence[int], day: dt.date, report: Report
) -> list[Cost]:
    """Return the cost at each size, with one encoder for all. `texts` are the questions that are timed."""
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="tiepdan-cost-") as name:
            folder = Path(name)
            records = sample(catalogue.records, size)
            lines = [record.model_dump_json(by_alias=True, exclude_none=True) for record in records]
            (folder / _RECORDS).write_text("\n".join(lines), encoding="utf-8")
            (folder / _TEXTS).write_text(json.dumps(list(texts)[:QUESTIONS]), encoding="utf-8")
            report(f"cost: building an index of {size} procedures")
            built = _in_a_process("build", folder, encoder, day)
            report(f"cost: searching {size} procedures")
            opened = _in_a_process("search", folder, encoder, day)
            found.append(Cost(procedures=size, **built, **opened))
    return found


def _in_a_process(task: str, folder: Path, encoder: Path, day: dt.date) -> dict[str, Any]:
    command = [sys.executable, "-m", __name__, task, str(folder), str(encoder), day.isoformat()]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=PROJECT_ROOT)  # noqa: S603 - our own module
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _build(folder: Path, encoder: Path, day: dt.date) -> dict[str, Any]:
    with (folder / _RECORDS).open(encoding="utf-8") as file:
        catalogue = Catalogue([Record.model_validate_json(line) for line in file], day)
    loaded = load_encoder(load().encoder, encoder)
    manifest = build_index(catalogue, loaded, encoder.name, folder / _INDEX, day, lambda _line: None)
    return {
        "passages": manifest.passages,
        "build_seconds": manifest.build_seconds,
        "index_bytes": sum(path.stat().st_size for path in (folder / _INDEX).iterdir()),
        "peak_mib": peak_mib(),
    }


def _search(folder: Path, encoder: Path, day: dt.date) -> dict[str, Any]:
    loaded = load_encoder(load().encoder, encoder)
    index = open_index(folder / _INDEX, lambda _manifest: loaded)
    texts = json.loads((folder / _TEXTS).read_text(encoding="utf-8"))
    questions = [EvaluationQuestion(text=text) for text in texts]
    now = dt.datetime.combine(day, dt.time(5), dt.UTC)

    def timed(asked: Sequence[EvaluationQuestion]) -> dict[str, float]:
        measured = measure(asked, ours(index), index.catalogue.by_code, now, lambda _done, _total: None)
        latency: dict[str, float] = scores(measured, {})["latency_ms"]
        return latency

    timed(questions[-WARM_UP:])
    started, everything, own = time.monotonic(), machine_seconds(), own_seconds()
    latency = timed(questions)
    other = (machine_seconds() - everything) - (own_seconds() - own)
    return {
        "p50_ms": latency["p50"],
        "p95_ms": latency["p95"],
        "opened_mib": resident_mib(),
        "other_cores": max(other, 0.0) / (time.monotonic() - started),
    }


if __name__ == "__main__":
    task, folder, encoder, day = sys.argv[1:]
    work = {"build": _build, "search": _search}[task]
    sys.stdout.write(json.dumps(work(Path(folder), Path(encoder), dt.date.fromisoformat(day))))
