"""docs/quality.md from what was measured."""

import datetime as dt
import importlib.metadata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from bot.bench.machine import Machine
from bot.bench.report import QUIET_CORES
from bot.bench.retrieval import tables, targets
from bot.bench.retrieval.baselines import READINGS, STRIPPED
from bot.bench.retrieval.compared import Compared
from bot.bench.retrieval.cost import QUESTIONS, Cost
from bot.bench.retrieval.targets import Target

TEMPLATE = Path(__file__).parents[1] / "quality.template.md"


@dataclass(frozen=True)
class Section:
    """A part of the page that another measurement adds: Markdown from its heading on, and lines for the targets."""

    markdown: str
    targets: Sequence[Target] = ()


@dataclass(frozen=True)
class Quality:
    """Everything that the page tells. `service` is the memory of the running processes by name, in MiB."""

    own: Compared
    portal: Compared | None = None
    articles: Compared | None = None
    costs: Sequence[Cost] = ()
    service: Mapping[str, float] = field(default_factory=dict)


def markdown(quality: Quality, machine: Machine, day: dt.date, load: float, sections: Sequence[Section] = ()) -> str:
    """Return the whole page; `sections` come before the description of the machine."""
    part = own_part(quality.own)
    compared = [c for c in (quality.own, quality.portal, quality.articles) if c]
    return Template(TEMPLATE.read_text("utf-8")).substitute(
        day=day.isoformat(),
        targets=_targets(quality, [target for section in sections for target in section.targets]),
        own_part=f"Targets of the shipped catalogue are judged on its {part} questions.",
        glance=_glance(compared),
        subjects="".join(_subject(c) for c in compared),
        timed=QUESTIONS,
        quiet=QUIET_CORES,
        costs=tables.cost(quality.costs) if quality.costs else "Not measured.",
        real_size=f"{(quality.portal or quality.own).procedures:,}",
        service=_service(quality.service),
        sections="".join(f"{section.markdown.strip()}\n\n" for section in sections),
        processor=machine.processor,
        cores=machine.cores,
        memory=f"{machine.memory_gib:.0f}",
        system=machine.system,
        python=machine.python,
        load=f"{load:.1f}",
        bm25s=importlib.metadata.version("bm25s"),
        segmenters=", ".join(
            f"{reading.package} {reading.version or tables.NOT_INSTALLED}" for reading in READINGS if reading.package
        ),
    )


def own_part(own: Compared) -> str:
    """Return the part of the shipped catalogue's questions that its targets are judged on: locked, if opened."""
    return "locked" if "locked" in own.parts else "validation"


def _targets(quality: Quality, more: Sequence[Target]) -> str:
    found = list(targets.own(quality.own, own_part(quality.own)))
    size = 0
    if quality.portal:
        size = quality.portal.procedures
        found += targets.portal(quality.portal)
    if quality.articles:
        found += targets.articles(quality.articles)
    found += targets.cost(quality.costs, size, quality.service)
    rows = [(t.what, t.measured, "yes" if t.held else "**no**") for t in [*found, *more]]
    return tables.table(("target", "measured", "held"), rows)


def _glance(compared: Sequence[Compared]) -> str:
    rows = []
    for c in compared:
        variants = {STRIPPED.title: c.bm25, **{title: run for title, run in c.others.items() if run}}
        best = max(variants, key=lambda title: variants[title].recall(1).value)
        rows.append(
            (
                f"{c.title}, {c.procedures:,} records", f"{len(c.ours):,}", tables.with_interval(c.ours.recall(1)),
                tables.percent(c.ours.recall(3).value), tables.with_interval(c.bm25.recall(1)),
                tables.difference(c.ours.lead(c.bm25)),
                f"{tables.percent(variants[best].recall(1).value)}, {best.removeprefix('BM25, ')}",
                tables.difference(c.ours.lead(variants[best])),
            )
        )  # fmt: skip
    head = ("catalogue", "asked", "ours R@1", "R@3", "BM25 stripped bigrams R@1", "ours − that", "best BM25 R@1",
            "ours − that")  # fmt: skip
    return tables.table(head, rows)


def _subject(compared: Compared) -> str:
    baselines = {STRIPPED.title: compared.bm25, **compared.others}
    parts = [
        f"## {compared.title}: {compared.procedures:,} records",
        tables.by_spelling(compared),
        "### Beside BM25",
        tables.systems(compared.ours, baselines, "ours − this, R@1"),
        "### What each part gives",
        tables.systems(compared.ours, compared.ablations, "what the part gives, R@1"),
    ]
    if compared.curve:
        parts += [
            "### When it answers outright",
            f"{compared.curve.inside} questions in scope, each once as it was written; {compared.curve.outside} out"
            " of scope. «Answered» means outright: neither choices nor a refusal.",
            tables.gate(compared.curve),
        ]
    return "\n\n".join(parts) + "\n\n"


def _service(memory: Mapping[str, float]) -> str:
    if not memory:
        return "The running service was not measured."
    parts = ", ".join(f"{name} {mib:.0f} MiB" for name, mib in memory.items())
    return f"The product running on the shipped catalogue, after the conversations of `bench turns`, holds: {parts}."
