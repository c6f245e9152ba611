"""Scores of routing and dialogues. Pure."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from bot.evaluation.cases import DialogueTurn, RoutingCase


@dataclass(frozen=True)
class Routed:
    """A message with the route it was given and the state after it."""

    case: RoutingCase
    route: str | None
    state: dict[str, Any]

    @property
    def right(self) -> bool:
        """True when the route is the expected one or another acceptable one."""
        return self.route == self.case.expect or self.route in self.case.also_ok


def routing_scores(routed: list[Routed]) -> dict[str, Any]:
    """Return n, accuracy, macro_f1, by_route, behaviour_accuracy and wrongly_opened_cases.

    An acceptable other route counts as the expected one. macro_f1 is the mean over the expected routes.
    behaviour_accuracy is null when no line names a behaviour, or the stack shows none.
    """
    true: dict[str, int] = defaultdict(int)
    hit: dict[str, int] = defaultdict(int)
    given: dict[str, int] = defaultdict(int)
    for r in routed:
        true[r.case.expect] += 1
        given[r.case.expect if r.right else str(r.route)] += 1
        hit[r.case.expect] += r.right
    f1 = [2 * hit[k] / (true[k] + given[k]) for k in true]
    named = [r for r in routed if r.case.behaviour and "behaviour" in r.state]
    behaved = sum(bool(set(r.state.get("behaviour") or ()) & set(r.case.behaviour)) for r in named)
    opened = sum(r.case.note == "must_not_open_case" and r.state.get("no_case") is not True for r in routed)
    return {
        "n": len(routed),
        "accuracy": sum(r.right for r in routed) / len(routed),
        "macro_f1": sum(f1) / len(f1),
        "by_route": {k: {"n": true[k], "recall": hit[k] / true[k]} for k in sorted(true)},
        "behaviour_accuracy": behaved / len(named) if named else None,
        "wrongly_opened_cases": opened,
    }


def unmet(turn: DialogueTurn, state: dict[str, Any]) -> list[str]:
    """Return what does not hold of a turn's expectation, as «key: expected ≠ found»; empty when it is right."""
    expect, failures = turn.expect, []
    if expect.outcome and state.get("outcome") != expect.outcome:
        failures.append(f"outcome: {expect.outcome} ≠ {state.get('outcome')}")
    accepted = [p for p in [expect.procedure, *expect.procedures_ok] if p]
    if accepted and not any(_matches(p, state.get("procedure")) for p in accepted):
        failures.append(f"procedure: {'/'.join(accepted)} ≠ {state.get('procedure')}")
    if expect.facet and state.get("facet") != expect.facet:
        failures.append(f"facet: {expect.facet} ≠ {state.get('facet')}")
    for key, wanted in expect.slots.items():
        if key not in state or not _matches(wanted, state[key]):
            failures.append(f"{key}: {wanted} ≠ {state.get(key)}")
    return failures


def _matches(wanted: Any, found: Any) -> bool:
    if wanted == "*":
        return found not in (None, "", [])
    if wanted is None:
        return found in (None, "", [])
    if isinstance(wanted, list):
        values = found if isinstance(found, list) else [found]
        return any(v in wanted for v in values)
    return wanted in found if isinstance(found, list) else bool(wanted == found)
