"""The action endpoint that Rasa calls: rasa-sdk's executor behind a route that only this machine may use."""

import hmac
import logging
from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionMissingDomainException, ActionNotFoundException

from actions.turn_action import TurnAction
from bot.core.errors import UnknownTurn

log = logging.getLogger(__name__)
# A tracker without history and the small domain take about 10 KiB.
MAX_BODY_BYTES = 256 * 1024
LOOPBACK = frozenset({"127.0.0.1", "::1"})


def action_router(actions: Iterable[TurnAction], token: str, *, loopback_only: bool) -> APIRouter:
    """Return the router with POST /webhook (rasa-sdk's protocol).

    Refuses callers without the token (constant time), or from another machine where `loopback_only`, with 403, and
    what is no JSON object with 400. An unknown action is 404, a missing domain 449; nothing of the request is ever
    echoed. The caller limits the body's size (MAX_BODY_BYTES).
    """
    executor = ActionExecutor()
    for action in actions:
        executor.register_action(action)
    router = APIRouter(include_in_schema=False)

    @router.post("/webhook")
    async def webhook(request: Request) -> Response:
        given = request.query_params.get("token", "")
        host = request.client.host if request.client else ""
        if (loopback_only and host not in LOOPBACK) or not hmac.compare_digest(given.encode(), token.encode()):
            raise HTTPException(403)
        try:
            call: Any = await request.json()
        except ValueError:
            raise HTTPException(400) from None
        if not isinstance(call, dict):
            raise HTTPException(400)
        try:
            result = await executor.run(call)
        except (ActionExecutionRejection, UnknownTurn):
            return _failure(400, call)
        except ActionNotFoundException:
            return _failure(404, call)
        except ActionMissingDomainException:
            return _failure(449, call)
        payload = result.model_dump() if hasattr(result, "model_dump") else result
        return JSONResponse(payload)

    return router


def _failure(status: int, call: dict[str, Any]) -> Response:
    name = call.get("next_action")
    log.warning("action refused", extra={"status": status, "action": str(name)[:80]})
    return JSONResponse({"error": "the action could not run", "action_name": name}, status_code=status)
