"""Opening the database: migrations, and one line that says what to do when it cannot be used."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from bot.core.errors import ConfigurationError, StoreUnavailable, StoreUnusable
from bot.store import KeyRing, Store, revisions
from bot.store.tables.conversations import metadata

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@contextmanager
def opened(url: str, keys: KeyRing, busy_seconds: float = 5.0) -> Iterator[Store]:
    store = Store(url, keys, busy_seconds)
    try:
        yield store
    finally:
        store.close()


def complaint(store: Store, step: str) -> str:
    """Return the one line with which the start is refused."""
    with pytest.raises(StoreUnusable) as raised:
        getattr(store, step)()
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_the_migrations_make_the_schema_of_the_code(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        indexes = {table: {i["name"] for i in inspect(connection).get_indexes(table)} for table in metadata.tables}
    # The comparison passes over partial indexes of SQLite.
    assert all(index.name in indexes[table.name] for table in metadata.tables.values() for index in table.indexes)


def test_migrating_again_changes_nothing(store: Store) -> None:
    with store() as unit:
        unit.create_conversation("c", "web", NOW)
        unit.commit()
    store.migrate()
    store.check()
    with store() as unit:
        assert unit.conversation_exists("c")


def test_an_older_database_is_brought_up_with_what_is_in_it(database_url: str, keys: KeyRing) -> None:
    with opened(database_url, keys) as store:
        with store.writing() as connection:
            config = revisions._config()
            config.attributes["connection"] = connection
            command.upgrade(config, "0001")
        with store() as unit:
            unit.create_conversation("c", "web", NOW)
            unit.commit()
        assert "older schema" in complaint(store, "check")
        store.migrate()
        store.check()
        with store() as unit:
            assert unit.conversation_exists("c")
            assert unit.cases.of_conversation("c") == []
            assert unit.audit.verify() is None


def test_replicas_that_start_together_migrate_once(database_url: str, keys: KeyRing) -> None:
    failures: list[Exception] = []

    def start() -> None:
        try:
            with opened(database_url, keys) as store:
                store.migrate()
                store.check()
        except ConfigurationError as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_database_before_its_migration_is_named(database_url: str, keys: KeyRing) -> None:
    with opened(database_url, keys) as store:
        assert "older schema" in complaint(store, "check")


def test_a_newer_schema_is_refused(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for step in ("migrate", "check"):
        assert "newer schema (9999)" in complaint(store, step)


def test_a_locked_database_is_named(sqlite_url: str, keys: KeyRing, tmp_path: Path) -> None:
    with opened(sqlite_url, keys) as store:
        store.migrate()
    holder = sqlite3.connect(tmp_path / "tiepdan.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with opened(sqlite_url, keys, busy_seconds=0.2) as store:
        assert f"{tmp_path}/tiepdan.db is locked by another program" in complaint(store, "migrate")
        with pytest.raises(StoreUnavailable), store() as unit:
            unit.create_conversation("c", "web", NOW)
    holder.close()


@pytest.mark.parametrize(("place", "garbage"), [(0, b"not a database at all"), (4096, b"\xff" * 20_000)])
def test_a_corrupt_database_is_named(
    sqlite_url: str, keys: KeyRing, tmp_path: Path, place: int, garbage: bytes
) -> None:
    with opened(sqlite_url, keys) as store:
        store.migrate()
    with (tmp_path / "tiepdan.db").open("r+b") as file:
        file.seek(place)
        file.write(garbage)
    with opened(sqlite_url, keys) as store:
        assert "is corrupt" in complaint(store, "check")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, keys: KeyRing) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnusable, match="cannot be written") as raised:
        Store(f"sqlite:///{tmp_path}/file/tiepdan.db", keys)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "cannot be read"),
        ("mysql://localhost/x", "mysql is not supported"),
        ("sqlite://", "must be a file"),
        ("sqlite:///:memory:", "must be a file"),
    ],
)
def test_other_databases_are_refused(url: str, said: str, keys: KeyRing) -> None:
    with pytest.raises(ConfigurationError, match=said):
        Store(url, keys)


def test_a_server_that_does_not_answer_is_named_without_its_password(tmp_path: Path, keys: KeyRing) -> None:
    with opened(f"postgresql+psycopg://tiepdan:mat-khau@/tiepdan?host={tmp_path}", keys) as store:
        for said in (complaint(store, "migrate"), complaint(store, "check")):
            assert "mat-khau" not in said
        with pytest.raises(StoreUnavailable):
            store.ping()
        with pytest.raises(StoreUnavailable), store() as unit:
            unit.conversation_exists("c")


def test_a_ready_database_answers(store: Store) -> None:
    store.ping()
    assert store.single_process == store.engine.url.drivername.startswith("sqlite")


def test_the_database_file_is_its_owners_alone(sqlite_url: str, keys: KeyRing, tmp_path: Path) -> None:
    with opened(sqlite_url, keys) as store:
        store.migrate()
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("tiepdan.db*")}
    assert len(modes) == 3
    assert set(modes.values()) == {0o600}


def test_readers_are_not_held_up_by_a_writer(store: Store) -> None:
    with store() as unit:
        unit.create_conversation("c", "web", NOW)
        unit.commit()
    with store() as writer:
        writer.create_conversation("d", "web", NOW)
        with store() as reader:
            assert reader.conversation_exists("c")
            assert not reader.conversation_exists("d")
        writer.commit()


def test_a_unit_that_read_first_may_write_although_another_wrote_meanwhile(store: Store) -> None:
    with store() as unit:
        assert not unit.conversation_exists("c")
        with store() as other:
            other.create_conversation("other", "web", NOW)
            other.commit()
        unit.create_conversation("c", "web", NOW)
        unit.commit()
    with store() as unit:
        assert unit.conversation_exists("c")


def test_a_unit_is_used_inside_its_block(store: Store) -> None:
    with pytest.raises(RuntimeError, match="inside its"):
        store().conversation_exists("c")
