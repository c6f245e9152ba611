"""What was measured on one catalogue: ours, BM25's variants, and ours without its parts."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.bench.retrieval import baselines
from bot.bench.retrieval.baselines import READINGS, STRIPPED, Bm25
from bot.bench.retrieval.gate import Curve, curve
from bot.bench.retrieval.questions import Run
from bot.bench.retrieval.subjects import Subject
from bot.bench.retrieval.variants import ABLATIONS, ours
from knowledge.passages import situations_of

Report = Callable[[str], None]
SAME_TEXTS = f"{STRIPPED.title}, on all texts that our index has"


@dataclass(frozen=True)
class Compared:
    """Each system's answers by its title. `others` are BM25's variants beside the main one; None: not installed."""

    title: str
    procedures: int
    ours: Run
    bm25: Run
    others: Mapping[str, Run | None]
    ablations: Mapping[str, Run]
    curve: Curve | None = None

    @property
    def parts(self) -> list[str]:
        """The parts of its questions, in their order."""
        return list(dict.fromkeys(asked.part for asked in self.ours.asked))


def compare(subject: Subject, kinds: Sequence[str], cache: Path, now: dt.datetime, report: Report) -> Compared:
    """Ask every system everything. `kinds` names the origin of each question out of scope; `cache` keeps words."""
    records = subject.index.catalogue.records
    ids = [record.id for record in records]

    def told(title: str) -> str:
        report(f"{subject.title}: {title}")
        return title

    def plain_bm25(texts: Sequence[str]) -> Run:
        cut = STRIPPED.load()
        return subject.ask(Bm25(ids, [cut(text) for text in texts], cut).search, now)

    told("ours")
    found = subject.ask(ours(subject.index), now)
    ablations = {told(a.title): subject.ask(ours(a.change(subject.index)), now) for a in ABLATIONS}
    told(STRIPPED.title)
    bm25 = plain_bm25(subject.documents)
    others: dict[str, Run | None] = {}
    for reading in READINGS:
        if reading is not STRIPPED:
            built = baselines.build(reading, ids, subject.documents, cache, report)
            others[told(reading.title)] = subject.ask(built.search, now) if built else None
    situations = situations_of(records)
    everything = [baselines.everything(row, *pair) for row, pair in enumerate(zip(records, situations, strict=True))]
    others[told(SAME_TEXTS)] = plain_bm25(everything)
    gate = curve(subject, kinds, now, report) if subject.outside else None
    return Compared(subject.title, len(subject.index.catalogue.ids), found, bm25, others, ablations, gate)
