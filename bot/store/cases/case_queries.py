"""SQL that looks for cases: lists, those of the same matter, and counts."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, false, func, or_, select, update

from bot.core.cases.record import Filing
from bot.core.cases.state import Case, CaseFilter, Status
from bot.core.errors import UnknownCase
from bot.core.story import Identity
from bot.store import lookup
from bot.store.cases.rows import COLUMNS, read_cases, spaced
from bot.store.sealing import KeyRing
from bot.store.tables.cases import cases

# Nothing is due any more.
_OVER = (Status.CLOSED.value, Status.WITHDRAWN.value, Status.PARKED.value)
_LATEST_FIRST = (cases.c.received_at.desc(), cases.c.id.desc())
_OF_CONVERSATION = COLUMNS.where(cases.c.conversation_id == bindparam("conversation")).order_by(*_LATEST_FIRST)
_BY_NUMBER = select(cases.c.id).where(cases.c.number == bindparam("wanted"))
_CONTACTS = select(cases.c.id, func.coalesce(cases.c.phone_hash, cases.c.email_hash).label("contact")).where(
    cases.c.unit == bindparam("wanted"),
    cases.c.received_at >= bindparam("since"),
    cases.c.status != Status.PARKED.value,
)


def by_number(read: Connection, number: str) -> str | None:
    """Id of the case with this number."""
    return read.execute(_BY_NUMBER, {"wanted": number}).scalar()


def of_conversation(read: Connection, keys: KeyRing, conversation_id: str) -> list[Case]:
    """A conversation's cases, latest first."""
    return read_cases(read, keys, read.execute(_OF_CONVERSATION, {"conversation": conversation_id}).all())


def matching(
    read: Connection, keys: KeyRing, wanted: CaseFilter, limit: int, before: datetime | None = None
) -> list[Case]:
    """Cases that a filter lets through, latest first."""
    conditions = list(_conditions(wanted))
    if before is not None:
        conditions.append(cases.c.received_at < before)
    found = read.execute(COLUMNS.where(*conditions).order_by(*_LATEST_FIRST).limit(limit))
    return read_cases(read, keys, found.all())


def similar(read: Connection, keys: KeyRing, filing: Filing) -> tuple[list[str], list[str]]:
    """Ids, oldest first: (the same person's of that unit and day, other people's of that unit, desk and day).

    Nothing where unit or day is not known. The filing itself, those linked to it and withdrawn ones are left out.
    """
    record = filing.record
    if record.unit is None or record.event_date is None:
        return [], []
    same_person = or_(cases.c.conversation_id == filing.conversation_id, *_same_contact(read, keys, filing))
    statement = (
        select(cases.c.id, cases.c.desk, same_person.label("same_person"))
        .where(
            cases.c.unit == record.unit,
            cases.c.event_date == record.event_date,
            cases.c.status != Status.WITHDRAWN.value,
            cases.c.id.not_in([filing.case_id, *filing.related]),
        )
        .order_by(cases.c.received_at, cases.c.id)
    )
    rows = read.execute(statement).all()
    own = [row.id for row in rows if row.same_person]
    return own, [row.id for row in rows if not row.same_person and row.desk == record.desk.value]


def set_cluster(write: Connection, case_ids: Sequence[str], cluster: str) -> None:
    """Mark cases; locked in order of their ids, so that two clusters at once do not wait for each other."""
    ids = sorted(set(case_ids))
    held = select(cases.c.id).where(cases.c.id.in_(ids)).order_by(cases.c.id).with_for_update(key_share=True)
    found = set(write.execute(held).scalars())
    if missing := [case_id for case_id in ids if case_id not in found]:
        raise UnknownCase(f"case {missing[0]} does not exist")
    write.execute(update(cases).where(cases.c.id.in_(ids)).values(cluster=cluster))


def contact_counts(
    read: Connection, unit: str, since: datetime, among: Collection[str] | None = None
) -> tuple[int, int]:
    """(cases, distinct contacts) about a unit; those parked as suspected spam are not counted.

    `among` narrows to what somebody may know of: their numbers tell nothing of the rest.
    """
    known = None if among is None else frozenset(among)
    rows = [
        row for row in read.execute(_CONTACTS, {"wanted": unit, "since": since}) if known is None or row.id in known
    ]
    return len(rows), len({row.contact for row in rows if row.contact is not None})


def _same_contact(read: Connection, keys: KeyRing, filing: Filing) -> list[ColumnElement[bool]]:
    key = lookup.find(read, keys, lookup.CONTACT)
    if key is None or filing.record.identity is Identity.ANONYMOUS:
        return []
    hashes = lookup.contact_hashes(key, filing.record.contact)
    # An absent hash compares as unknown, which must read as «somebody else».
    return [
        and_(column.is_not(None), column == value) if value else false()
        for column, value in ((cases.c.phone_hash, hashes.phone), (cases.c.email_hash, hashes.email))
    ]


def _conditions(wanted: CaseFilter) -> Sequence[ColumnElement[bool]]:
    equal: dict[str, Any] = {
        "unit": wanted.unit,
        "assigned_unit": wanted.assigned_unit,
        "assigned_to": wanted.assigned_to,
        "access": wanted.access.value if wanted.access else None,
        "input_type": wanted.input_type,
    }
    conditions = [cases.c[name] == value for name, value in equal.items() if value is not None]
    if wanted.status:
        conditions.append(cases.c.status.in_([status.value for status in wanted.status]))
    if wanted.behaviour is not None:
        conditions.append(cases.c.behaviours.contains(spaced((wanted.behaviour,)), autoescape=True))
    if wanted.overdue_on is not None:
        conditions += [cases.c.due_on < wanted.overdue_on, cases.c.status.not_in(_OVER)]
    if wanted.received_from is not None:
        conditions.append(cases.c.received_at >= wanted.received_from)
    if wanted.received_to is not None:
        conditions.append(cases.c.received_at < wanted.received_to)
    return conditions
