"""What the product's design asks of retrieval, and whether a measurement holds it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.bench.retrieval import statistics
from bot.bench.retrieval.compared import Compared
from bot.bench.retrieval.cost import Cost
from bot.bench.retrieval.gate import ALLOWED, Curve
from bot.bench.retrieval.questions import SPELLINGS
from bot.bench.retrieval.statistics import Interval
from bot.bench.retrieval.tables import difference, percent, with_interval

#: Points of R@1 that a spelling may lose against clean questions.
GAPS = {"no accents": 0.03, "typos": 0.06, "teencode": 0.06, "dialect": 0.10}
ANSWERED = 0.75
P95_MS = 30.0
SERVICE_MIB = 1.2 * 1024


@dataclass(frozen=True)
class Target:
    """A line of the page's first table."""

    what: str
    measured: str
    held: bool


def _at_least(what: str, found: Interval, least: float) -> Target:
    return Target(f"{what} ≥ {100 * least:.0f}", with_interval(found), found.value >= least)


def own(compared: Compared, part: str) -> Iterator[Target]:
    """Yield the targets of the shipped catalogue, on one part of its questions."""
    run = compared.ours.only(part)
    clean = run.only(style="clean")
    if len(clean):
        yield _at_least("shipped, clean: R@1", clean.recall(1), 0.92)
        yield _at_least("shipped, clean: R@3", clean.recall(3), 0.98)
    for style, most in GAPS.items():
        spelt = run.only(style=style)
        if len(spelt) and len(clean):
            lost = statistics.gap(clean.firsts(), spelt.firsts())
            what = f"shipped, {style}: R@1 lost against clean ≤ {100 * most:.0f} points"
            yield Target(what, difference(lost), lost.value <= most)
    if run.facet is not None:
        yield Target("shipped: facet ≥ 90", percent(run.facet), run.facet >= 0.90)
    if compared.curve:
        yield _gate("shipped", compared.curve)


def portal(compared: Compared) -> Iterator[Target]:
    """Yield the targets of the portal's catalogue."""
    run = compared.ours
    colloquial = run.only("colloquial")
    yield _at_least("portal, colloquial, all spellings: R@1", colloquial.recall(1), 0.65)
    yield _at_least("portal, colloquial, all spellings: R@3", colloquial.recall(3), 0.82)
    for style in SPELLINGS.values():
        yield _at_least(f"portal, {style}: R@1", run.only(style=style).recall(1), 0.70 if style == "clean" else 0.64)
    yield _at_least("portal, FAQ, clean: R@1", run.only("FAQ", "clean").recall(1), 0.78)
    for where, chosen in (("all spellings", None), ("clean", "clean")):
        lead = run.only(style=chosen).lead(compared.bm25.only(style=chosen))
        what = f"portal, {where}: R@1 ≥ 10 points over BM25, stripped bigrams"
        yield Target(what, difference(lead), lead.value >= 0.10)
    if compared.curve:
        yield _gate("portal", compared.curve)


def _gate(where: str, curve: Curve) -> Target:
    point = curve.operating
    return Target(
        f"{where}: out of scope answered ≤ {100 * ALLOWED:.0f} while in scope ≥ {100 * ANSWERED:.0f}",
        f"{with_interval(point.outside)} while {with_interval(point.inside)}",
        point.outside.value <= ALLOWED and point.inside.value >= ANSWERED,
    )


def articles(compared: Compared) -> Iterator[Target]:
    """Yield the comparison on ALQAC, of which the design asks only that it stands beside BM25's."""
    ours, theirs = (side.only(style="clean") for side in (compared.ours, compared.bm25))
    lead = ours.lead(theirs)
    measured = f"{percent(ours.recall(1).value)} and {percent(theirs.recall(1).value)}: {difference(lead)}"
    yield Target("ALQAC, clean: R@1 not under BM25's, stripped bigrams", measured, lead.value >= 0)


def cost(costs: Sequence[Cost], size: int, service: Mapping[str, float]) -> Iterator[Target]:
    """Yield the targets of time and memory; `size` is the portal's, `service` what its processes hold in MiB."""
    at = next((c for c in costs if c.procedures == size), None)
    if at:
        what = f"search, {size:,} procedures, in process: p95 ≤ {P95_MS:.0f} ms"
        yield Target(what, f"{at.p95_ms:.1f} ms", at.p95_ms <= P95_MS)
    if "service" in service:
        held = service["service"] <= SERVICE_MIB
        yield Target("memory of the running service ≤ 1.2 GB", f"{service['service'] / 1024:.2f} GB", held)
