"""What calls need from the store: Protocols, inside a unit of work. Numbers and words are sealed there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.calls.model import Call, CallEvent, Outcome
from bot.core.calls.transcript import Line


@dataclass(frozen=True)
class LookedUp:
    """A procedure that the operator opened during a call."""

    procedure_id: str
    facet: str
    at: datetime


@dataclass(frozen=True)
class WrapUp:
    """What the operator says of a call that is over, and the summary that was composed of it."""

    topic: str
    outcome: Outcome
    note: str
    summary: str


class CallBook(Protocol):
    """Calls, what is said in them and what is done. Raises UnknownCall where an id is not known.

    A call is named by its id or by its opaque name.
    """

    def record(self, event: CallEvent, now: datetime) -> Call:
        """Take in what a switchboard says, making the call with the first of it; again it changes nothing."""
        ...

    def call(self, call_id: str) -> Call:
        """Return the call as it stands."""
        ...

    def lock(self, call_id: str) -> Call:
        """Wait until nobody else changes the call, and return it."""
        ...

    def by_provider(self, provider_id: str) -> Call | None:
        """Return the call that a switchboard calls so, or None."""
        ...

    def live(self, limit: int = 50) -> list[Call]:
        """Return calls that have not ended, the longest waiting first."""
        ...

    def recent(self, limit: int = 50, before: datetime | None = None) -> list[Call]:
        """Return calls, the latest first, begun before `before`."""
        ...

    def claim(self, call_id: str, operator: str, now: datetime) -> Call:
        """Give the call to an operator, who may have it already. Raises CallClaimed when somebody else has it."""
        ...

    def hand_over(self, call_id: str, operator: str, now: datetime) -> Call:
        """Give the call to somebody, whoever has it (a transfer that the switchboard made)."""
        ...

    def end(self, call_id: str, cause: str, now: datetime) -> Call:
        """End a call; one that has ended stays as it is."""
        ...

    def wrap(self, call_id: str, done: WrapUp, now: datetime) -> Call:
        """Store topic, outcome, note and summary; again it replaces them."""
        ...

    def number(self, call_id: str) -> str | None:
        """Return the caller's number, None where it was withheld or is no longer kept."""
        ...

    def same_caller(self, call_id: str) -> str | None:
        """Return a keyed hash that calls of one number share; None without a number."""
        ...

    def hear(self, call_id: str, lines: Sequence[Line], most: int, now: datetime) -> int:
        """Take in lines, revising those that are there (transcript.revised); return how many changed anything.

        Beyond `most` lines new ones are not kept.
        """
        ...

    def lines(self, call_id: str) -> tuple[Line, ...]:
        """Return the lines in the order in which they were said."""
        ...

    def look_up(self, call_id: str, looked_up: LookedUp, by: str) -> bool:
        """Note once that a side of a procedure was opened; False where that was noted."""
        ...

    def looked_up(self, call_id: str) -> list[LookedUp]:
        """Return what was opened, in order."""
        ...

    def lost(self, ringing_before: datetime, answered_before: datetime, limit: int = 100) -> list[Call]:
        """Return calls of which nothing was heard for so long that their end must have been lost."""
        ...

    def forget_lines(self, ended_before: datetime) -> int:
        """Delete the lines of calls that ended before a moment; return how many calls lost some."""
        ...

    def forget_numbers(self, ended_before: datetime, except_for: Sequence[str] = ()) -> int:
        """Delete callers' numbers and the hashes that know them again likewise; not those of some calls."""
        ...


@dataclass(frozen=True)
class CodeFor:
    """What stands behind a code: an answer of the catalogue, in which call it was given and by whom."""

    procedure_id: str
    facet: str
    call_id: str | None
    made_by: str


class CallCodes(Protocol):
    """Codes by which callers get an answer in writing; only their keyed hashes are stored."""

    def add(self, code: str, what: CodeFor, now: datetime, expires_at: datetime) -> bool:
        """Store a code; False (and no change) where a living code is the same."""
        ...

    def take(self, code: str, conversation_id: str, now: datetime) -> CodeFor | None:
        """Use a code up and return what stands behind it; None where it is unknown, used or expired."""
        ...

    def count_wrong(self, conversation_id: str, now: datetime) -> None:
        """Count a wrong try."""
        ...

    def wrong_since(self, since: datetime, conversation_id: str | None = None) -> int:
        """Return how many tries were wrong since a moment, in one conversation or in all."""
        ...

    def forget(self, before: datetime) -> None:
        """Delete codes that expired, and tries that were made, before a moment."""
        ...
