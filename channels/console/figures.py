"""The day's figures at the console: as JSON for the page, and as a file for a spreadsheet."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict

from bot.core.cases.people import Principal
from bot.core.figures.desk import FiguresDesk
from bot.core.figures.report import Kind, Report
from bot.core.figures.span import NoSuchDay, SpanKind
from channels.console.figures_csv import file_name, spreadsheet
from channels.console.matrix import PREFIX
from channels.desk.bodies import no_store
from channels.web.problems import Problem, documented

CSV = "text/csv; charset=utf-8"


class LineOut(BaseModel):
    """One figure beside the one before.

    Null: of a `count`, that there were fewer than the section's `fewest`; of `seconds`, that nobody waited.
    """

    model_config = ConfigDict(from_attributes=True)

    code: str
    label: str
    now: int | None
    before: int | None
    kind: Kind
    hint: str


class SectionOut(BaseModel):
    """One table. `empty` is what to say where there is no line, `note` what to know about it."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    title: str
    empty: str
    note: str
    fewest: int | None
    lines: list[LineOut]


class PeriodOut(BaseModel):
    """From one moment up to another."""

    model_config = ConfigDict(from_attributes=True)

    since: dt.datetime
    until: dt.datetime


class FiguresOut(BaseModel):
    """The figures of a day or week so far, beside as long a time one day or week earlier.

    `whole` is false while the last day goes on; then `before` ends at the same hour. Parts about cases are there for
    those who may know of cases, and count only what the caller may know of.
    """

    span: SpanKind
    first: dt.date
    last: dt.date
    whole: bool
    now: PeriodOut
    before: PeriodOut
    tiles: list[LineOut]
    sections: list[SectionOut]


def figures_router(desk: FiguresDesk, signed_in: Callable[..., Awaitable[Principal]]) -> APIRouter:
    """Return the endpoints."""
    Caller = Annotated[Principal, Depends(signed_in)]
    Span = Annotated[SpanKind, Query(description="A day, or the week from Monday.")]
    Day = Annotated[dt.date | None, Query(alias="date", description="The day, or one of the week; today by default.")]
    router = APIRouter(
        prefix=PREFIX,
        tags=["figures"],
        dependencies=[Depends(no_store)],
        responses=documented(401, 403, 422, 503),
    )

    async def counted(caller: Principal, span: SpanKind, day: dt.date | None) -> Report:
        try:
            return await asyncio.to_thread(desk.report, caller, span, day)
        except NoSuchDay:
            detail = "Ngày này chưa đến, hoặc trước khi có số liệu."
            raise Problem(422, code="no-such-day", detail=detail) from None

    @router.get("/figures", summary="The figures of a day or week")
    async def figures(caller: Caller, span: Span = SpanKind.DAY, day: Day = None) -> FiguresOut:
        """Return counts without anybody's words; small groups of cases are put together."""
        found = await counted(caller, span, day)
        return FiguresOut(
            span=found.span.kind,
            first=found.span.first,
            last=found.span.last,
            whole=found.span.whole,
            now=PeriodOut.model_validate(found.span.now),
            before=PeriodOut.model_validate(found.span.before),
            tiles=[LineOut.model_validate(line) for line in found.tiles],
            sections=[SectionOut.model_validate(section) for section in found.sections],
        )

    @router.get("/figures.csv", summary="The same for a spreadsheet", response_class=Response)
    async def as_csv(caller: Caller, span: Span = SpanKind.DAY, day: Day = None) -> Response:
        """Return CSV in UTF-8 with a byte order mark, in which no cell is a formula."""
        found = await counted(caller, span, day)
        headers = {"Content-Disposition": f'attachment; filename="{file_name(found)}"', "Cache-Control": "no-store"}
        return Response(spreadsheet(found), media_type=CSV, headers=headers)

    return router
