"""Runs the measurement: a private service, operators signed in, everybody types."""

import asyncio
import contextlib
import os
import random
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from bot.bench.cpu import group_seconds, machine_seconds, own_seconds
from bot.bench.suggest.office import sign_in
from bot.bench.suggest.page import Measured
from bot.bench.suggest.traces import SEED, dealt, traces
from bot.bench.suggest.typing import Operator
from bot.preparation import preparation
from bot.settings import Settings
from bot.stack import private_settings, service_child
from bot.steps import Report, run_steps
from bot.supervisor import Supervisor


async def measured(settings: Settings, questions: Path, count: int, operators: int, report: Report) -> Measured:
    """Let `operators` type `count` questions at once against a service of their own."""
    given = traces(questions, count)
    await run_steps(preparation(settings), report)
    load_before = os.getloadavg()[0]
    async with _service(settings, report) as (private, group), contextlib.AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(httpx.AsyncClient(base_url=private.base_url, timeout=30))
            for _ in range(operators)
        ]
        await sign_in(private, clients, report)
        people = [
            Operator(http, f"bench-{number}", random.Random(SEED + number))  # noqa: S311 - a reproducible pace
            for number, http in enumerate(clients)
        ]
        report(f"{operators} người gõ {len(given)} câu …")
        cpu, own, machine, began = group_seconds(group), own_seconds(), machine_seconds(), time.perf_counter()
        await asyncio.gather(*(p.work(mine) for p, mine in zip(people, dealt(given, operators), strict=True)))
        seconds = time.perf_counter() - began
        cpu, own, machine = group_seconds(group) - cpu, own_seconds() - own, machine_seconds() - machine
    typed = tuple(one for person in people for one in person.typed)
    return Measured(typed, operators, seconds, cpu, own, max(machine - cpu - own, 0.0), load_before)


@contextlib.asynccontextmanager
async def _service(settings: Settings, report: Report) -> AsyncIterator[tuple[Settings, int]]:
    """Run the service alone: who types needs no dialogue."""
    with tempfile.TemporaryDirectory(prefix="tiepdan-") as folder:
        private = private_settings(settings, Path(folder))
        async with Supervisor([service_child(private)], report) as supervisor:
            await supervisor.until_healthy()
            yield private, supervisor.process_groups()["service"]
