"""What is answered where who answers a conversation cannot be changed as asked: 409, and whose it is."""

import asyncio
from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from bot.core.errors import ClaimedByAnother, HandOverError, NotAttended
from channels.web.problems import MEDIA_TYPE

_CLAIMED = "Người khác đang trả lời cuộc trò chuyện này."
_NOT_ATTENDED = "Cuộc trò chuyện này không có ai đang trả lời."
_OUT_OF_ORDER = "Việc này chưa làm được ở bước này, hoặc đã làm rồi."


def install_hand_over_problems(app: FastAPI, name_of: Callable[[str], str]) -> None:
    """Make refusals of handing over problem documents; `name_of` gives an account's name. Blocking."""

    async def refused(_request: Request, error: Exception) -> JSONResponse:
        code, detail = "out-of-order", _OUT_OF_ORDER
        more: dict[str, object] = {}
        if isinstance(error, ClaimedByAnother):
            code, detail = "claimed", _CLAIMED
            more = {"by": {"id": error.by, "name": await asyncio.to_thread(name_of, error.by)}}
        elif isinstance(error, NotAttended):
            code, detail = "not-attended", _NOT_ATTENDED
        body = {"type": f"urn:tiepdan:problem:{code}", "title": "Conflict", "status": 409, "detail": detail, **more}
        return JSONResponse(body, 409, headers={"Cache-Control": "no-store"}, media_type=MEDIA_TYPE)

    app.add_exception_handler(HandOverError, refused)
