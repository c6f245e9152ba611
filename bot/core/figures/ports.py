"""What figures need from the store: counts without anybody's words. A Protocol; its parts are in a unit of work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.figures.span import Period
from bot.core.handover.attention import Move, Why
from bot.core.routes import Outcome

#: Turns of which a citizen has something: an answer, the state of their case, a case filed.
HELPFUL = (Outcome.ANSWERED, Outcome.STATUS, Outcome.COMPLAINT_FILED)


@dataclass(frozen=True)
class Moved:
    """One entry of the history of who answers. `waited` is in seconds, for a claim of somebody who waited there."""

    conversation_id: str
    at: datetime
    move: Move
    why: Why | None = None
    waited: float | None = None


@dataclass(frozen=True)
class Said:
    """When a person of the office wrote in a conversation."""

    conversation_id: str
    at: datetime


@dataclass(frozen=True)
class Counted:
    """How many turns ended so, and for which reason where they were refused."""

    outcome: str
    reason: str | None
    turns: int


class FigureRecords(Protocol):
    """Counts over a period. A conversation is in it when its citizen wrote in it."""

    def conversations(self, period: Period) -> Mapping[str, int]:
        """Return conversations by channel; calls that were answered are not among them."""
        ...

    def calls(self, period: Period) -> int:
        """Return the telephone calls of the period that somebody answered."""
        ...

    def outcomes(self, period: Period) -> Sequence[Counted]:
        """Return turns by outcome and reason; those still open are left out."""
        ...

    def answered_alone(self, period: Period) -> int:
        """Return conversations with a HELPFUL turn in which no person was called for or took over."""
        ...

    def asked(self, period: Period) -> Mapping[str, int]:
        """Return, by procedure, in how many conversations and calls it was asked about."""
        ...

    def first_answers(self, period: Period) -> Sequence[float]:
        """Return, for the first turn of each conversation, the seconds until the assistant had answered it."""
        ...

    def moves(self, period: Period) -> Sequence[Moved]:
        """Return the history of who answers, in order."""
        ...

    def said(self, period: Period) -> Sequence[Said]:
        """Return when people wrote, in order, in the conversations that `moves` of the period tells of."""
        ...

    def begun(self, period: Period) -> Mapping[str, int]:
        """Return conversations begun in the period in which the citizen wrote, by channel; these add up over time."""
        ...

    def asks(self, period: Period) -> Mapping[str, int]:
        """Return how often a person was called for, by reason."""
        ...

    def cases(self, period: Period) -> int:
        """Return how many cases were filed, whatever became of them."""
        ...
