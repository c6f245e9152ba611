"""Re-sealing of stored values under the newest key, in batches, while the service runs."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Column, Connection, Table, and_, bindparam, func, select, tuple_, update

from bot.store.sealing import PREFIX_BYTES, RELOAD_SECONDS, KeyRing, context
from bot.store.store import Store
from bot.store.tables.cases import attachments
from bot.store.tables.conversations import SEALED

BATCH_ROWS = 200
# Rows with files are held in memory a few at a time.
_BATCH_FILES = 4
# SQLite's waiting writer looks every 0.1 s: without a pause between batches the service would hardly come to write.
_PAUSE_SECONDS = 0.12


def rotate(store: Store, on_batch: Callable[[int], None] = lambda _rows: None, batch_rows: int = BATCH_ROWS) -> int:
    """Add a key, re-seal every value under it and return how many were.

    The service may run: it takes up the key within RELOAD_SECONDS and keeps the old ones for reading. Each batch is
    a transaction of its own that changes a value only where it is still the one that was read. See `reseal` for
    going on after an interruption.
    """
    store.keys.add_key()
    store.check()  # leaves the canary of the new key
    time.sleep(2 * RELOAD_SECONDS)  # from here on nobody seals under an old key
    return reseal(store, on_batch, batch_rows)


def reseal(store: Store, on_batch: Callable[[int], None] = lambda _rows: None, batch_rows: int = BATCH_ROWS) -> int:
    """Re-seal what is not yet sealed under the newest key; each value says so itself, so this can be run again."""
    total = 0
    for table, column in SEALED:
        for rows in _batches(store, table, column, batch_rows):
            total += rows
            on_batch(total)
    return total


def count_by_key(store: Store) -> dict[int, int]:
    """Return how many values each key in use seals."""
    counts: dict[int, int] = {}
    for table, column in SEALED:
        prefix = func.substr(column, 1, PREFIX_BYTES)
        statement = select(prefix, func.count()).select_from(table).where(column.is_not(None)).group_by(prefix)
        with store.engine.connect() as connection:
            for start, rows in connection.execute(statement):
                key_id = int.from_bytes(bytes(start)[1:], "big")
                counts[key_id] = counts.get(key_id, 0) + rows
    return counts


def _batches(store: Store, table: Table, column: Column[bytes], batch_rows: int) -> Iterator[int]:
    """Go through the table by primary key; yield the values re-sealed in each batch."""
    key = list(table.primary_key.columns)
    stale = and_(column.is_not(None), func.substr(column, 1, PREFIX_BYTES) != store.keys.current_prefix)
    limit = min(batch_rows, _BATCH_FILES) if table is attachments else batch_rows
    last: tuple[Any, ...] | None = None
    while True:
        page = select(*key, column).where(stale).order_by(*key).limit(limit)
        if last is not None:
            page = page.where(tuple_(*key) > last)
        with store.writing() as connection:
            rows = [tuple(row) for row in connection.execute(page)]
            done = sum(_reseal_row(connection, store.keys, table, column, row) for row in rows)
        if not rows:
            return
        last = rows[-1][:-1]
        yield done
        if store.single_process:
            time.sleep(_PAUSE_SECONDS)


def _reseal_row(
    connection: Connection, keys: KeyRing, table: Table, column: Column[bytes], row: tuple[Any, ...]
) -> int:
    *key, old = row
    where = context(table.name, column.name, *key)
    names = [part.name for part in table.primary_key.columns]
    same = [table.c[name] == bindparam(f"key_{name}") for name in names]
    statement = update(table).where(*same, column == bindparam("old")).values({column.name: bindparam("new")})
    values = {f"key_{name}": value for name, value in zip(names, key, strict=True)}
    new = keys.seal(keys.open(old, where), where)
    return connection.execute(statement, {**values, "old": old, "new": new}).rowcount
