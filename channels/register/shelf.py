"""The register as it was read last: read anew when it is old, by one reader while the others wait."""

import threading
from collections.abc import Sequence
from datetime import datetime

from bot.core.cases.register import Entry, Register
from bot.core.ports import Clock


class Shelf:
    """Keeps the register for `seconds`; blocking, safe between threads. A correction is seen after that time."""

    def __init__(self, register: Register, clock: Clock, seconds: float = 60.0) -> None:
        self._register = register
        self._clock = clock
        self._seconds = seconds
        self._lock = threading.Lock()
        self._entries: Sequence[Entry] = ()
        self._read_at: datetime | None = None

    def entries(self) -> Sequence[Entry]:
        """Return the entries, latest first. Raises StoreUnavailable."""
        with self._lock:
            now = self._clock.now()
            if self._read_at is None or not 0 <= (now - self._read_at).total_seconds() < self._seconds:
                self._entries, self._read_at = tuple(self._register.entries()), now
            return self._entries
