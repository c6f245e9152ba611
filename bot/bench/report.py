"""docs/performance.md from a comparison: tables, targets, method, and what is not equal."""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from string import Template

from bot.bench.comparison import MANY, ONE, TURNS_PER_SCRIPT, Comparison
from bot.bench.machine import Machine
from bot.bench.scripts import SCRIPTS
from bot.bench.turns import TURN_SECONDS, Measurement, pooled

TEMPLATE = Path(__file__).with_name("performance.template.md")

# From the product's design: what a turn may take on two cores without a GPU.
TARGET_P95_MS = 150.0
TARGET_TURNS_PER_SECOND = 20.0
TARGET_RATIO = 3.0
# More than this of a core used by something else, and the figures say more about the machine than about the product.
QUIET_CORES = 0.2


def markdown(comparison: Comparison, machine: Machine, day: dt.date) -> str:
    """Return the whole page."""
    plan = comparison.plan
    return Template(TEMPLATE.read_text("utf-8")).substitute(
        rasa_version=comparison.rasa_version,
        day=day.isoformat(),
        warnings="".join(f"{warning}\n\n" for warning in _warnings(comparison)),
        targets=_targets(comparison),
        measured=_measured(comparison),
        ratios=_ratios(comparison),
        processor=machine.processor,
        cores=machine.cores,
        memory=f"{machine.memory_gib:.0f}",
        system=machine.system,
        python=machine.python,
        load=f"{comparison.load_before:.1f}",
        rounds=plan.rounds,
        warm_up=2 * plan.warm_up * TURNS_PER_SCRIPT,
        scripts=len(SCRIPTS),
        turns=TURNS_PER_SCRIPT,
        one=plan.one,
        many=plan.many,
        patience=f"{TURN_SECONDS:.0f}",
        epochs=plan.epochs,
    )


def _targets(comparison: Comparison) -> str:
    p95 = pooled(comparison.ours[ONE]).percentile_ms(95)
    speed = pooled(comparison.ours[MANY]).turns_per_second
    ratio = median(comparison.better(MANY, _seconds_per_turn))
    return _table(
        ("target (2 cores)", "measured", "held"),
        (
            (f"p95 with one client ≤ {TARGET_P95_MS:.0f} ms", f"{p95:.0f} ms", _held(p95 <= TARGET_P95_MS)),
            (
                f"with eight clients ≥ {TARGET_TURNS_PER_SECOND:.0f} turns/s, state stored",
                f"{speed:.1f} turns/s",
                _held(speed >= TARGET_TURNS_PER_SECOND),
            ),
            (
                f"≥ {TARGET_RATIO:.0f} × stock Rasa's turns/s, eight clients",
                f"{ratio:.1f} ×",
                _held(ratio >= TARGET_RATIO),
            ),
        ),
    )


def _measured(comparison: Comparison) -> str:
    rows = []
    for name, measured in (("Tiếp Dân", comparison.ours), ("stock Rasa", comparison.stock)):
        for clients in (ONE, MANY):
            m = pooled(measured[clients])
            rows.append(
                (
                    f"{name}, {clients} client{'s' * (clients > 1)}",
                    f"{m.percentile_ms(50):.0f}",
                    f"{m.percentile_ms(95):.0f}",
                    f"{m.turns_per_second:.1f}",
                    _cpu(m),
                    f"{1000 * m.client_cpu / max(len(m.latencies), 1):.1f}",
                    f"{m.other_cores:.2f}",
                    f"{len(m.latencies)} / {m.failed}",
                )
            )
    head = ("", "p50 ms", "p95 ms", "turns/s", "CPU ms", "client's CPU ms", "other", "answered / failed")
    return _table(head, rows)


def _ratios(comparison: Comparison) -> str:
    costs = (("turns/s", _seconds_per_turn), ("p50", _p50), ("p95", _p95), ("CPU per turn", _all_cpu))
    rows = [(what, *(_ratio(comparison.better(clients, cost)) for clients in (ONE, MANY))) for what, cost in costs]
    return _table(("", "1 client", "8 clients"), rows)


def _ratio(rounds: Sequence[float]) -> str:
    """Return the median of the rounds, which a disturbed round does not move, and their range."""
    return f"{median(rounds):.1f} × ({min(rounds):.1f}–{max(rounds):.1f})"


def _seconds_per_turn(m: Measurement) -> float:
    return m.seconds / max(len(m.latencies), 1)


def _p50(m: Measurement) -> float:
    return m.percentile_ms(50)


def _p95(m: Measurement) -> float:
    return m.percentile_ms(95)


def _all_cpu(m: Measurement) -> float:
    return max(sum(m.cpu_ms_per_turn.values()), 0.001)


def _warnings(comparison: Comparison) -> Sequence[str]:
    measured = [*comparison.ours.values(), *comparison.stock.values()]
    busiest = max(pooled(rounds).other_cores for rounds in measured)
    failed = sum(pooled(rounds).failed for rounds in measured)
    found = []
    if busiest > QUIET_CORES:
        found.append(
            f"**The machine was not quiet:** something else used up to {busiest:.1f} cores during a measurement."
            " Times and CPU times are too long, for both, and ratios vary with it. Repeat on a quiet machine."
        )
    if failed:
        reasons = "; ".join(
            f"{name}: {reason} ({count})"
            for name, by_clients in (("Tiếp Dân", comparison.ours), ("stock Rasa", comparison.stock))
            for reason, count in pooled([m for rounds in by_clients.values() for m in rounds]).errors.items()
        )
        found.append(f"**{failed} turns failed:** {reasons}.")
    return found


def _cpu(m: Measurement) -> str:
    parts = m.cpu_ms_per_turn
    each = ", ".join(f"{name} {ms:.1f}" for name, ms in parts.items())
    return f"{sum(parts.values()):.1f} ({each})"


def _held(held: bool) -> str:
    return "yes" if held else "**no**"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
