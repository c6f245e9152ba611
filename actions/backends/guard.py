"""The door of the local backend's server: only signed requests of a bearable size reach the application."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from actions.backends.problems import problem_response
from bot.core.backend.signing import IDEMPOTENCY_KEY, Signable, SignatureRefused, Verifier
from bot.core.errors import BackendUnavailable
from bot.core.ports import Clock

log = logging.getLogger(__name__)
OPEN_PATHS = frozenset({"/openapi.json", "/healthz"})
MAX_TARGET_CHARACTERS = 2_000
# A caller that is still sending would see a broken connection instead of the refusal, so what it sends is read, and
# thrown away, up to this much and for this long.
DRAINED_BYTES = 16 * 1024 * 1024
DRAIN_SECONDS = 5.0


class SignedRequests:
    """Answers 401 to what is not signed as agreed, 413 to what is too large, and 503 where nonces cannot be kept.

    The headers are judged before the body is read, the signature over the whole body before the application runs.
    `limit` gives the largest body in bytes for a path.
    """

    def __init__(self, app: ASGIApp, verifier: Verifier, clock: Clock, limit: Callable[[str], int]) -> None:
        self._app = app
        self._verifier = verifier
        self._clock = clock
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        headers, target, upload = Headers(scope=scope), target_of(scope), Upload(receive)
        try:
            credentials = self._verifier.credentials(headers, self._clock.now())
            body = await upload.read(self._limit(scope["path"]))
            if body is None or len(target) > MAX_TARGET_CHARACTERS:
                await upload.drain()
                await self._refuse(413, None, scope, receive, send)
                return
            signed = Signable(scope["method"], target, body, headers.get(IDEMPOTENCY_KEY, ""))
            await asyncio.to_thread(self._verifier.check, credentials, signed, self._clock.now())
        except SignatureRefused as refusal:
            log.warning("request refused", extra={"code": refusal.code})
            await upload.drain()
            await self._refuse(401, refusal.code, scope, receive, send)
            return
        except BackendUnavailable:
            await self._refuse(503, None, scope, receive, send)
            return
        whole: Message = {"type": "http.request", "body": body, "more_body": False}
        pending = [whole]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

        await self._app(scope, replay, send)

    async def _refuse(self, status: int, code: str | None, scope: Scope, receive: Receive, send: Send) -> None:
        response = problem_response(status, code)
        # What may be left of the body is unread, so the connection cannot be used again.
        response.headers["Connection"] = "close"
        await response(scope, receive, send)


def target_of(scope: Scope) -> str:
    """Return path and query as they travelled, percent-encoded."""
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    return (path + (b"?" + query if query else b"")).decode("latin-1")


class Upload:
    """The body of a request as it comes in."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._more = True

    async def read(self, limit: int) -> bytes | None:
        """Return the whole body; None when it is above `limit` bytes or breaks off."""
        body = bytearray()
        while self._more:
            message = await self._next()
            body += message.get("body", b"")
            if message["type"] == "http.disconnect" or len(body) > limit:
                return None
        return bytes(body)

    async def drain(self) -> None:
        """Read and throw away what the caller is still sending, within bounds."""
        left = DRAINED_BYTES
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while self._more and left > 0:
                    left -= len((await self._next()).get("body", b""))

    async def _next(self) -> Message:
        message = await self._receive()
        self._more = message.get("more_body", False)
        return message
