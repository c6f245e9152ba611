"""Keeps to Telegram's flood limits by itself: so many messages a second in all, one a second in a chat."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.core.channels.contract import Failure, SendFailed

_MOST_CHATS = 10_000


class Pace:
    """Turns for sending in one process; with several, each gets its share of `overall`.

    `clock` gives seconds that never go back. `patience`: the longest wait for a turn in seconds.
    """

    def __init__(
        self,
        overall: int = 30,
        chat_seconds: float = 1.0,
        patience: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._taken: deque[float] = deque(maxlen=overall)
        self._free: dict[str, float] = {}
        self._chat_seconds = chat_seconds
        self._patience = patience
        self._clock = clock
        self._sleep = sleep

    async def turn(self, chat: str) -> None:
        """Return when a message may be sent to the chat. Raises SendFailed(WAIT) where that takes too long."""
        started = self._clock()
        while (wait := self._wait(chat)) > 0:
            if self._clock() - started + wait > self._patience:
                raise SendFailed(Failure.WAIT, "pace", timedelta(seconds=wait))
            await self._sleep(wait)
        now = self._clock()
        self._taken.append(now)
        self._free[chat] = now + self._chat_seconds
        if len(self._free) > _MOST_CHATS:
            self._free = {known: free for known, free in self._free.items() if free > now}

    def hold(self, chat: str, seconds: float) -> None:
        """Give the chat no turn for so long: Telegram said so."""
        self._free[chat] = max(self._free.get(chat, 0.0), self._clock() + seconds)

    def _wait(self, chat: str) -> float:
        now = self._clock()
        full = len(self._taken) == self._taken.maxlen
        return max(self._free.get(chat, now) - now, self._taken[0] + 1.0 - now if full else 0.0)
