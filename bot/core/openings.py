"""Which look at a thing opens it, and which only goes on looking: a page reads anew what stands open on it."""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

_REMEMBERED = 2_000


class Openings:
    """Remembers who looks at what. Safe between threads.

    A look after a pause of `pause` opens anew. It is kept in memory: a replica or a restart that knows nothing of an
    opening has it audited again, never too seldom.
    """

    def __init__(self, pause: timedelta) -> None:
        self._pause = pause
        self._lock = threading.Lock()
        self._seen: OrderedDict[tuple[str, str], datetime] = OrderedDict()

    def opens(self, who: str, what: str, now: datetime) -> bool:
        """Note a look; True where it opens."""
        key = (who, what)
        with self._lock:
            before = self._seen.get(key)
            self._seen[key] = now
            self._seen.move_to_end(key)
            while len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        return before is None or now - before >= self._pause
