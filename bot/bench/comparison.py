"""Runs the benchmark of turns: Tiếp Dân and stock Rasa side by side, in rounds of alternating order."""

import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.bench.product import product
from bot.bench.scripts import SCRIPTS
from bot.bench.stock import stock, trained
from bot.bench.turns import Assistant, Measurement, measure
from bot.settings import Settings
from bot.steps import Report

ONE, MANY = 1, 8
TURNS_PER_SCRIPT = len(SCRIPTS[0])


@dataclass(frozen=True)
class Plan:
    """How much is measured; `one`, `many` and `warm_up` count conversations, of each round or before the first.

    Many short rounds rather than few long ones: a machine's speed drifts within minutes.
    """

    rounds: int = 8
    one: int = 8
    many: int = 32
    warm_up: int = 16
    epochs: int = 3

    def conversations(self, clients: int) -> int:
        """Return how many conversations a round plays with so many clients."""
        return self.one if clients == ONE else self.many


QUICK = Plan(rounds=1, one=4, many=16, warm_up=8)


@dataclass(frozen=True)
class Comparison:
    """The measured rounds, ours and the peer's by number of clients, in order."""

    plan: Plan
    rasa_version: str
    load_before: float
    ours: dict[int, tuple[Measurement, ...]]
    stock: dict[int, tuple[Measurement, ...]]

    def better(self, clients: int, cost: Callable[[Measurement], float]) -> list[float]:
        """Return, for each round, how many times the peer's cost is ours."""
        return [cost(peer) / cost(ours) for ours, peer in zip(self.ours[clients], self.stock[clients], strict=True)]


async def compare(settings: Settings, plan: Plan, report: Report) -> Comparison:
    """Prepare, run and measure both; everything is stopped again when this returns.

    Raises ConfigurationError or StepFailed when one of them cannot be made or started.
    """
    model = await trained(settings, plan.epochs, report)
    async with contextlib.AsyncExitStack() as running:
        ours = await running.enter_async_context(product(settings, report))
        report("starting stock Rasa …")
        peer = await running.enter_async_context(stock(model, settings.logs_dir, report))
        report("warming up …")
        for assistant in (ours, peer):
            for clients in (ONE, MANY):
                await measure(assistant, SCRIPTS, clients, plan.warm_up)
        load_before = os.getloadavg()[0]
        rounds = [await _round(number, ours, peer, plan, report) for number in range(plan.rounds)]
    return Comparison(
        plan,
        model.rasa_version,
        load_before,
        {clients: tuple(r[ours.name, clients] for r in rounds) for clients in (ONE, MANY)},
        {clients: tuple(r[peer.name, clients] for r in rounds) for clients in (ONE, MANY)},
    )


async def _round(
    number: int, ours: Assistant, peer: Assistant, plan: Plan, report: Report
) -> dict[tuple[str, int], Measurement]:
    """Measure both, the one that went second in the last round first."""
    order: Sequence[Assistant] = (ours, peer) if number % 2 == 0 else (peer, ours)
    measured = {}
    for clients in (ONE, MANY):
        for assistant in order:
            m = await measure(assistant, SCRIPTS, clients, plan.conversations(clients))
            measured[assistant.name, clients] = m
            report(
                f"round {number + 1}/{plan.rounds}: {assistant.name}, {clients} client{'s' * (clients > 1)}: p50 "
                f"{m.percentile_ms(50):.0f} ms, p95 {m.percentile_ms(95):.0f} ms, {m.turns_per_second:.1f} turns/s, "
                f"{m.failed} failed"
            )
    return measured
