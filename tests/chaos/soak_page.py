"""docs/channels-reliability.md from what was measured."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from bot.bench.machine import this_machine
from tests.chaos.hostile_attack import Found
from tests.chaos.soak_judge import LIMIT_PERCENT
from tests.chaos.soak_sides import REQUEST_SECONDS, TELEGRAM_FAULTS, ZALO_FAULTS

if TYPE_CHECKING:
    from tests.chaos.soak import Outcome

VIET_NAM = dt.timezone(dt.timedelta(hours=7))
TEMPLATE = Path(__file__).with_name("channels.template.md")
_NAMES = {"zalo": "Zalo", "telegram": "Telegram", "web": "web"}


def page(outcome: "Outcome", attacks: Sequence[Found]) -> str:
    """Return the whole page."""
    verdict, people, machine = outcome.verdict, outcome.people, this_machine()
    latencies = sorted(people.acknowledged) or [0.0]
    return Template(TEMPLATE.read_text("utf-8")).substitute(
        vars(verdict),
        day=dt.datetime.now(VIET_NAM).date().isoformat(),
        processor=machine.processor,
        cores=machine.cores,
        load_mean=f"{sum(outcome.load) / max(len(outcome.load), 1):.1f}",
        load_most=f"{max(outcome.load, default=0):.1f}",
        seed=outcome.plan.seed,
        life=f"{outcome.plan.longest_life_seconds:.0f}",
        on_telegram=sum(name == "telegram" for name, _ in people.said),
        doubles_percent=f"{verdict.doubles_percent:.2f}",
        limit=f"{LIMIT_PERCENT:g}",
        verdict=_verdict(verdict.faults),
        kills=outcome.kills,
        deliveries=people.deliveries,
        repeated=people.repeated,
        again=people.again,
        late=people.late,
        acknowledge_p95=f"{1000 * latencies[int(0.95 * (len(latencies) - 1))]:.0f}",
        seconds=f"{outcome.seconds:.0f}",
        settled=f"{outcome.settled_seconds:.0f}",
        request_seconds=f"{REQUEST_SECONDS:g}",
        answered_turns=verdict.turns["answered"],
        happened=_table(("platform", "fault", "times"), _happened(outcome)),
        fault_shares=f"Zalo {sum(ZALO_FAULTS.values()):.1f} %, Telegram {sum(TELEGRAM_FAULTS.values()):.1f} %",
        unknowable=f"{ZALO_FAULTS['reset-after'] + ZALO_FAULTS['timeout-after']:.1f} %",
        refreshed=outcome.refreshed,
        burnt=outcome.burnt,
        logins=outcome.logins,
        alive="yes" if outcome.alive else "**no**",
        attacks=_table(
            ("channel", "requests", "genuine texts", "statuses", "seconds", "what was wrong"), map(_attack, attacks)
        ),
        kinds=_table(("kind of body", *(_NAMES[one.channel] for one in attacks)), _kinds(attacks)),
    )


def _verdict(faults: Sequence[str]) -> str:
    counted = Counter(faults).items()
    return "; ".join(f"{fault} × {times}" if times > 1 else fault for fault, times in counted) or "as promised"


def _happened(outcome: "Outcome") -> Iterable[Sequence[str]]:
    for name, faults in outcome.happened.items():
        yield (_NAMES[name], "calls that send", str(outcome.calls[name]))
        for fault, times in faults.items():
            yield (_NAMES[name], fault, str(times))


def _attack(found: Found) -> Sequence[str]:
    statuses = ", ".join(f"{status}: {times}" for status, times in sorted(found.statuses.items()))
    wrong = "nothing" if not found.faults else f"**{_verdict(found.faults)}**"
    return (_NAMES[found.channel], str(found.requests), str(found.valid), statuses, f"{found.seconds:.0f}", wrong)


def _kinds(attacks: Sequence[Found]) -> Iterable[Sequence[str]]:
    for kind in sorted({kind for found in attacks for kind in found.kinds}):
        yield (kind, *(str(found.kinds[kind]) for found in attacks))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
