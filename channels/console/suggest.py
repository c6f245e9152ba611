"""Suggestions while an operator types, and a procedure in full: GET /suggest, GET /procedures/{id}."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse

from bot.core.cases.people import Principal
from bot.core.ports import Clock
from bot.core.procedures import Facet
from bot.core.suggestions.items import Suggester, plain
from channels.console import suggest_schemas as schemas
from channels.console.latest import Latest, Superseded
from channels.console.matrix import PREFIX
from channels.desk.bodies import no_store
from channels.web.problems import Problem, documented

MOST_ITEMS, ITEMS = 10, 5
#: A question of a caller is shorter; what is longer is cut by the page, or refused.
MOST_CHARACTERS = 400
SignedIn = Callable[..., Awaitable[Principal]]

ProcedureId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
Client = Annotated[
    str | None,
    Query(
        pattern=r"^[A-Za-z0-9-]{1,40}$",
        description="Names the page that types. A newer request of it takes the place of one that waits, which is"
        " answered with 409 `superseded` and passed over by the page.",
    ),
]


def suggest_router(suggester: Suggester, clock: Clock, latest: Latest, *, signed_in: SignedIn) -> APIRouter:
    """Return the endpoints. `latest` works on them one after the other."""
    Caller = Annotated[Principal, Depends(signed_in)]
    router = APIRouter(
        prefix=PREFIX,
        tags=["suggestions"],
        dependencies=[Depends(no_store)],
        responses=documented(401, 403, 422, 503),
    )

    @router.get(
        "/suggest",
        summary="Suggest procedures for what is typed so far",
        response_model=schemas.SuggestedOut,
        responses={409: {"description": "A newer request of the same page took its place."}},
    )
    async def suggest(
        caller: Caller,
        q: Annotated[
            str, Query(max_length=MOST_CHARACTERS, description="As typed; the last word may be unfinished.")
        ],
        facet: Annotated[
            Facet | None, Query(description="The side to answer, in place of the one asked for.")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=MOST_ITEMS)] = ITEMS,
        client: Client = None,
    ) -> JSONResponse:
        """Return procedures, best first, each with the answer to read aloud and the reason why it is suggested.

        Never kept anywhere: neither the words nor who typed them."""
        who = None if client is None else f"{caller.id} {client}"
        try:
            found = await latest.run(who, suggester.suggest, q, clock.now(), facet, limit)
        except Superseded:
            raise Problem(409, code="superseded", detail="Đã có lượt gõ mới hơn.") from None
        return _told({"query": q, **plain(found)})

    @router.get(
        "/procedures/{procedure_id}",
        summary="Show a procedure in full",
        response_model=schemas.SheetOut,
        responses=documented(404),
    )
    async def procedure(_caller: Caller, procedure_id: ProcedureId) -> JSONResponse:
        """Return every side that has an answer, to be read or printed."""
        found = await latest.run(None, suggester.sheet, procedure_id, clock.now())
        if found is None:
            raise Problem(404, code="procedure-unknown", detail="Không có thủ tục này, hoặc đang tạm ẩn.")
        return _told({**plain(found), "print": True})

    return router


def _told(content: dict[str, Any]) -> JSONResponse:
    # Made here, not by the framework: its checks of what we composed ourselves would cost more than composing.
    return JSONResponse(content, headers={"Cache-Control": "no-store"})
