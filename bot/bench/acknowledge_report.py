"""The section of docs/performance.md on webhooks."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from string import Template

from bot.bench.acknowledge import PLATFORM_SECONDS, Acknowledged, Plan
from bot.bench.report import QUIET_CORES

TEMPLATE = Path(__file__).with_name("acknowledge.template.md")
TARGET_P95_MS = 200.0


def section(found: Sequence[Acknowledged], plan: Plan, day: str) -> str:
    """Return the section, a heading first."""
    busiest = max(one.web.other_cores for one in found)
    warning = (
        f"**The machine was not quiet:** something else used up to {busiest:.1f} cores. Times are too long.\n\n"
        if busiest > QUIET_CORES
        else ""
    )
    return Template(TEMPLATE.read_text("utf-8")).substitute(
        day=day,
        rate=f"{plan.rate:g}",
        seconds=f"{plan.seconds:g}",
        clients=plan.clients,
        people=plan.people,
        warning=warning,
        target=f"{TARGET_P95_MS:.0f}",
        platform_ms=f"{1000 * PLATFORM_SECONDS:.0f}",
        measured=_table(
            ("load", "p50 ms", "p95 ms", "max ms", f"p95 ≤ {TARGET_P95_MS:.0f} ms", "not 200", "stored / to store"),
            map(_acknowledged, found),
        ),
        meanwhile=_table(
            ("load", "web turns, p50 ms", "p95 ms", "failed", "all answered after", "other", "load average"),
            map(_meanwhile, found),
        ),
    )


def _acknowledged(one: Acknowledged) -> Sequence[str]:
    p50, p95, most = (f"{one.percentile_ms(percent):.0f}" for percent in (50, 95, 100))
    held = "yes" if one.percentile_ms(95) <= TARGET_P95_MS else "**no**"
    return (one.load.name, p50, p95, most, held, str(one.refused), f"{one.stored} / {one.texts}")


def _meanwhile(one: Acknowledged) -> Sequence[str]:
    drained = "not within the time" if one.drained is None else f"{one.drained:.0f} s"
    return (
        one.load.name,
        f"{one.web.percentile_ms(50):.0f}",
        f"{one.web.percentile_ms(95):.0f}",
        str(one.web.failed),
        drained,
        f"{one.web.other_cores:.2f}",
        f"{one.load_average:.1f}",
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
