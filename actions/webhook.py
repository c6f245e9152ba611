"""The action endpoint that Rasa calls: rasa-sdk's executor at an address that only this machine may use."""

import hmac
import json
import logging
from collections.abc import Iterable
from typing import Any

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionMissingDomainException, ActionNotFoundException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from actions.turn_action import TurnAction
from bot.core.errors import UnknownTurn

log = logging.getLogger(__name__)
PATH = "/webhook"
# A tracker without history and the small domain take about 10 KiB.
MAX_BODY_BYTES = 256 * 1024
LOOPBACK = frozenset({"127.0.0.1", "::1"})


class ActionEndpoint:
    """Answers POST /webhook (rasa-sdk's protocol) and hands every other request to `app`.

    Refuses callers without the token (constant time), or from another machine where `loopback_only`, with 403, a
    body of more than MAX_BODY_BYTES with 413 and what is no JSON object with 400. An unknown action is 404, a missing
    domain 449; nothing of the request is ever echoed.

    A layer and no route: every turn comes by here, and finding the route among the many and serving it through
    FastAPI costs as much as the call itself.
    """

    def __init__(self, app: ASGIApp, actions: Iterable[TurnAction], token: str, *, loopback_only: bool) -> None:
        self._app = app
        self._token = token.encode()
        self._loopback_only = loopback_only
        self._executor = ActionExecutor()
        for action in actions:
            self._executor.register_action(action)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        try:
            response = await self._answer(Request(scope, receive))
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method != "POST":
            return _refusal(405)
        host = request.client.host if request.client else ""
        given = request.query_params.get("token", "").encode()
        if (self._loopback_only and host not in LOOPBACK) or not hmac.compare_digest(given, self._token):
            return _refusal(403)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                return _refusal(413)
        try:
            call: Any = json.loads(body)
        except (ValueError, RecursionError):
            return _refusal(400)
        return await self._run(call) if isinstance(call, dict) else _refusal(400)

    async def _run(self, call: dict[str, Any]) -> Response:
        try:
            result = await self._executor.run(call)
        except (ActionExecutionRejection, UnknownTurn):
            return _failure(400, call)
        except ActionNotFoundException:
            return _failure(404, call)
        except ActionMissingDomainException:
            return _failure(449, call)
        return JSONResponse(result.model_dump() if hasattr(result, "model_dump") else result)


def _refusal(status: int) -> Response:
    # The body may be unread, so the connection cannot be used again.
    return Response(status_code=status, headers={"Connection": "close"})


def _failure(status: int, call: dict[str, Any]) -> Response:
    name = call.get("next_action")
    log.warning("action refused", extra={"status": status, "action": str(name)[:80]})
    return JSONResponse({"error": "the action could not run", "action_name": name}, status_code=status)
