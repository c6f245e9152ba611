"""The audit log against somebody who puts back an older state of it: the mark that is kept beside the keys."""

import os
import stat

import pytest
from sqlalchemy import Connection, delete, select, update

from bot.core.errors import ConfigurationError
from bot.store import KeyRing, Store
from bot.store.audit.audit_mark import FOLDER, NAME, Mark, advance, read
from bot.store.tables.cases import audit, audit_head, lookup_keys
from tests.contracts.steps import NOW, together
from tests.integration.test_store_append_only import ENTRIES, append, tamper, verified


@pytest.fixture
def written(store: Store) -> Store:
    """A store with some entries in the audit log."""
    for number in range(ENTRIES):
        append(store, number)
    return store


def _as_if_never_begun(connection: Connection) -> None:
    connection.execute(delete(audit))
    connection.execute(update(audit_head).values(entries=0, hash="", mac=""))
    connection.execute(delete(lookup_keys).where(lookup_keys.c.name == "audit"))


def _head_of(store: Store) -> dict[str, object]:
    with store.engine.connect() as connection:
        return dict(connection.execute(select(audit_head)).one()._mapping)


def test_a_log_emptied_with_its_key_is_found(written: Store) -> None:
    assert verified(written) is None
    tamper(written, _as_if_never_begun)
    assert verified(written) == 1


def test_an_old_end_put_back_is_found(written: Store) -> None:
    old = _head_of(written)
    append(written)
    append(written)

    def cut(connection: Connection) -> None:
        connection.execute(delete(audit).where(audit.c.sequence > ENTRIES))
        connection.execute(update(audit_head).values(old))

    tamper(written, cut)
    assert verified(written) == ENTRIES + 1


@pytest.mark.parametrize("more", [1, ENTRIES, ENTRIES + 3])
def test_what_is_appended_afterwards_does_not_hide_it(written: Store, more: int) -> None:
    known = read(written.keys)
    tamper(written, _as_if_never_begun)
    for number in range(more):
        append(written, 100 + number)
    assert verified(written) == min(more + 1, ENTRIES)
    assert read(written.keys) == known


def test_a_log_cut_back_is_whole_again_once_that_is_accepted(written: Store) -> None:
    tamper(written, _as_if_never_begun)
    append(written)
    with written() as unit:
        old, new = unit.audit.accept()
    assert old is not None
    assert (old.count, new.count) == (ENTRIES, 1)
    assert verified(written) is None
    append(written)
    assert verified(written) is None
    assert read(written.keys) == _mark(written)


def _mark(store: Store) -> Mark:
    head = _head_of(store)
    return Mark(int(str(head["entries"])), str(head["hash"]))


def test_an_altered_log_is_not_accepted(written: Store) -> None:
    def change(connection: Connection) -> None:
        connection.execute(update(audit).where(audit.c.sequence == 2).values(principal="minh"))

    tamper(written, change)
    with written() as unit, pytest.raises(ConfigurationError, match="altered"):
        unit.audit.accept()
    assert verified(written) == 2


def test_the_mark_follows_what_is_committed_and_nothing_else(written: Store) -> None:
    assert read(written.keys) == _mark(written)
    with written() as unit:
        unit.audit.append("lan", "auditor", "x", "a", "thử", NOW)
    assert read(written.keys) == _mark(written)
    assert verified(written) is None
    append(written)
    assert read(written.keys) == _mark(written)


def test_the_mark_never_goes_back(written: Store) -> None:
    known = read(written.keys)
    assert known is not None
    advance(written.keys, Mark(known.count - 1, "0" * 64))
    assert read(written.keys) == known


def test_a_mark_left_behind_by_a_crash_or_a_restored_key_folder_raises_no_alarm(written: Store) -> None:
    path = written.keys.folder / FOLDER / NAME
    behind = path.read_bytes()
    append(written)
    path.write_bytes(behind)
    assert verified(written) is None
    append(written)
    assert read(written.keys) == _mark(written)
    path.unlink()  # a database of an earlier version has none
    assert verified(written) is None
    append(written)
    assert read(written.keys) == _mark(written)


def test_a_spoiled_mark_is_told_and_holds_up_nobody(written: Store) -> None:
    path = written.keys.folder / FOLDER / NAME
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    append(written)
    with pytest.raises(ConfigurationError, match="mark"):
        verified(written)
    with written() as unit:
        assert unit.audit.accept()[0] is None
    assert verified(written) is None


def test_the_mark_is_sealed_and_outlives_a_new_key(written: Store) -> None:
    path = written.keys.folder / FOLDER / NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    known = read(written.keys)
    assert known is not None
    assert known.hash.encode() not in path.read_bytes()
    written.keys.add_key()
    assert verified(written) is None
    append(written)
    assert read(KeyRing(written.keys.folder)) == _mark(written)


def test_entries_appended_at_once_leave_the_last_mark(written: Store) -> None:
    together(6, lambda _job: [append(written) for _ in range(5)])
    assert read(written.keys) == _mark(written)
    assert verified(written) is None
    assert set(os.listdir(written.keys.folder / FOLDER)) == {NAME, "lock"}


def test_another_log_of_the_same_length_is_found(written: Store) -> None:
    """Begun anew, with as many entries as before: the chain fits in itself."""
    tamper(written, _as_if_never_begun)
    for number in range(ENTRIES):
        append(written, 50 + number)
    assert verified(written) == ENTRIES
