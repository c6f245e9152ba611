"""SQL of threads: their leases, cursors and counters."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select, update

from bot.core.channels.ports import Thread, ThreadStatus
from bot.core.messages import SAID_THERE
from bot.store import lookup
from bot.store.channels import channel_figures
from bot.store.parts import AnyRow, Part, insert_once
from bot.store.sealing import KeyRing, context
from bot.store.tables.channels import dead_letters, inbox, threads
from bot.store.tables.conversations import conversations, events

ADDRESS = "channel address"
WAITING = "waiting"
_SAID_THERE = sorted(kind.value for kind in SAID_THERE)

_IS = threads.c.id == bindparam("thread")
_OF_ADDRESS = select(threads).where(
    threads.c.channel == bindparam("of"), threads.c.address_hash == bindparam("hashed")
)
_OF_CONVERSATION = select(threads).where(threads.c.conversation_id == bindparam("conversation"))
_BY_ID = select(threads).where(_IS)
_NOW = bindparam("now", type_=threads.c.in_until.type)
_IN_FREE = and_(
    or_(threads.c.in_until.is_(None), threads.c.in_until <= _NOW),
    or_(threads.c.in_next_at.is_(None), threads.c.in_next_at <= _NOW),
)
_OUT_FREE = and_(
    threads.c.status == ThreadStatus.OPEN.value,
    or_(threads.c.out_until.is_(None), threads.c.out_until <= _NOW),
    or_(threads.c.out_next_at.is_(None), threads.c.out_next_at <= _NOW),
    or_(threads.c.paused_until.is_(None), threads.c.paused_until <= _NOW),
)
_DUE_INBOUND = (
    select(threads.c.id)
    .join(inbox, and_(inbox.c.thread_id == threads.c.id, inbox.c.status == WAITING))
    .where(threads.c.channel == bindparam("of"), _IN_FREE)
    .group_by(threads.c.id)
    .order_by(func.min(inbox.c.received_at), threads.c.id)
    .limit(bindparam("limit"))
)
_TO_REPLAY = exists().where(
    dead_letters.c.thread_id == threads.c.id,
    dead_letters.c.done_at.is_(None),
    dead_letters.c.replay_at.is_not(None),
    ~dead_letters.c.inbound,
)
# The first condition is the cheap one: most threads have nothing behind the cursor at all.
_UNSENT = and_(
    exists().where(
        conversations.c.id == threads.c.conversation_id, conversations.c.next_sequence > threads.c.sent_sequence + 1
    ),
    exists().where(
        events.c.conversation_id == threads.c.conversation_id,
        events.c.sequence > threads.c.sent_sequence,
        events.c.kind.not_in(_SAID_THERE),
    ),
)
_SENDING = (_OUT_FREE, or_(_UNSENT, _TO_REPLAY))
_DUE_SENDING = (
    select(threads.c.conversation_id)
    .where(threads.c.channel == bindparam("of"), *_SENDING)
    .order_by(threads.c.out_next_at, threads.c.last_inbound_at, threads.c.id)
    .limit(bindparam("limit"))
)
_IS_DUE = select(threads.c.id).where(threads.c.conversation_id == bindparam("conversation"), *_SENDING)
_OWNED = threads.c.out_owner == bindparam("worker")
_SENT = (
    update(threads)
    .where(_IS, _OWNED)
    .values(
        sent_sequence=bindparam("sequence"),
        sent_piece=bindparam("piece"),
        attempts=0,
        failure=None,
        out_until=bindparam("until"),
    )
)
_POSTPONE = (
    update(threads)
    .where(_IS, _OWNED)
    .values(
        out_owner=None,
        out_until=None,
        out_next_at=bindparam("at"),
        failure=bindparam("why"),
        attempts=threads.c.attempts + bindparam("more", type_=threads.c.attempts.type),
    )
)
_CLOSE = (
    update(threads)
    .where(_IS, _OWNED)
    .values(out_owner=None, out_until=None, out_next_at=None, status=bindparam("to"), failure=None)
)
_REOPEN = (
    update(threads).where(_IS).values(status=ThreadStatus.OPEN.value, attempts=0, out_next_at=None, failure=None)
)
_RELEASE_SENDING = update(threads).where(_IS, _OWNED).values(out_owner=None, out_until=None, out_next_at=None)
_RELEASE_INBOUND = (
    update(threads)
    .where(_IS, threads.c.in_owner == bindparam("worker"))
    .values(in_owner=None, in_until=None, in_next_at=bindparam("at"))
)
_SAVED = frozenset({"status", "last_inbound_at", "greeted_at", "paused_until", "slowed_at", "pending"})


class SqlThreads(Part):
    """Implements bot.core.channels.ports.ChannelThreads."""

    def enter(self, channel: str, address: str, now: datetime) -> Thread:
        """Find or make the thread of an address and hold its row."""
        write = self._write()
        hashed = lookup.sign(lookup.find_or_make(write, self._keys, ADDRESS), f"{channel} {address}")
        wanted = {"of": channel, "hashed": hashed}
        held = _OF_ADDRESS.with_for_update(key_share=True)
        row = write.execute(held, wanted).first()
        if row is None:
            thread_id = uuid.uuid4().hex
            new = {
                "id": thread_id,
                "channel": channel,
                "address_hash": hashed,
                "address": self._keys.seal(address.encode(), _context("address", thread_id)),
                "conversation_id": f"{channel}-{thread_id}",
                "status": ThreadStatus.OPEN.value,
                "created_at": now,
                "next_inbound": 1,
                "sent_sequence": 0,
                "sent_piece": 0,
                "attempts": 0,
            }
            insert_once(write, threads, new)
            row = write.execute(held, wanted).one()
        return _thread(self._keys, row, now)

    def thread(self, thread_id: str) -> Thread | None:
        """Return a thread."""
        row = self._read().execute(_BY_ID, {"thread": thread_id}).first()
        return None if row is None else _thread(self._keys, row)

    def of_conversation(self, conversation_id: str) -> Thread | None:
        """Return the thread of a conversation."""
        row = self._read().execute(_OF_CONVERSATION, {"conversation": conversation_id}).first()
        return None if row is None else _thread(self._keys, row)

    def due_inbound(self, channel: str, now: datetime, limit: int) -> list[str]:
        """Return threads with something to read."""
        return list(self._read().execute(_DUE_INBOUND, {"of": channel, "now": now, "limit": limit}).scalars())

    def claim_inbound(self, thread_id: str, worker: str, now: datetime, lease_seconds: float) -> Thread | None:
        """Take the lease of reading."""
        until = now + timedelta(seconds=lease_seconds)
        return self._take(_BY_ID.where(_IN_FREE), {"thread": thread_id}, now, in_owner=worker, in_until=until)

    def holds_inbound(self, thread_id: str, worker: str) -> bool:
        """Say whether the lease of reading is still this worker's, and hold the row."""
        held = _BY_ID.where(threads.c.in_owner == bindparam("worker")).with_for_update(key_share=True)
        return self._write().execute(held, {"thread": thread_id, "worker": worker}).first() is not None

    def release_inbound(self, thread_id: str, worker: str, next_at: datetime | None) -> None:
        """Give the lease of reading back."""
        self._write().execute(_RELEASE_INBOUND, {"thread": thread_id, "worker": worker, "at": next_at})

    def save(self, thread_id: str, **changes: Any) -> None:
        """Change what may be changed."""
        assert set(changes) <= _SAVED  # noqa: S101 - a programming error
        if isinstance(status := changes.get("status"), ThreadStatus):
            changes["status"] = status.value  # whatever the driver makes of enumerations
        if changes.get("pending") is not None:
            changes["pending"] = self._keys.seal_json(dict(changes["pending"]), _context("pending", thread_id))
        if changes:
            self._write().execute(update(threads).where(threads.c.id == thread_id).values(**changes))

    def reopen(self, thread_id: str) -> None:
        """Let it be written to at once."""
        self._write().execute(_REOPEN, {"thread": thread_id})

    def due_sending(self, channel: str, now: datetime, limit: int) -> list[str]:
        """Return conversations with something to send."""
        return list(self._read().execute(_DUE_SENDING, {"of": channel, "now": now, "limit": limit}).scalars())

    def is_due_sending(self, conversation_id: str, now: datetime) -> bool:
        """Say whether a conversation is among those due."""
        return self._read().execute(_IS_DUE, {"conversation": conversation_id, "now": now}).first() is not None

    def claim_sending(self, conversation_id: str, worker: str, now: datetime, lease_seconds: float) -> Thread | None:
        """Take the lease of sending."""
        until = now + timedelta(seconds=lease_seconds)
        wanted = {"conversation": conversation_id}
        return self._take(_OF_CONVERSATION.where(_OUT_FREE), wanted, now, out_owner=worker, out_until=until)

    def sent(
        self, thread_id: str, worker: str, sequence: int, piece: int, now: datetime, lease_seconds: float
    ) -> bool:
        """Move the cursor."""
        until = now + timedelta(seconds=lease_seconds)
        values = {"thread": thread_id, "worker": worker, "sequence": sequence, "piece": piece, "until": until}
        return self._write().execute(_SENT, values).rowcount == 1

    def postpone(self, thread_id: str, worker: str, failure: str, next_at: datetime, *, counts: bool) -> None:
        """Put off."""
        values = {"thread": thread_id, "worker": worker, "why": failure, "at": next_at, "more": int(counts)}
        self._write().execute(_POSTPONE, values)

    def close(self, thread_id: str, worker: str, status: ThreadStatus) -> bool:
        """Stop sending."""
        values = {"thread": thread_id, "worker": worker, "to": status.value}
        return self._write().execute(_CLOSE, values).rowcount == 1

    def release_sending(self, thread_id: str, worker: str) -> None:
        """Give the lease of sending back."""
        self._write().execute(_RELEASE_SENDING, {"thread": thread_id, "worker": worker})

    def release_leases_of(self, worker: str) -> None:
        """Free the worker's leases."""
        write = self._write()
        write.execute(update(threads).where(threads.c.in_owner == worker).values(in_owner=None, in_until=None))
        write.execute(update(threads).where(threads.c.out_owner == worker).values(out_owner=None, out_until=None))

    def expire_leases(self, now: datetime) -> None:
        """End every lease; what was being sent stays uncertain."""
        write = self._write()
        write.execute(update(threads).where(threads.c.in_owner.is_not(None)).values(in_until=now))
        write.execute(update(threads).where(threads.c.out_owner.is_not(None)).values(out_until=now))

    def count(self, channel: str, name: str, amount: int = 1) -> None:
        """Add to a counter."""
        channel_figures.count(self._write(), channel, name, amount)

    def counts(self, channel: str) -> dict[str, int]:
        """Return the counters."""
        return channel_figures.counts(self._read(), channel)

    def standing(self, channel: str, now: datetime) -> dict[str, Any]:
        """Return the figures of a channel."""
        return channel_figures.standing(self._read(), channel, now)

    def _take(self, wanted: Any, values: dict[str, Any], now: datetime, **lease: Any) -> Thread | None:
        """Lock the row, passing over one that another transaction is busy with, and write the lease."""
        write = self._write()
        row = write.execute(wanted.with_for_update(key_share=True, skip_locked=True), {**values, "now": now}).first()
        if row is None:
            return None
        write.execute(update(threads).where(threads.c.id == row.id).values(**lease))
        return _thread(self._keys, row, now)


def _thread(keys: KeyRing, row: AnyRow, now: datetime | None = None) -> Thread:
    leased = row.out_owner is not None
    live = leased and (now is None or row.out_until is None or row.out_until > now)
    return Thread(
        id=row.id,
        channel=row.channel,
        address=keys.open(row.address, _context("address", row.id)).decode(),
        conversation_id=row.conversation_id,
        status=ThreadStatus(row.status),
        created_at=row.created_at,
        last_inbound_at=row.last_inbound_at,
        greeted_at=row.greeted_at,
        paused_until=row.paused_until,
        slowed_at=row.slowed_at,
        sent_sequence=row.sent_sequence,
        sent_piece=row.sent_piece,
        attempts=row.attempts,
        sending=live,
        uncertain=leased and not live,
        pending=None if row.pending is None else keys.open_json(row.pending, _context("pending", row.id)),
    )


def _context(column: str, thread_id: str) -> bytes:
    return context("channel_threads", column, thread_id)
