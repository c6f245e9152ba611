"""Runs the benchmark of retrieval from the questions to the figures of the page."""

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.bench.retrieval.compared import compare
from bot.bench.retrieval.cost import QUESTIONS, SIZES, costs
from bot.bench.retrieval.memory import running_mib
from bot.bench.retrieval.page import Quality
from bot.bench.retrieval.questions import origins_of
from bot.bench.retrieval.subjects import articles, portal, shipped
from bot.core.errors import TiepDanError
from bot.settings import Settings
from knowledge.records import Catalogue
from knowledge.workspace import Workspace

Report = Callable[[str], None]
QUICK_SIZES = (200, 1_000)


@dataclass(frozen=True)
class Plan:
    """What is measured: question files, the folder of the portal's and ALQAC's data (None: left out), sizes."""

    questions: Path
    locked: Path | None = None
    shared: Path | None = None
    sizes: Sequence[int] = SIZES
    service: bool = True


def measure_quality(settings: Settings, plan: Plan, now: dt.datetime, report: Report) -> Quality:
    """Return everything that the page tells. Encoders, indexes and segmented texts are reused where they exist."""
    day = now.date()
    cache = settings.models_dir / "bench"
    home = Workspace.in_use(
        Catalogue.load(settings.catalogue), settings.encoder_dir, settings.index_dir, settings.encoder
    )
    own = shipped(home, plan.questions, plan.locked, day, report)
    theirs = legal = None
    timed, encoders = own, home.encoder_root
    kinds: list[str] = []
    if plan.shared:

        def apart(catalogue: Catalogue) -> Workspace:
            return Workspace.apart(catalogue, settings.models_dir / "catalogues", settings.encoder)

        theirs = portal(apart, plan.shared, day, report)
        origins = origins_of(plan.shared / "dev_out_of_scope.jsonl")
        kinds = [origins.get(question.id, "") for question in theirs.outside]
        legal = articles(apart, plan.shared, day, report)
        timed, encoders = theirs, apart(theirs.index.catalogue).encoder_root
    texts = [asked.question.text for asked in timed.asked]
    # Times first: what follows leaves the machine warm and its memory full.
    measured = costs(
        timed.index.catalogue,
        encoders / timed.index.manifest.encoder,
        texts[:: max(1, len(texts) // QUESTIONS)],
        plan.sizes,
        day,
        report,
    )
    return Quality(
        own=compare(own, ["own"] * len(own.outside), cache, now, report),
        portal=compare(theirs, kinds, cache, now, report) if theirs else None,
        articles=compare(legal, [], cache, now, report) if legal else None,
        costs=measured,
        service=_service(settings, report) if plan.service else {},
    )


def _service(settings: Settings, report: Report) -> dict[str, float]:
    try:
        return asyncio.run(running_mib(settings, report))
    except* TiepDanError as group:  # a failing process ends the group of tasks that watches it
        report(f"the running service could not be measured: {group.exceptions[0]}")
    return {}
