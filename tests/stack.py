"""A running stack for tests: models made once, a private database and private ports."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from bot.preparation import preparation
from bot.settings import Settings, load
from bot.stack import private_settings, rasa_child, service_child
from bot.steps import run_steps
from bot.supervisor import Supervisor

T = TypeVar("T")


class EventLoopThread:
    """An event loop in a thread of its own, for what must run on while a synchronous test waits."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run to the end and return the result."""
        future: Future[T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return future.result()

    def close(self) -> None:
        """Stop the loop."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def models_ready(settings: Settings) -> Settings:
    """Return the settings after training and building whatever is missing (a no-op when all is there)."""
    thread = EventLoopThread()  # the caller may be inside an event loop of its own
    try:
        thread.run(run_steps(preparation(settings), print))
    finally:
        thread.close()
    return settings


class RunningStack:
    """Service and Rasa under a supervisor, in the background; `settings` tell address, tokens and folders."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        self.settings = private_settings(models_ready(load()), folder).model_copy(update=changes)
        self._thread = EventLoopThread()
        self._supervisor = Supervisor([service_child(self.settings), rasa_child(self.settings)], print)

    @property
    def base_url(self) -> str:
        """The service's address."""
        return self.settings.base_url

    @property
    def evaluation_token(self) -> str:
        """The token that lets a turn carry its own clock."""
        token = self.settings.evaluation_token
        return token.get_secret_value() if token else ""

    def start(self) -> None:
        """Start both processes and wait until they are healthy."""

        async def begin() -> None:
            await self._supervisor.__aenter__()
            await self._supervisor.until_healthy()

        self._thread.run(begin())

    def stop(self) -> None:
        """Stop both processes."""
        self._thread.run(self._supervisor.__aexit__(None, None, None))
        self._thread.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the stack's loop and return its result."""
        return self._thread.run(work)
