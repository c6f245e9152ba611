"""Keeps many things moving, each by one task at a time: woken by this process, and by looking at the store."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bot.core.lanes import Lanes

T = TypeVar("T")
log = logging.getLogger(__name__)
_BATCH = 100


class Keeper:
    """Runs `step(key)` for every key with due work until there is no more, at most `concurrency` at once.

    `lane` says to which crowd a key belongs; crowds take turns, so that a large one does not hold a small one up.
    `due(limit)` (blocking) names the keys that have work and that nobody holds; `release` (blocking) gives this
    worker's leases back at the end; before that, what is in hand gets `stop_seconds` to end.
    """

    stop_seconds = 3.0

    def __init__(
        self,
        step: Callable[[str], Awaitable[bool]],
        due: Callable[[int], Sequence[str]],
        release: Callable[[], None],
        *,
        concurrency: int = 8,
        poll_seconds: float = 0.5,
        lane: Callable[[str], str] = lambda _key: "",
    ) -> None:
        self._step = step
        self._due = due
        self._release = release
        self._lanes = Lanes(concurrency)
        self._lane = lane
        self._poll_seconds = poll_seconds
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def wake(self, key: str) -> None:
        """Work on this now, or once more when what runs ends. Call from the event loop."""
        if key in self._tasks:
            self._again.add(key)
        else:
            self._tasks[key] = asyncio.create_task(self._work(key))

    async def run(self) -> None:
        """Look for work until cancelled; then what is in hand gets a moment to end, and leases are given back."""
        try:
            while True:
                await self._guard(self._poll)
                await asyncio.sleep(self._poll_seconds)
        finally:
            tasks = list(self._tasks.values())
            if tasks:
                await asyncio.wait(tasks, timeout=self.stop_seconds)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._guard(lambda: asyncio.to_thread(self._release))

    async def _poll(self) -> None:
        for key in await asyncio.to_thread(self._due, _BATCH):
            if key not in self._tasks:
                self.wake(key)

    async def _work(self, key: str) -> None:
        try:
            while True:
                # Between two steps the slot is given up: whoever has much to do lets others in.
                async with self._lanes.slot(self._lane(key)):
                    self._again.discard(key)
                    more = await self._guard(lambda: self._step(key))
                if not more and key not in self._again:
                    return
        finally:
            del self._tasks[key]

    async def _guard(self, step: Callable[[], Awaitable[T]]) -> T | None:
        """Run a step; an unexpected failure is logged by kind alone and must not stop the loop."""
        try:
            return await step()
        except Exception as error:
            log.error("step failed", extra={"keeper": type(self).__name__, "cause": type(error).__name__})
            await asyncio.sleep(self._poll_seconds)
            return None
