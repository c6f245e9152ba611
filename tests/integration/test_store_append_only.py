"""The audit log and the timelines against somebody who can write to the database."""

import hashlib
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Executable, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from bot.core.errors import ConfigurationError
from bot.store import Store
from bot.store.audit.log import _chain
from bot.store.tables.cases import audit, audit_head, case_events, lookup_keys
from tests.contracts.case_steps import change, file, timeline
from tests.contracts.steps import NOW, at, start

ENTRIES = 6


@pytest.fixture
def written(store: Store) -> Store:
    """A store with a case of three entries and some entries in the audit log."""
    start(store)
    file(store)
    change(store, body={"text": "một"})
    change(store, body={"text": "hai"})
    for number in range(ENTRIES):
        append(store, number)
    return store


def append(store: Store, number: int = 0) -> None:
    with store() as unit:
        unit.audit.append("lan", "complaint_officer", "case.open", "a", f"lý do {number}", at(number))
        unit.commit()


def verified(store: Store) -> int | None:
    with store() as unit:
        return unit.audit.verify()


def tamper(store: Store, work: Callable[[Connection], object]) -> None:
    """Write as somebody who has got rid of the triggers."""
    with store.engine.begin() as connection:
        if store.single_process:
            for table in ("audit", "case_events"):
                for name in ("update", "delete", "replace"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_{name}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        work(connection)


@pytest.mark.parametrize(
    "statement",
    [
        update(audit).where(audit.c.sequence == 2).values(reason="khác"),
        delete(audit).where(audit.c.sequence == ENTRIES),
        delete(audit),
        update(case_events).where(case_events.c.sequence == 2).values(kind="closed"),
        update(case_events).where(case_events.c.sequence == 2).values(at=at(99)),
        update(case_events).where(case_events.c.sequence == 2).values(sequence=9),
        update(case_events)
        .where(case_events.c.sequence == 2)
        .values(body=select(case_events.c.body).where(case_events.c.sequence == 3).scalar_subquery()),
        delete(case_events).where(case_events.c.sequence == 2),
    ],
    ids=str,
)
def test_entries_are_neither_changed_nor_deleted(written: Store, statement: Executable) -> None:
    before = timeline(written)
    with pytest.raises(DBAPIError, match="append-only"), written.engine.begin() as connection:
        connection.execute(statement)
    assert timeline(written) == before
    assert verified(written) is None


def test_entries_are_not_replaced_or_emptied_out(written: Store) -> None:
    if written.single_process:
        statements = [
            "INSERT OR REPLACE INTO audit SELECT sequence, at, principal, role, action, 'b', reason, hash FROM audit",
            "INSERT OR REPLACE INTO case_events SELECT case_id, sequence, at, 'x', actor, body FROM case_events",
        ]
    else:
        statements = ["TRUNCATE audit", "TRUNCATE case_events"]
    for statement in statements:
        with pytest.raises(DBAPIError, match="append-only"), written.engine.begin() as connection:
            connection.execute(text(statement))
    assert verified(written) is None


def _columns(connection: Connection, sequence: int) -> dict[str, object]:
    return dict(connection.execute(select(audit).where(audit.c.sequence == sequence)).one()._mapping)


def _change(connection: Connection) -> None:
    connection.execute(update(audit).where(audit.c.sequence == 3).values(principal="minh"))


def _remove(connection: Connection) -> None:
    connection.execute(delete(audit).where(audit.c.sequence == 3))


def _remove_and_close_up(connection: Connection) -> None:
    _remove(connection)
    for sequence in range(4, ENTRIES + 1):
        connection.execute(update(audit).where(audit.c.sequence == sequence).values(sequence=sequence - 1))


def _insert(connection: Connection) -> None:
    for sequence in range(ENTRIES, 2, -1):
        connection.execute(update(audit).where(audit.c.sequence == sequence).values(sequence=sequence + 1))
    connection.execute(insert(audit), {**_columns(connection, 2), "sequence": 3})


def _insert_at_the_end(connection: Connection) -> None:
    entry = {**_columns(connection, ENTRIES), "sequence": ENTRIES + 1}
    connection.execute(insert(audit), {**entry, "hash": _chain(str(entry["hash"]), entry)})


def _cut_off(connection: Connection) -> None:
    connection.execute(delete(audit).where(audit.c.sequence > 4))


def _cut_off_and_move_the_head(connection: Connection) -> None:
    _cut_off(connection)
    connection.execute(update(audit_head).values(entries=4, hash=_columns(connection, 4)["hash"]))


def _empty(connection: Connection) -> None:
    connection.execute(delete(audit))


def _empty_with_the_head(connection: Connection) -> None:
    _empty(connection)
    connection.execute(update(audit_head).values(entries=0, hash="", mac=""))


def _chain_anew(connection: Connection, start: int = 3) -> None:
    """Change an entry and make every hash after it fit."""
    _change(connection)
    previous = str(_columns(connection, start - 1)["hash"])
    for sequence in range(start, ENTRIES + 1):
        previous = _chain(previous, _columns(connection, sequence))
        connection.execute(update(audit).where(audit.c.sequence == sequence).values(hash=previous))


def _chain_anew_and_sign(connection: Connection) -> None:
    _chain_anew(connection)
    last = str(_columns(connection, ENTRIES)["hash"])
    mac = hashlib.sha256(f"{ENTRIES} {last}".encode()).hexdigest()
    connection.execute(update(audit_head).values(hash=last, mac=mac))


def _without_head(connection: Connection) -> None:
    connection.execute(delete(audit_head))


def _without_key(connection: Connection) -> None:
    connection.execute(delete(lookup_keys))


@pytest.mark.parametrize(
    ("work", "found"),
    [
        (_change, 3),
        (_remove, 3),
        (_remove_and_close_up, 3),
        (_insert, 3),
        (_insert_at_the_end, ENTRIES + 1),
        (_cut_off, 5),
        (_cut_off_and_move_the_head, 4),
        (_empty, 1),
        (_empty_with_the_head, 1),
        (_chain_anew, ENTRIES),
        (_chain_anew_and_sign, ENTRIES),
        (_without_head, 1),
        (_without_key, ENTRIES),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_whatever_is_done_to_the_log_is_found(written: Store, work: Callable[[Connection], None], found: int) -> None:
    assert verified(written) is None
    tamper(written, work)
    assert verified(written) == found


@pytest.mark.parametrize(
    "work",
    [
        _cut_off_and_move_the_head,
        _empty_with_the_head,
        _chain_anew_and_sign,
        _insert_at_the_end,
        _without_head,
        _without_key,
    ],
    ids=lambda work: work.__name__,
)
def test_nothing_is_signed_on_top_of_an_altered_end(written: Store, work: Callable[[Connection], None]) -> None:
    tamper(written, work)
    before = verified(written)
    with pytest.raises(ConfigurationError, match="tiepdan audit verify"):
        append(written)
    assert verified(written) == before


def test_an_entry_appended_to_a_cut_log_does_not_hide_the_cut(written: Store) -> None:
    tamper(written, _cut_off)
    append(written)
    assert verified(written) == 5
    with written() as unit:
        assert [entry.sequence for entry in unit.audit.entries()] == [1, 2, 3, 4, ENTRIES + 1]


def test_moments_of_all_sizes_keep_their_hash(store: Store) -> None:
    for number in (0, 0.5, 0.000001, 86_400):
        append(store)
        with store() as unit:
            unit.audit.append("lan", "auditor", "x", "ĐƠN «1»", 'dấu " và \\', at(number))
            unit.commit()
    assert verified(store) is None
    with store() as unit:
        assert unit.audit.entries()[1].at == NOW
