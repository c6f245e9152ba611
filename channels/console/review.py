"""The review queue: questions that were not answered well, and what an editor decides about them."""

import asyncio
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from bot.core.cases.people import Principal
from bot.core.enquiry.titles import plain_name
from bot.core.ports import Clock
from bot.core.procedures import Facet
from bot.core.suggestions.desk import ReviewDesk, Unusable
from bot.core.suggestions.review import Choice, Decision, Gap
from channels.console import suggest_schemas as schemas
from channels.console.matrix import PREFIX
from channels.console.suggest import SignedIn
from channels.desk.bodies import no_store, require_json
from channels.web.problems import FieldError, Problem, documented, problem_response

Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
Procedure = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
_WRITES: dict[str, Any] = {"dependencies": [Depends(require_json)], "responses": documented(400, 404, 413, 415)}


class DecisionIn(BaseModel):
    """What to do about a group.

    example: its question (or `text`, cleaned of what is personal) is learned for the procedure. alias: `text` is
    another name of it. note: `text` goes to the record's editor. dismiss: nothing.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    decision: Choice
    procedure_id: Procedure | None = None
    facet: Facet | None = None
    text: Annotated[str, Field(max_length=2_000)] = ""


def review_router(desk: ReviewDesk, clock: Clock, *, signed_in: SignedIn) -> APIRouter:
    """Return the endpoints."""
    Caller = Annotated[Principal, Depends(signed_in)]
    router = APIRouter(
        prefix=PREFIX,
        tags=["review"],
        dependencies=[Depends(no_store)],
        responses=documented(401, 403, 422, 503),
    )

    @router.get("/review", summary="Questions that were not answered well")
    async def review(_caller: Caller, kind: Annotated[Gap | None, Query()] = None) -> schemas.ReviewOut:
        """Return groups of one meaning, most frequent first, masked; those with a `kind` where one is named."""
        found = await asyncio.to_thread(desk.groups, kind)
        return schemas.ReviewOut(
            groups=[
                schemas.GroupOut(
                    id=group.id,
                    title=group.title,
                    count=group.count,
                    questions=list(group.questions),
                    kinds=list(group.kinds),
                    procedure=schemas.ProcedureRefOut(id=about.id, title=plain_name(about)) if about else None,
                    last_at=group.last_at,
                )
                for group, about in found
            ]
        )

    @router.post("/review/{group_id}", summary="Decide about a group", response_model=schemas.DoneOut, **_WRITES)
    async def decide(caller: Caller, group_id: Id, body: DecisionIn) -> object:
        """Close the group. Audited. What is to be learned waits for `tiepdan learn retrain`."""
        decision = Decision(
            id=uuid.uuid4().hex,
            group_id=group_id,
            choice=body.decision,
            by=caller.id,
            at=clock.now(),
            procedure_id=body.procedure_id,
            facet=body.facet,
            text=body.text,
        )
        try:
            if not await asyncio.to_thread(desk.decide, caller, decision):
                raise Problem(404, code="group-unknown", detail="Nhóm câu hỏi này không còn mở.")
        except Unusable as error:
            errors = [FieldError(field=f"body.{name}", message=said) for name, said in error.problems.items()]
            return problem_response(422, errors=errors, headers={"Cache-Control": "no-store"})
        return schemas.DoneOut(done=True)

    @router.get("/notes", summary="Notes to the editors of records")
    async def notes(
        _caller: Caller, procedure_id: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9._-]{1,64}$")] = None
    ) -> schemas.NotesOut:
        """Return open notes, oldest first."""
        found = await asyncio.to_thread(desk.notes, procedure_id)
        return schemas.NotesOut(notes=[schemas.NoteOut.model_validate(note) for note in found])

    @router.post("/notes/{note_id}/done", summary="Close a note", responses=documented(404))
    async def finish(caller: Caller, note_id: Id) -> schemas.DoneOut:
        """Close a note. Audited."""
        return schemas.DoneOut(done=await asyncio.to_thread(desk.finish_note, caller, note_id))

    return router
