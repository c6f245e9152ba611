"""One database transaction behind `bot.core.ports.UnitOfWork`, on SQLite and PostgreSQL alike."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.core.conversation import ConversationState
from bot.core.errors import StoreUnavailable
from bot.core.messages import Event, EventKind, InboundMessage, Stored, Turn, TurnRecord
from bot.core.privacy import mask
from bot.core.replies import Reply
from bot.store import conversations, erasing, events, sessions, turns, withdrawals
from bot.store.audit.audit_mark import Mark, advance
from bot.store.engine import WRITER, commit
from bot.store.purging import SqlPurging
from bot.store.sealing import KeyRing
from bot.store.unit_parts import UnitParts
from bot.store.writer import WriterTurn


class SqlUnitOfWork(UnitParts):
    """A transaction for one `with` block of one thread; see `bot.core.ports.UnitOfWork` for what methods promise.

    On SQLite a unit that only reads holds no lock; with its first change it starts as the one writer
    (`BEGIN IMMEDIATE`). `writer` is that writer's turn among this process's threads: waiting for it here is fair and
    free of SQLite's sleeping retries. None on PostgreSQL. An `urgent` unit goes before the others that wait.
    """

    def __init__(
        self,
        engine: Engine,
        keys: KeyRing,
        writer: WriterTurn | None,
        busy_seconds: float,
        *,
        urgent: bool = False,
    ) -> None:
        self._engine = engine
        self._keys = keys
        self._writer = writer
        self._busy_seconds = busy_seconds
        self._urgent = urgent
        self._connection: Connection | None = None
        self._writing = False
        self._mark: Mark | None = None

    def __enter__(self) -> "SqlUnitOfWork":
        try:
            self._connection = self._engine.connect()
        except (DBAPIError, PoolTimeout) as error:
            raise _unavailable(error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._connection is not None:
                self._connection.close()  # rolls back what was not committed
        except DBAPIError as closing:
            if error is None:
                raise _unavailable(closing) from closing
        finally:
            self._connection, self._mark = None, None
            self._stop_writing()
        if isinstance(error, OperationalError | InterfaceError):
            raise _unavailable(error) from error

    def commit(self) -> None:
        """Make the changes of this unit durable."""
        commit(self._open())
        self._stop_writing()
        if self._mark is not None:
            advance(self._keys, self._mark)
            self._mark = None

    def create_conversation(self, conversation_id: str, channel: str, now: datetime) -> None:
        """Create an empty conversation owned by the bot."""
        conversations.create(self._write(), conversation_id, channel, now)

    def conversation_exists(self, conversation_id: str) -> bool:
        """True when the conversation is known."""
        return conversations.known(self._open(), conversation_id)

    def channel(self, conversation_id: str) -> str:
        """Return the channel in which the conversation is held."""
        return conversations.channel(self._open(), conversation_id)

    def state(self, conversation_id: str) -> ConversationState:
        """Return the conversation's state."""
        return conversations.state(self._open(), self._keys, conversation_id)

    def save_state(self, conversation_id: str, state: ConversationState, now: datetime) -> None:
        """Replace the conversation's state, but not who answers."""
        conversations.save_state(self._write(), self._keys, conversation_id, state, now)

    def append_event(
        self, conversation_id: str, kind: EventKind, body: dict[str, Any], turn_id: str | None, now: datetime
    ) -> int:
        """Append to the log and return the sequence."""
        return events.append(self._write(), self._keys, conversation_id, kind, body, turn_id, now)

    def events_after(self, conversation_id: str, sequence: int, limit: int = 200) -> list[Event]:
        """Return events with a greater sequence, in order."""
        return events.after(self._open(), self._keys, conversation_id, sequence, limit)

    def latest_events(self, conversation_id: str, kind: EventKind, limit: int) -> list[Event]:
        """Return the last events of a kind, latest first."""
        return events.latest(self._open(), self._keys, conversation_id, kind, limit)

    def store_inbound(self, message: InboundMessage, max_waiting: int) -> Stored:
        """Store a message once and append its event."""
        masked = mask(message.text)  # before the write begins: a long text takes a while
        return turns.store_inbound(self._write(), self._keys, message, masked, max_waiting)

    def replace_inbound(self, conversation_id: str, channel_message_id: str, text: str, button: str | None) -> bool:
        """Put other words in the place of a message that no turn has taken."""
        masked = mask(text)
        write = self._write()
        return turns.replace_inbound(write, self._keys, conversation_id, channel_message_id, text, masked, button)

    def due_conversations(self, now: datetime, limit: int) -> list[str]:
        """Return conversations with work to do, longest waiting first."""
        return conversations.due(self._open(), now, limit)

    def claim_turn(self, conversation_id: str, worker: str, now: datetime, lease_seconds: float) -> Turn | None:
        """Take the lease and the turn, if there is one to take."""
        return turns.claim(self._write(), self._keys, conversation_id, worker, now, lease_seconds)

    def turn(self, turn_id: str) -> Turn | None:
        """Return a turn by id."""
        return turns.by_id(self._open(), self._keys, turn_id)

    def stored_reply(self, turn_id: str) -> Reply | None:
        """Return the turn's reply, if any."""
        return turns.stored_reply(self._open(), self._keys, turn_id)

    def record_reply(self, turn_id: str, reply: Reply, record: TurnRecord) -> bool:
        """Store the turn's reply and figures once."""
        return turns.record_reply(self._write(), self._keys, turn_id, reply, record)

    def finish_turn(self, turn_id: str, status: str, now: datetime) -> bool:
        """Close the turn and release the lease."""
        return turns.finish(self._write(), turn_id, status, now)

    def postpone_turn(self, turn_id: str, next_attempt_at: datetime) -> bool:
        """Count a failed attempt and release the lease."""
        return turns.postpone(self._write(), turn_id, next_attempt_at)

    def release_leases_of(self, worker: str) -> None:
        """Free the leases of one worker."""
        conversations.release_leases_of(self._write(), worker)

    def release_all_leases(self) -> None:
        """Free every lease."""
        conversations.release_all_leases(self._write())

    def create_web_session(
        self, session_id: str, conversation_id: str, token_hash: str, expires_at: datetime, now: datetime
    ) -> None:
        """Remember a web session."""
        sessions.create(self._write(), session_id, conversation_id, token_hash, expires_at, now)

    def web_session(self, session_id: str) -> tuple[str, str, datetime] | None:
        """Return (conversation_id, token_hash, expires_at) or None."""
        return sessions.by_id(self._open(), session_id)

    def session_open(self, conversation_id: str, now: datetime) -> bool:
        """Say whether a session of the conversation goes on."""
        return sessions.goes_on(self._open(), conversation_id, now)

    def end_web_session(self, session_id: str, now: datetime) -> None:
        """Let a session end now."""
        sessions.end(self._write(), session_id, now)

    def erase_conversation(self, conversation_id: str, now: datetime) -> None:
        """Blank all that was said in a conversation."""
        erasing.erase(self._write(), self._keys, conversation_id)
        self.handovers.leave(conversation_id, now)

    def purge(self, before: datetime, now: datetime, limit: int) -> Mapping[str, int]:
        """Delete what was dealt with long ago."""
        return SqlPurging(self._open, self._write, self._keys).purge(before, now, limit)

    def withdraw(self, procedure_id: str, reason: str, actor: str, now: datetime) -> bool:
        """Hide a procedure."""
        return withdrawals.add(self._write(), procedure_id, withdrawals.HIDE, reason, actor, now)

    def restore(self, procedure_id: str, reason: str, actor: str, now: datetime) -> bool:
        """Bring a hidden procedure back."""
        return withdrawals.add(self._write(), procedure_id, withdrawals.UNHIDE, reason, actor, now)

    def withdrawn(self) -> frozenset[str]:
        """Return the ids hidden now."""
        return withdrawals.hidden(self._open())

    def missing_facts_asked(self) -> Sequence[tuple[str, str, int]]:
        """Return (procedure_id, facet, times asked), most asked first."""
        return turns.missing_facts_asked(self._open())

    def _open(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("a unit of work is used inside its `with` block")
        return self._connection

    def _write(self) -> Connection:
        connection = self._open()
        if self._writer is None or self._writing:
            return connection
        # A reader cannot become a writer where another wrote in between; so its snapshot is given up first.
        connection.rollback()
        if not self._writer.acquire(self._busy_seconds, urgent=self._urgent):
            raise StoreUnavailable("the database stayed locked by another writer of this process")
        self._writing = True
        connection.info[WRITER] = True
        try:
            connection.begin()
        finally:
            connection.info[WRITER] = False
        return connection

    def _note_mark(self, mark: Mark) -> None:
        """Keep how far the audit log got until that is durable."""
        self._mark = mark

    def _stop_writing(self) -> None:
        if self._writing and self._writer is not None:
            self._writing = False
            self._writer.release()


def _unavailable(error: Exception) -> StoreUnavailable:
    """Translate without the statement, whose values may be a citizen's."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return StoreUnavailable(f"the database did not answer: {str(cause).splitlines()[0] if str(cause) else cause!r}")
