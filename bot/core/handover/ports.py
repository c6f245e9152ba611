"""What attending conversations needs from the store: Protocols that it implements, all inside a unit of work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.core.handover.attention import Attention, Move, Why
from bot.core.handover.presence import Presence
from bot.core.handover.queue import History, Waiting


class Box(StrEnum):
    """The lists of conversations."""

    WAITING = "waiting"
    MINE = "mine"
    ALL = "all"
    CLOSED = "closed"


class Signal(StrEnum):
    """What operators' pages are told; all but alarms say only «look again»."""

    CHANGED = "changed"
    PRESENCE = "presence"
    CALL = "call"
    ALARM = "alarm"


@dataclass(frozen=True)
class Change:
    """One entry of the log that operators' pages follow; `sequence` grows in the order of commits, without gaps.

    `version` is the conversation's of then; of a call, `conversation_id` is its opaque name. `text` is an alarm's
    code («danger»), never anybody's words.
    """

    sequence: int
    signal: Signal
    conversation_id: str | None
    version: int
    text: str


@dataclass(frozen=True)
class Row:
    """A conversation in a list. `last_sequence` is that of its newest event, 0 for none."""

    conversation_id: str
    channel: str
    updated_at: datetime
    last_sequence: int
    attention: Attention

    @property
    def version(self) -> int:
        """Return a number that grows with every change that a page shows."""
        return self.attention.moves + self.last_sequence


@dataclass(frozen=True)
class Note:
    """Words of the staff about a conversation, which no citizen sees; `kind` is note, transfer, summary or abuse."""

    id: str
    conversation_id: str
    at: datetime
    by: str
    kind: str
    text: str


@dataclass(frozen=True)
class Sent:
    """An operator's reply: the event that it is, who wrote it, and which suggestion it was («id/item»)."""

    conversation_id: str
    sequence: int
    client_id: str
    by: str
    at: datetime
    suggestion: str | None = None
    edited: bool = False


class Handovers(Protocol):
    """Who answers each conversation. What changes it holds the conversation first."""

    def attention(self, conversation_id: str) -> Attention:
        """Return who answers. Raises UnknownConversation."""
        ...

    def hold(self, conversation_id: str) -> Attention:
        """Wait for the conversation, hold it until the transaction ends, and return who answers it.

        Whatever else this unit locks later may only be what others lock after a conversation: turns, cases, the log
        of changes. The audit's end and a channel's thread come before. Raises UnknownConversation.
        """
        ...

    def save(self, conversation_id: str, attention: Attention, now: datetime) -> None:
        """Keep what a held conversation's attention has become, and let operators' pages look again."""
        ...

    def record(
        self,
        conversation_id: str,
        move: Move,
        by: str,
        now: datetime,
        *,
        why: Why | None = None,
        waited: float | None = None,
        attended: float | None = None,
    ) -> None:
        """Add to the history: seconds that were waited before, or attended until, this move."""
        ...

    def settle(self, conversation_id: str, now: datetime) -> None:
        """End what the assistant has in hand in a held conversation: a reply that is stored is published, a turn
        without one is closed, and messages that wait are left to the person who attends."""
        ...

    def reopen(self, conversation_id: str) -> int:
        """Let the messages that nobody answered since the last words of a person wait for the assistant; how many."""
        ...

    def waiting(self) -> list[Waiting]:
        """Return everybody who waits, in no order."""
        ...

    def attended(self) -> dict[str, str]:
        """Return who attends which conversation, by conversation."""
        ...

    def history(self, since: datetime, limit: int = 20) -> History:
        """Return the latest waits and attendances that ended since a moment."""
        ...


class Switchboard(Protocol):
    """What operators see and leave: lists, notes, replies, presence, and the log of changes."""

    def row(self, conversation_id: str) -> Row:
        """Return a conversation as lists show it. Raises UnknownConversation."""
        ...

    def rows(
        self, box: Box, by: str, *, all_closed: bool, with_bot: bool, before: tuple[datetime, str] | None, limit: int
    ) -> list[Row]:
        """Return a list, the latest changed first. `all_closed`: not only those that `by` attended; `with_bot`: also
        those that no person was ever wanted in."""
        ...

    def case_numbers(self, conversation_ids: Sequence[str]) -> Mapping[str, str]:
        """Return the number of the latest case that is not restricted, by conversation."""
        ...

    def with_cases(self, conversation_ids: Sequence[str]) -> frozenset[str]:
        """Return which of them have cases."""
        ...

    def counts(self, by: str) -> dict[str, int]:
        """Return how many wait, are this person's, and either wait or are attended."""
        ...

    def add_reply(self, sent: Sent) -> None:
        """Keep who wrote a reply."""
        ...

    def reply(self, conversation_id: str, client_id: str) -> Sent | None:
        """Return the reply that a page sent under this id."""
        ...

    def replies(self, conversation_id: str) -> dict[int, Sent]:
        """Return a conversation's replies by sequence."""
        ...

    def add_note(self, note: Note) -> None:
        """Add a note."""
        ...

    def notes(self, conversation_id: str) -> list[Note]:
        """Return a conversation's notes, oldest first."""
        ...

    def set_presence(self, principal_id: str, state: str, now: datetime) -> bool:
        """Keep what somebody says of themselves; True where that is new."""
        ...

    def seen(self, principal_id: str, now: datetime) -> None:
        """Note that somebody's page is open; who has said nothing of themselves is away."""
        ...

    def everybody(self) -> list[Presence]:
        """Return what each of the staff said last."""
        ...

    def signal(self, signal: Signal, now: datetime, conversation_id: str | None = None, text: str = "") -> None:
        """Append to the log. The log's end is held until the unit ends: lock nothing after it."""
        ...

    def changes(self, after: int, limit: int) -> list[Change]:
        """Return entries of the log in order."""
        ...

    def newest(self) -> int:
        """Return the sequence of the log's newest entry, 0 for none."""
        ...

    def prune(self, before: datetime) -> None:
        """Forget old entries of the log."""
        ...
