"""Drafted answers under a citizen's message, what became of them, and verdicts on any answer."""

import asyncio
import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from bot.core.cases.people import Principal
from bot.core.ports import Clock
from bot.core.procedures import Facet
from bot.core.suggestions.desk import ReviewDesk
from bot.core.suggestions.drafting import DraftDesk, UnknownSubject
from bot.core.suggestions.items import plain
from bot.core.suggestions.ports import Action, Judged, Judgement, Verdict
from channels.console import suggest_schemas as schemas
from channels.console.matrix import PREFIX
from channels.console.suggest import SignedIn
from channels.desk.bodies import no_store, require_json
from channels.web.problems import Problem, documented

Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
ItemId = Annotated[str, Path(pattern=r"^[1-9][0-9]?$")]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
_UNKNOWN = "Không tìm thấy nội dung được nêu."


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class ActionIn(_In):
    """What was done with a draft."""

    action: Action


class SubjectIn(_In):
    """What a verdict is about.

    A draft: `id` of the suggestion and `item`. A procedure: its id. An answer of the assistant: the conversation's
    id, and as `item` the answer's sequence.
    """

    kind: Judged
    id: Name
    item: Annotated[str, Field(pattern=r"^[0-9]{1,9}$")] | None = None
    facet: Facet | None = None


class VerdictIn(_In):
    """A verdict, with the question it was given for and, where there is more to say, a note."""

    subject: SubjectIn
    question: Annotated[str, Field(max_length=20_000)] = ""
    verdict: Verdict
    note: Annotated[str, Field(max_length=2_000)] = ""
    client_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{8,64}$")] | None = Field(
        default=None, description="Makes the request repeatable: the same id counts once."
    )


def drafts_router(drafts: DraftDesk, review: ReviewDesk, clock: Clock, *, signed_in: SignedIn) -> APIRouter:
    """Return the endpoints."""
    Caller = Annotated[Principal, Depends(signed_in)]
    router = APIRouter(
        prefix=PREFIX,
        tags=["suggestions"],
        dependencies=[Depends(no_store)],
        responses=documented(401, 403, 404, 422, 503),
    )

    @router.get(
        "/conversations/{conversation_id}/suggestions",
        summary="Draft answers to a citizen's message",
        response_model=schemas.DraftsOut,
    )
    async def suggestions(
        _caller: Caller,
        conversation_id: Id,
        sequence: Annotated[
            int | None, Query(ge=1, le=2**31 - 1, description="The message; by default the citizen's last one.")
        ] = None,
    ) -> JSONResponse:
        """Return up to three drafts with their sources; the same ones for everybody who asks. None is ever sent."""
        try:
            kept = await asyncio.to_thread(drafts.drafts, conversation_id, sequence)
        except UnknownSubject:
            raise Problem(404, code="message-unknown", detail="Không có tin nhắn này của người dân.") from None
        told = {"id": kept.id if kept.drafts else None, "items": plain(kept.drafts)}
        return JSONResponse(told, headers={"Cache-Control": "no-store"})

    @router.post(
        "/suggestions/{suggestion_id}/{item}",
        summary="Note what was done with a draft",
        dependencies=[Depends(require_json)],
        responses=documented(400, 413, 415),
    )
    async def note(caller: Caller, suggestion_id: Id, item: ItemId, body: ActionIn) -> schemas.DoneOut:
        """Note once a person and draft."""
        try:
            new = await asyncio.to_thread(drafts.note, caller, suggestion_id, item, body.action)
        except UnknownSubject:
            raise Problem(404, code="suggestion-unknown", detail=_UNKNOWN) from None
        return schemas.DoneOut(done=new)

    @router.post(
        "/verdicts",
        summary="Judge an answer: right, wrong, outdated, something missing",
        dependencies=[Depends(require_json)],
        responses=documented(400, 413, 415),
    )
    async def verdict(caller: Caller, body: VerdictIn) -> schemas.DoneOut:
        """Keep a verdict: it goes to the review queue and, where it is a bad one, to the record's editor. Audited."""
        judgement = Judgement(
            id=_verdict_id(caller, body.client_id),
            kind=body.subject.kind,
            subject_id=body.subject.id,
            verdict=body.verdict,
            by=caller.id,
            at=clock.now(),
            item=body.subject.item,
            facet=body.subject.facet,
            question=body.question,
            note=body.note,
        )
        try:
            judgement = await asyncio.to_thread(drafts.completed, judgement)
        except UnknownSubject:
            raise Problem(404, code="subject-unknown", detail=_UNKNOWN) from None
        return schemas.DoneOut(done=await asyncio.to_thread(review.judge, caller, judgement))

    return router


def _verdict_id(caller: Principal, client_id: str | None) -> str:
    """Return an id that is the same for the same person's same request."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{caller.id} {client_id}").hex if client_id else uuid.uuid4().hex
