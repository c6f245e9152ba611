"""The tables of docs/quality.md, as Markdown."""

from collections.abc import Iterable, Mapping, Sequence

from bot.bench.retrieval.compared import Compared
from bot.bench.retrieval.cost import Cost
from bot.bench.retrieval.gate import Curve, Point
from bot.bench.retrieval.questions import Run, styles_of
from bot.bench.retrieval.statistics import Interval

NOT_INSTALLED = "not installed"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table, numbers to the right: all columns but the first that hold words."""
    lines = [list(head), ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def percent(share: float) -> str:
    """Return a share in percent with one decimal."""
    return f"{100 * share:.1f}"


def with_interval(found: Interval) -> str:
    """Return a share with its interval; without where the sample has no variance."""
    if found.low == found.high:
        return percent(found.value)
    return f"{percent(found.value)} ({percent(found.low)}–{percent(found.high)})"


def difference(found: Interval) -> str:
    """Return a difference in points with its interval."""
    value, low, high = (f"{100 * bound:+.1f}".replace("-", "−") for bound in (found.value, found.low, found.high))
    return f"{value} ({low} to {high})"


def by_spelling(compared: Compared) -> str:
    """Return ours by part and spelling, beside BM25 on stripped bigrams."""
    parts = compared.parts
    head = ("part", "questions", "n", "R@1", "R@3", "MRR@10", "facet", "answered", "of those right", "BM25 R@1",
            "ours − BM25, R@1")  # fmt: skip
    rows = []
    for part in [None, *parts] if len(parts) > 1 else [None]:
        for style in [None, *styles_of(compared.ours.only(part).asked)]:
            run, other = compared.ours.only(part, style), compared.bm25.only(part, style)
            rows.append(
                (
                    part or "all", style or "all", str(len(run)), with_interval(run.recall(1)),
                    percent(run.recall(3).value), percent(run.reciprocal_rank),
                    "–" if run.facet is None else percent(run.facet), percent(run.answered),
                    percent(run.answered_right), percent(other.recall(1).value), difference(run.lead(other)),
                )
            )  # fmt: skip
    return table(head, rows)


def systems(ours: Run, others: Mapping[str, Run | None], lead: str) -> str:
    """Return R@1 by spelling of ours and of others, and how far ours is ahead of each; `lead` heads that column."""
    styles = styles_of(ours.asked)

    def row(title: str, run: Run | None, ahead: str) -> list[str]:
        if run is None:
            return [f"{title}: {NOT_INSTALLED}"] + ["–"] * (len(styles) + 4)
        each = [percent(run.only(style=style).recall(1).value) for style in styles]
        both = [percent(run.recall(3).value), percent(run.reciprocal_rank)]
        return [title, *each, with_interval(run.recall(1)), *both, ahead]

    rows = [row("**ours**", ours, "")]
    rows += [row(title, run, difference(ours.lead(run)) if run else "") for title, run in others.items()]
    return table(("R@1", *styles, "all", "all, R@3", "all, MRR@10", lead), rows)


def gate(curve: Curve) -> str:
    """Return the gate's tables: the curve with its operating point, then what happens to each kind of question."""

    def row(point: Point) -> list[str]:
        cells = [
            f"{point.confidence:.2f}", with_interval(point.inside), percent(point.right),
            with_interval(point.outside), point.note,
        ]  # fmt: skip
        return [f"**{cell}**" if cell else "" for cell in cells] if point is curve.operating else cells

    rows = [*map(row, curve.points), *map(row, curve.ablated)]
    found = table(("from confidence", "in scope answered", "of those right", "out of scope answered", ""), rows)
    if len(curve.by_kind) > 1:
        kinds = [(kind, str(n), *map(percent, shares)) for kind, n, *shares in curve.by_kind]
        found += "\n\n" + table(("out of scope, operating point", "n", "answered", "choices", "refused"), kinds)
    return found


def cost(costs: Sequence[Cost]) -> str:
    """Return time and memory by the size of the catalogue."""
    rows = [
        (
            f"{c.procedures:,}", f"{c.passages:,}", f"{c.p50_ms:.1f}", f"{c.p95_ms:.1f}",
            f"{c.index_bytes / 2**20:.1f}", f"{c.build_seconds:.0f}", f"{c.opened_mib:.0f}", f"{c.peak_mib:.0f}",
            f"{c.other_cores:.2f}",
        )
        for c in costs
    ]  # fmt: skip
    return table(
        ("procedures", "passages", "p50 ms", "p95 ms", "index MiB", "build s", "opened MiB", "peak MiB", "other"),
        rows,
    )
