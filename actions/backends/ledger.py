"""The local backend's own database: one SQLite file whose texts and files are sealed with a key ring of its own."""

import contextlib
import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from bot.core.cases.ports import Receipt
from bot.core.errors import BackendRefused, BackendUnavailable, ConfigurationError

BUSY_SECONDS = 5.0
RECEIVED = "received"
# Says in the file itself which layout it has.
_LAYOUT = 1
_TABLES = """
CREATE TABLE cases (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  state_text BLOB NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE TABLE submissions (
  key TEXT PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  kind TEXT NOT NULL CHECK (kind IN ('case', 'event')),
  received_at TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX submissions_of_case ON submissions (case_id, received_at);
CREATE TABLE attachments (
  case_id INTEGER NOT NULL REFERENCES cases (id),
  id TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  received_at TEXT NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (case_id, id)
) STRICT;
CREATE TABLE nonces (
  key_id TEXT NOT NULL,
  nonce TEXT NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (key_id, nonce)
) STRICT;
CREATE INDEX nonces_by_time ON nonces (until);
"""


class Sealer(Protocol):
    """Encrypts what is stored, bound to its place."""

    def seal(self, data: bytes, context: bytes) -> bytes:
        """Return `data` sealed for this context."""
        ...

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Return what was sealed for this very context."""
        ...


class KeyTaken(BackendRefused):
    """The key stands for another body."""


class UnknownReference(BackendRefused):
    """No case here has this reference."""


@dataclass(frozen=True)
class StoredState:
    """Where a case stands, and the body that it was filed with."""

    reference: str
    key: str
    state: str
    text: str
    updated_at: datetime
    body: bytes


class Ledger:
    """Keeps what was handed over. Safe to share between threads and between processes; every method blocks.

    Raises BackendUnavailable when the file cannot be read or written; `uncertain` because a commit whose fsync failed
    may be there after all.
    """

    def __init__(self, file: Path, sealer: Sealer, busy_seconds: float = BUSY_SECONDS) -> None:
        self._file = file
        self._sealer = sealer
        self._busy_seconds = busy_seconds
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def check(self) -> None:
        """Make the file where there is none and prove that it can be written. Raises ConfigurationError, one line."""
        try:
            with self._transaction():
                pass
        except BackendUnavailable as error:
            raise ConfigurationError(f"complaint backend's database {self._file}: {error}") from error

    def accept_case(self, key: str, body: bytes, now: datetime) -> tuple[Receipt, bool]:
        """Keep a case under its key; (first receipt, False) when this body is there. Raises KeyTaken for another."""
        with self._transaction() as db:
            if known := self._known(db, key, "case", None, body):
                return known, False
            row = db.execute(
                "INSERT INTO cases (key, state, state_text, updated_at) VALUES (?, ?, ?, ?)",
                (key, RECEIVED, self._sealer.seal(b"", _context("state", key)), now.isoformat()),
            )
            return self._submit(db, key, row.lastrowid or 0, "case", body, now), True

    def accept_event(self, reference: str, key: str, body: bytes, now: datetime) -> tuple[Receipt, bool]:
        """Keep an event of a case likewise. Raises UnknownReference, KeyTaken."""
        with self._transaction() as db:
            case_id, _ = _case(db, reference)
            if known := self._known(db, key, "event", case_id, body):
                return known, False
            return self._submit(db, key, case_id, "event", body, now), True

    def receipt(self, key: str) -> Receipt | None:
        """Return the receipt of what was accepted under a key, or None."""
        with self._transaction() as db:
            row = db.execute("SELECT case_id, received_at FROM submissions WHERE key = ?", (key,)).fetchone()
        return Receipt(_reference(row[0]), key, datetime.fromisoformat(row[1])) if row else None

    def state(self, reference: str) -> StoredState:
        """Return where a case stands. Raises UnknownReference."""
        with self._transaction() as db:
            case_id, key = _case(db, reference)
            row = db.execute(
                "SELECT c.state, c.state_text, c.updated_at, s.body FROM cases c JOIN submissions s ON s.key = c.key"
                " WHERE c.id = ?",
                (case_id,),
            ).fetchone()
        text = self._sealer.open(row[1], _context("state", key)).decode()
        body = self._sealer.open(row[3], _context("submission", key))
        return StoredState(reference, key, row[0], text, datetime.fromisoformat(row[2]), body)

    def set_state(self, reference: str, state: str, text: str, now: datetime) -> None:
        """Say where a case stands from now on. Raises UnknownReference."""
        with self._transaction() as db:
            case_id, key = _case(db, reference)
            db.execute(
                "UPDATE cases SET state = ?, state_text = ?, updated_at = ? WHERE id = ?",
                (state, self._sealer.seal(text.encode(), _context("state", key)), now.isoformat(), case_id),
            )

    def accept_attachment(
        self, reference: str, attachment_id: str, media_type: str, content: bytes, now: datetime
    ) -> bool:
        """Keep a file of a case; False when it is there. Raises UnknownReference, KeyTaken for other bytes."""
        digest = sha256(content).hexdigest()
        with self._transaction() as db:
            case_id, _ = _case(db, reference)
            row = db.execute(
                "SELECT sha256 FROM attachments WHERE case_id = ? AND id = ?", (case_id, attachment_id)
            ).fetchone()
            if row:
                if row[0] != digest:
                    raise KeyTaken("mã tệp này đã dùng cho nội dung khác")
                return False
            sealed = self._sealer.seal(content, _context("attachment", reference, attachment_id))
            values = (case_id, attachment_id, media_type, len(content), digest, now.isoformat(), sealed)
            db.execute("INSERT INTO attachments VALUES (?, ?, ?, ?, ?, ?, ?)", values)
            return True

    def attachment(self, reference: str, attachment_id: str) -> bytes | None:
        """Return a file's bytes, or None. Raises UnknownReference."""
        with self._transaction() as db:
            case_id, _ = _case(db, reference)
            row = db.execute(
                "SELECT content FROM attachments WHERE case_id = ? AND id = ?", (case_id, attachment_id)
            ).fetchone()
        return self._sealer.open(row[0], _context("attachment", reference, attachment_id)) if row else None

    def events(self, reference: str) -> list[bytes]:
        """Return the bodies of a case's events, in the order of their acceptance. Raises UnknownReference."""
        with self._transaction() as db:
            case_id, _ = _case(db, reference)
            rows = db.execute(
                "SELECT key, body FROM submissions WHERE case_id = ? AND kind = 'event' ORDER BY rowid", (case_id,)
            ).fetchall()
        return [self._sealer.open(body, _context("submission", key)) for key, body in rows]

    def cases(self, limit: int) -> list[tuple[str, str, str, datetime]]:
        """Return (reference, key, state, when it was set) of the latest cases, latest first."""
        with self._transaction() as db:
            rows = db.execute(
                "SELECT id, key, state, updated_at FROM cases ORDER BY id DESC LIMIT ?", (limit,)
            ).fetchall()
        return [(_reference(id_), key, state, datetime.fromisoformat(at)) for id_, key, state, at in rows]

    def remember(self, key_id: str, nonce: str, until: int, now: int) -> bool:
        """Keep a nonce; see bot.core.backend.signing.Nonces."""
        with self._transaction() as db:
            db.execute("DELETE FROM nonces WHERE until < ?", (now,))
            row = db.execute("INSERT OR IGNORE INTO nonces VALUES (?, ?, ?)", (key_id, nonce, until))
            return row.rowcount == 1

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._drop()

    def _known(self, db: sqlite3.Connection, key: str, kind: str, case_id: int | None, body: bytes) -> Receipt | None:
        row = db.execute("SELECT kind, case_id, received_at, body FROM submissions WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        same_place = row[0] == kind and case_id in {None, row[1]}
        if not same_place or self._sealer.open(row[3], _context("submission", key)) != body:
            raise KeyTaken("mã bàn giao này đã dùng cho nội dung khác")
        return Receipt(_reference(row[1]), key, datetime.fromisoformat(row[2]))

    def _submit(
        self, db: sqlite3.Connection, key: str, case_id: int, kind: str, body: bytes, now: datetime
    ) -> Receipt:
        sealed = self._sealer.seal(body, _context("submission", key))
        db.execute("INSERT INTO submissions VALUES (?, ?, ?, ?, ?)", (key, case_id, kind, now.isoformat(), sealed))
        return Receipt(_reference(case_id), key, now.astimezone(UTC))

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """One write transaction at a time; what SQLite complains about closes the connection and is translated."""
        if not self._lock.acquire(timeout=self._busy_seconds):
            raise BackendUnavailable("cơ sở dữ liệu của hệ thống xử lý đang bận")
        try:
            connection = self._connection = self._connection or self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            self._drop()
            # Of the error only its kind: SQLite quotes no values, but this goes into a column that is not sealed.
            name = getattr(error, "sqlite_errorname", type(error).__name__)
            cause = f"cơ sở dữ liệu của hệ thống xử lý không ghi được ({name})"
            raise BackendUnavailable(cause, uncertain=True) from error
        finally:
            self._lock.release()

    def _open(self) -> sqlite3.Connection:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600))
        db = sqlite3.connect(self._file, self._busy_seconds, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")  # a receipt outlives a power cut
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("BEGIN IMMEDIATE")
            layout = db.execute("PRAGMA user_version").fetchone()[0]
            if layout == 0:
                for statement in _TABLES.split(";\n"):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {_LAYOUT}")
            elif layout != _LAYOUT:
                raise ConfigurationError(f"complaint backend's database {self._file} has another version ({layout})")
            db.execute("COMMIT")
        except BaseException:
            db.close()
            raise
        return db

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.close()


def _reference(case_id: int) -> str:
    return f"TN-{case_id:07d}"


def _case(db: sqlite3.Connection, reference: str) -> tuple[int, str]:
    """Return a case's row id and key. Raises UnknownReference."""
    digits = reference.removeprefix("TN-")
    number = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 15 else 0
    if _reference(number) == reference:
        row = db.execute("SELECT id, key FROM cases WHERE id = ?", (number,)).fetchone()
        if row:
            return row[0], row[1]
    raise UnknownReference("hệ thống xử lý không có vụ việc này")


def _context(*place: str) -> bytes:
    return json.dumps(["local backend", *place]).encode()
