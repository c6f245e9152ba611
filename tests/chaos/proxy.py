"""What lies between service and backend in the crash test: a proxy that spoils calls, in every way a network can."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Awaitable, Callable

SPOILED_SHARE = 0.45
# Longer than the service waits for an answer.
LATE_SECONDS = 1.6


class FaultyProxy:
    """Passes requests on; some it spoils, by the seeded choice of `chance`. `counts` says how often which way.

    The first calls are spoiled in each way once, so that none is left out of a short run. `calm` stops the spoiling.
    """

    def __init__(self, target_port: int, chance: random.Random) -> None:
        self._target_port = target_port
        self._chance = chance
        self._ways: dict[str, Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]] = {
            "refused before it is read": self._close,
            "500 before it is accepted": self._error_before,
            "500 after it was accepted": self._error_after,
            "accepted, then silence until the time-out": self._silence,
            "accepted, then the connection is cut": self._cut,
            "accepted, then half an answer": self._half,
            "accepted, then garbage": self._garbage,
            "accepted, then an HTML page with 200": self._page,
            "sent on twice": self._double,
            "answered twice": self._answer_twice,
            "sent on only after the time-out": self._late,
        }
        self._first = list(self._ways)
        chance.shuffle(self._first)
        self._late_ones: set[asyncio.Task[None]] = set()
        self.counts: Counter[str] = Counter()
        self.turned_away = 0
        self.calm = False
        self._server: asyncio.Server | None = None

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways in which calls are spoiled, as `counts` names them."""
        return tuple(self._ways)

    async def start(self) -> int:
        """Listen, and return the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        """Stop listening, and let what was held back arrive."""
        if self._server:
            self._server.close()
        await asyncio.gather(*self._late_ones, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _message(reader)
            way = self._choose(request)
            if way is None:
                self.counts["passed on"] += 1
                writer.write(await self._forward(request))
            else:
                self.counts[way] += 1
                await self._ways[way](request, writer)
            await writer.drain()
        except (OSError, EOFError, asyncio.LimitOverrunError, TimeoutError):
            self.counts["backend was not there"] += 1
        finally:
            writer.close()

    def _choose(self, request: bytes) -> str | None:
        if self.calm:
            return None
        # Most kinds need something that can be accepted: what only asks is spoiled by chance alone.
        if self._first and request.startswith((b"POST", b"PUT")):
            return self._first.pop()
        if self._chance.random() < SPOILED_SHARE:
            return self._chance.choice(list(self._ways))
        return None

    async def _forward(self, request: bytes) -> bytes:
        """Send the request to the backend and return its whole answer."""
        async with asyncio.timeout(10):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._target_port)
            try:
                writer.write(request)
                await writer.drain()
                answer = await _message(reader)
                # Its database could not be written: its disk was full.
                self.turned_away += answer.startswith(b"HTTP/1.1 503")
                return answer
            finally:
                writer.close()

    async def _close(self, _: bytes, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async def _error_before(self, _: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(_answer(500, b"oops", "text/plain"))

    async def _error_after(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        await self._forward(request)
        writer.write(_answer(500, b"oops", "text/plain"))

    async def _silence(self, request: bytes, _: asyncio.StreamWriter) -> None:
        await self._forward(request)
        await asyncio.sleep(LATE_SECONDS)

    async def _cut(self, request: bytes, _: asyncio.StreamWriter) -> None:
        await self._forward(request)

    async def _half(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        answer = await self._forward(request)
        writer.write(answer[: len(answer) - 20])

    async def _garbage(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        await self._forward(request)
        writer.write(self._chance.choice([self._chance.randbytes(300), _answer(201, self._chance.randbytes(80))]))

    async def _page(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        await self._forward(request)
        writer.write(_answer(200, b"<html>It works</html>", "text/html"))

    async def _double(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        await self._forward(request)
        writer.write(await self._forward(request))

    async def _answer_twice(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(await self._forward(request) * 2)

    async def _late(self, request: bytes, _: asyncio.StreamWriter) -> None:
        async def later() -> None:
            await asyncio.sleep(LATE_SECONDS)
            with contextlib.suppress(OSError, EOFError, TimeoutError):
                await self._forward(request)

        task = asyncio.create_task(later())
        self._late_ones.add(task)
        task.add_done_callback(self._late_ones.discard)
        await asyncio.sleep(LATE_SECONDS)


async def _message(reader: asyncio.StreamReader) -> bytes:
    """Read one HTTP message with its body, which has a Content-Length."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return head + await reader.readexactly(length)


def _answer(status: int, body: bytes, kind: str = "application/json") -> bytes:
    return f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
