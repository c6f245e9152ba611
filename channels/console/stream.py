"""The live stream of the console: it says only «look again», by a counter of the store that all replicas share."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from bot.core.cases.people import Principal
from bot.core.errors import StoreUnavailable
from bot.core.handover.access import require_use
from bot.core.handover.desk import OperatorDesk
from bot.core.handover.ports import Change, Signal
from bot.core.ports import UnitOfWorkFactory
from channels.console.conversations import DESK, MAX_SEQUENCE, PREFIX
from channels.web.notifier import Notifier
from channels.web.problems import documented
from channels.web.sse import event_stream_response

log = logging.getLogger(__name__)
PAGE = 500


@dataclass(frozen=True)
class StreamSettings:
    """Times in seconds. A stream ends after `life_seconds`: its page comes back, and is admitted anew.

    `alive_seconds`: so often, and before anything is told, it is seen whether the session goes on.

    `gather_seconds`: so long after a wake-up more is waited for, so that a burst is one reading.
    """

    reread_seconds: float = 2.0
    gather_seconds: float = 0.1
    seen_seconds: float = 30.0
    life_seconds: float = 600.0
    alive_seconds: float = 5.0
    keep_alive_seconds: float = 15.0


def stream_router(
    units: UnitOfWorkFactory,
    desk: OperatorDesk,
    signed_in: Any,
    *,
    notify: Notifier,
    alarm_text: Callable[[str], str],
    settings: StreamSettings | None = None,
    executor: Executor | None = None,
) -> APIRouter:
    """Return GET /api/console/stream. `notify` is published under DESK whenever there may be something to look at;
    `alarm_text` says an alarm's code in words. `signed_in` has `alive`: the stream ends with the session."""
    Caller = Annotated[Principal, Depends(signed_in)]
    router = APIRouter(prefix=PREFIX, tags=["console"])
    chosen = settings or StreamSettings()

    async def run(work: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(executor, work)

    def newest() -> int:
        with units() as unit:
            return unit.switchboard.newest()

    def changes(after: int) -> list[Change]:
        with units() as unit:
            return unit.switchboard.changes(after, PAGE)

    @router.get(
        "/stream",
        summary="Follow what happens (server-sent events)",
        response_class=EventSourceResponse,
        responses={
            200: {
                "description": "`changed` {conversation_id, version}; `presence` {}; `call` {call}; `alarm` {text, "
                "conversation_id}. The id counts for the whole system. After each connection read the lists anew.",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            },
            **documented(401, 403, 422, 500, 503),
        },
    )
    async def follow(
        request: Request,
        caller: Caller,
        last_event_id: Annotated[int | None, Header(alias="Last-Event-ID", ge=0, le=MAX_SEQUENCE)] = None,
    ) -> EventSourceResponse:
        """Stream what changed since `Last-Event-ID`, else from now on."""
        require_use(caller)
        now_at = await run(newest)
        # Who knows more than the store (a restored backup) begins anew.
        after = now_at if last_event_id is None else min(last_event_id, now_at)
        stream = desk_stream(
            after,
            lambda sequence: run(lambda: changes(sequence)),
            lambda: run(lambda: desk.seen(caller)),
            lambda: signed_in.alive(request),
            notify,
            alarm_text,
            chosen,
        )
        return event_stream_response(stream, chosen.keep_alive_seconds)

    return router


async def desk_stream(
    after: int,
    read: Callable[[int], Awaitable[list[Change]]],
    seen: Callable[[], Awaitable[None]],
    alive: Callable[[], Awaitable[bool]],
    notify: Notifier,
    alarm_text: Callable[[str], str],
    settings: StreamSettings,
) -> AsyncIterator[ServerSentEvent]:
    """Yield what was appended after a sequence, each once and in order, until the stream's life or session is over.

    Woken by `notify`; reads the store at least every `reread_seconds`, since another replica may have written.
    """
    began = shown = time.monotonic()
    try:
        with notify.subscribe(DESK) as wake:
            await seen()
            while True:
                changes = await read(after)
                if not await alive():
                    return
                for change in newest_of(changes):
                    yield sse_of(change, alarm_text)
                after = changes[-1].sequence if changes else after
                if len(changes) == PAGE:
                    continue
                now = time.monotonic()
                if now - began >= settings.life_seconds:
                    return
                if now - shown >= settings.seen_seconds:
                    await seen()
                    shown = now
                if await wake.wait(min(settings.reread_seconds, settings.alive_seconds)):
                    await asyncio.sleep(settings.gather_seconds)
    except StoreUnavailable:
        log.warning("a console stream ended because the store did not answer")  # its page comes back


def newest_of(changes: Sequence[Change]) -> list[Change]:
    """Leave out what a later entry says again; alarms are all kept."""
    last = {(change.signal, change.conversation_id): change.sequence for change in changes}
    return [
        change
        for change in changes
        if change.signal is Signal.ALARM or last[change.signal, change.conversation_id] == change.sequence
    ]


def sse_of(change: Change, alarm_text: Callable[[str], str]) -> ServerSentEvent:
    """Return an entry as an event."""
    data: dict[str, object] = {}
    if change.signal is Signal.CHANGED:
        data = {"conversation_id": change.conversation_id, "version": change.version}
    elif change.signal is Signal.CALL:
        data = {"call": change.conversation_id}
    elif change.signal is Signal.ALARM:
        data = {"text": alarm_text(change.text), "conversation_id": change.conversation_id}
    payload = json.dumps(data, ensure_ascii=False)
    return ServerSentEvent(event=change.signal.value, id=str(change.sequence), data=payload, sep="\n")
