"""One thread for what is asked while somebody types: of one client only the latest that waits is worked on."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Superseded(Exception):
    """A newer request of the same client came while this one waited."""


class Latest:
    """Runs work in a thread of its own, one piece after the other, so that typing never waits for other work.

    A piece that waits while a newer one of the same client comes is not run at all.
    """

    def __init__(self, name: str = "typing") -> None:
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._latest: dict[str, object] = {}

    async def run(self, client: str | None, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run and return; without a `client` nothing supersedes the work. Raises Superseded."""
        ticket = object()
        if client is not None:
            self._latest[client] = ticket

        def piece() -> T:
            if client is not None and self._latest.get(client) is not ticket:
                raise Superseded
            return work(*args, **kwargs)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, piece)
        finally:
            if client is not None and self._latest.get(client) is ticket:
                del self._latest[client]

    def close(self) -> None:
        """Let the thread end."""
        self._threads.shutdown(wait=False, cancel_futures=True)
