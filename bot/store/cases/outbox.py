"""The queue to the complaint backend: leased rows, in order per case, never given to two workers."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, func, literal, or_, select, true, update

from bot.core.cases.office_ports import Task
from bot.core.cases.ports import OutboxRow
from bot.core.cases.state import CaseEvent
from bot.store.cases import case_changes, tasks
from bot.store.cases.outbox_rows import CASE, Delivery, read_row
from bot.store.parts import Part
from bot.store.tables.cases import cases, outbox

BACKEND = "backend"
REFUSED_TASK = "delivery_refused"

# Written out, so that the databases see that their index of undelivered rows serves.
_NOT_DELIVERED = outbox.c.status != literal(Delivery.DELIVERED.value, literal_execute=True)
_TO_TRY = outbox.c.status.in_([Delivery.WAITING.value, Delivery.RETRYING.value])
_NOT_LEASED = or_(outbox.c.lease_expires_at.is_(None), outbox.c.lease_expires_at <= bindparam("now"))
_NO_LEASE: Mapping[str, Any] = {"lease_owner": None, "lease_expires_at": None}
_IS_ROW = outbox.c.id == bindparam("row")

_earlier = outbox.alias("earlier")
_DUE = (
    select(outbox)
    .where(
        _NOT_DELIVERED,
        _TO_TRY,
        _NOT_LEASED,
        or_(outbox.c.next_attempt_at.is_(None), outbox.c.next_attempt_at <= bindparam("now")),
        ~exists().where(
            _earlier.c.case_id == outbox.c.case_id,
            _earlier.c.id < outbox.c.id,
            _earlier.c.status != literal(Delivery.DELIVERED.value, literal_execute=True),
        ),
    )
    .order_by(outbox.c.id)
    .limit(1)
    .with_for_update(of=outbox, skip_locked=True)
)
# A worker that let its lease run out may have been heard by the backend.
_LEASE = (
    update(outbox)
    .where(_IS_ROW)
    .values(
        lease_owner=bindparam("worker"),
        lease_expires_at=bindparam("until"),
        uncertain=or_(outbox.c.uncertain, outbox.c.lease_owner.is_not(None)),
    )
)
_CASE_OF = select(outbox.c.case_id).where(_IS_ROW)
_DELIVERED = (
    update(outbox)
    .where(_IS_ROW, _NOT_DELIVERED)
    .values(
        status=Delivery.DELIVERED.value, delivered_at=bindparam("at"), next_attempt_at=None, error=None, **_NO_LEASE
    )
    .returning(outbox.c.kind)
)
_RETRY = (
    update(outbox)
    .where(_IS_ROW, _TO_TRY)
    .values(
        status=Delivery.RETRYING.value,
        attempts=outbox.c.attempts + 1,
        error=bindparam("said"),
        next_attempt_at=bindparam("at"),
        uncertain=or_(outbox.c.uncertain, bindparam("maybe", type_=outbox.c.uncertain.type)),
        **_NO_LEASE,
    )
)
_REFUSED = (
    update(outbox)
    .where(_IS_ROW, _TO_TRY)
    .values(
        status=Delivery.REFUSED.value,
        attempts=outbox.c.attempts + 1,
        error=bindparam("said"),
        next_attempt_at=None,
        **_NO_LEASE,
    )
    .returning(outbox.c.kind, outbox.c.key)
)
_REQUEUE = (
    update(outbox)
    .where(outbox.c.case_id == bindparam("case"), _NOT_DELIVERED, _NOT_LEASED)
    .values(status=Delivery.RETRYING.value, attempts=0, next_attempt_at=bindparam("now"))
)
_COUNTS = select(outbox.c.status, func.count()).group_by(outbox.c.status)
_STUCK = (
    select(
        outbox.c.id,
        cases.c.number,
        outbox.c.kind,
        outbox.c.status,
        outbox.c.attempts,
        outbox.c.uncertain,
        outbox.c.error,
        outbox.c.next_attempt_at,
        outbox.c.created_at,
    )
    .join(cases, cases.c.id == outbox.c.case_id)
    .where(_NOT_DELIVERED)
    .order_by(outbox.c.id)
    .limit(bindparam("limit"))
)
_RELEASE_OF = (
    update(outbox)
    .where(and_(outbox.c.lease_owner == bindparam("worker"), _NOT_DELIVERED))
    .values(uncertain=true(), **_NO_LEASE)
)


class SqlOutbox(Part):
    """Implements bot.core.cases.ports.Outbox.

    Rows are locked after their case's row, as everywhere, so that workers and officers do not wait for each other.
    """

    def claim(self, worker: str, now: datetime, lease_seconds: float) -> OutboxRow | None:
        """Take the oldest due row; `uncertain` where an earlier lease was not given back."""
        write = self._write()
        row = write.execute(_DUE, {"now": now}).first()
        if row is None:
            return None
        write.execute(_LEASE, {"row": row.id, "worker": worker, "until": now + timedelta(seconds=lease_seconds)})
        claimed = read_row(self._keys, row)
        return claimed if row.lease_owner is None else _made_uncertain(claimed)

    def delivered(self, row_id: int, receipt: dict[str, Any], now: datetime) -> None:
        """Close a row and give its case `receipt["reference"]`; nothing for one that is closed or unknown."""
        write = self._write()
        case_id = _lock_case(write, row_id)
        if case_id is None:
            return
        kind = write.execute(_DELIVERED, {"row": row_id, "at": now}).scalar()
        if kind == CASE:
            event = CaseEvent(0, now, "delivered", BACKEND, receipt)
            case_changes.change(write, self._keys, case_id, event, {"backend_reference": receipt["reference"]})

    def retry(self, row_id: int, error: str, next_attempt_at: datetime, *, uncertain: bool) -> None:
        """Count a failed attempt; once uncertain, a row stays so. Nothing for one that is refused or delivered."""
        values = {"row": row_id, "said": error, "at": next_attempt_at, "maybe": uncertain}
        self._write().execute(_RETRY, values)

    def refused(self, row_id: int, reason: str, now: datetime) -> None:
        """Give up: an entry «delivery_refused» and a task. Nothing for a row that is refused or delivered."""
        write = self._write()
        case_id = _lock_case(write, row_id)
        if case_id is None:
            return
        row = write.execute(_REFUSED, {"row": row_id, "said": reason}).first()
        if row is None:
            return
        body = {"kind": row.kind, "key": row.key, "reason": reason}
        event = CaseEvent(0, now, "delivery_refused", BACKEND, body)
        entry = case_changes.change(write, self._keys, case_id, event, {})
        task_id = f"{REFUSED_TASK}-{row_id}-{entry.sequence}"
        tasks.add(write, self._keys, Task(task_id, REFUSED_TASK, case_id, None, reason, now, now))

    def requeue(self, case_id: str, now: datetime) -> int:
        """Make what is undelivered and not leased due now, its attempts counted anew; return how many rows."""
        write = self._write()
        case_changes.lock(write, case_id)
        return write.execute(_REQUEUE, {"case": case_id, "now": now}).rowcount

    def counts(self) -> dict[str, int]:
        """Return rows by status; every status is there."""
        found = {status: count for status, count in self._read().execute(_COUNTS)}
        return {status.value: found.get(status.value, 0) for status in Delivery}

    def stuck(self, limit: int = 50) -> list[dict[str, Any]]:
        """Return undelivered rows, oldest first.

        Keys: id, number, kind, status, attempts, uncertain, error, next_attempt_at, created_at.
        """
        return [dict(row) for row in self._read().execute(_STUCK, {"limit": limit}).mappings()]

    def release_leases_of(self, worker: str) -> None:
        """Free a worker's leases; what it was sending may have been accepted."""
        self._write().execute(_RELEASE_OF, {"worker": worker})


def _lock_case(write: Connection, row_id: int) -> str | None:
    case_id: str | None = write.execute(_CASE_OF, {"row": row_id}).scalar()
    if case_id is not None:
        case_changes.lock(write, case_id)
    return case_id


def _made_uncertain(row: OutboxRow) -> OutboxRow:
    return OutboxRow(**{**vars(row), "uncertain": True})
