"""SQL of the inbox and of the turns made from it."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, literal, select, update

from bot.core.conversation import Owner
from bot.core.errors import ConversationBusy, UnknownTurn
from bot.core.messages import EventKind, InboundMessage, Stored, Turn, TurnRecord
from bot.core.replies import Reply
from bot.store import conversations, events, passing
from bot.store.sealing import KeyRing, context
from bot.store.tables.conversations import inbox, turns

OPEN = "open"
# Sealed size of the messages that may wait in one conversation, so that nobody hoards the turns' time.
MAX_WAITING_BYTES = 64 * 1024
_MessageRow = Row[str, int, bytes, datetime | None]
_TurnRow = Row[str, str, datetime, datetime, int, datetime | None]
FINISHED = ("answered", "expired")

_OF_CONVERSATION = inbox.c.conversation_id == bindparam("id")
_EARLIER = select(inbox.c.sequence).where(_OF_CONVERSATION, inbox.c.channel_message_id == bindparam("message"))
_COUNT_WAITING = select(func.count(), func.coalesce(func.sum(func.length(inbox.c.body)), 0)).where(
    _OF_CONVERSATION, inbox.c.turn_id.is_(None)
)
_REPLACE = (
    update(inbox).where(_OF_CONVERSATION, inbox.c.sequence == bindparam("place")).values(body=bindparam("sealed"))
)
_INSERT_MESSAGE = insert(inbox)
_MESSAGES = select(inbox.c.conversation_id, inbox.c.sequence, inbox.c.body, inbox.c.now).order_by(inbox.c.sequence)
_WAITING = _MESSAGES.where(_OF_CONVERSATION, inbox.c.turn_id.is_(None))
_MESSAGES_OF_TURN = _MESSAGES.where(inbox.c.turn_id == bindparam("turn"))
# Bounded by sequence: on PostgreSQL a message stored since it was read must stay waiting.
_TAKE_WAITING = (
    update(inbox)
    .where(_OF_CONVERSATION, inbox.c.turn_id.is_(None), inbox.c.sequence <= bindparam("last"))
    .values(turn_id=bindparam("turn"))
)

_TURN = select(
    turns.c.id,
    turns.c.conversation_id,
    turns.c.now,
    turns.c.created_at,
    turns.c.attempts,
    turns.c.next_attempt_at,
)
_BY_ID = _TURN.where(turns.c.id == bindparam("turn"))
_OPEN_TURN = _TURN.where(
    turns.c.conversation_id == bindparam("id"), turns.c.status == literal(OPEN, literal_execute=True)
)
_INSERT_TURN = insert(turns)
_REPLY = select(turns.c.reply).where(turns.c.id == bindparam("turn"))
_TURN_EXISTS = select(turns.c.conversation_id).where(turns.c.id == bindparam("turn"))
_IS_OPEN = (turns.c.id == bindparam("turn"), turns.c.status == literal(OPEN, literal_execute=True))
_RECORD_REPLY = (
    update(turns)
    .where(*_IS_OPEN, turns.c.reply.is_(None))
    .values({name: bindparam(f"new_{name}") for name in ("reply", *TurnRecord.__dataclass_fields__)})
)
_FINISH = (
    update(turns)
    .where(*_IS_OPEN)
    .values(status=bindparam("new_status"), finished_at=bindparam("at"), next_attempt_at=None)
    .returning(turns.c.conversation_id)
)
_POSTPONE = (
    update(turns)
    .where(*_IS_OPEN)
    .values(attempts=turns.c.attempts + 1, next_attempt_at=bindparam("at"))
    .returning(turns.c.conversation_id)
)
_MISSING_FACTS = (
    select(turns.c.procedure_id, turns.c.facet, func.count().label("times"))
    .where(turns.c.fact_missing, turns.c.procedure_id.is_not(None), turns.c.facet.is_not(None))
    .group_by(turns.c.procedure_id, turns.c.facet)
    .order_by(func.count().desc(), turns.c.procedure_id, turns.c.facet)
)


def store_inbound(write: Connection, keys: KeyRing, message: InboundMessage, masked: str, max_waiting: int) -> Stored:
    """Store a message once and append its CITIZEN event with the masked text.

    Raises ConversationBusy, UnknownConversation.
    """
    conversation_id = message.conversation_id
    locked = conversations.lock(write, conversation_id)
    earlier: int | None = write.execute(
        _EARLIER, {"id": conversation_id, "message": message.channel_message_id}
    ).scalar()
    if earlier is not None:
        return Stored(earlier, duplicate=True)
    waiting, waiting_bytes = write.execute(_COUNT_WAITING, {"id": conversation_id}).one()
    if waiting >= max_waiting or waiting_bytes >= MAX_WAITING_BYTES:
        raise ConversationBusy(f"{waiting} messages wait in conversation {conversation_id} already")
    sequence = events.append_locked(
        write,
        keys,
        conversation_id,
        locked,
        EventKind.CITIZEN,
        {"text": masked},
        None,
        message.received_at,
    )
    body = {"text": message.text, "button": message.button}
    row = {
        "conversation_id": conversation_id,
        "sequence": sequence,
        "channel_message_id": message.channel_message_id,
        "body": keys.seal_json(body, _message_context(conversation_id, sequence)),
        "received_at": message.received_at,
        "now": message.now,
    }
    write.execute(_INSERT_MESSAGE, row)
    return Stored(sequence, duplicate=False)


def replace_inbound(
    write: Connection,
    keys: KeyRing,
    conversation_id: str,
    channel_message_id: str,
    text: str,
    masked: str,
    button: str | None,
) -> bool:
    """Put other words in a waiting message and its CITIZEN event; False, and no change, where none waits."""
    conversations.lock(write, conversation_id)
    place = {"id": conversation_id, "message": channel_message_id}
    sequence: int | None = write.execute(_EARLIER.where(inbox.c.turn_id.is_(None)), place).scalar()
    if sequence is None:
        return False
    body = keys.seal_json({"text": text, "button": button}, _message_context(conversation_id, sequence))
    write.execute(_REPLACE, {"id": conversation_id, "place": sequence, "sealed": body})
    events.replace(write, keys, conversation_id, sequence, {"text": masked})
    return True


def claim(
    write: Connection, keys: KeyRing, conversation_id: str, worker: str, now: datetime, lease_seconds: float
) -> Turn | None:
    """Take the lease with the open turn or with one made of waiting messages; None if there is nothing to do.

    A pressed button is a turn of its own, so that words typed before or after it are read. What is written to a
    person who attends the conversation is no turn of ours.
    """
    locked = conversations.lock_or_skip(write, conversation_id)
    if locked is None or locked.leased(now):
        return None
    if locked.owner is Owner.OPERATOR:
        passing.leave_to_person(write, conversation_id, now)
        return None
    row = write.execute(_OPEN_TURN, {"id": conversation_id}).first()
    if row is not None:
        if row.next_attempt_at is not None and row.next_attempt_at > now:
            return None
        turn = _read(write, keys, row)
    else:
        messages = write.execute(_WAITING, {"id": conversation_id}).all()
        if not messages:
            return None
        turn = _open(write, keys, messages, now)
    conversations.take_lease(write, conversation_id, worker, now, lease_seconds)
    return turn


def by_id(read: Connection, keys: KeyRing, turn_id: str) -> Turn | None:
    """Return an open or finished turn."""
    row = read.execute(_BY_ID, {"turn": turn_id}).first()
    return None if row is None else _read(read, keys, row)


def stored_reply(read: Connection, keys: KeyRing, turn_id: str) -> Reply | None:
    """Return the turn's reply, if it has one."""
    sealed: bytes | None = read.execute(_REPLY, {"turn": turn_id}).scalar()
    return None if sealed is None else Reply.from_payload(keys.open_json(sealed, _reply_context(turn_id)))


def record_reply(write: Connection, keys: KeyRing, turn_id: str, reply: Reply, record: TurnRecord) -> bool:
    """Store reply and figures of an open turn that has none; else False, and no change. Raises UnknownTurn."""
    conversations.lock_of_turn(write, turn_id)
    # Enumerations are stored by value whatever the driver makes of them.
    values = {f"new_{name}": str(v) if isinstance(v, str) else v for name, v in vars(record).items()}
    sealed = keys.seal_json(reply.to_payload(), _reply_context(turn_id))
    if write.execute(_RECORD_REPLY, {"turn": turn_id, "new_reply": sealed, **values}).rowcount == 1:
        return True
    _require(write, turn_id)
    return False


def finish(write: Connection, turn_id: str, status: str, now: datetime) -> bool:
    """Close an open turn and release its conversation; False for one that is closed. Raises UnknownTurn."""
    if status not in FINISHED:
        raise ValueError(f"a turn ends as {' or '.join(FINISHED)}, not as {status}")
    conversations.lock_of_turn(write, turn_id)
    conversation_id = write.execute(_FINISH, {"turn": turn_id, "new_status": status, "at": now}).scalar()
    if conversation_id is None:
        _require(write, turn_id)
        return False
    conversations.release_lease(write, conversation_id)
    return True


def postpone(write: Connection, turn_id: str, next_attempt_at: datetime) -> bool:
    """Count a failed attempt of an open turn and release its conversation; False if closed. Raises UnknownTurn."""
    conversations.lock_of_turn(write, turn_id)
    conversation_id = write.execute(_POSTPONE, {"turn": turn_id, "at": next_attempt_at}).scalar()
    if conversation_id is None:
        _require(write, turn_id)
        return False
    conversations.release_lease(write, conversation_id)
    return True


def missing_facts_asked(read: Connection) -> Sequence[tuple[str, str, int]]:
    """(procedure_id, facet, times asked), most asked first."""
    return [(row.procedure_id, row.facet, row.times) for row in read.execute(_MISSING_FACTS)]


def _open(write: Connection, keys: KeyRing, messages: Sequence[_MessageRow], now: datetime) -> Turn:
    """Make a turn of waiting messages, given in order."""
    messages = _together(keys, messages)
    conversation_id, turn_id = messages[0].conversation_id, uuid.uuid4().hex
    clock = next((message.now for message in reversed(messages) if message.now is not None), now)
    values = {"id": turn_id, "conversation_id": conversation_id, "status": OPEN, "attempts": 0}
    write.execute(_INSERT_TURN, {**values, "now": clock, "created_at": now, "fact_missing": False})
    write.execute(_TAKE_WAITING, {"id": conversation_id, "last": messages[-1].sequence, "turn": turn_id})
    text, button = _join(keys, messages)
    return Turn(turn_id, conversation_id, text, button, clock, now, 0)


def _read(read: Connection, keys: KeyRing, row: _TurnRow) -> Turn:
    text, button = _join(keys, read.execute(_MESSAGES_OF_TURN, {"turn": row.id}).all())
    return Turn(row.id, row.conversation_id, text, button, row.now, row.created_at, row.attempts)


def _together(keys: KeyRing, messages: Sequence[_MessageRow]) -> Sequence[_MessageRow]:
    """Return the messages that make the next turn: the first if it is a button, else those before the next button."""
    for place, message in enumerate(messages):
        if _body(keys, message)["button"] is not None:
            return messages[: max(place, 1)]
    return messages


def _body(keys: KeyRing, message: _MessageRow) -> dict[str, Any]:
    body: dict[str, Any] = keys.open_json(message.body, _message_context(message.conversation_id, message.sequence))
    return body


def _join(keys: KeyRing, messages: Sequence[_MessageRow]) -> tuple[str, str | None]:
    """Return the texts, one a line (empty ones left out), and the button pressed."""
    bodies = [_body(keys, message) for message in messages]
    buttons = [body["button"] for body in bodies if body["button"] is not None]
    return "\n".join(body["text"] for body in bodies if body["text"]), buttons[-1] if buttons else None


def _require(read: Connection, turn_id: str) -> None:
    if read.execute(_TURN_EXISTS, {"turn": turn_id}).first() is None:
        raise UnknownTurn(f"turn {turn_id} does not exist")


def _message_context(conversation_id: str, sequence: int) -> bytes:
    return context("inbox", "body", conversation_id, sequence)


def _reply_context(turn_id: str) -> bytes:
    return context("turns", "reply", turn_id)
