"""The endpoints that are about no single case: tasks, what is overdue, exports, numbers, the audit."""

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from bot.core.cases.access import Office, require_office
from bot.core.cases.desk import CaseDesk, RisingCase
from bot.core.cases.desk_views import DeskViews
from bot.core.cases.people import Principal
from bot.core.cases.state import CaseFilter
from channels.desk import schemas
from channels.desk.bodies import require_json
from channels.desk.export import JSON_LINES, XLSX, json_lines, record_schema, spreadsheet
from channels.desk.steps import Reason
from channels.web.problems import documented

AUDIT_PAGE = 500
Run = Callable[..., Awaitable[Any]]


class ExportIn(BaseModel):
    """An export with identity."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason = Field(description="Audited for every case of the export.")


def office_routes(
    router: APIRouter,
    desk: CaseDesk,
    views: DeskViews,
    run: Run,
    caller_type: Any,
    wanted_type: Any,
    *,
    unit_name: Callable[[str], str],
    label: Callable[[str], str],
) -> None:
    """Add the endpoints to the desk's router; `caller_type` and `wanted_type` are its dependencies."""

    def add(
        method: Literal["GET", "POST"],
        path: str,
        endpoint: Callable[..., Awaitable[Any]],
        summary: str,
        **options: Any,
    ) -> None:
        for name, kind in (("caller", caller_type), ("wanted", wanted_type)):
            if name in endpoint.__annotations__:
                endpoint.__annotations__[name] = kind
        router.add_api_route(path, endpoint, methods=[method], summary=summary, **options)

    async def tasks(caller: Principal) -> list[schemas.TaskOut]:
        """Return open tasks, most urgent first."""
        return [
            schemas.TaskOut(
                id=each.task.id,
                kind=each.task.kind,
                case_id=each.case_id,
                number=each.number,
                conversation_id=each.conversation_id,
                call_id=each.call_id,
                channel=each.channel,
                note=each.task.note,
                due_at=each.task.due_at,
            )
            for each in await run(views.tasks, caller)
        ]

    async def finish(caller: Principal, task_id: Annotated[str, Path(max_length=200)]) -> schemas.DoneOut:
        """Close a task."""
        return schemas.DoneOut(done=await run(desk.finish_task, caller, task_id))

    async def overdue(caller: Principal) -> list[schemas.OverdueOut]:
        """Return the cases that are overdue or that nobody released in time; the longest first."""
        found: list[RisingCase] = await run(desk.overdue, caller)
        return [
            schemas.OverdueOut(case_id=each.case.id, number=each.case.number, why=each.why.value, due=each.due)
            for each in found
        ]

    async def export(
        caller: Principal, wanted: CaseFilter, format: Annotated[Literal["jsonl", "xlsx"], Query()] = "jsonl"
    ) -> Response:
        """Return cases without identity: stories redacted, no contact, no accused; as a spreadsheet without stories.

        Audited."""
        rows = await run(views.export, caller, wanted)
        if format == "xlsx":
            return _download(await run(spreadsheet, rows, unit_name, label), XLSX, "phan-anh.xlsx")
        return _download(json_lines(rows).encode(), JSON_LINES, "phan-anh.jsonl")

    async def export_identity(caller: Principal, wanted: CaseFilter, body: ExportIn) -> Response:
        """Return cases with contact, accused and the words as typed. Audited for every case with the reason."""
        rows = await run(views.export, caller, wanted, identity=True, reason=body.reason)
        return _download(json_lines(rows).encode(), JSON_LINES, "phan-anh.jsonl")

    async def schema(caller: Principal) -> dict[str, Any]:
        """Return the JSON Schema of a line of the export."""
        require_office(caller, Office.EXPORT)
        return record_schema()

    async def numbers(
        caller: Principal,
        since: Annotated[dt.datetime | None, Query(description="By default all that were ever received.")] = None,
    ) -> schemas.NumbersOut:
        """Return counts of cases and, apart from them, of distinct contacts."""
        start = since or dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
        start = start if start.tzinfo else start.replace(tzinfo=dt.UTC)
        return schemas.NumbersOut.model_validate(await run(views.numbers, caller, start))

    async def audit(
        caller: Principal,
        after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
        limit: Annotated[int, Query(ge=1, le=AUDIT_PAGE)] = 200,
        subject: Annotated[str | None, Query(max_length=200)] = None,
    ) -> list[schemas.AuditOut]:
        """Return audit entries in order."""
        entries = await run(views.audit, caller, after, limit, subject)
        return [schemas.AuditOut.model_validate(entry) for entry in entries]

    async def verify(caller: Principal) -> schemas.VerifiedOut:
        """Check the chain of the whole log."""
        broken = await run(views.verify_audit, caller)
        return schemas.VerifiedOut(whole=broken is None, broken_at=broken)

    json_only = {"dependencies": [Depends(require_json)], "responses": documented(400, 413, 415)}
    add("GET", "/tasks", tasks, "List open tasks")
    add("POST", "/tasks/{task_id}/done", finish, "Close a task", responses=documented(404))
    add("GET", "/overdue", overdue, "List what is overdue or unreleased")
    add("GET", "/export", export, "Export without identity", response_class=Response)
    add(
        "POST",
        "/export",
        export_identity,
        "Export with identity, with a reason",
        response_class=Response,
        **json_only,
    )
    add("GET", "/export/schema", schema, "The JSON Schema of an export")
    add("GET", "/stats", numbers, "Count cases and contacts")
    add("GET", "/audit", audit, "Read the audit (auditors)")
    add("GET", "/audit/verify", verify, "Check the audit's chain (auditors)")


def _download(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
