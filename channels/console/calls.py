"""The endpoints of telephone calls, under /api/console."""

import asyncio
import datetime as dt
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Annotated, Any, Literal, ParamSpec, TypeVar

from fastapi import APIRouter, Depends, Path, Query

from bot.core.calls.desk import CallDesk
from bot.core.calls.model import Call
from bot.core.cases.people import Principal
from channels.console import call_schemas as schemas
from channels.desk.bodies import no_store, require_json
from channels.web.problems import documented

PREFIX = "/api/console"
PAGE = 100
P = ParamSpec("P")
T = TypeVar("T")

CallId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="A call's id, or its opaque name.")]
Before = Annotated[dt.datetime | None, Query(description="Only calls begun before this moment.")]


def calls_router(desk: CallDesk, signed_in: Any, executor: Executor | None = None) -> APIRouter:
    """Return the endpoints. `signed_in` is the dependency that gives the caller."""
    Caller = Annotated[Principal, Depends(signed_in)]
    router = APIRouter(
        prefix=PREFIX,
        tags=["calls"],
        dependencies=[Depends(no_store)],
        responses=documented(401, 403, 422, 503),
    )
    changing: dict[str, Any] = {
        "dependencies": [Depends(require_json)],
        "responses": {**documented(400, 404, 413, 415), 409: {"description": "Somebody else has the call."}},
    }

    async def run(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(executor, lambda: work(*args, **kwargs))

    async def shown(call: Call) -> schemas.CallOut:
        return schemas.call_out(call, await run(desk.people))

    @router.get("/calls", summary="List calls")
    async def calls(
        caller: Caller,
        box: Literal["live", "recent"] = "live",
        limit: Annotated[int, Query(ge=1, le=PAGE)] = 50,
        before: Before = None,
    ) -> schemas.CallsOut:
        """Return calls that ring or are under way, or the latest ones. Numbers are masked."""
        if box == "live":
            found = await run(desk.live, caller)
        else:
            start = before.replace(tzinfo=dt.UTC) if before and before.tzinfo is None else before
            found = await run(desk.recent, caller, limit, start)
        people = await run(desk.people)
        return schemas.CallsOut(items=[schemas.call_out(call, people) for call in found])

    @router.post("/calls", summary="Make a call by hand", **changing)
    async def make(caller: Caller, body: schemas.MakeIn) -> schemas.CallOut:
        """Make a call where no switchboard tells of it. The caller has it at once."""
        return await shown(await run(desk.make, caller, body.number))

    @router.get("/calls/{call_id}", summary="Open a call", responses=documented(404))
    async def opened(caller: Caller, call_id: CallId) -> schemas.OpenCallOut:
        """Return a call with its lines. Somebody else's is for supervisors, and audited."""
        found = await run(desk.open, caller, call_id)
        return schemas.open_call_out(found, await run(desk.people))

    @router.get(
        "/calls/{call_id}/suggestions", summary="Suggest for the caller's last question", responses=documented(404)
    )
    async def suggestions(
        caller: Caller, call_id: CallId, limit: Annotated[int, Query(ge=1, le=10)] = 3
    ) -> schemas.SuggestionsOut:
        """Return procedures for what the caller asks just now; none before they ask."""
        found = await run(desk.suggestions, caller, call_id, limit)
        return schemas.SuggestionsOut(lines_upto=found.upto, items=[dict(item) for item in found.items])

    @router.post("/calls/{call_id}/answer", summary="Take a call", **changing)
    async def answer(caller: Caller, call_id: CallId) -> schemas.CallOut:
        """Take a call. 409 `claimed` with `by` where somebody else has it."""
        return await shown(await run(desk.answer, caller, call_id))

    @router.post("/calls/{call_id}/end", summary="End a call", **changing)
    async def end(caller: Caller, call_id: CallId) -> schemas.CallOut:
        """End a call, where the switchboard does not tell."""
        return await shown(await run(desk.end, caller, call_id))

    @router.post("/calls/{call_id}/looked-up", summary="Note what was opened for the caller", **changing)
    async def looked_up(caller: Caller, call_id: CallId, body: schemas.LookedUpIn) -> schemas.DoneOut:
        """Note once that a side of a procedure was opened."""
        await run(desk.look_up, caller, call_id, body.procedure_id, body.facet)
        return schemas.DoneOut()

    @router.post("/calls/{call_id}/wrap-up", summary="Wrap a call up", **changing)
    async def wrap_up(caller: Caller, call_id: CallId, body: schemas.WrapUpIn) -> schemas.SummaryOut:
        """Store topic, outcome and note, and return the summary. The call ends with that."""
        call = await run(desk.wrap_up, caller, call_id, body.topic, body.outcome, body.note)
        return schemas.SummaryOut(summary=call.summary)

    @router.post("/calls/{call_id}/send", summary="Give the caller a code for an answer in writing", **changing)
    async def send(caller: Caller, call_id: CallId, body: schemas.LookedUpIn) -> schemas.CodeOut:
        """Return a code, used once within a day, and the sentence to say."""
        code, text = await run(desk.send, caller, call_id, body.procedure_id, body.facet)
        return schemas.CodeOut(code=code, text=text)

    @router.post("/calls/{call_id}/reveal-number", summary="Open the caller's number", **changing)
    async def reveal(caller: Caller, call_id: CallId, body: schemas.RevealIn) -> schemas.NumberOut:
        """Return the number; audited. Only one's own active call needs no reason."""
        return schemas.NumberOut(number=await run(desk.reveal, caller, call_id, body.reason))

    @router.post("/calls/{call_id}/call-back", summary="Make a task to call back", **changing)
    async def call_back(caller: Caller, call_id: CallId, body: schemas.CallBackIn) -> schemas.TaskOut:
        """Make a dated task; it appears among the tasks of the desk."""
        due_at = body.due_at if body.due_at.tzinfo else body.due_at.replace(tzinfo=dt.timezone(dt.timedelta(hours=7)))
        task = await run(desk.call_back, caller, call_id, due_at, body.note)
        return schemas.TaskOut(id=task.id, due_at=task.due_at)

    return router
