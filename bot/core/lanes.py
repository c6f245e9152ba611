"""Slots that lanes take turns at, so that nobody waits for a whole crowd in another lane."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Lanes:
    """At most `slots` hold one at a time. A slot that becomes free goes to the next lane in which somebody waits,
    round and round, and within a lane to who came first. Use in one event loop."""

    def __init__(self, slots: int) -> None:
        self._free = slots
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def slot(self, lane: str) -> AsyncIterator[None]:
        """Hold a slot inside the `async with`."""
        await self._enter(lane)
        try:
            yield
        finally:
            self._pass_on()

    async def _enter(self, lane: str) -> None:
        if self._free and not self._waiting:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(lane, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._pass_on()  # it was given to us just now
            raise

    def _pass_on(self) -> None:
        while self._waiting:
            lane, queue = self._waiting.popitem(last=False)
            while queue and queue[0].done():  # gave up waiting
                queue.popleft()
            if not queue:
                continue
            turn = queue.popleft()
            if queue:
                self._waiting[lane] = queue  # behind all the others
            turn.set_result(None)
            return
        self._free += 1
