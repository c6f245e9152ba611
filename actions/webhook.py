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


def action_router(actions: Iterable[TurnAction], token: str, allowed_hosts: frozenset[str] = LOOPBACK) -> APIRouter:
    """Return the router with POST /webhook (rasa-sdk's protocol).

    Refuses callers without the token (constant time) or from other addresses with 403, bodies above 256 KiB with
    413. An unknown action is 404, a missing domain 449; nothing of the request is ever echoed.
    """
    executor = ActionExecutor()
    for action in actions:
        executor.register_action(action)
    router = APIRouter(include_in_schema=False)

    @router.post("/webhook")
    async def webhook(request: Request) -> Response:
        given = request.query_params.get("token", "")
        host = request.client.host if request.client else ""
        if host not in allowed_hosts or not hmac.compare_digest(given.encode(), token.encode()):
            raise HTTPException(403)
        if int(request.headers.get("content-length") or 0) > MAX_BODY_BYTES:
            raise HTTPException(413)
        call: Any = await request.json()
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


def _failure(status: int, call: Any) -> Response:
    name = call.get("next_action") if isinstance(call, dict) else None
    log.warning("action refused", extra={"status": status, "action": str(name)[:80]})
    return JSONResponse({"error": "the action could not run", "action_name": name}, status_code=status)
