"""Operators who type at once, as the page does it: wait, ask, drop what is stale."""

import asyncio
import contextlib
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

from bot.bench.suggest.traces import WAIT, Trace

#: The right procedure must be among so many, before this share of the letters is typed.
SHOWN, EARLY = 3, 0.6
PATH = "/api/console/suggest"
SECONDS = 10.0


@dataclass(frozen=True)
class Asked:
    """A request that was sent: how many letters were typed, how long it took, what came.

    `ids` is None where it was dropped for a newer one; `seconds` is then how long it had been waiting. `status` is 0
    where no answer came at all.
    """

    letters: int
    seconds: float
    status: int
    ids: tuple[str, ...] | None


@dataclass(frozen=True)
class Typed:
    """A trace that was typed, with the requests that were sent for it, in order."""

    trace: Trace
    asked: tuple[Asked, ...]

    def first_shown(self) -> float | None:
        """Return the share of letters after which a right procedure was first shown; None where it never was."""
        for each in self.asked:
            if each.ids is not None and self.trace.right & set(each.ids[:SHOWN]):
                return each.letters / len(self.trace.text)
        return None

    def early(self) -> bool:
        """True when it was shown before EARLY of the letters were typed."""
        first = self.first_shown()
        return first is not None and first < EARLY

    def at_the_end(self) -> bool:
        """True when it is shown once everything is typed."""
        last = next((each for each in reversed(self.asked) if each.ids is not None), None)
        return last is not None and bool(self.trace.right & set((last.ids or ())[:SHOWN]))


@dataclass
class Operator:
    """One operator with a signed-in client. `codes` gives the ids that a national code stands for."""

    http: httpx.AsyncClient
    name: str
    rng: random.Random
    typed: list[Typed] = field(default_factory=list)

    async def work(self, given: Sequence[Trace]) -> None:
        """Type one question after the other."""
        await asyncio.sleep(self.rng.random())  # nobody begins with the others
        for trace in given:
            self.typed.append(await self._type(trace))

    async def _type(self, trace: Trace) -> Typed:
        asked: list[Asked] = []
        running: asyncio.Task[None] | None = None
        loop = asyncio.get_running_loop()
        due = loop.time()
        keys = list(trace.keys(self.rng))
        for number, key in enumerate(keys):
            due += key.after
            await asyncio.sleep(max(0.0, due - loop.time()))
            next_key = keys[number + 1].after if number + 1 < len(keys) else SECONDS
            if next_key <= WAIT:
                continue  # the next key comes before the page asks
            await asyncio.sleep(max(0.0, due + WAIT - loop.time()))
            if running is not None and not running.done():
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
            running = asyncio.create_task(self._ask(key.text, asked))
        if running is not None:
            await asyncio.gather(running, return_exceptions=True)
        return Typed(trace, tuple(asked))

    async def _ask(self, text: str, asked: list[Asked]) -> None:
        began = time.perf_counter()
        status, ids = 0, None
        try:
            with contextlib.suppress(httpx.HTTPError):
                answer = await self.http.get(PATH, params={"q": text, "client": self.name}, timeout=SECONDS)
                status = answer.status_code
                if status == httpx.codes.OK:
                    ids = tuple(item["procedure_id"] for item in answer.json()["items"])
        finally:  # a dropped request is told too
            asked.append(Asked(len(text), time.perf_counter() - began, status, ids))
