"""SQL of what happens to cases: filing, and changes that each leave an entry in the timeline."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from bot.core.cases.payload import case_payload, event_payload
from bot.core.cases.record import Filing
from bot.core.cases.state import Case, CaseEvent, Status
from bot.core.errors import CaseConflict, NumberTaken, UnknownCase, UnknownConversation
from bot.core.story import Identity
from bot.store import conversations, lookup
from bot.store.cases import attachments, outbox_rows, timeline
from bot.store.cases.rows import COLUMNS, new_row, read_cases
from bot.store.parts import insert_once
from bot.store.sealing import KeyRing
from bot.store.tables.cases import cases

CITIZEN = "citizen"
FILED = "filed"

_BY_ID = COLUMNS.where(cases.c.id == bindparam("case"))
_NUMBER = select(cases.c.number).where(cases.c.id == bindparam("case"))
# key_share: other tables' references to the row stay free.
_LOCK = _NUMBER.with_for_update(key_share=True)


def by_id(read: Connection, keys: KeyRing, case_id: str) -> Case:
    """Open a case. Raises UnknownCase."""
    row = read.execute(_BY_ID, {"case": case_id}).first()
    if row is None:
        raise _unknown(case_id)
    return read_cases(read, keys, [row])[0]


def lock(write: Connection, case_id: str) -> None:
    """Wait for the case's row and hold it. Raises UnknownCase."""
    if write.execute(_LOCK, {"case": case_id}).first() is None:
        raise _unknown(case_id)


def file(write: Connection, keys: KeyRing, filing: Filing, secret_hash: str, now: datetime) -> bool:
    """Insert case, entry and outbox row; False if the case is there. Raises NumberTaken, UnknownConversation."""
    if not conversations.known(write, filing.conversation_id):
        raise UnknownConversation(f"conversation {filing.conversation_id} does not exist")
    counters = {"created_at": now, "updated_at": now, "next_event": 2}
    row = new_row(keys, filing, secret_hash, _hashes(write, keys, filing), counters)
    if not insert_once(write, cases, row):
        if write.execute(_NUMBER, {"case": filing.case_id}).first() is not None:
            return False
        raise NumberTaken(f"number {filing.number} is another case's")
    attachments.assign(write, filing.record.attachments, filing.case_id)
    body = {"due_on": row["due_on"].isoformat() if row["due_on"] else None, "clock_basis": filing.clock_basis}
    timeline.append(write, keys, filing.case_id, CaseEvent(1, now, FILED, CITIZEN, body))
    payload = case_payload(filing, attachments.of_case(write, keys, filing.case_id))
    outbox_rows.enqueue(write, keys, filing.case_id, outbox_rows.CASE, filing.case_id, payload, now)
    return True


def change(
    write: Connection,
    keys: KeyRing,
    case_id: str,
    event: CaseEvent,
    values: dict[str, Any],
    expected: Sequence[Status] = (),
    *,
    notify_backend: bool = False,
) -> CaseEvent:
    """Change a case that is in an expected state and append an entry, which is returned with its sequence.

    A case is reopened once. Raises CaseConflict, UnknownCase.
    """
    guards = [cases.c.id == case_id]
    if expected:
        guards.append(cases.c.status.in_([status.value for status in expected]))
    if values.get("reopened"):
        guards.append(cases.c.reopened.is_(False))
    counted = {**values, "next_event": cases.c.next_event + 1, "updated_at": event.at}
    following = write.execute(update(cases).where(*guards).values(counted).returning(cases.c.next_event)).scalar()
    if following is None:
        number = write.execute(_NUMBER, {"case": case_id}).scalar()
        raise CaseConflict(f"case {number} is not in a state for «{event.kind}»") if number else _unknown(case_id)
    event = CaseEvent(following - 1, event.at, event.kind, event.actor, event.body)
    timeline.append(write, keys, case_id, event)
    if notify_backend:
        files = attachments.by_ids(write, keys, event.body.get("attachments") or ())
        payload = event_payload(by_id(write, keys, case_id), event, files)
        key = f"{case_id}:{event.sequence}"
        outbox_rows.enqueue(write, keys, case_id, outbox_rows.EVENT, key, payload, event.at)
    return event


def _hashes(write: Connection, keys: KeyRing, filing: Filing) -> lookup.ContactHashes:
    contact = filing.record.contact
    if filing.record.identity is Identity.ANONYMOUS or not (contact.phone or contact.email):
        return lookup.ContactHashes()
    return lookup.contact_hashes(lookup.find_or_make(write, keys, lookup.CONTACT), contact)


def _unknown(case_id: str) -> UnknownCase:
    return UnknownCase(f"case {case_id} does not exist")
