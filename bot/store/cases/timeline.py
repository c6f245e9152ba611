"""SQL of cases' timelines: entries numbered from one without gaps, never changed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from bot.core.cases.state import CaseEvent
from bot.store.sealing import KeyRing, context
from bot.store.tables.cases import case_events

_INSERT = insert(case_events)
ADDED = "added"
_AT_ONCE = 500
_ADDED = (
    select(case_events)
    .where(case_events.c.case_id.in_(bindparam("ids", expanding=True)), case_events.c.kind == ADDED)
    .order_by(case_events.c.case_id, case_events.c.sequence)
)
_OF_CASE = select(case_events).where(case_events.c.case_id == bindparam("id")).order_by(case_events.c.sequence)


def append(write: Connection, keys: KeyRing, case_id: str, event: CaseEvent) -> None:
    """Insert an entry whose sequence the caller took under the case's row lock."""
    write.execute(
        _INSERT,
        {
            "case_id": case_id,
            "sequence": event.sequence,
            "at": event.at,
            "kind": event.kind,
            "actor": event.actor,
            "body": keys.seal_json(event.body, _context(case_id, event.sequence)),
        },
    )


def of_case(read: Connection, keys: KeyRing, case_id: str) -> list[CaseEvent]:
    """Entries in order."""
    return [
        CaseEvent(row.sequence, row.at, row.kind, row.actor, opened(keys, row.body, case_id, row.sequence))
        for row in read.execute(_OF_CASE, {"id": case_id})
    ]


def added_to(read: Connection, keys: KeyRing, case_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """What citizens told later, by case, in order; cases to which nothing was added are left out."""
    found: dict[str, tuple[str, ...]] = {}
    for start in range(0, len(case_ids), _AT_ONCE):
        for row in read.execute(_ADDED, {"ids": list(case_ids[start : start + _AT_ONCE])}):
            text = str(opened(keys, row.body, row.case_id, row.sequence).get("text") or "")
            found[row.case_id] = (*found.get(row.case_id, ()), text)
    return found


def opened(keys: KeyRing, sealed: bytes, case_id: str, sequence: int) -> dict[str, Any]:
    """Return what an entry says. Raises ConfigurationError for one that was altered or moved."""
    return keys.open_json(sealed, _context(case_id, sequence))


def _context(case_id: str, sequence: int) -> bytes:
    return context("case_events", "body", case_id, sequence)
