"""Limits on how often something is asked: a bucket of tokens for each caller. Pure, of one process."""

import threading
from collections import OrderedDict

_REMEMBERED = 2_000


class Pace:
    """Lets `burst` calls of one key through at once, and then `per_second`. Safe between threads.

    Kept per process, on purpose: it slows floods down. What must hold over replicas is counted in the store.
    """

    def __init__(self, per_second: float, burst: int) -> None:
        self._per_second = per_second
        self._burst = float(burst)
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, moment: float) -> float:
        """Count a call and return 0, or return in how many seconds one is let through and count none."""
        with self._lock:
            left, before = self._buckets.get(key, (self._burst, moment))
            left = min(self._burst, left + max(moment - before, 0.0) * self._per_second)
            wait = 0.0 if left >= 1 else (1 - left) / self._per_second
            self._buckets[key] = (left if wait else left - 1, moment)
            self._buckets.move_to_end(key)
            while len(self._buckets) > _REMEMBERED:
                self._buckets.popitem(last=False)
            return wait
