"""Waking open streams when a conversation has something new."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol


class Subscription(Protocol):
    """One listener's view of a conversation."""

    async def wait(self, timeout_seconds: float) -> bool:
        """Return True as soon as the conversation was published since the last call, False after the timeout.

        A wake-up says only «look again»: it may be lost or come twice, so readers re-read the store by sequence.
        """
        ...


class Notifier(Protocol):
    """Wakes those who listen to a conversation; carries no content."""

    def subscribe(self, conversation_id: str) -> AbstractContextManager[Subscription]:
        """Listen from now until the context ends. Called in the event loop that will wait."""
        ...

    def publish(self, conversation_id: str) -> None:
        """Wake every listener of the conversation. Never blocks; may be called from any thread."""
        ...


class _Wake:
    """A flag that any thread may raise and one task awaits."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def set(self) -> None:
        # A loop that is closing has no listeners left to wake.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self, timeout_seconds: float) -> bool:
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        # Cleared before the caller reads the store, so a publish during the read is seen by the next wait.
        self._event.clear()
        return True


class InProcessNotifier:
    """A Notifier for one service process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[str, set[_Wake]] = {}

    @contextlib.contextmanager
    def subscribe(self, conversation_id: str) -> Iterator[Subscription]:
        """Listen from now until the context ends. Called in the event loop that will wait."""
        wake = _Wake()
        with self._lock:
            self._listeners.setdefault(conversation_id, set()).add(wake)
        try:
            yield wake
        finally:
            with self._lock:
                listeners = self._listeners[conversation_id]
                listeners.discard(wake)
                if not listeners:
                    del self._listeners[conversation_id]

    def publish(self, conversation_id: str) -> None:
        """Wake every listener of the conversation. Never blocks; may be called from any thread."""
        with self._lock:
            listeners = tuple(self._listeners.get(conversation_id, ()))
        for wake in listeners:
            wake.set()
