"""The endpoints of calling a citizen without seeing their number, under /api/console."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, ParamSpec, TypeVar

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel

from bot.core.calls.dialling import CanDial, Dialling
from bot.core.cases.people import Principal
from channels.console.call_schemas import DoneOut, RevealIn
from channels.console.calls import PREFIX, CallId
from channels.desk.bodies import no_store, require_json
from channels.web.problems import documented

P = ParamSpec("P")
T = TypeVar("T")
# A switchboard that does not answer holds up nobody else.
_AT_ONCE = 4
CaseId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class CanDialOut(BaseModel):
    """Whether one may have a number dialled, else why not."""

    state: CanDial


def dialling_router(dialling: Dialling, signed_in: Any) -> APIRouter:
    """Return the endpoints. `signed_in` is the dependency that gives the caller."""
    Caller = Annotated[Principal, Depends(signed_in)]
    threads = ThreadPoolExecutor(_AT_ONCE, "dialling")
    router = APIRouter(
        prefix=PREFIX,
        tags=["calls"],
        dependencies=[Depends(no_store)],
        responses=documented(401, 403, 422, 503),
    )
    changing: dict[str, Any] = {
        "dependencies": [Depends(require_json)],
        "responses": {
            **documented(400, 404, 413, 415),
            409: {"description": "`dial-no-switchboard`, `dial-no-extension` or `dial-no-number`."},
            502: {"description": "`dial-failed`: the switchboard did not take it."},
        },
    }

    async def run(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(threads, lambda: work(*args, **kwargs))

    @router.get("/dial", summary="Whether a number can be dialled for one")
    async def ready(caller: Caller) -> CanDialOut:
        """Return `ready`, `no-switchboard` or `no-extension`."""
        return CanDialOut(state=dialling.ready(caller))

    @router.post("/calls/{call_id}/dial", summary="Call a caller without seeing the number", **changing)
    async def caller_back(caller: Caller, call_id: CallId, body: RevealIn) -> DoneOut:
        """Connect one's extension with the caller; audited. An own active call needs no reason."""
        await run(dialling.caller, caller, call_id, body.reason)
        return DoneOut()

    @router.post("/cases/{case_id}/dial", summary="Call whoever filed a case likewise", **changing)
    async def citizen(caller: Caller, case_id: CaseId, body: RevealIn) -> DoneOut:
        """Have the switchboard connect one's extension with the citizen; audited with the reason."""
        await run(dialling.citizen, caller, case_id, body.reason)
        return DoneOut()

    return router
