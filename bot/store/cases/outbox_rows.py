"""Rows of the outbox: how they are put there and read."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from bot.core.cases.ports import OutboxRow
from bot.store.parts import AnyRow
from bot.store.sealing import KeyRing, context
from bot.store.tables.cases import outbox

CASE, EVENT = "case", "event"


class Delivery(StrEnum):
    """Where a row stands."""

    WAITING = "waiting"  # not tried yet
    RETRYING = "retrying"  # tried in vain, or asked for again by people
    REFUSED = "refused"
    DELIVERED = "delivered"


_INSERT = insert(outbox).returning(outbox.c.id)
_SET_PAYLOAD = update(outbox).where(outbox.c.id == bindparam("row")).values(payload=bindparam("sealed"))


def enqueue(
    write: Connection, keys: KeyRing, case_id: str, kind: str, key: str, payload: dict[str, Any], now: datetime
) -> None:
    """Append a row; the caller holds the case's row, so that rows of one case are numbered in order."""
    row = {
        "case_id": case_id,
        "kind": kind,
        "key": key,
        "status": Delivery.WAITING.value,
        "attempts": 0,
        "uncertain": False,
        "created_at": now,
        "payload": b"",
    }
    # A sealed value is bound to its row's id, which the database gives.
    row_id: int = write.execute(_INSERT, row).scalar_one()
    write.execute(_SET_PAYLOAD, {"row": row_id, "sealed": keys.seal_json(payload, _context(row_id))})


def read_row(keys: KeyRing, row: AnyRow) -> OutboxRow:
    """Open a row."""
    payload = keys.open_json(row.payload, _context(row.id))
    return OutboxRow(row.id, row.case_id, row.kind, row.key, payload, row.attempts, row.created_at, row.uncertain)


def _context(row_id: int) -> bytes:
    return context("outbox", "payload", row_id)
