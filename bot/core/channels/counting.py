"""Counts of what happens on a channel, added up in memory and written together."""

import threading
from collections import Counter

from bot.core.ports import UnitOfWorkFactory


class CountBook:
    """Adds up without blocking; `flush` writes. What a crash forgets is a few seconds of figures, nothing else."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def add(self, name: str, amount: int = 1) -> None:
        """Add to the counter of a name. Any thread may call; never raises."""
        with self._lock:
            self._counts[name] += amount

    def flush(self, units: UnitOfWorkFactory) -> None:
        """Write what was added since the last time; kept for the next one where that fails. Blocking."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        if not counts:
            return
        try:
            with units() as unit:
                for name, amount in sorted(counts.items()):
                    unit.threads.count(self._channel, name, amount)
                unit.commit()
        except Exception:
            with self._lock:
                self._counts.update(counts)
            raise
