"""Quick replies: /quick-replies."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from bot.core.cases.people import Principal
from bot.core.errors import NotPermitted
from bot.core.suggestions.ports import QuickReply, Scope
from bot.core.suggestions.quick_replies import (
    MOST_SHORTCUT,
    MOST_TEXT,
    MOST_TITLE,
    VARIABLES,
    Values,
    variables_of,
)
from bot.core.suggestions.quick_reply_desk import QuickReplyDesk, TooManyReplies, UnusableReply, Written
from channels.console import suggest_schemas as schemas
from channels.console.matrix import PREFIX
from channels.console.suggest import SignedIn
from channels.desk.bodies import no_store, require_json
from channels.web.problems import FieldError, Problem, documented, problem_response

Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
_UNKNOWN = "Không có mẫu trả lời này."


class ReplyIn(BaseModel):
    """A quick reply. Variables stand in braces: {xung_ho}."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    title: Annotated[str, Field(min_length=1, max_length=MOST_TITLE)]
    text: Annotated[str, Field(min_length=1, max_length=MOST_TEXT)]
    shortcut: Annotated[str, Field(max_length=MOST_SHORTCUT)] = ""
    scope: Scope = Scope.PERSONAL

    def written(self) -> Written:
        """Return it as the core takes it."""
        return Written(self.title, self.text, self.shortcut, self.scope)


def quick_replies_router(desk: QuickReplyDesk, *, signed_in: SignedIn) -> APIRouter:
    """Return the endpoints."""
    Caller = Annotated[Principal, Depends(signed_in)]
    writes: dict[str, Any] = {
        "dependencies": [Depends(require_json)],
        "responses": documented(400, 413, 415),
        "response_model": schemas.QuickReplyOut,
    }
    router = APIRouter(
        prefix=PREFIX,
        tags=["quick replies"],
        dependencies=[Depends(no_store)],
        responses=documented(401, 403, 404, 422, 503),
    )

    @router.get("/quick-replies", summary="List quick replies", response_model_exclude_none=True)
    async def replies(
        caller: Caller,
        q: Annotated[str, Query(max_length=100, description="Words or their beginnings, accents or not.")] = "",
        conversation: Annotated[
            str | None, Query(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="Fill the variables for it.")
        ] = None,
    ) -> schemas.QuickRepliesOut:
        """Return the shared ones and the caller's own, best first."""
        found = await asyncio.to_thread(desk.replies, caller, q)
        values = await asyncio.to_thread(desk.values, caller, conversation) if conversation else None
        return schemas.QuickRepliesOut(
            items=[_told(reply, desk, values) for reply in found], variables=dict(VARIABLES)
        )

    @router.post("/quick-replies", summary="Add a quick reply", **writes)
    async def add(caller: Caller, body: ReplyIn) -> object:
        """Keep a reply. A shared one needs a supervisor, an editor or an administrator. Audited."""
        return await _written(lambda: asyncio.to_thread(desk.add, caller, body.written()), desk)

    @router.put("/quick-replies/{reply_id}", summary="Change a quick reply", **writes)
    async def change(caller: Caller, reply_id: Id, body: ReplyIn) -> object:
        """Replace a reply. A shipped one becomes the office's own. Audited."""
        return await _written(lambda: asyncio.to_thread(desk.change, caller, reply_id, body.written()), desk)

    @router.delete("/quick-replies/{reply_id}", summary="Delete a quick reply", status_code=204)
    async def delete(caller: Caller, reply_id: Id) -> Response:
        """Take a reply away. Audited."""
        try:
            if not await asyncio.to_thread(desk.delete, caller, reply_id):
                raise Problem(404, code="reply-unknown", detail=_UNKNOWN)
        except NotPermitted:
            raise _not_permitted() from None
        return Response(status_code=204, headers={"Cache-Control": "no-store"})

    return router


async def _written(work: Callable[[], Awaitable[QuickReply | None]], desk: QuickReplyDesk) -> object:
    try:
        reply = await work()
    except UnusableReply as error:
        errors = [FieldError(field=f"body.{name}", message=said) for name, said in error.problems.items()]
        return problem_response(422, errors=errors, headers={"Cache-Control": "no-store"})
    except TooManyReplies:
        raise Problem(422, code="too-many-replies", detail="Đã có quá nhiều mẫu trả lời. Hãy xóa bớt.") from None
    except NotPermitted:
        raise _not_permitted() from None
    if reply is None:
        raise Problem(404, code="reply-unknown", detail=_UNKNOWN)
    return _told(reply, desk, None)


def _not_permitted() -> Problem:
    detail = "Mẫu dùng chung do người phụ trách, biên tập viên hoặc quản trị sửa."
    return Problem(403, code="not-permitted", detail=detail)


def _told(reply: QuickReply, desk: QuickReplyDesk, values: Values | None) -> schemas.QuickReplyOut:
    return schemas.QuickReplyOut(
        id=reply.id,
        title=reply.title,
        text=reply.text,
        shortcut=reply.shortcut,
        scope=reply.scope.value,
        variables=list(variables_of(reply.text)),
        filled=desk.filled(reply, values) if values else None,
    )
