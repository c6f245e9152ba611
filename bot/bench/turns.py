"""Measures turns of an assistant: latency, turns per second, errors and processor time, for some clients at once."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Protocol

from bot.bench.cpu import group_seconds, machine_seconds, own_seconds
from bot.core.errors import TiepDanError

TURN_SECONDS = 30.0


class TurnFailed(TiepDanError):
    """A turn had no proper reply; the message says in a few words why."""


class Conversation(Protocol):
    """One client's open conversation with an assistant."""

    async def turn(self, text: str) -> None:
        """Send a message and return when its reply is here. Raises TurnFailed."""
        ...


@dataclass(frozen=True)
class Assistant:
    """What is measured: how to open a conversation with it, and the process groups it consists of, by name."""

    name: str
    open: Callable[[], AbstractAsyncContextManager[Conversation]]
    process_groups: Mapping[str, int]


@dataclass(frozen=True)
class Measurement:
    """What a number of turns took.

    `latencies` are seconds of answered turns; `seconds` is the wall time from the first conversation's opening to the
    last reply; `cpu` is processor seconds by process; `other_cpu` those of everything else that ran on the machine.
    """

    clients: int
    latencies: tuple[float, ...]
    errors: Mapping[str, int]
    seconds: float
    cpu: Mapping[str, float]
    client_cpu: float
    other_cpu: float

    @property
    def turns_per_second(self) -> float:
        """Answered turns per second of wall time, the opening of conversations included."""
        return len(self.latencies) / self.seconds

    @property
    def failed(self) -> int:
        """Turns without a proper reply."""
        return sum(self.errors.values())

    @property
    def cpu_ms_per_turn(self) -> dict[str, float]:
        """Processor milliseconds per answered turn, by process; failed turns' time is in it."""
        return {name: 1000 * seconds / max(len(self.latencies), 1) for name, seconds in self.cpu.items()}

    @property
    def other_cores(self) -> float:
        """How many cores something else kept busy meanwhile, on average."""
        return self.other_cpu / self.seconds

    def percentile_ms(self, percent: float) -> float:
        """Return the latency in ms that `percent` of the answered turns did not exceed (nearest rank).

        Infinite where no turn was answered.
        """
        if not self.latencies:
            return math.inf
        rank = math.ceil(percent / 100 * len(self.latencies))
        return 1000 * sorted(self.latencies)[max(rank, 1) - 1]


def pooled(measurements: Sequence[Measurement]) -> Measurement:
    """Return several rounds with the same number of clients as one."""
    return Measurement(
        measurements[0].clients,
        tuple(latency for m in measurements for latency in m.latencies),
        sum((Counter(m.errors) for m in measurements), Counter()),
        sum(m.seconds for m in measurements),
        {name: sum(m.cpu[name] for m in measurements) for name in measurements[0].cpu},
        sum(m.client_cpu for m in measurements),
        sum(m.other_cpu for m in measurements),
    )


@dataclass
class _Record:
    latencies: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)


async def measure(
    assistant: Assistant,
    scripts: Sequence[Sequence[str]],
    clients: int,
    conversations: int,
    turn_seconds: float = TURN_SECONDS,
) -> Measurement:
    """Play conversations with `clients` clients at once, each one conversation after another, and measure them.

    The scripts are taken in turn. A failed turn, or one without a reply after `turn_seconds`, is counted and ends
    its conversation.
    """
    waiting = islice(cycle(scripts), conversations)
    record = _Record()
    groups = assistant.process_groups
    cpu_before = {name: group_seconds(group) for name, group in groups.items()}
    own_before, machine_before, began = own_seconds(), machine_seconds(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(_client(assistant, waiting, record, turn_seconds))
    seconds = time.perf_counter() - began
    cpu = {name: group_seconds(group) - cpu_before[name] for name, group in groups.items()}
    client_cpu = own_seconds() - own_before
    other_cpu = max(machine_seconds() - machine_before - client_cpu - sum(cpu.values()), 0.0)
    return Measurement(clients, tuple(record.latencies), record.errors, seconds, cpu, client_cpu, other_cpu)


async def _client(
    assistant: Assistant, waiting: Iterator[Sequence[str]], record: _Record, turn_seconds: float
) -> None:
    """Play one conversation after another until none is waiting."""
    for script in waiting:
        try:
            async with asyncio.timeout(turn_seconds * (len(script) + 1)), assistant.open() as conversation:
                for text in script:
                    async with asyncio.timeout(turn_seconds):
                        began = time.perf_counter()
                        await conversation.turn(text)
                        record.latencies.append(time.perf_counter() - began)
        except TurnFailed as failure:
            record.errors[str(failure)] += 1
        except TimeoutError:
            record.errors[f"no reply within {turn_seconds:g} s"] += 1
