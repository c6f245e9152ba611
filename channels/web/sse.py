"""The live stream of one conversation as server-sent events."""

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from sse_starlette import EventSourceResponse, ServerSentEvent

from bot.core.errors import StoreUnavailable
from bot.core.messages import Event, EventKind
from channels.web.notifier import Notifier
from channels.web.schemas import EventOut
from channels.web.sessions import PAGE_SIZE, Admission

log = logging.getLogger(__name__)

# Reads events after a sequence, off the event loop.
ReadEvents = Callable[[int], Awaitable[list[Event]]]


@dataclass
class Slot:
    """A stream's place among its session's streams; a superseded one ends itself."""

    superseded: bool = False


class OpenStreams:
    """Keeps at most `limit` streams per session by letting a new one replace the oldest.

    A phone that changes network leaves dead connections behind; refusing the new stream would punish the living one.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._slots: dict[str, list[Slot]] = {}

    def enter(self, session_id: str) -> Slot:
        """Take a place, superseding the oldest stream where all are taken."""
        slots = self._slots.setdefault(session_id, [])
        slot = Slot()
        slots.append(slot)
        for surplus in slots[: -self._limit]:
            surplus.superseded = True
        del slots[: -self._limit]
        return slot

    def leave(self, session_id: str, slot: Slot) -> None:
        """Give the place back."""
        slots = self._slots.get(session_id, [])
        if slot in slots:
            slots.remove(slot)
        if not slots:
            self._slots.pop(session_id, None)

    def count(self, session_id: str) -> int:
        """Return how many streams of the session are open."""
        return len(self._slots.get(session_id, ()))


def message_event(event: Event) -> ServerSentEvent:
    """Return a conversation's event as an SSE `message` whose id is its sequence."""
    return ServerSentEvent(
        event="message", id=str(event.sequence), data=EventOut.of(event).model_dump_json(), sep="\n"
    )


def typing_event(active: bool) -> ServerSentEvent:
    """Return the sign that a reply is (not) being worked on; it has no id and is not kept."""
    return ServerSentEvent(event="typing", data=json.dumps({"active": active}), sep="\n")


async def conversation_stream(
    admission: Admission,
    after: int,
    read: ReadEvents,
    notify: Notifier,
    streams: OpenStreams,
    expired: Callable[[Admission], bool],
    attended: Callable[[], Awaitable[bool]],
    reread_seconds: float,
) -> AsyncIterator[bytes]:
    """Yield events after `after` as they are stored, until the token expires or a newer stream takes this place.

    Woken by `notify`; reads the store at least every `reread_seconds`, since another replica may have written.
    A turn is being worked on while the newest event is the citizen's and no person is `attended` to answer it.
    """
    slot = streams.enter(admission.session_id)
    try:
        with notify.subscribe(admission.conversation_id) as wake:
            sent, typing, newest = after, False, None
            # One event earlier than asked for: it tells whether a reply is awaited right now.
            events = await read(max(after - 1, 0))
            if after and not events:
                # The reader knows more than the store (a restored backup): it is told everything again.
                sent = 0
                events = await read(0)
            while True:
                told = []
                for event in events:
                    newest = event.kind
                    if event.sequence > sent:
                        sent = event.sequence
                        told.append(message_event(event))
                whole = len(events) < PAGE_SIZE
                if whole:
                    works = newest is EventKind.CITIZEN and (typing or not await attended())
                    if typing != works:
                        typing = works
                        told.append(typing_event(typing))
                if told:  # what is known together is sent together
                    yield b"".join(event.encode() for event in told)
                if whole:
                    await wake.wait(reread_seconds)
                if slot.superseded:
                    yield ServerSentEvent(event="superseded", data="{}", sep="\n").encode()
                    return
                if expired(admission):
                    return
                events = await read(sent)
    except StoreUnavailable:
        log.warning("a stream ended because the store did not answer")  # its client comes back with Last-Event-ID
    finally:
        streams.leave(admission.session_id, slot)


def event_stream_response(
    stream: AsyncIterator[bytes | ServerSentEvent], keep_alive_seconds: float
) -> EventSourceResponse:
    """Return the HTTP answer that sends `stream` with keep-alive comments until the client leaves."""
    return EventSourceResponse(
        stream,
        ping=keep_alive_seconds,
        ping_message_factory=lambda: ServerSentEvent(comment="keep-alive", sep="\n"),
        sep="\n",
        send_timeout=30,
    )
