"""How a case is laid down in its row: plain what is queried, sealed in three parts what was told."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, Select, select

from bot.core.cases.record import AccessClass, CaseRecord, Filing
from bot.core.cases.state import Answer, Case, Finding, Status
from bot.core.story import Identity
from bot.store.cases import timeline
from bot.store.lookup import ContactHashes
from bot.store.parts import AnyRow
from bot.store.sealing import KeyRing, context
from bot.store.tables.cases import cases

# All that a Case is read from; the secret's hash is not among it.
COLUMNS: Select[Any] = select(
    *(c for c in cases.c if c.name not in ("secret_hash", "wrong_tries", "locked_until", "phone_hash", "email_hash"))
)
_NO_CONTACT = {"name": None, "phone": None, "email": None}


def new_row(
    keys: KeyRing, filing: Filing, secret_hash: str, hashes: ContactHashes, values: dict[str, Any]
) -> dict[str, Any]:
    """Return the row of a new case, no contact in it of an anonymous citizen; `values` are times and counters."""
    record = filing.record
    return {
        "id": filing.case_id,
        "number": filing.number,
        "conversation_id": filing.conversation_id,
        "secret_hash": secret_hash,
        "wrong_tries": 0,
        "status": Status.RECEIVED.value,
        "access": record.access.value,
        "input_type": str(record.input_type),
        "behaviour": str(record.behaviours[0]) if record.behaviours else None,
        "behaviours": spaced(record.behaviours),
        "severity": record.severity,
        "unit": record.unit,
        "desk": record.desk.value,
        "event_date": record.event_date,
        "received_at": record.received_at,
        "due_on": filing.due_on,
        "clock_basis": filing.clock_basis,
        "published": False,
        "reopened": False,
        "related": " ".join(filing.related),
        "phone_hash": hashes.phone,
        "email_hash": hashes.email,
        **values,
        **_sealed(keys, filing.case_id, record),
    }


def spaced(codes: tuple[str, ...]) -> str:
    """Return codes so that each stands between spaces and can be looked for."""
    return f" {' '.join(codes)} "


def seal_answer(keys: KeyRing, case_id: str, answer: Answer) -> bytes:
    """Seal an answer for its case."""
    return keys.seal_json(asdict(answer), _context("answer", case_id))


def read_case(keys: KeyRing, row: AnyRow) -> Case:
    """Open a row of COLUMNS."""
    told = {
        **keys.open_json(row.record, _context("record", row.id)),
        **keys.open_json(row.identity, _context("identity", row.id)),
        **keys.open_json(row.staff, _context("staff", row.id)),
    }
    return Case(
        id=row.id,
        number=row.number,
        conversation_id=row.conversation_id,
        status=Status(row.status),
        access=AccessClass(row.access),
        record=CaseRecord.from_json(told),
        created_at=row.created_at,
        updated_at=row.updated_at,
        due_on=row.due_on,
        clock_basis=row.clock_basis,
        assigned_unit=row.assigned_unit,
        assigned_to=row.assigned_to,
        answer=_answer(keys, row),
        published=row.published,
        reopened=row.reopened,
        score=row.score,
        cluster=row.cluster,
        related=tuple(row.related.split()),
        backend_reference=row.backend_reference,
        backend_state=row.backend_state,
    )


def read_cases(read: Connection, keys: KeyRing, rows: Sequence[AnyRow]) -> list[Case]:
    """Open rows of COLUMNS, with what was added to the cases since."""
    added = timeline.added_to(read, keys, [row.id for row in rows])
    return [replace(read_case(keys, row), additions=added.get(row.id, ())) for row in rows]


def _sealed(keys: KeyRing, case_id: str, record: CaseRecord) -> dict[str, bytes]:
    told = record.to_json()
    identity = {"contact": told.pop("contact"), "narrative_raw": told.pop("narrative_raw")}
    if record.identity is Identity.ANONYMOUS:
        identity["contact"] = _NO_CONTACT
    staff = {"staff": told.pop("staff")}
    return {
        name: keys.seal_json(part, _context(name, case_id))
        for name, part in (("record", told), ("identity", identity), ("staff", staff))
    }


def _answer(keys: KeyRing, row: AnyRow) -> Answer | None:
    if row.answer is None:
        return None
    raw = keys.open_json(row.answer, _context("answer", row.id))
    return Answer(**{**raw, "finding": Finding(raw["finding"])})


def _context(column: str, case_id: str) -> bytes:
    return context("cases", column, case_id)
