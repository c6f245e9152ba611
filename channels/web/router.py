"""The web channel's REST and SSE endpoints under /api/web."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from datetime import datetime
from typing import Annotated, ParamSpec, TypeVar

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sse_starlette import EventSourceResponse

from bot.core.notices import Notice
from bot.core.ports import Clock, UnitOfWorkFactory
from bot.core.replies import Reply
from channels.web.notifier import Notifier
from channels.web.opening import Doorkeeper
from channels.web.problems import SESSION_UNKNOWN, Problem, documented
from channels.web.schemas import EventOut, MessageAccepted, MessageIn, NoticeOut, SessionOpened, TokenRenewed
from channels.web.sessions import PAGE_SIZE, Admission, SessionUnknown, TokenRefused, WebChannelSettings, WebSessions
from channels.web.sse import OpenStreams, conversation_stream, event_stream_response

P = ParamSpec("P")
T = TypeVar("T")

MAX_SEQUENCE = 2**31 - 1
After = Annotated[int, Query(ge=0, le=MAX_SEQUENCE, description="Only events with a greater sequence.")]
SessionId = Annotated[str, Path(description="From `POST /api/web/sessions`.")]
_NO_STORE = {"Cache-Control": "no-store"}


async def _require_json(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(415)


def web_router(
    *,
    uow_factory: UnitOfWorkFactory,
    clock: Clock,
    notify: Notifier,
    on_message: Callable[[str], None],
    greeting: Reply,
    settings: WebChannelSettings,
    notices: Callable[[datetime], Sequence[Notice]] = lambda _now: (),
    attended: Callable[[str], bool] = lambda _conversation: False,
    executor: Executor | None = None,
    door: Doorkeeper | None = None,
) -> APIRouter:
    """Return the endpoints of the web channel.

    `on_message` is called with the conversation id after a message is committed, and wakes the worker; it must not
    block. `notices` gives what the office announces at a moment, `attended` says whether a person answers a
    conversation. Store calls run in `executor` (the loop's default one where None). `door` limits how many
    conversations are opened (None: nothing does).
    """
    sessions = WebSessions(uow_factory, clock, greeting, settings)
    streams = OpenStreams(settings.max_streams_per_session)
    bearer = HTTPBearer(auto_error=False, description="The token from `POST /api/web/sessions`.")
    router = APIRouter(prefix="/api/web", tags=["web"])

    async def run(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(executor, lambda: work(*args, **kwargs))

    async def admitted(
        check: Callable[[str, str], T], session_id: str, credentials: HTTPAuthorizationCredentials | None
    ) -> T:
        challenge = {"WWW-Authenticate": "Bearer"}
        if credentials is None:
            raise Problem(401, headers=challenge)
        try:
            return await run(check, session_id, credentials.credentials)
        except TokenRefused:
            raise Problem(401, headers=challenge) from None
        except SessionUnknown:
            raise Problem(404, code="session-unknown", detail=SESSION_UNKNOWN) from None

    async def admit(
        session_id: SessionId, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
    ) -> Admission:
        return await admitted(sessions.admit, session_id, credentials)

    Admitted = Annotated[Admission, Depends(admit)]

    @router.get("/notices", summary="Read the office's notices", responses=documented(500))
    async def read_notices(response: Response) -> list[NoticeOut]:
        """Return what is to be shown above the chat now; needs no session."""
        response.headers["Cache-Control"] = "max-age=60"
        shown = await run(notices, clock.now())
        return [NoticeOut(text=notice.text, english=notice.english, until=notice.end) for notice in shown]

    @router.post(
        "/sessions",
        status_code=201,
        summary="Open a conversation",
        responses=documented(413, 429, 500, 503),
    )
    async def open_session(request: Request, response: Response) -> SessionOpened:
        """Create a session and greet the citizen: the greeting, which says that this is an automatic assistant,
        is event 1. Keep the renewal secret: the server stores only its hash.

        429, with `Retry-After`, while too many are opened from one address or in all."""
        if door is not None:
            door.admit(request)
        response.headers.update(_NO_STORE)
        return SessionOpened(**vars(await run(sessions.open)))

    @router.post(
        "/sessions/{session_id}/token",
        summary="Renew the token",
        responses=documented(401, 404, 422, 500, 503),
    )
    async def renew_token(
        session_id: SessionId,
        credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
        response: Response,
    ) -> TokenRenewed:
        """Give a new token for the session's renewal secret (`Authorization: Bearer …`). Earlier tokens stay valid
        until they expire, so that two tabs can renew at the same time."""
        response.headers.update(_NO_STORE)
        return TokenRenewed(**vars(await admitted(sessions.renew, session_id, credentials)))

    @router.delete(
        "/sessions/{session_id}",
        status_code=204,
        summary="Clear the conversation",
        responses=documented(401, 404, 422, 429, 500, 503),
    )
    async def end_session(admission: Admitted) -> None:
        """Close the session for good and blank what was said in it. A complaint that was filed remains.

        429 while a message still waits for its answer."""
        await run(sessions.end, admission)
        notify.publish(admission.conversation_id)

    @router.post(
        "/sessions/{session_id}/messages",
        status_code=202,
        summary="Send a message",
        dependencies=[Depends(_require_json)],
        responses=documented(400, 401, 403, 404, 413, 415, 422, 429, 500, 503),
    )
    async def post_message(
        admission: Admitted,
        message: MessageIn,
        response: Response,
        evaluation_token: Annotated[
            str | None, Header(alias="X-Evaluation-Token", description="Evaluation only: allows `now`.")
        ] = None,
    ) -> MessageAccepted:
        """Store a message, then acknowledge it. The reply arrives as an event.

        Send again with the same `client_message_id` after a failure: it is stored once."""
        response.headers.update(_NO_STORE)
        turn_clock = None
        if message.now is not None:
            if not sessions.may_set_clock(evaluation_token):
                raise Problem(403, code="clock-refused", detail="Không được đặt thời điểm cho tin nhắn này.")
            try:
                turn_clock = message.clock()
            except OverflowError:
                raise Problem(422, detail="Thời điểm `now` nằm ngoài phạm vi cho phép.") from None
        stored = await run(
            sessions.accept,
            admission.conversation_id,
            message.client_message_id,
            message.text,
            message.button,
            turn_clock,
        )
        # Also for a repeated message: the first wake-up may have been lost with the process.
        on_message(admission.conversation_id)
        notify.publish(admission.conversation_id)
        return MessageAccepted(sequence=stored.sequence, duplicate=stored.duplicate)

    @router.get(
        "/sessions/{session_id}/messages",
        summary="Read the conversation",
        responses=documented(401, 404, 422, 500, 503),
    )
    async def read_messages(
        admission: Admitted,
        response: Response,
        after: After = 0,
        limit: Annotated[int, Query(ge=1, le=PAGE_SIZE)] = PAGE_SIZE,
    ) -> list[EventOut]:
        """Return the events after `after`, oldest first, at most `limit`.

        Ask again from the last sequence for more."""
        response.headers.update(_NO_STORE)
        events = await run(sessions.events_after, admission.conversation_id, after, limit)
        return [EventOut.of(event) for event in events]

    @router.get(
        "/sessions/{session_id}/events",
        summary="Follow the conversation live (server-sent events)",
        response_class=EventSourceResponse,
        responses={
            200: {
                "description": "`message` events (id = sequence, data as in the history); `typing` events "
                '({"active": true|false}, no id); `superseded` when a newer stream of the session takes this one\'s '
                "place; comments as keep-alive.",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            },
            **documented(401, 404, 422, 500, 503),
        },
    )
    async def follow(
        admission: Admitted,
        after: After = 0,
        last_event_id: Annotated[
            int | None,
            Header(
                alias="Last-Event-ID",
                ge=0,
                le=MAX_SEQUENCE,
                description="The last sequence received; wins over `after`.",
            ),
        ] = None,
    ) -> EventSourceResponse:
        """Stream events after `Last-Event-ID` (or `after`), each as soon as it is stored."""

        stream = conversation_stream(
            admission,
            after if last_event_id is None else last_event_id,
            lambda sequence: run(sessions.events_after, admission.conversation_id, sequence),
            notify,
            streams,
            sessions.expired,
            lambda: run(attended, admission.conversation_id),
            settings.reread_seconds,
        )
        return event_stream_response(stream, settings.keep_alive_seconds)

    return router
