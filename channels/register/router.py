"""The register's endpoints: open to everybody, read only."""

import asyncio
import datetime as dt
from concurrent.futures import Executor
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse

from bot.core.cases.register import Entry, K, Narrowed, Register, counts, narrowed
from bot.core.cases.state import Finding
from bot.core.ports import Clock, UnitOfWorkFactory
from channels.register.labels import Labels
from channels.register.page import PATH, page
from channels.register.shelf import Shelf
from channels.web.middleware import SECURITY_HEADERS
from channels.web.problems import documented

PAGE = 20
API_PAGE = 100
# The page's form is sent to itself.
_CSP = SECURITY_HEADERS["Content-Security-Policy"].replace("form-action 'none'", "form-action 'self'")
_PERIOD = r"^\d{4}(-\d{2})?$"
_CODE = r"^[\w.-]{1,40}$"


class CorrectionOut(BaseModel):
    """A correction of a published answer."""

    on: dt.date
    note: str


class EntryOut(BaseModel):
    """One published answer; nobody is named and no story told."""

    ref: str = Field(description="Stable; no case number.")
    unit: str | None
    unit_name: str
    period: str = Field(description="Month of publication.", examples=["2026-11"])
    published_on: dt.date
    behaviours: list[str]
    input_type: str
    finding: Finding
    text: str
    reason: str
    remedy: str
    desk: str | None = Field(description="Null where too few people's cases share it.")
    event_date: dt.date | None = Field(description="Null likewise.")
    corrections: list[CorrectionOut]
    reviewing: bool = Field(description="It is looked into again, or is being written anew.")


class CountOut(BaseModel):
    """How often each outcome was published about a unit."""

    unit: str | None
    unit_name: str
    total: int
    findings: dict[Finding, int]


class RegisterOut(BaseModel):
    """A page of the register, and the counts over all that fit."""

    entries: list[EntryOut]
    total: int
    page: int
    pages: int
    counts: list[CountOut]


def register_router(
    units: UnitOfWorkFactory,
    clock: Clock,
    labels: Labels,
    *,
    k: int = K,
    keep_seconds: float = 60.0,
    executor: Executor | None = None,
) -> APIRouter:
    """Return /phan-anh and /api/register. `k`: how many must share desk and day; what is read is kept a while."""
    shelf = Shelf(Register(units, k), clock, keep_seconds)
    router = APIRouter(tags=["register"])

    async def read() -> list[Entry]:
        return list(await asyncio.get_running_loop().run_in_executor(executor, shelf.entries))

    @router.get(PATH, include_in_schema=False, response_class=HTMLResponse)
    async def public_page(
        unit: Annotated[str, Query(alias="don-vi", max_length=40)] = "",
        period: Annotated[str, Query(alias="ky", max_length=10)] = "",
        behaviour: Annotated[str, Query(alias="ma", max_length=40)] = "",
        number: Annotated[str, Query(alias="trang", max_length=10)] = "1",
    ) -> HTMLResponse:
        everything = await read()
        wanted = Narrowed(unit or None, period or None, behaviour or None)
        found = narrowed(everything, wanted)
        pages = max(1, -(-len(found) // PAGE))
        at = min(max(1, int(number)) if number.isdecimal() else 1, pages)
        shown = found[(at - 1) * PAGE : at * PAGE]
        body = page(shown, everything, counts(found), wanted, at, pages, labels, k)
        return HTMLResponse(body, headers={"Content-Security-Policy": _CSP, **_kept(keep_seconds)})

    @router.get("/api/register", summary="The public register of answers", responses=documented(422, 500, 503))
    async def register(
        response: Response,
        unit: Annotated[str | None, Query(pattern=_CODE)] = None,
        period: Annotated[str | None, Query(pattern=_PERIOD, description="2026-11 or 2026")] = None,
        code: Annotated[str | None, Query(pattern=_CODE, description="A behaviour's code")] = None,
        page: Annotated[int, Query(ge=1, le=100_000)] = 1,
        limit: Annotated[int, Query(ge=1, le=API_PAGE)] = PAGE,
    ) -> RegisterOut:
        """Return published answers, latest first, with counts by unit and outcome over all that fit."""
        response.headers.update(_kept(keep_seconds))
        found = narrowed(await read(), Narrowed(unit, period, code))
        return RegisterOut(
            entries=[_entry(entry, labels) for entry in found[(page - 1) * limit : page * limit]],
            total=len(found),
            page=page,
            pages=max(1, -(-len(found) // limit)),
            counts=[
                CountOut(unit=c.unit, unit_name=labels.unit(c.unit), total=c.total, findings=c.findings)
                for c in counts(found)
            ],
        )

    return router


def _entry(entry: Entry, labels: Labels) -> EntryOut:
    return EntryOut(
        ref=entry.ref,
        unit=entry.unit,
        unit_name=labels.unit(entry.unit),
        period=entry.period,
        published_on=entry.published_on,
        behaviours=list(entry.behaviours),
        input_type=entry.input_type,
        finding=entry.finding,
        text=entry.text,
        reason=entry.reason,
        remedy=entry.remedy,
        desk=entry.desk.value if entry.desk else None,
        event_date=entry.event_date,
        corrections=[CorrectionOut(on=each.on, note=each.note) for each in entry.corrections],
        reviewing=entry.reviewing,
    )


def _kept(seconds: float) -> dict[str, str]:
    return {"Cache-Control": f"public, max-age={int(seconds)}"}
