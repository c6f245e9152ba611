"""What channels outside the web need from the store: Protocols that it implements, all inside a unit of work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.core.channels.contract import Arrival


class ThreadStatus(StrEnum):
    """Whether a thread may be written to."""

    OPEN = "open"
    WINDOW = "window"  # the platform's window is over: until they write again
    BLOCKED = "blocked"  # the platform refused on their behalf: until they write again
    LEFT = "left"  # they said so: until they open it again


@dataclass(frozen=True)
class Thread:
    """One person or chat of a platform, with the conversation that it is.

    All of the event log up to `sent_sequence` is sent, and `sent_piece` pieces of what follows. `uncertain`: whoever
    held it last did not give it back, so the next piece may have been sent. `pending` is what a voice message was
    heard to say and waits to be confirmed.
    """

    id: str
    channel: str
    address: str
    conversation_id: str
    status: ThreadStatus
    created_at: datetime
    last_inbound_at: datetime | None
    greeted_at: datetime | None
    paused_until: datetime | None
    slowed_at: datetime | None
    sent_sequence: int
    sent_piece: int
    attempts: int
    sending: bool
    uncertain: bool
    pending: Mapping[str, Any] | None


@dataclass(frozen=True)
class InboxRow:
    """What arrived: the body as it came, and which of the things that it says this is."""

    channel: str
    platform_id: str
    thread_id: str
    kind: Arrival
    part: int
    body: bytes
    received_at: datetime
    attempts: int


@dataclass(frozen=True)
class DeadLetter:
    """What was given up: a message that no platform takes (`body` is an Outgoing) or that nobody could read.

    `failure` and `code` say why, without anybody's words. `replay_at`: people asked for another try.
    """

    id: str
    channel: str
    inbound: bool
    thread_id: str | None
    failure: str
    code: str
    body: Mapping[str, Any]
    created_at: datetime
    replay_at: datetime | None = None
    done_at: datetime | None = None


class ChannelThreads(Protocol):
    """Threads, their leases and cursors."""

    def enter(self, channel: str, address: str, now: datetime) -> Thread:
        """Return the thread of an address, made where there is none, and hold its row until the transaction ends."""
        ...

    def thread(self, thread_id: str) -> Thread | None:
        """Return a thread."""
        ...

    def of_conversation(self, conversation_id: str) -> Thread | None:
        """Return the thread that a conversation is held in, None for one of the web."""
        ...

    def due_inbound(self, channel: str, now: datetime, limit: int) -> list[str]:
        """Return ids of threads with something to read and no live lease, longest waiting first."""
        ...

    def claim_inbound(self, thread_id: str, worker: str, now: datetime, lease_seconds: float) -> Thread | None:
        """Take the lease of reading; None where another holds it or it is put off."""
        ...

    def holds_inbound(self, thread_id: str, worker: str) -> bool:
        """True while this worker still has the lease of reading; holds the row until the transaction ends."""
        ...

    def release_inbound(self, thread_id: str, worker: str, next_at: datetime | None) -> None:
        """Give the lease of reading back; `next_at`: not to be taken before."""
        ...

    def save(self, thread_id: str, **changes: Any) -> None:
        """Change status, last_inbound_at, greeted_at, paused_until, slowed_at or pending."""
        ...

    def reopen(self, thread_id: str) -> None:
        """Let it be written to at once, with all attempts anew."""
        ...

    def due_sending(self, channel: str, now: datetime, limit: int) -> list[str]:
        """Return conversation ids of open threads with unsent events or a letter to replay, and no live lease."""
        ...

    def is_due_sending(self, conversation_id: str, now: datetime) -> bool:
        """True when a conversation is among those due; cheap, and it locks nothing."""
        ...

    def claim_sending(self, conversation_id: str, worker: str, now: datetime, lease_seconds: float) -> Thread | None:
        """Take the lease of sending; None where another holds it, it is put off or not open."""
        ...

    def sent(
        self, thread_id: str, worker: str, sequence: int, piece: int, now: datetime, lease_seconds: float
    ) -> bool:
        """Move the cursor and keep the lease for so long; False (and no change) where it is another's."""
        ...

    def postpone(self, thread_id: str, worker: str, failure: str, next_at: datetime, *, counts: bool) -> None:
        """Give the lease of sending back until `next_at`; `counts` as an attempt."""
        ...

    def close(self, thread_id: str, worker: str, status: ThreadStatus) -> bool:
        """Stop sending until they write again, and give the lease back; False where it is another's."""
        ...

    def release_sending(self, thread_id: str, worker: str) -> None:
        """Give the lease of sending back."""
        ...

    def release_leases_of(self, worker: str) -> None:
        """Free a worker's leases."""
        ...

    def expire_leases(self, now: datetime) -> None:
        """End every lease as if it had run out; called at start where this is the only service process."""
        ...

    def count(self, channel: str, name: str, amount: int = 1) -> None:
        """Add to a counter of the channel."""
        ...

    def counts(self, channel: str) -> dict[str, int]:
        """Return the counters of the channel."""
        ...

    def standing(self, channel: str, now: datetime) -> dict[str, Any]:
        """Return figures: threads by status, paused, waiting, unsent, dead, last_inbound_at, oldest_waiting_at."""
        ...


class ChannelInbox(Protocol):
    """What arrived, once per (channel, platform_id), in order per thread."""

    def store(
        self, thread_id: str, channel: str, platform_id: str, kind: Arrival, part: int, body: bytes, now: datetime
    ) -> bool:
        """Store as the last of the thread, whose row the caller holds; False (and no change) if it was there."""
        ...

    def known(self, channel: str, platform_id: str) -> bool:
        """True when it was stored before."""
        ...

    def waiting(self, thread_id: str, limit: int) -> list[InboxRow]:
        """Return what is not dealt with, in order."""
        ...

    def before(self, row: InboxRow, kinds: Sequence[Arrival], limit: int) -> list[InboxRow]:
        """Return what came before in the row's thread, of these kinds and whatever became of it, latest first."""
        ...

    def moments(self, thread_id: str, limit: int) -> list[tuple[Arrival, datetime]]:
        """Return what waits by kind and moment of arrival, in order, without the bodies."""
        ...

    def count_waiting(self, thread_id: str) -> int:
        """Return how many wait."""
        ...

    def done_since(self, thread_id: str, since: datetime) -> list[datetime]:
        """Return when things were dealt with after a moment, oldest first."""
        ...

    def done(self, row: InboxRow, now: datetime) -> None:
        """Mark as dealt with."""
        ...

    def failed(self, row: InboxRow) -> None:
        """Count a failed attempt."""
        ...

    def dead(self, row: InboxRow) -> None:
        """Mark as given up."""
        ...

    def again(self, channel: str, platform_id: str) -> bool:
        """Let what was given up wait once more; False if it is not given up."""
        ...


class DeadLetters(Protocol):
    """What was given up, for people to see and to replay."""

    def add(self, letter: DeadLetter) -> bool:
        """Add, or open again what was closed under this id; False (and no change) where it is open."""
        ...

    def open(self, channel: str | None = None, limit: int = 100) -> list[DeadLetter]:
        """Return what is not replayed with success, oldest first."""
        ...

    def count_open(self, channel: str) -> int:
        """Return how many are open."""
        ...

    def letter(self, letter_id: str) -> DeadLetter | None:
        """Return a letter."""
        ...

    def replay(self, letter_id: str, now: datetime) -> bool:
        """Ask for another try; False if it is unknown or done."""
        ...

    def to_replay(self, channel: str, thread_id: str | None = None, *, inbound: bool) -> Sequence[DeadLetter]:
        """Return what people asked to try again, of one thread where it is given."""
        ...

    def tried(self, letter_id: str, now: datetime, *, done: bool) -> None:
        """Close a letter, or leave it open with no other try asked for."""
        ...


class ChannelTokens(Protocol):
    """A channel's sealed state with a version, changed by compare-and-swap."""

    def load(self, channel: str) -> tuple[int, dict[str, Any]] | None:
        """Return (version, state), None before the first one."""
        ...

    def swap(self, channel: str, expected: int, version: int, state: Mapping[str, Any]) -> bool:
        """Write `state` as `version` if the stored version is `expected` (0: none yet); False and no change else."""
        ...
