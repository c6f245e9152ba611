"""Webhooks that come together are stored together: one wait for the database and one commit for all of them."""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.channels.receiving import Taken
from bot.core.errors import StoreUnavailable

if TYPE_CHECKING:
    from channels.hooks import Hook

log = logging.getLogger(__name__)
MOST = 64
# A store that refuses sooner than this is there: two replicas stood in each other's way, and one body alone does not.
_QUICK_SECONDS = 2.0
Outcome = Taken | int | StoreUnavailable


@dataclass(frozen=True)
class _Delivery:
    hook: "Hook"
    body: bytes
    headers: Mapping[str, str]
    outcome: "asyncio.Future[Outcome]"


class Gatherer:
    """Checks and stores bodies in `executor`, one batch after the other; what comes meanwhile is the next batch."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._waiting: list[_Delivery] = []
        self._running: asyncio.Task[None] | None = None

    async def take(self, hook: "Hook", body: bytes, headers: Mapping[str, str]) -> Taken | int:
        """Check and store a body; the status of what is not admitted. Raises StoreUnavailable."""
        delivery = _Delivery(hook, body, headers, asyncio.get_running_loop().create_future())
        self._waiting.append(delivery)
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        outcome = await delivery.outcome
        if isinstance(outcome, StoreUnavailable):
            raise outcome
        return outcome

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                outcomes: Sequence[Outcome] = [StoreUnavailable("the service ends")] * len(batch)
                try:
                    outcomes = await loop.run_in_executor(self._executor, _dealt_with, batch)
                except RuntimeError:
                    log.warning("webhooks are not taken any more")  # the executor is shut down
                finally:
                    for delivery, outcome in zip(batch, outcomes, strict=True):
                        if not delivery.outcome.done():  # else the platform did not wait
                            delivery.outcome.set_result(outcome)
        finally:
            self._running = None


def _dealt_with(batch: Sequence[_Delivery]) -> list[Outcome]:
    """Check each body and store those of each channel in one transaction. Never raises."""
    outcomes: list[Outcome] = []
    admitted: dict[str, list[int]] = {}
    for place, delivery in enumerate(batch):
        status = _admitted(delivery)
        outcomes.append(Taken() if status is None else status)
        if status is None:
            admitted.setdefault(delivery.hook.name, []).append(place)
    for places in admitted.values():
        for place, outcome in zip(places, _stored([batch[place] for place in places]), strict=True):
            outcomes[place] = outcome
    return outcomes


def _admitted(delivery: _Delivery) -> int | None:
    try:
        return delivery.hook.admit(delivery.body, delivery.headers)
    except Exception as error:
        log.error("a check failed", extra={"channel": delivery.hook.name, "cause": type(error).__name__})
        return 503


def _stored(batch: Sequence[_Delivery]) -> list[Outcome]:
    """Store bodies of one channel, together, or each alone where that fails."""
    receiver, began = batch[0].hook.receiver, time.monotonic()
    try:
        return list(receiver.take_all([delivery.body for delivery in batch]))
    except StoreUnavailable as error:
        if len(batch) == 1 or time.monotonic() - began > _QUICK_SECONDS:
            return [error] * len(batch)
    except Exception as error:
        log.error("a batch was not stored", extra={"channel": batch[0].hook.name, "cause": type(error).__name__})
        if len(batch) == 1:
            return [StoreUnavailable("a body was not stored")]
    return [_stored([delivery])[0] for delivery in batch]
