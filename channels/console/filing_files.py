"""The endpoints of scans that go with a filing, under /api/console/filing/files."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, Literal, ParamSpec, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel

from bot.core.attachments import SCANS
from bot.core.cases.people import Principal
from bot.core.errors import AttachmentRefused, UnknownAttachment
from bot.core.filing.form import Source
from bot.core.filing.scans import Scans
from channels.console.call_schemas import DoneOut
from channels.console.filing import PREFIX as FILING
from channels.desk.bodies import no_store
from channels.files import REASONS, FileDesk
from channels.web.problems import Problem, documented

PREFIX = f"{FILING}/files"
P = ParamSpec("P")
T = TypeVar("T")
ClientIdIn = Annotated[str, Query(pattern=r"^[A-Za-z0-9._:\-]{8,64}$", description="The id of the filing.")]
FileId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Written = Literal["letter", "email", "suggestion_box", "web", "visit"]


class ScanOut(BaseModel):
    """A file that waits for its case."""

    id: str
    name: str
    media_type: str
    size: int


class ScansOut(BaseModel):
    """The files that wait."""

    items: list[ScanOut]


def filing_files_router(scans: Scans, files: FileDesk, signed_in: Any) -> APIRouter:
    """Return the endpoints: the file is the body, its name in the query. The caller limits the body's size."""
    Caller = Annotated[Principal, Depends(signed_in)]
    router = APIRouter(
        prefix=PREFIX, tags=["filing"], dependencies=[Depends(no_store)], responses=documented(401, 403, 422, 503)
    )

    async def run(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.to_thread(work, *args, **kwargs)

    @router.get("", summary="List the scans that wait")
    async def waiting(caller: Caller, client_id: ClientIdIn) -> ScansOut:
        """Return what was added to a filing that is not sent yet."""
        found = await run(scans.waiting, caller, client_id)
        return ScansOut(items=[ScanOut(id=f.id, name=f.name, media_type=f.media_type, size=f.size) for f in found])

    @router.post("", status_code=201, summary="Add a scan", responses=documented(413, 415))
    async def add(
        request: Request,
        response: Response,
        caller: Caller,
        client_id: ClientIdIn,
        source: Written = "letter",
        name: Annotated[str, Query(max_length=300)] = "",
    ) -> ScanOut:
        """Keep a PDF, JPEG or PNG, sealed, until the filing is sent. The same file again is kept once."""
        content = await request.body()
        conversation = await run(scans.place, caller, client_id, Source(source))
        try:
            stored = await files.receive(conversation, name, content, SCANS)
        except AttachmentRefused as refused:
            detail = REASONS.get(refused.reason, REASONS["kind"])
            raise Problem(415, code=f"file-{refused.reason}", detail=detail) from None
        response.status_code = 200 if stored.duplicate else 201
        return ScanOut(id=stored.id, name=stored.name, media_type=stored.media_type, size=stored.size)

    @router.delete("/{file_id}", summary="Take a scan away", responses=documented(404))
    async def drop(caller: Caller, client_id: ClientIdIn, file_id: FileId) -> DoneOut:
        """Delete a file that waits; one that was filed stays with its case."""
        try:
            await run(scans.drop, caller, client_id, file_id)
        except UnknownAttachment:
            raise Problem(404, code="file-unknown", detail="Không có tệp này.") from None
        return DoneOut()

    return router
