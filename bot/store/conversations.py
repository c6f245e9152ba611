"""SQL of conversations: their state and their leases. Functions run inside the caller's transaction."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, exists, func, insert, literal, or_, select, union_all, update

from bot.core.conversation import ConversationState, Owner
from bot.core.errors import UnknownConversation
from bot.store.sealing import KeyRing, context
from bot.store.tables.conversations import conversations, inbox, turns

_INSERT = insert(conversations)
_EXISTS = select(literal(1)).where(conversations.c.id == bindparam("id"))
_CHANNEL = select(conversations.c.channel).where(conversations.c.id == bindparam("id"))
_STATE = select(conversations.c.state, conversations.c.owner).where(conversations.c.id == bindparam("id"))
# Who answers is changed by handing over alone (bot.store.console.handovers): a turn's state is as old as the turn.
_SAVE_STATE = (
    update(conversations)
    .where(conversations.c.id == bindparam("key"))
    .values(state=bindparam("state"), updated_at=bindparam("now"))
)
_SET_OWNER = update(conversations).where(conversations.c.id == bindparam("key")).values(owner=bindparam("owner"))
_ROW = select(conversations.c.next_sequence, conversations.c.lease_expires_at, conversations.c.owner).where(
    conversations.c.id == bindparam("id")
)
_OF_TURN = select(turns.c.conversation_id).where(turns.c.id == bindparam("turn"))
# key_share: FOR NO KEY UPDATE, which leaves other tables' references to the row free.
_LOCK = _ROW.with_for_update(key_share=True)
# A worker passes over a conversation that another transaction is busy with; on SQLite writers are alone anyway.
_LOCK_OR_SKIP = _ROW.with_for_update(key_share=True, skip_locked=True)
_SET_NEXT = (
    update(conversations)
    .where(conversations.c.id == bindparam("key"))
    .values(next_sequence=bindparam("next"), updated_at=bindparam("now"))
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
    owner: Owner = Owner.BOT

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


def channel(read: Connection, conversation_id: str) -> str:
    """The channel of a conversation. Raises UnknownConversation."""
    found: str | None = read.execute(_CHANNEL, {"id": conversation_id}).scalar()
    if found is None:
        raise UnknownConversation(f"conversation {conversation_id} does not exist")
    return found


def state(read: Connection, keys: KeyRing, conversation_id: str) -> ConversationState:
    """Open the state, with who answers now; else empty where none was saved yet. Raises UnknownConversation."""
    row = read.execute(_STATE, {"id": conversation_id}).first()
    if row is None:
        raise UnknownConversation(f"conversation {conversation_id} does not exist")
    owner = Owner(row.owner)
    if row.state is None:
        return ConversationState(owner=owner)
    opened = ConversationState.from_json(keys.open_json(row.state, _state_context(conversation_id)))
    return replace(opened, owner=owner)


def save_state(write: Connection, keys: KeyRing, conversation_id: str, new: ConversationState, now: datetime) -> None:
    """Seal and store the state; who answers is not changed by it. Raises UnknownConversation."""
    sealed = keys.seal_json(new.to_json(), _state_context(conversation_id))
    values = {"key": conversation_id, "state": sealed, "now": now}
    if write.execute(_SAVE_STATE, values).rowcount == 0:
        raise UnknownConversation(f"conversation {conversation_id} does not exist")


def lock(write: Connection, conversation_id: str) -> Locked:
    """Wait for the conversation's row and hold it. Raises UnknownConversation."""
    row = write.execute(_LOCK, {"id": conversation_id}).first()
    if row is None:
        raise UnknownConversation(f"conversation {conversation_id} does not exist")
    return Locked(row.next_sequence, row.lease_expires_at, Owner(row.owner))


def lock_of_turn(write: Connection, turn_id: str) -> bool:
    """Wait for the row of a turn's conversation and hold it, as all do before they change a turn; False: no turn.

    In one order everywhere: a person who claims a conversation holds it and then closes its turn.
    """
    conversation_id: str | None = write.execute(_OF_TURN, {"turn": turn_id}).scalar()
    if conversation_id is None:
        return False
    if write.dialect.name == "postgresql":  # SQLite's writers are alone
        lock(write, conversation_id)
    return True


def set_owner(write: Connection, conversation_id: str, owner: Owner) -> None:
    """Let somebody else answer a locked conversation."""
    write.execute(_SET_OWNER, {"key": conversation_id, "owner": owner.value})


def lock_or_skip(write: Connection, conversation_id: str) -> Locked | None:
    """Hold the conversation's row, or return None when it is unknown or held by another transaction."""
    row = write.execute(_LOCK_OR_SKIP, {"id": conversation_id}).first()
    return None if row is None else Locked(row.next_sequence, row.lease_expires_at, Owner(row.owner))


def take_sequence(write: Connection, conversation_id: str, locked: Locked, now: datetime) -> int:
    """Use up the next place in the event log of a locked conversation."""
    write.execute(_SET_NEXT, {"key": conversation_id, "next": locked.next_sequence + 1, "now": now})
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
