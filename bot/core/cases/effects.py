"""What a decided turn changes besides its conversation's state, committed in the same transaction as its reply."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from bot.core.cases.office_ports import Rating, Task
from bot.core.cases.record import Filing
from bot.core.cases.state import Status
from bot.core.messages import Turn
from bot.core.ports import UnitOfWork

CITIZEN = "citizen"


class Effect(Protocol):
    """One change; `apply` runs inside the turn's transaction, once per turn."""

    def apply(self, unit: UnitOfWork, turn: Turn) -> None:
        """Make the change. Raises NumberTaken when the turn must be decided anew."""
        ...


@dataclass(frozen=True)
class FileCases:
    """File the cases of one story, linked, with their attachments; those of other people nearby become a cluster."""

    filings: tuple[Filing, ...]

    def apply(self, unit: UnitOfWork, turn: Turn) -> None:
        """Write cases, attachments and outbox rows."""
        channel = unit.channel(turn.conversation_id)
        for filing in self.filings:
            record = replace(filing.record, channel=channel)
            filing = replace(filing, conversation_id=turn.conversation_id, record=record)
            # Files first, so that what is handed over names them.
            if record.attachments:
                unit.attachments.assign(record.attachments, filing.case_id)
            if unit.cases.file(filing, turn.now):
                # The same telephone elsewhere may be another person's: told apart here, seen together by officers.
                same, others = unit.cases.similar(filing)
                if near := [*same, *others]:
                    unit.cases.set_cluster([*near, filing.case_id], near[0])


@dataclass(frozen=True)
class ChangeCase:
    """Append the citizen's own act to a case: an addition, a withdrawal, a reopening, a rating."""

    case_id: str
    event: str
    body: dict[str, Any]
    expected: tuple[Status, ...] = ()
    status: Status | None = None
    reopened: bool | None = None
    score: int | None = None
    attachments: tuple[str, ...] = ()

    def apply(self, unit: UnitOfWork, turn: Turn) -> None:
        """Write the entry and tell the backend."""
        if self.attachments:
            unit.attachments.assign(self.attachments, self.case_id)
        unit.cases.change(
            self.case_id,
            self.event,
            CITIZEN,
            turn.now,
            {**self.body, **({"attachments": list(self.attachments)} if self.attachments else {})},
            expected=self.expected,
            status=self.status,
            reopened=self.reopened,
            score=self.score,
            notify_backend=True,
        )


@dataclass(frozen=True)
class RaiseTask:
    """Ask people to look: an alarm, a citizen who waits for somebody. Once per conversation and kind."""

    kind: str
    note: str
    due_at: datetime

    def apply(self, unit: UnitOfWork, turn: Turn) -> None:
        """Add the task, unless an open one of this kind waits for this conversation's turn."""
        unit.tasks.add(
            Task(
                id=f"{self.kind}-{turn.id}",
                kind=self.kind,
                case_id=None,
                conversation_id=turn.conversation_id,
                note=self.note,
                due_at=self.due_at,
                created_at=turn.now,
            )
        )


@dataclass(frozen=True)
class DropAttachment:
    """Delete a file that must not be kept."""

    attachment_id: str

    def apply(self, unit: UnitOfWork, turn: Turn) -> None:  # noqa: ARG002  (the protocol's signature)
        """Delete it for good."""
        unit.attachments.drop(self.attachment_id)


@dataclass(frozen=True)
class Rate:
    """Keep a rating: of a case's outcome, or of a transaction."""

    case_id: str | None
    score: int
    comment: str

    def apply(self, unit: UnitOfWork, turn: Turn) -> None:
        """Store it."""
        unit.ratings.add(
            Rating(
                id=f"{turn.id}-{self.case_id or 'visit'}",
                conversation_id=turn.conversation_id,
                case_id=self.case_id,
                dossier_code=None,
                score=self.score,
                comment=self.comment,
                at=turn.now,
            )
        )
