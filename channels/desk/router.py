"""The endpoints of the desk under /api/desk. Every one needs a token, or a session of the console."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from typing import Annotated, ParamSpec, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

from bot.core.cases.desk import CaseDesk
from bot.core.cases.desk_tools import DeskTools
from bot.core.cases.desk_views import After, DeskViews
from bot.core.cases.lifecycle import Verb
from bot.core.cases.people import Principal
from bot.core.cases.record import AccessClass
from bot.core.cases.state import CaseFilter, Status
from channels.desk import schemas
from channels.desk.bodies import no_store, require_json
from channels.desk.gate import Gate, TooManyFailures
from channels.desk.office import office_routes
from channels.desk.steps import BODIES, SUMMARIES, ReasonIn, describe, step_of
from channels.web.problems import Problem, documented

PREFIX = "/api/desk"
PAGE = 100
P = ParamSpec("P")
T = TypeVar("T")

CaseId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="The case's id, not its number.")]
FileId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
Moment = Annotated[dt.datetime | None, Query(description="With an offset; UTC where none is given.")]
# Where the last page of a unit's list ended.
AFTER = "after:"
Before = Annotated[
    dt.datetime | Annotated[str, Field(pattern=r"^after:[A-Za-z0-9._-]{1,64}$")] | None,
    Query(
        description="`before` of the page before, or a moment; UTC where no offset is given.",
        union_mode="left_to_right",
    ),
]


def filter_of(
    status: Annotated[list[Status] | None, Query()] = None,
    unit: Annotated[str | None, Query(max_length=100, description="The unit complained about.")] = None,
    assigned_unit: Annotated[str | None, Query(max_length=100)] = None,
    access: AccessClass | None = None,
    behaviour: Annotated[str | None, Query(max_length=40)] = None,
    input_type: Annotated[str | None, Query(max_length=40)] = None,
    overdue_on: Annotated[dt.date | None, Query(description="Cases whose deadline was before this day.")] = None,
    received_from: Moment = None,
    received_to: Moment = None,
) -> CaseFilter:
    """Return what a list is narrowed to. There is no search for words or names, on purpose."""
    return CaseFilter(
        status=tuple(status or ()),
        unit=unit,
        assigned_unit=assigned_unit,
        access=access,
        behaviour=behaviour,
        input_type=input_type,
        overdue_on=overdue_on,
        received_from=aware(received_from),
        received_to=aware(received_to),
    )


def aware(moment: dt.datetime | None) -> dt.datetime | None:
    """Take a moment without an offset as UTC."""
    return moment.replace(tzinfo=dt.UTC) if moment and moment.tzinfo is None else moment


def desk_router(
    tools: DeskTools,
    gate: Gate,
    *,
    unit_name: Callable[[str], str],
    label: Callable[[str], str],
    executor: Executor | None = None,
    console: Callable[[Request], Awaitable[Principal | None]] | None = None,
) -> APIRouter:
    """Return the endpoints. `unit_name` and `label` name units and behaviours in spreadsheets.

    `console` says who calls with a session of the console, None where there is none; it guards against CSRF itself.
    """
    desk, views = CaseDesk(tools), DeskViews(tools)
    bearer = HTTPBearer(auto_error=False, description="A token from `tiepdan principal token`.")

    async def run(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(executor, lambda: work(*args, **kwargs))

    async def admitted(
        request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
    ) -> Principal:
        # A page of another site can send our cookie, but no header of its own: so a token needs no CSRF guard.
        if credentials is None and console is not None and (known := await console(request)) is not None:
            return known
        token = credentials.credentials if credentials else ""
        try:
            principal = await run(gate.admit, token, request.client.host if request.client else "")
        except TooManyFailures as error:
            detail = "Quá nhiều lần dùng mã sai từ địa chỉ này. Hãy chờ rồi thử lại."
            headers = {"Retry-After": str(error.retry_after)}
            raise Problem(429, code="too-many-failures", detail=detail, headers=headers) from None
        if principal is None:
            detail = "Mã truy cập thiếu, sai, hết hạn hoặc tài khoản đã bị khóa."
            raise Problem(401, code="token-refused", detail=detail, headers={"WWW-Authenticate": "Bearer"})
        return principal

    Caller = Annotated[Principal, Depends(admitted)]
    Wanted = Annotated[CaseFilter, Depends(filter_of)]
    router = APIRouter(
        prefix=PREFIX,
        tags=["desk"],
        dependencies=[Depends(no_store)],
        responses=documented(401, 403, 422, 429, 500, 503),
    )

    @router.get("/me", summary="Who am I")
    async def me(caller: Caller) -> schemas.MeOut:
        """Return the principal of the token."""
        return schemas.MeOut.model_validate(caller)

    @router.get("/cases", summary="List cases", response_model_exclude_none=True)
    async def cases(
        caller: Caller,
        wanted: Wanted,
        limit: Annotated[int, Query(ge=1, le=PAGE)] = 50,
        before: Before = None,
    ) -> schemas.CasesOut:
        """Return cases, latest first, without words or names. A unit finds only what is assigned to it.

        A page may be a little longer than `limit`: linked cases of one story stay together. Moments that a unit asks
        for are taken as their days."""
        start = After(before.removeprefix(AFTER)) if isinstance(before, str) else aware(before)
        page = await run(views.cases, caller, wanted, limit, start)
        found = [schemas.CaseOut.model_validate(case) for case in page.cases]
        more = f"{AFTER}{page.before.case_id}" if isinstance(page.before, After) else page.before
        return schemas.CasesOut(cases=found, before=more)

    @router.get(
        "/cases/{case_id}", summary="Open a case", response_model_exclude_none=True, responses=documented(404)
    )
    async def case(caller: Caller, case_id: CaseId) -> schemas.CaseOut:
        """Return what the caller may see of the case. Audited as «open»."""
        return schemas.CaseOut.model_validate(await run(views.case, caller, case_id))

    @router.get("/cases/{case_id}/timeline", summary="Open the timeline", responses=documented(404))
    async def timeline(caller: Caller, case_id: CaseId) -> list[schemas.EntryOut]:
        """Return the entries that the caller may see, in order. Audited as «open»."""
        return [schemas.EntryOut.model_validate(entry) for entry in await run(views.timeline, caller, case_id)]

    @router.post(
        "/cases/{case_id}/reveal",
        summary="Open what is sealed, with a reason",
        dependencies=[Depends(require_json)],
        responses=documented(400, 404, 413, 415),
    )
    async def reveal(caller: Caller, case_id: CaseId, body: ReasonIn) -> schemas.RevealedOut:
        """Return the words as typed and the contact. Audited as «reveal» with the reason."""
        return schemas.RevealedOut.model_validate(await run(desk.reveal, caller, case_id, body.reason))

    @router.get("/cases/{case_id}/files", summary="List a case's files", responses=documented(404))
    async def files(caller: Caller, case_id: CaseId) -> list[schemas.FileOut]:
        """Return the files that the caller may open: to a unit, images that an officer cleared, without names."""
        return [schemas.FileOut.model_validate(file) for file in await run(views.files, caller, case_id)]

    @router.get(
        "/cases/{case_id}/files/{file_id}",
        summary="Open a file's clean copy",
        response_class=Response,
        responses=documented(404),
    )
    async def file(caller: Caller, case_id: CaseId, file_id: FileId) -> Response:
        """Return the copy without metadata. Audited as «open_file»."""
        found, content = await run(views.file, caller, case_id, file_id)
        return _download(content, found.media_type)

    @router.post(
        "/cases/{case_id}/files/{file_id}/original",
        summary="Open a file as it came, with a reason",
        response_class=Response,
        dependencies=[Depends(require_json)],
        responses=documented(400, 404, 413, 415),
    )
    async def original(caller: Caller, case_id: CaseId, file_id: FileId, body: ReasonIn) -> Response:
        """Return the file with its metadata. Audited as «reveal_file» with the reason."""
        found, content = await run(views.file, caller, case_id, file_id, original=True, reason=body.reason)
        return _download(content, found.media_type)

    def add_verb(verb: Verb) -> None:
        async def act(caller: Principal, case_id: str, body: BaseModel) -> schemas.CaseOut:
            return schemas.CaseOut.model_validate(await run(desk.act, caller, case_id, step_of(verb, body)))

        act.__annotations__.update(caller=Caller, case_id=CaseId, body=BODIES[verb])
        router.add_api_route(
            f"/cases/{{case_id}}/{verb.value}",
            act,
            methods=["POST"],
            name=verb.value,
            operation_id=f"case_{verb.value}",
            summary=SUMMARIES[verb],
            description=describe(verb),
            response_model_exclude_none=True,
            dependencies=[Depends(require_json)],
            responses={
                **documented(400, 404, 413, 415),
                409: {"description": "Wrong state, or somebody was faster."},
            },
        )

    for verb in Verb:
        add_verb(verb)
    office_routes(router, desk, views, run, Caller, Wanted, unit_name=unit_name, label=label)
    return router


def _download(content: bytes, media_type: str) -> Response:
    """Offer bytes as a download: never shown inside our pages, never named as the citizen named them."""
    suffix = {
        "image/jpeg": ".jpg",
        "image/png": ".png",
        "image/webp": ".webp",
        "application/pdf": ".pdf",
    }
    name = f"tep{suffix.get(media_type, '')}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
