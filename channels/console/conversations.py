"""The endpoints of conversations that people attend, under /api/console."""

import asyncio
import datetime as dt
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Annotated, Any, ParamSpec, TypeVar

from fastapi import APIRouter, Depends, Path, Query

from bot.core.cases.people import Principal
from bot.core.handover.desk import OperatorDesk
from bot.core.handover.ports import Box
from bot.core.handover.views import ConversationViews, Opened, Page
from channels.console import conversation_schemas as schemas
from channels.desk.bodies import no_store, require_json
from channels.web.problems import Problem, documented

PREFIX = "/api/console"
MAX_SEQUENCE = 2**31 - 1
# What pages of the console are woken by; no conversation has such an id.
DESK = "desk"
P = ParamSpec("P")
T = TypeVar("T")

ConversationId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,80}$")]
Wake = Callable[[str], None]


def conversations_router(
    desk: OperatorDesk,
    views: ConversationViews,
    signed_in: Any,
    *,
    published: Wake,
    wake: Wake,
    executor: Executor | None = None,
) -> APIRouter:
    """Return the endpoints. `signed_in` is the dependency that gives the caller.

    `published` is called with a conversation that the citizen and other pages must hear of, `wake` with one in which
    the assistant has something to answer; both in the event loop, and neither may block.
    """
    Caller = Annotated[Principal, Depends(signed_in)]
    router = APIRouter(
        prefix=PREFIX,
        tags=["console"],
        dependencies=[Depends(no_store)],
        responses=documented(401, 403, 404, 422, 500, 503),
    )
    changes: dict[str, Any] = {
        "dependencies": [Depends(require_json)],
        "responses": {
            **documented(400, 413, 415),
            409: {"description": "`claimed` (with `by`), `not-attended` or `out-of-order`."},
        },
    }

    async def run(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(executor, lambda: work(*args, **kwargs))

    async def done(caller: Principal, conversation_id: str) -> schemas.SummaryOut:
        published(conversation_id)
        return schemas.SummaryOut.model_validate(await run(views.summary, caller, conversation_id))

    @router.get("/conversations", summary="List conversations")
    async def conversations(
        caller: Caller,
        box: Box = Box.WAITING,
        q: Annotated[str, Query(max_length=100)] = "",
        before: Annotated[str | None, Query(max_length=200)] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
    ) -> schemas.PageOut:
        """Return a list: who waits, as they are to be taken; the others latest first."""
        return _page(await run(views.box, caller, box, q.strip(), _cursor(before), limit))

    @router.get("/conversations/{conversation_id}", summary="Open a conversation")
    async def conversation(caller: Caller, conversation_id: ConversationId) -> schemas.OpenedOut:
        """Return what was said, the staff's notes, and what the same citizen did before."""
        return _opened(await run(views.conversation, caller, conversation_id))

    @router.get("/conversations/{conversation_id}/events", summary="Read on")
    async def events(
        caller: Caller, conversation_id: ConversationId, after: Annotated[int, Query(ge=0, le=MAX_SEQUENCE)] = 0
    ) -> list[schemas.EventOut]:
        """Return the events after a sequence, at most 200."""
        found = await run(views.events, caller, conversation_id, after)
        return [schemas.EventOut.model_validate(event) for event in found]

    @router.post("/conversations/{conversation_id}/claim", summary="Take it", **changes)
    async def claim(caller: Caller, conversation_id: ConversationId) -> schemas.SummaryOut:
        """Attend the conversation: from now on only the caller answers. 409 `claimed` says who has it."""
        await run(desk.claim, caller, conversation_id)
        return await done(caller, conversation_id)

    @router.post("/conversations/{conversation_id}/release", summary="Give it back", **changes)
    async def release(caller: Caller, conversation_id: ConversationId) -> schemas.SummaryOut:
        """Let the citizen wait again, at their old place."""
        await run(desk.release, caller, conversation_id)
        return await done(caller, conversation_id)

    @router.post("/conversations/{conversation_id}/transfer", summary="Give it to a colleague", **changes)
    async def transfer(
        caller: Caller, conversation_id: ConversationId, body: schemas.TransferIn
    ) -> schemas.SummaryOut:
        """Let a colleague attend it, with a note."""
        await run(desk.transfer, caller, conversation_id, body.to, body.note)
        return await done(caller, conversation_id)

    @router.post("/conversations/{conversation_id}/reply", summary="Answer the citizen", **changes)
    async def reply(caller: Caller, conversation_id: ConversationId, body: schemas.ReplyIn) -> schemas.EventOut:
        """Say something, once per `client_id`; the citizen is shown «Nhân viên trực», no name."""
        sequence = await run(
            desk.reply, caller, conversation_id, body.client_id, body.text, body.suggestion, edited=body.edited
        )
        published(conversation_id)
        found = await run(views.events, caller, conversation_id, sequence - 1)
        return schemas.EventOut.model_validate(found[0])

    @router.post("/conversations/{conversation_id}/note", summary="Leave a note", status_code=204, **changes)
    async def note(caller: Caller, conversation_id: ConversationId, body: schemas.NoteIn) -> None:
        """Leave words that only the staff reads."""
        await run(desk.note, caller, conversation_id, body.text)
        published(conversation_id)

    @router.post("/conversations/{conversation_id}/hand-back", summary="Give it to the assistant", **changes)
    async def hand_back(
        caller: Caller, conversation_id: ConversationId, body: schemas.HandBackIn
    ) -> schemas.SummaryOut:
        """Let the assistant go on: it says the summary, and answers what nobody has answered yet."""
        await run(desk.hand_back, caller, conversation_id, body.summary)
        wake(conversation_id)
        return await done(caller, conversation_id)

    @router.post("/conversations/{conversation_id}/close", summary="Close it", **changes)
    async def close(caller: Caller, conversation_id: ConversationId, body: schemas.CloseIn) -> schemas.SummaryOut:
        """End the staff's part, with its outcome."""
        await run(desk.close, caller, conversation_id, body.ending)
        return await done(caller, conversation_id)

    @router.post("/conversations/{conversation_id}/abuse", summary="Act against abuse", **changes)
    async def abuse(caller: Caller, conversation_id: ConversationId, body: schemas.AbuseIn) -> schemas.SummaryOut:
        """Warn once, in the agreed words; after that a supervisor may end it."""
        act = desk.warn if body.step == "warn" else desk.end
        await run(act, caller, conversation_id, body.reason)
        return await done(caller, conversation_id)

    @router.post("/presence", summary="Say whether one is there", status_code=204, **changes)
    async def be(caller: Caller, body: schemas.PresenceIn) -> None:
        """Say of oneself: available, busy, lunch, away. It counts while the page's stream is open."""
        await run(desk.be, caller, body.state)
        published(DESK)

    @router.get("/presence", summary="Who is there")
    async def presence(caller: Caller) -> list[schemas.ColleagueOut]:
        """Return the staff, and how many conversations each attends."""
        return [schemas.ColleagueOut.model_validate(each) for each in await run(views.colleagues, caller)]

    @router.get("/hours", summary="Is it office hours")
    async def hours(_caller: Caller) -> schemas.HoursOut:
        """Return whether the office answers now, and when it does again."""
        return schemas.HoursOut.model_validate(await run(views.hours))

    return router


def _cursor(before: str | None) -> tuple[dt.datetime, str] | None:
    if before is None:
        return None
    at, _, conversation_id = before.partition(",")
    try:
        moment = dt.datetime.fromisoformat(at)
    except ValueError:
        raise Problem(422) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC), conversation_id)


def _page(page: Page) -> schemas.PageOut:
    before = f"{page.before[0].isoformat()},{page.before[1]}" if page.before else None
    items = [schemas.SummaryOut.model_validate(item) for item in page.items]
    return schemas.PageOut(items=items, before=before, counts=schemas.CountsOut(**page.counts))


def _opened(opened: Opened) -> schemas.OpenedOut:
    return schemas.OpenedOut(
        summary=schemas.SummaryOut.model_validate(opened.summary),
        events=[schemas.EventOut.model_validate(event) for event in opened.events],
        notes=[
            schemas.NoteOut(at=note.at, by=schemas.PersonOut.model_validate(by), kind=note.kind, text=note.text)
            for note, by in opened.notes
        ],
        earlier=schemas.EarlierOut(
            conversations=[schemas.SummaryOut.model_validate(each) for each in opened.conversations],
            cases=[schemas.EarlierCaseOut.model_validate(each) for each in opened.cases],
        ),
        suggested_sequence=opened.suggested_sequence,
    )
