"""Processes of the crash test: started again whenever they die, killed at random, given a disk that is full."""

import asyncio
import contextlib
import math
import os
import random
import resource
import signal
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.processes import Child, Process

# So little may be written to any file while its disk is «full»: not even the log of the database grows.
FULL_BYTES = 512


@dataclass
class Role:
    """A process that must be there; `killed_at`, `deaths` and `full` tell what was done to it."""

    child: Child
    chance: random.Random
    killed_at: list[datetime] = field(default_factory=list)
    deaths: int = 0
    full: int = 0
    is_full: bool = False
    _process: Process | None = None
    _task: "asyncio.Task[Any] | None" = None
    _tasks: "list[asyncio.Task[Any]]" = field(default_factory=list)

    @property
    def kills(self) -> int:
        """How often it was killed."""
        return len(self.killed_at)

    async def start(self, seconds: float = 60) -> None:
        """Start it, and again whenever it ends; return when it is healthy."""
        self._task = asyncio.create_task(self._keep())
        await self.until_healthy(seconds)

    async def stop(self) -> None:
        """End it for good."""
        self.leave_alone()
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._process:
            await self._process.stop(5)

    def torment(self, longest_life_seconds: float, *, fill: bool = True, most_kills: float = math.inf) -> None:
        """Kill it and fill its disk at random from now on."""
        works = [self._kill_at_random(longest_life_seconds, most_kills)]
        if fill:
            works.append(self._fill_at_random(longest_life_seconds))
        self._tasks = [asyncio.create_task(work) for work in works]

    def leave_alone(self) -> None:
        """Kill it no more and give it its disk back."""
        for task in self._tasks:
            task.cancel()
        self._fill(False)

    async def until_healthy(self, seconds: float = 60) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + seconds
        while not await self.child.health():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.child.name} does not start; see {self.child.log}")
            await asyncio.sleep(0.1)

    async def _keep(self) -> None:
        while True:
            self._process = await Process.start(self.child)
            if self.is_full:
                self._limit(FULL_BYTES)
            await self._process.wait()
            self.deaths += 1
            await asyncio.sleep(self.chance.uniform(0, 0.4))

    async def _kill_at_random(self, longest: float, most: float) -> None:
        while self.kills < most:
            # Alive first, else it would never get anywhere.
            with contextlib.suppress(TimeoutError):
                await self.until_healthy(15)
            await asyncio.sleep(self.chance.uniform(0.05, longest))
            if self._process:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._process.pid, signal.SIGKILL)
                    self.killed_at.append(datetime.now(UTC))
            await asyncio.sleep(0.2)

    async def _fill_at_random(self, longest: float) -> None:
        while True:
            await asyncio.sleep(self.chance.uniform(0.2, longest))
            self._fill(True)
            self.full += 1
            await asyncio.sleep(self.chance.uniform(0.3, 1.2))
            self._fill(False)
            await asyncio.sleep(self.chance.uniform(0, longest))

    def _fill(self, full: bool) -> None:
        self.is_full = full
        self._limit(FULL_BYTES if full else resource.RLIM_INFINITY)

    def _limit(self, limit: int) -> None:
        if self._process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                hard = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)[1]
                resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (limit, hard))
