"""A store in memory, a notifier's clock and an application over them, for tests of the web channel alone."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, cast

import uvicorn
from fastapi import FastAPI

from bot.core.cases.ports import Attachment
from bot.core.errors import ConversationBusy
from bot.core.messages import Event, EventKind, InboundMessage, Stored
from bot.core.notices import Notice
from bot.core.ports import Clock, UnitOfWork, UnitOfWorkFactory
from bot.core.replies import Reply
from channels.web import (
    Doorkeeper,
    InProcessNotifier,
    Notifier,
    WebChannelSettings,
    WebSessions,
    install_web_channel,
    plain_router,
    web_router,
)

GREETING = Reply(
    act="greet",
    text="Xin chào anh/chị! Tôi là trợ lý tự động của Sở Nội vụ Hà Nội. Anh/chị cần hỏi về thủ tục nào ạ?",
)


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SettableClock:
    """A time that a test moves."""

    def __init__(self, now: datetime) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time


@dataclass
class Tables:
    """What is committed."""

    conversations: set[str] = field(default_factory=set)
    sessions: dict[str, tuple[str, str, datetime]] = field(default_factory=dict)
    events: dict[str, list[Event]] = field(default_factory=dict)
    inbox: dict[tuple[str, str], int] = field(default_factory=dict)
    messages: list[InboundMessage] = field(default_factory=list)
    busy: bool = False  # no message is taken

    def copy(self) -> "Tables":
        events = {key: list(value) for key, value in self.events.items()}
        known = set(self.conversations), dict(self.sessions)
        return Tables(*known, events, dict(self.inbox), list(self.messages), self.busy)


class NoFiles:
    """Files are answered for in the tests that send them."""

    def of_conversation(self, _conversation_id: str, *, unfiled: bool = False) -> list[Attachment]:
        return []


class MemoryStore:
    """Holds the committed tables and makes units of work on them, one at a time."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.tables = Tables()

    def __call__(self) -> UnitOfWork:
        return cast(UnitOfWork, MemoryUnitOfWork(self))


class MemoryUnitOfWork:
    """The part of a UnitOfWork that the web channel uses; changes are seen by others only after `commit`."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def __enter__(self) -> "MemoryUnitOfWork":
        self._store.lock.acquire()
        self._tables = self._store.tables.copy()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._store.lock.release()

    def commit(self) -> None:
        self._store.tables = self._tables

    def create_conversation(self, conversation_id: str, channel: str, now: datetime) -> None:
        self._tables.conversations.add(conversation_id)

    def conversation_exists(self, conversation_id: str) -> bool:
        return conversation_id in self._tables.conversations

    def create_web_session(
        self, session_id: str, conversation_id: str, token_hash: str, expires_at: datetime, now: datetime
    ) -> None:
        self._tables.sessions[session_id] = (conversation_id, token_hash, expires_at)

    def web_session(self, session_id: str) -> tuple[str, str, datetime] | None:
        return self._tables.sessions.get(session_id)

    def end_web_session(self, session_id: str, now: datetime) -> None:
        conversation_id, token_hash, _ = self._tables.sessions[session_id]
        self._tables.sessions[session_id] = (conversation_id, token_hash, now)

    def erase_conversation(self, conversation_id: str, now: datetime) -> None:
        events = self._tables.events[conversation_id]
        if events[-1].kind is EventKind.CITIZEN:
            raise ConversationBusy
        events[:] = [replace(event, body={"text": ""}) for event in events]

    def append_event(
        self, conversation_id: str, kind: EventKind, body: dict[str, Any], turn_id: str | None, now: datetime
    ) -> int:
        events = self._tables.events.setdefault(conversation_id, [])
        events.append(Event(conversation_id, len(events) + 1, kind, turn_id, now, body))
        return len(events)

    def events_after(self, conversation_id: str, sequence: int, limit: int = 200) -> list[Event]:
        return self._tables.events.get(conversation_id, [])[sequence : sequence + limit]

    @property
    def attachments(self) -> "NoFiles":
        return NoFiles()

    def latest_events(self, conversation_id: str, kind: EventKind, limit: int) -> list[Event]:
        events = self._tables.events.get(conversation_id, [])
        return [event for event in reversed(events) if event.kind is kind][:limit]

    def store_inbound(self, message: InboundMessage, max_waiting: int) -> Stored:
        key = (message.conversation_id, message.channel_message_id)
        if key in self._tables.inbox:
            return Stored(self._tables.inbox[key], duplicate=True)
        waiting = 0
        for event in reversed(self._tables.events.get(message.conversation_id, [])):
            if event.kind is not EventKind.CITIZEN:
                break
            waiting += 1
        if self._tables.busy or waiting >= max_waiting:
            raise ConversationBusy
        sequence = self.append_event(
            message.conversation_id, EventKind.CITIZEN, {"text": message.text}, None, message.received_at
        )
        self._tables.inbox[key] = sequence
        self._tables.messages.append(message)
        return Stored(sequence, duplicate=False)


def web_app(
    store: UnitOfWorkFactory,
    clock: Clock,
    notify: Notifier | None = None,
    on_message: Callable[[str], None] = lambda _conversation_id: None,
    settings: WebChannelSettings | None = None,
    notices: Callable[[datetime], Sequence[Notice]] = lambda _now: (),
    attended: Callable[[str], bool] = lambda _conversation: False,
    door: Doorkeeper | None = None,
    greeting: Reply = GREETING,
) -> FastAPI:
    """Return an application with the web channel alone."""
    settings = settings or WebChannelSettings()
    app = FastAPI(title="Tiếp Dân", version="0.1.0", docs_url=None, redoc_url=None)
    notify = notify or InProcessNotifier()
    router = web_router(
        uow_factory=store,
        clock=clock,
        notify=notify,
        on_message=on_message,
        greeting=greeting,
        settings=settings,
        notices=notices,
        door=door,
        attended=attended,
    )
    install_web_channel(app, router, 64 * 1024, settings.origins)
    app.include_router(plain_router(WebSessions(store, clock, greeting, settings), notify, on_message, door))
    return app


@contextlib.contextmanager
def serving(app: FastAPI, port: int = 0) -> Iterator[str]:
    """Serve `app` on loopback in a thread and give its address; port 0 takes a free one."""
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server is too slow to start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
