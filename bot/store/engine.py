"""Database engines: SQLite in WAL mode with explicit transactions, PostgreSQL through psycopg 3."""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.core.errors import ConfigurationError, StoreUnusable

# Key of `Connection.info`: whether the next SQLite transaction is begun as a writer.
WRITER = "tiepdan_writer"
_RETRY_SECONDS = 0.02


def parse_url(url: str) -> URL:
    """Return the URL with its driver made explicit.

    Raises ConfigurationError unless it names an SQLite file or a PostgreSQL database.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigurationError("the database URL cannot be read; write sqlite:///FILE or postgresql://…") from None
    kind = parsed.drivername.split("+")[0]
    if kind == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise ConfigurationError("the SQLite database must be a file; write sqlite:///FILE")
        return parsed.set(drivername="sqlite+pysqlite")
    if kind in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    raise ConfigurationError(f"database {kind} is not supported; use sqlite:///FILE or postgresql://…")


def make_engine(url: URL, busy_seconds: float) -> Engine:
    """Make the engine for a URL from `parse_url`; for SQLite also the file (mode 600) and its folder."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, busy_seconds)
    # Statements and their values never reach a log or an error message: hide_parameters.
    return create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=8,
        pool_timeout=busy_seconds,
        connect_args={"connect_timeout": 5},
    )


def _sqlite(url: URL, busy_seconds: float) -> Engine:
    file = Path(url.database or "")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # SQLite gives its -wal and -shm files the mode of the database.
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreUnusable(f"database {file} cannot be written ({error.strerror}); check its folder") from error
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=16,
        max_overflow=16,
        pool_timeout=busy_seconds,
        connect_args={"timeout": busy_seconds},
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # The driver's own BEGIN comes too late for reads; with this level it emits none and `begin` below does.
        connection.isolation_level = None
        cursor = connection.cursor()
        _use_wal(cursor, busy_seconds)
        # FULL: a commit survives not only a killed process but a power cut.
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.info.get(WRITER) else "BEGIN")

    return engine


def commit(connection: Connection) -> None:
    """Commit; a connection that could not is given up, for SQLite leaves its transaction open."""
    try:
        connection.commit()
    except DBAPIError:
        connection.invalidate()
        raise


def _use_wal(cursor: sqlite3.Cursor, busy_seconds: float) -> None:
    """Switch to WAL; of programs that open a new file together, SQLite lets one and does not let the others wait."""
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_SECONDS)
