"""Whose turn it is to write to SQLite among the threads of this process."""

import threading
import time
from collections import deque


class WriterTurn:
    """A lock whose urgent waiters go first, in order: what a platform or a citizen waits for at this moment.

    Others are woken in order, but one that comes just then may be faster: to hand the turn over to a thread that must
    first get the processor would leave the database idle. Who has found itself overtaken waits as the urgent do: a
    thread that writes without a pause would otherwise overtake the same one for as long as it liked.
    """

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._held = False
        self._urgent: deque[threading.Lock] = deque()
        self._others: deque[threading.Lock] = deque()

    def acquire(self, timeout_seconds: float, *, urgent: bool = False) -> bool:
        """Wait for the turn; False where it did not come in time."""
        return self._acquire_urgent(timeout_seconds) if urgent else self._acquire(timeout_seconds)

    def release(self) -> None:
        """Give the turn to the next."""
        with self._mutex:
            if self._urgent:
                self._urgent.popleft().release()  # the turn stays taken, by them
                return
            self._held = False
            if self._others:
                self._others.popleft().release()

    def _acquire_urgent(self, timeout_seconds: float) -> bool:
        with self._mutex:
            if not self._held:
                self._held = True
                return True
            mine = _closed()
            self._urgent.append(mine)
        if mine.acquire(timeout=timeout_seconds):
            return True
        with self._mutex:
            if mine in self._urgent:
                self._urgent.remove(mine)
                return False
        return True  # it came at the last moment

    def _acquire(self, timeout_seconds: float) -> bool:
        deadline = time.monotonic() + timeout_seconds
        with self._mutex:
            if not self._held:
                self._held = True
                return True
            mine = _closed()
            self._others.append(mine)
        if not mine.acquire(timeout=timeout_seconds):
            with self._mutex:
                if mine in self._others:
                    self._others.remove(mine)
                    return False
            # It was woken at the last moment: nobody else was, so it must look once more.
        return self._acquire_urgent(max(deadline - time.monotonic(), 0.0))


def _closed() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock
