"""SQL of the event log: what a conversation's readers are pushed, in order."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from bot.core.conversation import Owner
from bot.core.messages import Event, EventKind
from bot.store import conversations
from bot.store.console import desk_changes
from bot.store.parts import AnyRow
from bot.store.sealing import KeyRing, context
from bot.store.tables.conversations import events

_INSERT = insert(events)
_AFTER = (
    select(events)
    .where(events.c.conversation_id == bindparam("id"), events.c.sequence > bindparam("sequence"))
    .order_by(events.c.sequence)
    .limit(bindparam("limit"))
)
_LATEST = (
    select(events)
    .where(events.c.conversation_id == bindparam("id"), events.c.kind == bindparam("kind"))
    .order_by(events.c.sequence.desc())
    .limit(bindparam("limit"))
)
_REPLACE = (
    update(events)
    .where(events.c.conversation_id == bindparam("key"), events.c.sequence == bindparam("place"))
    .values(body=bindparam("sealed"))
)
_ANSWER = select(events.c.sequence).where(
    events.c.turn_id == bindparam("turn"), events.c.kind == EventKind.ASSISTANT.value
)


def append(
    write: Connection,
    keys: KeyRing,
    conversation_id: str,
    kind: EventKind,
    body: dict[str, Any],
    turn_id: str | None,
    now: datetime,
) -> int:
    """Append under the conversation's row lock; a turn's ASSISTANT event once, else its first sequence again."""
    locked = conversations.lock(write, conversation_id)
    if kind is EventKind.ASSISTANT and turn_id is not None:
        earlier: int | None = write.execute(_ANSWER, {"turn": turn_id}).scalar()
        if earlier is not None:
            return earlier
    return append_locked(write, keys, conversation_id, locked, kind, body, turn_id, now)


def append_locked(
    write: Connection,
    keys: KeyRing,
    conversation_id: str,
    locked: conversations.Locked,
    kind: EventKind,
    body: dict[str, Any],
    turn_id: str | None,
    now: datetime,
) -> int:
    """Append to a conversation whose row this transaction holds; operators' pages hear of what concerns them."""
    sequence = conversations.take_sequence(write, conversation_id, locked, now)
    sealed = keys.seal_json(body, _context(conversation_id, sequence))
    row = {"conversation_id": conversation_id, "sequence": sequence, "kind": kind.value, "turn_id": turn_id}
    write.execute(_INSERT, {**row, "created_at": now, "body": sealed})
    if locked.owner is not Owner.BOT:
        desk_changes.changed(write, conversation_id, sequence, now)
    return sequence


def replace(write: Connection, keys: KeyRing, conversation_id: str, sequence: int, body: dict[str, Any]) -> None:
    """Put another body in the place of an event's."""
    sealed = keys.seal_json(body, _context(conversation_id, sequence))
    write.execute(_REPLACE, {"key": conversation_id, "place": sequence, "sealed": sealed})


def after(read: Connection, keys: KeyRing, conversation_id: str, sequence: int, limit: int) -> list[Event]:
    """Events with a greater sequence, in order."""
    rows = read.execute(_AFTER, {"id": conversation_id, "sequence": sequence, "limit": limit})
    return [_event(keys, row) for row in rows]


def latest(read: Connection, keys: KeyRing, conversation_id: str, kind: EventKind, limit: int) -> list[Event]:
    """The last events of a kind, latest first."""
    rows = read.execute(_LATEST, {"id": conversation_id, "kind": kind.value, "limit": limit})
    return [_event(keys, row) for row in rows]


def _event(keys: KeyRing, row: AnyRow) -> Event:
    return Event(
        row.conversation_id,
        row.sequence,
        EventKind(row.kind),
        row.turn_id,
        row.created_at,
        keys.open_json(row.body, _context(row.conversation_id, row.sequence)),
    )


def _context(conversation_id: str, sequence: int) -> bytes:
    return context("events", "body", conversation_id, sequence)
