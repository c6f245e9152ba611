"""What a filed case is doing: its states, its outcomes, its timeline as people see it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.core.cases.record import AccessClass, CaseRecord


class Status(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"  # filed, seen by complaint officers alone, not yet released
    RELEASED = "released"  # somebody entitled has let it go on
    ASSIGNED = "assigned"  # a unit (never the accused one unreleased) or an officer has it
    INSPECTION = "inspection"  # an inspection team has it
    EXPLAINED = "explained"  # the unit's reply and the official's explanation are in
    ANSWERED = "answered"  # an answer is written and waits for a second person
    CLOSED = "closed"  # the citizen has the answer
    WITHDRAWN = "withdrawn"  # the citizen took it back
    PARKED = "parked"  # suspected spam: kept for people to look at, never deleted


class Finding(StrEnum):
    """What the check found."""

    TRUE = "dung"
    PARTLY_TRUE = "dung_mot_phan"
    UNFOUNDED = "khong_co_co_so"
    NOT_ENOUGH = "khong_du_thong_tin"
    NOT_OURS = "khong_thuoc_tham_quyen"


@dataclass(frozen=True)
class Answer:
    """The closing answer: it needs a reason, a document (or file), and the next remedy. `text` names nobody."""

    finding: Finding
    text: str
    reason: str
    document: str
    remedy: str


@dataclass(frozen=True)
class CaseEvent:
    """One entry of a case's timeline; `body` is sealed and never shown to an accused unit as it is.

    `kind` is a verb of bot.core.cases.lifecycle or one of filed, delivered, delivery_refused, added, reopened,
    withdrawn, rated, backend_state, park_asked.
    """

    sequence: int
    at: datetime
    kind: str
    actor: str
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A case as it stands now. `record` is what the citizen confirmed and never changes; what comes later is events.

    `due_on` is the next deadline. `reopened` may be true once. `cluster` is shared by
    cases of different people about the same desk and day. `additions` are what the citizen told later.
    """

    id: str
    number: str
    conversation_id: str
    status: Status
    access: AccessClass
    record: CaseRecord
    created_at: datetime
    updated_at: datetime
    due_on: date | None
    clock_basis: str
    assigned_unit: str | None = None
    assigned_to: str | None = None
    answer: Answer | None = None
    published: bool = False
    reopened: bool = False
    score: int | None = None
    cluster: str | None = None
    related: tuple[str, ...] = ()
    backend_reference: str | None = None
    backend_state: str | None = None
    additions: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseFilter:
    """What a list of cases is narrowed to; None means any. Names of people are never searched for."""

    status: tuple[Status, ...] = ()
    unit: str | None = None
    assigned_unit: str | None = None
    assigned_to: str | None = None
    access: AccessClass | None = None
    behaviour: str | None = None
    input_type: str | None = None
    overdue_on: date | None = None
    received_from: datetime | None = None
    received_to: datetime | None = None
