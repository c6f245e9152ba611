"""Databases of a temporary PostgreSQL cluster, emptied after a test and used again: to make one takes half a second.

The cluster runs under an unprivileged user, on a Unix socket only.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

BINARIES = Path("/usr/lib/postgresql")
USER = "postgres"
# Nothing here outlives the tests; and what vacuums a database would keep it from being copied.
CARELESS = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off"
# With nothing vacuumed, deleted rows stay and are walked over: a database that has had as many is not used again.
MOST_DELETED = 2000
# All that a test could have altered besides rows: it is then not used again.
_SHAPE = """
SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
    SELECT concat_ws(' ', 'table', oid, relname, relkind, relnatts, relchecks, relhastriggers, relowner) AS part
        FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'column', attrelid, attname, atttypid, attnotnull, attisdropped)
        FROM pg_attribute WHERE attnum > 0
    UNION ALL SELECT concat_ws(' ', 'trigger', oid, tgname, tgenabled, tgfoid) FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', 'function', oid, md5(prosrc))
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'constraint', oid, conname, convalidated) FROM pg_constraint
    UNION ALL SELECT concat_ws(' ', 'schema', oid, nspname) FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'
) AS parts
"""


def programs() -> Path | None:
    """Return the folder of initdb and pg_ctl of the newest installed PostgreSQL."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(BINARIES.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return folders[-1].parent if folders else None


def reason_without() -> str | None:
    """Return why no cluster can be started here, or None."""
    if programs() is None:
        return "PostgreSQL is not installed (no initdb)"
    if os.geteuid() == 0 and USER not in {entry.pw_name for entry in pwd.getpwall()}:
        return f"running as root and there is no user {USER} to run PostgreSQL"
    return None


@contextmanager
def cluster() -> Iterator[str]:
    """Start a cluster in a folder of its own and give that folder, in which its socket is; stop it afterwards."""
    binaries = programs()
    assert binaries is not None
    # A short path: a Unix socket's may have 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="tiepdan-pg-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        data = str(folder / "data")
        _as_unprivileged(str(binaries / "initdb"), "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c max_connections=200 {CARELESS}"
        log = str(folder / "log")
        _as_unprivileged(str(binaries / "pg_ctl"), "-D", data, "-w", "-l", log, "-o", options, "start")
        try:
            yield str(folder)
        finally:
            _as_unprivileged(str(binaries / "pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def url(folder: str, name: str) -> str:
    """Return the URL of a database of the cluster."""
    return f"postgresql+psycopg://{USER}@/{name}?host={folder}"


@contextmanager
def database(folder: str) -> Iterator[str]:
    """Make an empty database and drop it afterwards; gives its name."""
    name = _create(folder, "template1")
    try:
        yield name
    finally:
        _drop(folder, name)


@dataclass
class Emptied:
    """A copy of a template that is brought back to the template's rows after each use."""

    folder: str
    name: str
    shape: str
    rows: dict[str, list[tuple[Any, ...]]]
    deleted: int = field(default=0)

    @classmethod
    def of(cls, folder: str, name: str) -> "Emptied":
        """Note what a fresh copy holds."""
        with _connected(folder, name) as connection:
            rows = {table: connection.execute(_all(table)).fetchall() for table in _filled(connection)}
            return cls(folder, name, _shape(connection), rows)

    def bring_back(self) -> bool:
        """Cut all who are connected and bring the rows back; False where the database must not be used again."""
        with _connected(self.folder, self.name) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if _shape(connection) != self.shape:
                return False
            with connection.transaction():
                connection.execute("SET LOCAL session_replication_role = replica")  # no trigger, no foreign key
                for table in _filled(connection):
                    self.deleted += connection.execute(
                        sql.SQL("DELETE FROM {}").format(sql.Identifier(table))
                    ).rowcount
                for table, rows in self.rows.items():
                    for row in rows:
                        places = sql.SQL(", ").join([sql.Placeholder()] * len(row))
                        insert = sql.SQL("INSERT INTO {} VALUES ({})").format(sql.Identifier(table), places)
                        connection.execute(insert, row)
            for (sequence,) in connection.execute(
                "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
            ).fetchall():
                connection.execute(sql.SQL("ALTER SEQUENCE {} RESTART").format(sql.Identifier(sequence)))
        return self.deleted < MOST_DELETED


class Pool:
    """Copies of a migrated template; one that was given back clean is given out again."""

    def __init__(self, folder: str, template: str) -> None:
        self._folder = folder
        self._template = template
        self._idle: list[Emptied] = []

    @contextmanager
    def database(self) -> Iterator[str]:
        """Give the URL of a database with the template's rows alone."""
        one = self._idle.pop() if self._idle else self._made()
        try:
            yield url(self._folder, one.name)
        finally:
            if one.bring_back():
                self._idle.append(one)
            else:
                _drop(self._folder, one.name)

    def _made(self) -> Emptied:
        return Emptied.of(self._folder, _create(self._folder, self._template))


def _create(folder: str, template: str) -> str:
    """Make a database as a copy of another and return its name."""
    name = f"test_{uuid.uuid4().hex}"
    with _connected(folder, "postgres") as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return name


def _drop(folder: str, name: str) -> None:
    with _connected(folder, "postgres") as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _connected(folder: str, name: str) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(host=folder, user=USER, dbname=name, autocommit=True)


def _shape(connection: psycopg.Connection[tuple[Any, ...]]) -> str:
    row = connection.execute(_SHAPE).fetchone()
    assert row is not None
    return str(row[0])


def _filled(connection: psycopg.Connection[tuple[Any, ...]]) -> list[str]:
    """Return the tables that hold a row."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    assert tables, "the template was not migrated"
    asked = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(table), sql.Identifier(table))
        for (table,) in tables
    ]
    return [str(table) for (table,) in connection.execute(sql.SQL(" UNION ALL ").join(asked)).fetchall()]


def _all(table: str) -> sql.Composed:
    return sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))


def _as_unprivileged(*command: str) -> None:
    """Run a PostgreSQL program, which refuses to run as root."""
    prefix = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
    # To files, not pipes: the server inherits them and would keep a pipe open.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run([*prefix, *command], stdout=output, stderr=output, cwd="/", check=False)
        output.seek(0)
        assert done.returncode == 0, f"{command[0]}: {output.read()[-2000:]}"
