"""Parts of a unit of work, and what they share."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Row, Table
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.sealing import KeyRing

AnyRow = Row[*tuple[Any, ...]]


class Part:
    """Works inside a unit's transaction; begins to write as late as the unit itself does.

    `read` gives the unit's connection, `write` the same one once the unit is a writer.
    """

    def __init__(self, read: Callable[[], Connection], write: Callable[[], Connection], keys: KeyRing) -> None:
        self._read = read
        self._write = write
        self._keys = keys


def insert_once(write: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert a row; False, without harm to the transaction, where one with the same unique values is there."""
    dialect = postgresql if write.dialect.name == "postgresql" else sqlite
    # Not every driver tells the rows of an INSERT; what was inserted is given back instead.
    inserted = dialect.insert(table).on_conflict_do_nothing().returning(*table.primary_key.columns)
    return write.execute(inserted, row).first() is not None
