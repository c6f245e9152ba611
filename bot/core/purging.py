"""Deleting what has been dealt with long ago: bodies of platforms, messages as typed, what was handed over, sessions.

What is not dealt with is never deleted, however old it is. The conversation's log, with personal numbers masked, and
cases stay as they are.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from bot.core.errors import StoreUnavailable
from bot.core.ports import Clock, UnitOfWorkFactory

log = logging.getLogger(__name__)
# So many rows of a table in one transaction: others write between two.
BATCH = 500
_EVERY_SECONDS = 3_600.0
_PAUSE_SECONDS = 0.2


class Purger:
    """Purges now and then. Any number may share a store."""

    def __init__(self, units: UnitOfWorkFactory, clock: Clock, days: int) -> None:
        self._units = units
        self._clock = clock
        self._kept = timedelta(days=days)

    async def run(self) -> None:
        """Purge every hour until cancelled; a store that does not answer is asked again then."""
        while True:
            try:
                deleted = await self.sweep()
                if deleted:
                    log.info("purged", extra={"rows": dict(deleted)})
            except StoreUnavailable as error:
                log.warning("nothing was purged", extra={"cause": str(error)})
            await asyncio.sleep(_EVERY_SECONDS)

    async def sweep(self) -> Mapping[str, int]:
        """Delete all that is due, a batch at a time; return how many rows of each table. Raises StoreUnavailable."""
        total: Counter[str] = Counter()
        while True:
            deleted = await asyncio.to_thread(self._batch)
            total.update(deleted)
            if max(deleted.values(), default=0) < BATCH:
                return {table: rows for table, rows in total.items() if rows}
            await asyncio.sleep(_PAUSE_SECONDS)

    def _batch(self) -> Mapping[str, int]:
        now = self._clock.now()
        with self._units() as unit:
            deleted = unit.purge(now - self._kept, now, BATCH)
            unit.commit()
        return deleted
