"""SQL of what passes from the assistant to a person and back: open turns, and messages that wait.

What is written to a person belongs to a turn that was closed without a reply, marked as handed over. So the inbox
says of every message whose it was, and what nobody answered can be given back to the assistant.
"""

import uuid
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, func, insert, literal, or_, select, update

from bot.core.messages import EventKind
from bot.core.replies import Reply
from bot.core.routes import Outcome
from bot.store import conversations
from bot.store.sealing import KeyRing, context
from bot.store.tables.conversations import events, inbox, turns

_OF_CONVERSATION = inbox.c.conversation_id == bindparam("id")
_WAITS = exists(select(literal(1)).where(_OF_CONVERSATION, inbox.c.turn_id.is_(None))).select()
_INSERT_TURN = insert(turns)
_TAKE = update(inbox).where(_OF_CONVERSATION, inbox.c.turn_id.is_(None)).values(turn_id=bindparam("turn"))
_OPEN = select(turns.c.id, turns.c.reply).where(
    turns.c.conversation_id == bindparam("id"), turns.c.status == literal("open", literal_execute=True)
)
_CLOSE = (
    update(turns)
    .where(turns.c.id == bindparam("turn"))
    .values(
        status=bindparam("new_status"),
        outcome=func.coalesce(turns.c.outcome, bindparam("new_outcome")),
        finished_at=bindparam("at"),
        next_attempt_at=None,
    )
)
_LAST_WORDS = select(func.coalesce(func.max(events.c.sequence), 0)).where(
    events.c.conversation_id == bindparam("id"), events.c.kind == EventKind.OPERATOR.value
)
_PASSED = select(turns.c.id).where(
    turns.c.conversation_id == bindparam("id"),
    turns.c.status == "expired",
    turns.c.outcome == Outcome.HANDED_OVER.value,
    turns.c.reply.is_(None),
)
_REOPEN = (
    update(inbox)
    .where(
        _OF_CONVERSATION,
        inbox.c.sequence > bindparam("after"),
        or_(inbox.c.turn_id.is_(None), inbox.c.turn_id.in_(_PASSED)),
    )
    .values(turn_id=None)
)


def leave_to_person(write: Connection, conversation_id: str, now: datetime) -> None:
    """Give the messages that wait in a locked conversation to whoever attends it."""
    if not write.execute(_WAITS, {"id": conversation_id}).scalar():
        return
    turn_id = uuid.uuid4().hex
    values = {"id": turn_id, "conversation_id": conversation_id, "status": "expired", "attempts": 0}
    closed = {"outcome": Outcome.HANDED_OVER.value, "now": now, "created_at": now, "finished_at": now}
    write.execute(_INSERT_TURN, {**values, **closed, "fact_missing": False})
    write.execute(_TAKE, {"id": conversation_id, "turn": turn_id})


def stored_reply(read: Connection, keys: KeyRing, conversation_id: str) -> tuple[str, Reply | None] | None:
    """Return the open turn of a conversation and the reply that is stored for it, or None without an open turn."""
    row = read.execute(_OPEN, {"id": conversation_id}).first()
    if row is None:
        return None
    reply = None if row.reply is None else Reply.from_payload(keys.open_json(row.reply, _reply_context(row.id)))
    return row.id, reply


def close_turn(write: Connection, conversation_id: str, turn_id: str, now: datetime, *, answered: bool) -> None:
    """Close the open turn of a locked conversation; whoever works at it will find it closed."""
    status = "answered" if answered else "expired"
    values = {"turn": turn_id, "new_status": status, "new_outcome": Outcome.HANDED_OVER.value, "at": now}
    write.execute(_CLOSE, values)
    conversations.release_lease(write, conversation_id)


def reopen(write: Connection, conversation_id: str) -> int:
    """Let what nobody answered since a person's last words wait again; return how many messages."""
    after = write.execute(_LAST_WORDS, {"id": conversation_id}).scalar_one()
    return write.execute(_REOPEN, {"id": conversation_id, "after": after}).rowcount


def _reply_context(turn_id: str) -> bytes:
    return context("turns", "reply", turn_id)
