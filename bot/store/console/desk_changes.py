"""SQL of the log that operators' pages follow. Its counter is the last thing that a transaction locks."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.core.handover.ports import Change, Signal
from bot.store.tables.handover import attentions, changes, counter

_NEXT = update(counter).values(value=counter.c.value + 1).returning(counter.c.value)
_NEWEST = select(counter.c.value)
_INSERT = insert(changes)
_MOVES = select(attentions.c.moves).where(attentions.c.conversation_id == bindparam("id"))
_AFTER = (
    select(changes)
    .where(changes.c.sequence > bindparam("after"))
    .order_by(changes.c.sequence)
    .limit(bindparam("limit"))
)
_PRUNE = delete(changes).where(changes.c.at < bindparam("before"))


def append(
    write: Connection, signal: Signal, now: datetime, conversation_id: str | None, version: int, text: str
) -> None:
    """Append an entry; the counter's row is held until the transaction ends."""
    sequence = write.execute(_NEXT).scalar_one()
    row = {"sequence": sequence, "signal": signal.value, "conversation_id": conversation_id, "version": version}
    write.execute(_INSERT, {**row, "text": text, "at": now})


def changed(write: Connection, conversation_id: str, last_sequence: int, now: datetime) -> None:
    """Let pages look again at a conversation whose newest event this is."""
    moves: int = write.execute(_MOVES, {"id": conversation_id}).scalar() or 0
    append(write, Signal.CHANGED, now, conversation_id, moves + last_sequence, "")


def after(read: Connection, sequence: int, limit: int) -> list[Change]:
    """Return entries in order."""
    rows = read.execute(_AFTER, {"after": sequence, "limit": limit})
    return [Change(row.sequence, Signal(row.signal), row.conversation_id, row.version, row.text) for row in rows]


def newest(read: Connection) -> int:
    """Return the sequence of the newest entry."""
    value: int = read.execute(_NEWEST).scalar_one()
    return value


def prune(write: Connection, before: datetime) -> None:
    """Delete old entries."""
    write.execute(_PRUNE, {"before": before})
