"""Sending a file over the web channel."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response

from bot.core.channels.voice import is_recording
from bot.core.errors import AttachmentRefused
from channels.files import REASONS, FileDesk, FileStored
from channels.listening import Listener
from channels.web.problems import SESSION_UNKNOWN, Problem, documented
from channels.web.sessions import SessionUnknown, TokenRefused, WebSessions

PREFIX = "/api/files"


def files_router(desk: FileDesk, sessions: WebSessions, listener: Listener) -> APIRouter:
    """Return POST /api/files/{session_id}: the file as the body, its name in the query; a recording is listened to.

    The caller limits the body's size under PREFIX.
    """
    router = APIRouter(prefix=PREFIX, tags=["web"])

    @router.post(
        "/{session_id}",
        status_code=201,
        summary="Send a file",
        responses=documented(401, 404, 413, 415, 422, 500, 503),
    )
    async def upload(
        request: Request,
        response: Response,
        session_id: Annotated[str, Path(max_length=80)],
        name: Annotated[str, Query(max_length=300)] = "",
        authorization: Annotated[str, Header()] = "",
    ) -> FileStored:
        """Store a photo, a recording or a PDF for the conversation. Sent again, the same file is stored once."""
        scheme, _, token = authorization.partition(" ")
        try:
            given = token.strip() if scheme.lower() == "bearer" else ""
            admission = await asyncio.to_thread(sessions.admit, session_id, given)
        except TokenRefused:
            raise Problem(401, headers={"WWW-Authenticate": "Bearer"}) from None
        except SessionUnknown:
            raise Problem(404, code="session-unknown", detail=SESSION_UNKNOWN) from None
        content = await request.body()
        try:
            stored = await desk.receive(admission.conversation_id, name, content)
        except AttachmentRefused as refused:
            detail = REASONS.get(refused.reason, REASONS["kind"])
            raise Problem(415, code=f"file-{refused.reason}", detail=detail) from None
        if is_recording(stored.media_type):
            await listener.listen(admission.conversation_id, stored.id, content)
        response.headers["Cache-Control"] = "no-store"
        if stored.duplicate:
            response.status_code = 200
        return stored

    return router
