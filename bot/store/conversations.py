"""SQL of conversations: their state and their leases. Functions run inside the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, exists, func, insert, literal, or_, select, union_all, update

from bot.core.conversation import ConversationState, Owner
from bot.core.errors import UnknownConversation
from bot.store.schema import conversations, inbox, turns
from bot.store.sealing import KeyRing, context

_INSERT = insert(conversations)
_EXISTS = select(literal(1)).where(conversations.c.id == bindparam("id"))
_STATE = select(conversations.c.state).where(conversations.c.id == bindparam("id"))
_SAVE_STATE = (
    update(conversations)
    .where(conversations.c.id == bindparam("key"))
    .values(state=bindparam("state"), owner=bindparam("owner"), updated_at=bindparam("now"))
)
_ROW = select(conversations.c.next_sequence, conversations.c.lease_expires_at).where(
    conversations.c.id == bindparam("id")
)
# key_share: FOR NO KEY UPDATE, which leaves other tables' references to the row free.
_LOCK = _ROW.with_for_update(key_share=True)
# A worker passes over a conversation that another transaction is busy with; on SQLite writers are alone anyway.
_LOCK_OR_SKIP = _ROW.with_for_update(key_share=True, skip_locked=True)
_SET_NEXT = (
    update(conversations).where(conversations.c.id == bindparam("key")).values(next_sequence=bindparam("next"))
)
_SET_LEASE = (
    update(conversations)
    .where(conversations.c.id == bindparam("key"))
    .values(lease_owner=bindparam("worker"), lease_expires_at=bindparam("until"))
)
_RELEASE_OF = (
    update(conversations)
    .values(lease_owner=None, lease_expires_at=None)
    .where(conversations.c.lease_owner == bindparam("worker"))
)
_RELEASE_ALL = (
    update(conversations)
    .values(lease_owner=None, lease_expires_at=None)
    .where(conversations.c.lease_owner.is_not(None))
)

# An open turn goes before waiting messages, so these count only where no turn is open.
_work = union_all(
    select(turns.c.conversation_id, turns.c.created_at.label("since")).where(
        turns.c.status == literal("open", literal_execute=True),
        or_(turns.c.next_attempt_at.is_(None), turns.c.next_attempt_at <= bindparam("now")),
    ),
    select(inbox.c.conversation_id, inbox.c.received_at.label("since")).where(
        inbox.c.turn_id.is_(None),
        ~exists().where(
            turns.c.conversation_id == inbox.c.conversation_id,
            turns.c.status == literal("open", literal_execute=True),
        ),
    ),
).subquery("work")
_DUE = (
    select(_work.c.conversation_id)
    .join(conversations, conversations.c.id == _work.c.conversation_id)
    .where(or_(conversations.c.lease_expires_at.is_(None), conversations.c.lease_expires_at <= bindparam("now")))
    .group_by(_work.c.conversation_id)
    .order_by(func.min(_work.c.since), _work.c.conversation_id)
    .limit(bindparam("limit"))
)


@dataclass(frozen=True)
class Locked:
    """A conversation's row, locked until the transaction ends."""

    next_sequence: int
    lease_expires_at: datetime | None

    def leased(self, now: datetime) -> bool:
        """True while a worker's lease runs."""
        return self.lease_expires_at is not None and self.lease_expires_at > now


def create(write: Connection, conversation_id: str, channel: str, now: datetime) -> None:
    """Insert an empty conversation owned by the bot."""
    row = {"id": conversation_id, "channel": channel, "owner": Owner.BOT.value, "next_sequence": 1}
    write.execute(_INSERT, {**row, "created_at": now, "updated_at": now})


def known(read: Connection, conversation_id: str) -> bool:
    """True when the conversation exists."""
    return read.execute(_EXISTS, {"id": conversation_id}).first() is not None


def state(read: Connection, keys: KeyRing, conversation_id: str) -> ConversationState:
    """Open the state; empty where none was saved yet. Raises UnknownConversation."""
    row = read.execute(_STATE, {"id": conversation_id}).first()
    if row is None:
        raise UnknownConversation(f"conversation {conversation_id} does not exist")
    if row.state is None:
        return ConversationState()
    return ConversationState.from_json(keys.open_json(row.state, _state_context(conversation_id)))


def save_state(write: Connection, keys: KeyRing, conversation_id: str, new: ConversationState, now: datetime) -> None:
    """Seal and store the state. Raises UnknownConversation."""
    sealed = keys.seal_json(new.to_json(), _state_context(conversation_id))
    values = {"key": conversation_id, "state": sealed, "owner": new.owner.value, "now": now}
    if write.execute(_SAVE_STATE, values).rowcount == 0:
        raise UnknownConversation(f"conversation {conversation_id} does not exist")


def lock(write: Connection, conversation_id: str) -> Locked:
    """Wait for the conversation's row and hold it. Raises UnknownConversation."""
    row = write.execute(_LOCK, {"id": conversation_id}).first()
    if row is None:
        raise UnknownConversation(f"conversation {conversation_id} does not exist")
    return Locked(row.next_sequence, row.lease_expires_at)


def lock_or_skip(write: Connection, conversation_id: str) -> Locked | None:
    """Hold the conversation's row, or return None when it is unknown or held by another transaction."""
    row = write.execute(_LOCK_OR_SKIP, {"id": conversation_id}).first()
    return None if row is None else Locked(row.next_sequence, row.lease_expires_at)


def take_sequence(write: Connection, conversation_id: str, locked: Locked) -> int:
    """Use up the next place in the event log of a locked conversation."""
    write.execute(_SET_NEXT, {"key": conversation_id, "next": locked.next_sequence + 1})
    return locked.next_sequence


def take_lease(write: Connection, conversation_id: str, worker: str, now: datetime, seconds: float) -> None:
    """Give the lease to a worker."""
    write.execute(_SET_LEASE, {"key": conversation_id, "worker": worker, "until": now + timedelta(seconds=seconds)})


def release_lease(write: Connection, conversation_id: str) -> None:
    """Take the lease from whoever holds it."""
    write.execute(_SET_LEASE, {"key": conversation_id, "worker": None, "until": None})


def release_leases_of(write: Connection, worker: str) -> None:
    """Free the leases that a worker holds."""
    write.execute(_RELEASE_OF, {"worker": worker})


def release_all_leases(write: Connection) -> None:
    """Free every lease."""
    write.execute(_RELEASE_ALL)


def due(read: Connection, now: datetime, limit: int) -> list[str]:
    """Ids of conversations with work to do and no live lease, longest waiting first."""
    return list(read.execute(_DUE, {"now": now, "limit": limit}).scalars())


def _state_context(conversation_id: str) -> bytes:
    return context("conversations", "state", conversation_id)
