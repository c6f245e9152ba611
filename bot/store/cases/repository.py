"""Cases and their timelines, as bot.core.cases.ports.CaseRepository promises them."""

import builtins
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from bot.core.cases.number import hash_secret, secret_fits
from bot.core.cases.record import Filing
from bot.core.cases.state import Answer, Case, CaseEvent, CaseFilter, Status
from bot.core.errors import UnknownCase
from bot.store.cases import case_changes, case_queries, case_secrets, timeline
from bot.store.cases.rows import seal_answer
from bot.store.parts import Part


class SqlCases(Part):
    """Implements bot.core.cases.ports.CaseRepository."""

    def file(self, filing: Filing, now: datetime) -> bool:
        """Insert case, entry «filed» and outbox row, and give the case its record's files; False if it is there."""
        secret_hash = hash_secret(filing.secret, filing.case_id)  # before the write begins: it takes a while
        return case_changes.file(self._write(), self._keys, filing, secret_hash, now)

    def case(self, case_id: str) -> Case:
        """Return the case as it stands."""
        return case_changes.by_id(self._read(), self._keys, case_id)

    def by_number(self, number: str) -> str | None:
        """Return the id of the case with this number, or None."""
        return case_queries.by_number(self._read(), number)

    def check_secret(self, case_id: str, secret: str, now: datetime, *, max_tries: int, lock_seconds: float) -> bool:
        """True when the secret fits and guessing is not locked.

        Commit the unit whatever the answer: a wrong try counts only then.
        """
        stand = case_secrets.guarded(self._read(), case_id)
        if stand.locked(now):
            return False
        fits = secret_fits(secret, case_id, stand.secret_hash)  # before the write begins, as above
        return case_secrets.judge(self._write(), case_id, fits, now, max_tries, lock_seconds)

    def of_conversation(self, conversation_id: str) -> builtins.list[Case]:
        """Return the cases filed in a conversation, latest first."""
        return case_queries.of_conversation(self._read(), self._keys, conversation_id)

    def timeline(self, case_id: str) -> builtins.list[CaseEvent]:
        """Return the case's entries in order."""
        entries = timeline.of_case(self._read(), self._keys, case_id)
        if not entries:
            raise UnknownCase(f"case {case_id} does not exist")
        return entries

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
        """Append an entry and change what is given; of several at once, those that no longer fit get CaseConflict."""
        values = {
            "status": status.value if status else None,
            "due_on": due_on,
            "assigned_unit": assigned_unit,
            "assigned_to": assigned_to,
            "answer": seal_answer(self._keys, case_id, answer) if answer else None,
            "published": published,
            "reopened": reopened,
            "score": score,
            "backend_reference": backend_reference,
            "backend_state": backend_state,
        }
        given: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
        if status is Status.PARKED:
            given["due_on"] = None  # unparked, it is due anew
        return case_changes.change(
            self._write(),
            self._keys,
            case_id,
            CaseEvent(0, now, event, actor, body or {}),
            given,
            expected,
            notify_backend=notify_backend,
        )

    def list(self, wanted: CaseFilter, limit: int = 100, before: datetime | None = None) -> builtins.list[Case]:
        """Return cases, latest first, received before `before`."""
        return case_queries.matching(self._read(), self._keys, wanted, limit, before)

    def similar(self, filing: Filing) -> tuple[builtins.list[str], builtins.list[str]]:
        """Return (the same person's, other people's) cases of the same matter as ids, oldest first."""
        return case_queries.similar(self._read(), self._keys, filing)

    def set_cluster(self, case_ids: Sequence[str], cluster: str) -> None:
        """Mark cases as one cluster."""
        case_queries.set_cluster(self._write(), case_ids, cluster)

    def contact_counts(self, unit: str, since: datetime, among: Sequence[str] | None = None) -> tuple[int, int]:
        """Return (cases, distinct contacts) about a unit since a moment; `among`: of these ids alone."""
        return case_queries.contact_counts(self._read(), unit, since, among)
