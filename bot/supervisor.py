"""Keeps child processes running: waits until they are healthy, restarts those that die or hang, stops them all."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType

from bot.core.errors import ConfigurationError
from bot.processes import EXIT_CONFIGURATION, Child, Process, rotate
from bot.steps import Report


@dataclass(frozen=True)
class Patience:
    """How long the supervisor waits for what, in seconds."""

    first_poll: float = 0.25  # between health questions until the first good answer
    poll: float = 2.0  # between health questions afterwards
    answer: float = 5.0  # for one health answer
    start: float = 300.0  # from the start to the first good answer
    unhealthy: float = 30.0  # without a good answer, before the child is killed
    stop: float = 8.0  # for a child to end when asked
    backoff: tuple[float, ...] = (1, 2, 4, 8, 16, 30)  # before the first, second … start in a row; the last repeats
    steady: float = 60.0  # a run this long starts the back-off anew
    first_starts: int = 3  # failures in a row, before the child was ever healthy, that end everything


class Supervisor:
    """Runs children for as long as its `async with` block: entered, they start; left, they are gone.

    A child that exits with 78, or that fails `first_starts` times before it was ever healthy, makes `until_healthy`
    and `watch` raise ConfigurationError with its last line of output.
    """

    def __init__(self, children: Sequence[Child], report: Report, patience: Patience | None = None) -> None:
        self._children = children
        self._report = report
        self._patience = patience or Patience()
        self._running: dict[str, Process] = {}
        self._healthy = {child.name: asyncio.Event() for child in children}
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Supervisor":
        for child in self._children:
            rotate(child.log)
        self._tasks = [asyncio.create_task(self._tend(child), name=child.name) for child in self._children]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(process.stop(self._patience.stop) for process in self._running.values()))

    def pid(self, name: str) -> int | None:
        """Return the process id of the named child; None while it is not running."""
        process = self._running.get(name)
        return process.pid if process else None

    def process_groups(self) -> dict[str, int]:
        """Return the process group ids of the children that are running now, by name."""
        return {name: process.pid for name, process in self._running.items()}

    async def until_healthy(self) -> None:
        """Wait until all children are healthy at once. Raises ConfigurationError."""
        await self._first_of(asyncio.create_task(self._all_healthy()))

    async def watch(self) -> None:
        """Keep the children running for ever. Raises ConfigurationError."""
        await self._first_of(asyncio.create_task(asyncio.Event().wait()))

    async def _all_healthy(self) -> None:
        while not all(event.is_set() for event in self._healthy.values()):
            for event in self._healthy.values():
                await event.wait()

    async def _first_of(self, awaited: "asyncio.Task[None] | asyncio.Task[bool]") -> None:
        """Wait for a task, or for the first child that cannot be kept running."""
        try:
            done, _ = await asyncio.wait({awaited, *self._tasks}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            awaited.cancel()
        for task in done:
            task.result()

    async def _tend(self, child: Child) -> None:
        """Start the child again and again."""
        patience = self._patience
        failures = 0
        was_healthy = False
        while True:
            began = time.monotonic()
            process = await Process.start(child)
            self._running[child.name] = process
            reason = await self._attend(child, process)
            was_healthy = was_healthy or self._healthy[child.name].is_set()
            self._healthy[child.name].clear()
            del self._running[child.name]
            if reason == f"exit {EXIT_CONFIGURATION}":
                raise ConfigurationError(process.last_line() or f"{child.name} cannot start; see {child.log}")
            failures = 1 if time.monotonic() - began >= patience.steady else failures + 1
            if not was_healthy and failures >= patience.first_starts:
                raise ConfigurationError(
                    f"{child.name} does not start ({reason}): {process.last_line()} (all of it is in {child.log})"
                )
            pause = patience.backoff[min(failures, len(patience.backoff)) - 1]
            self._report(f"{child.name} stopped ({reason}); starting it again in {pause:g} s; log: {child.log}")
            await asyncio.sleep(pause)

    async def _attend(self, child: Child, process: Process) -> str:
        """Watch one run to its end, and return why it ended; one that hangs is killed."""
        patience = self._patience
        healthy = self._healthy[child.name]
        last_good = time.monotonic()
        end = asyncio.create_task(process.wait())
        try:
            while True:
                allowed = patience.unhealthy if healthy.is_set() else patience.start
                if await self._answers(child):
                    last_good = time.monotonic()
                    healthy.set()
                elif time.monotonic() - last_good >= allowed and not end.done():
                    await process.stop(0)
                    return f"no healthy answer for {allowed:g} s"
                interval = patience.poll if healthy.is_set() else patience.first_poll
                await asyncio.wait({end}, timeout=interval)
                if end.done():
                    await process.stop(0)  # what it may have left behind
                    code = end.result()
                    return f"exit {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"
        finally:
            end.cancel()

    async def _answers(self, child: Child) -> bool:
        """Ask the child's health; no answer in time is a bad one."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._patience.answer):
                return await child.health()
        return False
