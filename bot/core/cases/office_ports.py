"""What the office's own work needs from the store: the audit log, principals, tasks, ratings. Protocols."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.cases.people import Principal, Role


@dataclass(frozen=True)
class AuditEntry:
    """Who did what to which subject, when and why; `hash` covers it and the entry before."""

    sequence: int
    at: datetime
    principal: str
    role: str
    action: str
    subject: str
    reason: str
    hash: str


class AuditLog(Protocol):
    """The append-only log with a hash chain, inside a unit of work."""

    def append(self, principal: str, role: str, action: str, subject: str, reason: str, now: datetime) -> AuditEntry:
        """Append an entry chained to the last one."""
        ...

    def entries(self, after: int = 0, limit: int = 200, subject: str | None = None) -> list[AuditEntry]:
        """Return entries in order."""
        ...

    def verify(self) -> int | None:
        """Return the sequence of the first entry that does not fit the chain, or None when it is whole."""
        ...


class Principals(Protocol):
    """People and systems that may act, with hashed tokens, inside a unit of work."""

    def add(self, principal: Principal, now: datetime) -> None:
        """Add a principal. Raises PrincipalExists."""
        ...

    def all(self) -> list[Principal]:
        """Return everybody, by id."""
        ...

    def deactivate(self, principal_id: str, now: datetime) -> None:
        """Refuse the principal from now on, with all tokens."""
        ...

    def activate(self, principal_id: str) -> None:
        """Let a deactivated principal act again, with new tokens and sessions alone.

        Raises NotPermitted for an unknown one.
        """
        ...

    def change(self, principal_id: str, role: Role, unit: str | None) -> None:
        """Give a principal another role and unit. Raises NotPermitted for an unknown one."""
        ...

    def add_token(self, principal_id: str, token_hash: str, expires_at: datetime, now: datetime) -> None:
        """Store the hash of a token."""
        ...

    def by_token(self, token_hash: str, now: datetime) -> Principal | None:
        """Return the active principal with this unexpired token, or None."""
        ...


@dataclass(frozen=True)
class Task:
    """Something a person must do: a refused delivery, an alarm, a call-back. `done_at` None while open."""

    id: str
    kind: str
    case_id: str | None
    conversation_id: str | None
    note: str
    due_at: datetime
    created_at: datetime
    done_at: datetime | None = None
    done_by: str | None = None


class Tasks(Protocol):
    """Dated tasks for people, inside a unit of work; notes are sealed."""

    def add(self, task: Task) -> None:
        """Add a task; again with the same id it changes nothing."""
        ...

    def open(self, limit: int = 100) -> list[Task]:
        """Return open tasks, most urgent first."""
        ...

    def of_conversation(self, conversation_id: str, kinds: Sequence[str]) -> list[Task]:
        """Return the open tasks of these kinds about a conversation."""
        ...

    def finish(self, task_id: str, by: str, now: datetime) -> bool:
        """Close a task; False if it was closed or is unknown."""
        ...


@dataclass(frozen=True)
class Rating:
    """A citizen's score of 1 to 5 for the outcome of a case (`case_id`) or for a visit; the words are sealed."""

    id: str
    conversation_id: str
    score: int
    at: datetime
    case_id: str | None = None
    dossier_code: str | None = None
    comment: str | None = None


class Ratings(Protocol):
    """Scores that citizens gave, inside a unit of work."""

    def add(self, rating: Rating) -> bool:
        """Store once per id; False (and no change) if it was there."""
        ...

    def summary(
        self, since: datetime, until: datetime | None = None, *, of_cases: bool | None = None
    ) -> dict[int, int]:
        """Return how often each score 1 to 5 was given from `since` to before `until`; all five are there.

        `of_cases` narrows to scores of cases (True) or of visits (False).
        """
        ...
