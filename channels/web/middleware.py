"""What every request passes through: security headers, a last boundary for errors, a limit on the body."""

import logging
import traceback
from collections.abc import Mapping
from pathlib import PurePath

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channels.web.problems import problem_response

log = logging.getLogger(__name__)

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(self), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SecurityHeaders:
    """Adds SECURITY_HEADERS to every answer that does not set them itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class ErrorBoundary:
    """Answers an unforeseen error with a plain 500 problem and logs where it arose.

    The exception's message is not logged: it may quote the citizen (a driver shows its parameters).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def noting_start(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting_start)
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            place = " < ".join(f"{PurePath(f.filename).name}:{f.lineno} {f.name}" for f in frames[:-4:-1])
            log.error("unhandled %s at %s (%s)", type(error).__name__, place, scope["method"])
            if started:
                raise ConnectionAbortedError("the answer broke off") from None
            await problem_response(500)(scope, receive, send)


class BodyLimit:
    """Refuses request bodies above `max_bytes` under `prefix` with 413, whether declared or streamed.

    What is under `apart` has a limit of its own elsewhere. The body is read before the application runs, so a refusal
    never meets a half-sent answer.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, prefix: str = "/api/web", apart: str = "") -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._prefix = prefix
        self._apart = apart

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path = scope.get("path", "")
        apart = bool(self._apart) and path.startswith(self._apart)
        if scope["type"] != "http" or not path.startswith(self._prefix) or apart:
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        body = None if declared.isdecimal() and int(declared[:20]) > self._max_bytes else b""
        more = True
        while body is not None and more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._max_bytes:
                body = None
        if body is None:
            # The rest of the body is unread, so the connection cannot be used again.
            refusal = problem_response(413, headers={"Connection": "close"})
            await refusal(scope, receive, send)
            return
        whole: Message = {"type": "http.request", "body": body, "more_body": False}
        pending = [whole]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

        await self._app(scope, replay, send)
