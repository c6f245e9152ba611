"""docs/suggestions.md from what was measured."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from string import Template

from bot.bench.machine import Machine
from bot.bench.shares import share
from bot.bench.suggest.traces import WAIT
from bot.bench.suggest.typing import EARLY, SHOWN, Asked, Typed

TEMPLATE = Path(__file__).with_name("suggestions.template.md")
#: What the product promises.
TARGET_MS, TARGET_EARLY = 200.0, 0.8
#: More than this of a core used by something else, and times say more about the machine than about the product.
QUIET_CORES = 0.2


@dataclass(frozen=True)
class Measured:
    """Everything that was measured. `cpu` is seconds of the service, `other_cpu` of all that is not ours."""

    typed: tuple[Typed, ...]
    operators: int
    seconds: float
    cpu: float
    client_cpu: float
    other_cpu: float
    load_before: float

    @property
    def asked(self) -> list[Asked]:
        """Every request that was sent."""
        return [each for one in self.typed for each in one.asked]

    def percentile_ms(self, percent: float) -> float:
        """Return the time that `percent` of the requests did not exceed; what brought nothing counts as longest."""
        times = sorted(each.seconds if each.ids is not None else math.inf for each in self.asked)
        if not times:
            return math.inf
        return 1000 * times[max(math.ceil(percent / 100 * len(times)), 1) - 1]

    def earliest(self) -> float:
        """Return the median share of letters after which the right procedure is shown, of those that show it."""
        found = [first for one in self.typed if (first := one.first_shown()) is not None]
        return median(found) if found else math.nan


def held(measured: Measured) -> bool:
    """True when both targets hold."""
    early = sum(one.early() for one in measured.typed) / max(len(measured.typed), 1)
    return measured.percentile_ms(95) <= TARGET_MS and early >= TARGET_EARLY


def markdown(measured: Measured, machine: Machine, day: dt.date, questions: str) -> str:
    """Return the whole page."""
    early = [one.early() for one in measured.typed]
    dropped = sum(each.ids is None and each.status == 0 for each in measured.asked)
    failed = Counter(each.status for each in measured.asked if each.ids is None and each.status)
    p95 = measured.percentile_ms(95)
    busy = measured.other_cpu / measured.seconds
    warning = f"**Something else used {busy:.1f} of the cores meanwhile: times are too long.**"
    noisy = f"{warning}\n\n" if busy > QUIET_CORES else ""
    return Template(TEMPLATE.read_text("utf-8")).substitute(
        day=day.isoformat(),
        noisy=noisy,
        operators=measured.operators,
        traces=len(measured.typed),
        questions=questions,
        p50=f"{measured.percentile_ms(50):.0f}",
        p95=f"{p95:.0f}",
        p99=_ms(measured.percentile_ms(99)),
        target=f"{TARGET_MS:.0f}",
        held_p95=_held(p95 <= TARGET_MS),
        sent=f"{len(measured.asked):,}",
        per_second=f"{len(measured.asked) / measured.seconds:.0f}",
        dropped=dropped,
        failed=", ".join(f"{count} × {status}" for status, count in sorted(failed.items())) or "none",
        cpu=f"{1000 * measured.cpu / max(len(measured.asked), 1):.1f}",
        cores=f"{measured.cpu / measured.seconds:.2f}",
        early=share(early),
        early_target=f"{100 * TARGET_EARLY:.0f}",
        held_early=_held(sum(early) / max(len(early), 1) >= TARGET_EARLY),
        shown=SHOWN,
        at=f"{100 * EARLY:.0f}",
        final=share([one.at_the_end() for one in measured.typed]),
        first=f"{100 * measured.earliest():.0f}",
        table=_table(measured.typed),
        wait=f"{1000 * WAIT:.0f}",
        processor=machine.processor,
        machine_cores=machine.cores,
        memory=f"{machine.memory_gib:.0f}",
        system=machine.system,
        python=machine.python,
        load=f"{measured.load_before:.1f}",
    )


def _table(typed: Sequence[Typed]) -> str:
    rows = []
    for percent in (20, 30, 40, 50, 60, 80, 100):
        seen = [(first := one.first_shown()) is not None and first <= percent / 100 for one in typed]
        rows.append(f"| {percent} % | {share(seen)} |")
    return "\n".join(rows)


def _held(yes: bool) -> str:
    return "held" if yes else "**missed**"


def _ms(value: float) -> str:
    return "–" if math.isinf(value) else f"{value:.0f}"
