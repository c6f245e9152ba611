"""What cases need from the store and from the complaint backend: Protocols that adapters implement."""

import builtins
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from bot.core.cases.record import Filing
from bot.core.cases.state import Answer, Case, CaseEvent, CaseFilter, Status


class CaseRepository(Protocol):
    """Cases and their timelines, inside a unit of work. Raises UnknownCase where an id is not known."""

    def file(self, filing: Filing, now: datetime) -> bool:
        """Insert case, timeline entry «filed» and outbox row; False (and no change) if `case_id` is filed already.

        Raises NumberTaken when another case has the number: the caller makes another number.
        """
        ...

    def case(self, case_id: str) -> Case:
        """Return the case as it stands."""
        ...

    def by_number(self, number: str) -> str | None:
        """Return the id of the case with this number, or None."""
        ...

    def check_secret(self, case_id: str, secret: str, now: datetime, *, max_tries: int, lock_seconds: float) -> bool:
        """True when the secret fits. Wrong tries are counted; after `max_tries` every answer is False for a while."""
        ...

    def of_conversation(self, conversation_id: str) -> builtins.list[Case]:
        """Return the cases filed in a conversation, latest first."""
        ...

    def timeline(self, case_id: str) -> builtins.list[CaseEvent]:
        """Return the case's entries in order."""
        ...

    def change(
        self,
        case_id: str,
        event: str,
        actor: str,
        now: datetime,
        body: dict[str, Any] | None = None,
        *,
        expected: Sequence[Status] = (),
        status: Status | None = None,
        due_on: date | None = None,
        assigned_unit: str | None = None,
        assigned_to: str | None = None,
        answer: Answer | None = None,
        published: bool | None = None,
        reopened: bool | None = None,
        score: int | None = None,
        backend_reference: str | None = None,
        backend_state: str | None = None,
        notify_backend: bool = False,
    ) -> CaseEvent:
        """Append an entry and change what is given (None leaves as it is), in one go.

        A parked case has no due day.

        Raises CaseConflict when the case is in none of the `expected` states. `notify_backend` also appends an
        outbox row of kind «event» with the entry.
        """
        ...

    def list(self, wanted: CaseFilter, limit: int = 100, before: datetime | None = None) -> builtins.list[Case]:
        """Return cases, latest first, received before `before`."""
        ...

    def similar(self, filing: Filing) -> tuple[builtins.list[str], builtins.list[str]]:
        """Return (the same person's cases of the same unit and day, other people's of that desk and day) as ids.

        The same person is the same conversation or the same contact (compared by a keyed hash).
        """
        ...

    def set_cluster(self, case_ids: Sequence[str], cluster: str) -> None:
        """Mark cases as one cluster."""
        ...

    def contact_counts(self, unit: str, since: datetime, among: Sequence[str] | None = None) -> tuple[int, int]:
        """Return (cases, distinct verified contacts) about a unit since a moment; `among`: of these ids alone."""
        ...


@dataclass(frozen=True)
class OutboxRow:
    """One thing to hand over: `kind` is case or event; `key` stays through every retry."""

    id: int
    case_id: str
    kind: str
    key: str
    payload: dict[str, Any]
    attempts: int
    created_at: datetime
    uncertain: bool


class Outbox(Protocol):
    """The queue to the complaint backend, inside a unit of work. Rows of one case are delivered in order."""

    def claim(self, worker: str, now: datetime, lease_seconds: float) -> OutboxRow | None:
        """Take the oldest due row whose case has no earlier undelivered row, and no live lease; None if none."""
        ...

    def delivered(self, row_id: int, receipt: dict[str, Any], now: datetime) -> None:
        """Close a row; for kind case also store the reference in the case with a timeline entry «delivered»."""
        ...

    def retry(self, row_id: int, error: str, next_attempt_at: datetime, *, uncertain: bool) -> None:
        """Count a failed attempt; `uncertain` where the backend may have accepted it."""
        ...

    def refused(self, row_id: int, reason: str, now: datetime) -> None:
        """Give up: a timeline entry «delivery_refused» and a task for people with the reason."""
        ...

    def requeue(self, case_id: str, now: datetime) -> int:
        """Make refused and waiting rows of a case due now; return how many."""
        ...

    def counts(self) -> dict[str, int]:
        """Return rows by status: waiting, retrying, refused, delivered."""
        ...

    def stuck(self, limit: int = 50) -> list[dict[str, Any]]:
        """Return undelivered rows, oldest first: id, case number, kind, attempts, last error, next attempt."""
        ...

    def release_leases_of(self, worker: str) -> None:
        """Free a worker's leases."""
        ...


@dataclass(frozen=True)
class Attachment:
    """A file of a citizen: `original` sealed as it came, `clean` the copy that leaves (metadata removed).

    `heard`: what a recording was heard to say, "" where nothing was understood, None where nobody listened.
    """

    id: str
    conversation_id: str
    case_id: str | None
    media_type: str
    name: str
    size: int
    sha256: str
    created_at: datetime
    heard: str | None = field(default=None, repr=False)


class Attachments(Protocol):
    """Files, inside a unit of work; bytes are sealed."""

    def add(self, attachment: Attachment, original: bytes, clean: bytes) -> bool:
        """Store once per (conversation, sha256); False if it was there (use `of_conversation` to find it)."""
        ...

    def of_conversation(self, conversation_id: str, *, unfiled: bool = False) -> list[Attachment]:
        """Return the conversation's files, oldest first."""
        ...

    def assign(self, ids: Sequence[str], case_id: str) -> None:
        """Give files to a case."""
        ...

    def of_case(self, case_id: str) -> list[Attachment]:
        """Return a case's files."""
        ...

    def read(self, attachment_id: str, *, original: bool = False) -> bytes:
        """Return the bytes. Raises UnknownAttachment."""
        ...

    def note_heard(self, attachment_id: str, heard: str) -> None:
        """Keep what a recording was heard to say; nothing where there is no such file."""
        ...

    def drop(self, attachment_id: str) -> None:
        """Delete an unfiled file for good (an ID photo that came by mistake)."""
        ...

    def forget_unfiled(self, conversations: str, before: datetime) -> int:
        """Delete files that no case has and that came before a moment, of conversations whose ids begin so."""
        ...


@dataclass(frozen=True)
class Receipt:
    """The backend's acknowledgement: its own reference, and the key it stands for."""

    reference: str
    key: str
    received_at: datetime


class ComplaintBackend(Protocol):
    """The system that handles complaints.

    Raises BackendRefused (final: people must look), BackendUnavailable (try again; `uncertain` where it may have been
    accepted).
    """

    async def file(self, payload: dict[str, Any], key: str) -> Receipt:
        """Hand a case over. The same key gives the same receipt, however often it is sent."""
        ...

    async def add_event(self, reference: str, payload: dict[str, Any], key: str) -> Receipt:
        """Hand over what happened to a case since; idempotent likewise."""
        ...

    async def find(self, key: str) -> Receipt | None:
        """Return the receipt of what was accepted under this key, or None: asked before anything is sent again."""
        ...

    async def state(self, reference: str) -> dict[str, Any]:
        """Return {state, text, updated_at, …} of a case there; unknown states are passed on as they are."""
        ...
