"""The audit log: a chain of hashes whose end is signed.

Each entry's hash covers the entry and the hash before it, so that none can be changed, removed or put in between. The
head row says how many entries there are and the last one's hash, signed with a sealed key, so that cutting off the
end, or making the whole chain anew, does not fit either. Going back to an older state of the database, or to one
without any log, cannot be seen from within: against that a mark is kept outside (audit_mark).
"""

import hashlib
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, true, update
from sqlalchemy.exc import IntegrityError

from bot.core.cases.office_ports import AuditEntry
from bot.core.errors import ConfigurationError
from bot.core.privacy import mask
from bot.store import lookup
from bot.store.audit import audit_mark
from bot.store.audit.audit_mark import Mark
from bot.store.audit.check import Mismatch, mismatches
from bot.store.parts import AnyRow, Part
from bot.store.sealing import KeyRing
from bot.store.tables.cases import audit, audit_head

log = logging.getLogger(__name__)
_HEAD = select(audit_head.c.entries, audit_head.c.hash, audit_head.c.mac)
# Whoever appends holds the head until the unit ends, so the chain never forks.
_LOCK = _HEAD.with_for_update()
_SET_HEAD = update(audit_head).values(
    entries=bindparam("new_count"), hash=bindparam("new_hash"), mac=bindparam("new_mac")
)
_INSERT = insert(audit)
_AFTER = (
    select(audit).where(audit.c.sequence > bindparam("after")).order_by(audit.c.sequence).limit(bindparam("limit"))
)
_HASH_AT = select(audit.c.hash).where(audit.c.sequence == bindparam("place"))
# One statement, one moment: an entry appended meanwhile is in both or in neither.
_ALL = (
    select(audit, audit_head.c.entries, audit_head.c.hash.label("last"), audit_head.c.mac.label("mac"))
    .select_from(audit_head.outerjoin(audit, true()))
    .order_by(audit.c.sequence)
)
_BATCH_ROWS = 1_000


@dataclass(frozen=True)
class Head:
    """How many entries there are, the hash of the last, and the signature of both."""

    count: int
    hash: str
    mac: str

    def signed(self, key: bytes | None) -> bool:
        """True when nobody without the key wrote it; an empty log has neither entry nor key."""
        if self.count == 0:
            return key is None and self.hash == self.mac == ""
        return key is not None and compare_digest(self.mac, _mac(key, self.count, self.hash))


class SqlAudit(Part):
    """Implements bot.core.cases.ports.AuditLog. `note` keeps how far the log got until the unit commits."""

    def __init__(
        self,
        read: Callable[[], Connection],
        write: Callable[[], Connection],
        keys: KeyRing,
        note: Callable[[Mark], None],
    ) -> None:
        super().__init__(read, write, keys)
        self._note = note

    def append(self, principal: str, role: str, action: str, subject: str, reason: str, now: datetime) -> AuditEntry:
        """Append an entry; personal numbers in the reason are masked, for it is not sealed.

        Holds up other units that append until this one ends. Raises ConfigurationError when the log's end was
        altered, rather than sign what somebody else wrote. A log that was cut back as a whole goes on, so that the
        office can work, but the mark outside stays as it was, and `verify` tells of it until it is accepted.
        """
        write = self._write()
        head = _head(write.execute(_LOCK).first())
        if head is None or not head.signed(lookup.find(write, self._keys, lookup.AUDIT)):
            raise _altered()
        key = lookup.find_or_make(write, self._keys, lookup.AUDIT)
        told = {"principal": principal, "role": role, "action": action, "subject": subject, "reason": mask(reason)}
        entry = {"sequence": head.count + 1, "at": now, **told}
        chained = _chain(head.hash, entry)
        try:
            write.execute(_INSERT, {**entry, "hash": chained})
        except IntegrityError as error:
            raise _altered() from error
        new = {"new_count": head.count + 1, "new_hash": chained, "new_mac": _mac(key, head.count + 1, chained)}
        write.execute(_SET_HEAD, new)
        if _goes_on(write, self._keys, head):
            self._note(Mark(head.count + 1, chained))
        return AuditEntry(head.count + 1, now, **told, hash=chained)

    def entries(self, after: int = 0, limit: int = 200, subject: str | None = None) -> list[AuditEntry]:
        """Return entries in order."""
        wanted = _AFTER if subject is None else _AFTER.where(audit.c.subject == subject)
        return [
            AuditEntry(**row) for row in self._read().execute(wanted, {"after": after, "limit": limit}).mappings()
        ]

    def verify(self) -> int | None:
        """Return the first sequence at which the log is not what was appended, or None when it is whole.

        For a missing entry that is its own place; where the chain fits and its signature does not, the last entry's.
        Where an older log was put back, the first entry that is missing, or the last that is known to have been
        another. To be called first in its unit. Raises ConfigurationError when the mark cannot be read.
        """
        mark = audit_mark.read(self._keys)  # before the rows: an entry that it knows is then among them
        return _verify(self._read(), self._keys, mark)

    def mismatches(self) -> list[Mismatch]:
        """Return what the database says was done that the log does not know, or the other way round.

        To be called first in its unit.
        """
        return mismatches(self._read(), self._keys)

    def accept(self) -> tuple[Mark | None, Mark]:
        """Take the log as it is now for the true one, after a restored backup; return the old mark and the new.

        Raises ConfigurationError when the log is not whole in itself.
        """
        old = None
        with suppress(ConfigurationError):  # a spoiled mark is what this mends, too
            old = audit_mark.read(self._keys)
        head = _head(self._read().execute(_HEAD).first())
        if head is None or _verify(self._read(), self._keys, None) is not None:
            raise _altered()
        new = Mark(head.count, head.hash)
        audit_mark.replace(self._keys, new)
        return old, new


def _goes_on(write: Connection, keys: KeyRing, head: Head) -> bool:
    """True when the log of this end holds the entry that the mark outside knows."""
    try:
        mark = audit_mark.read(keys)
    except ConfigurationError as error:
        log.error("the audit's mark cannot be read", extra={"cause": str(error)})
        return False
    if mark is None or mark == Mark(head.count, head.hash):
        return True
    if mark.count == 0:
        return True
    if mark.count < head.count and write.execute(_HASH_AT, {"place": mark.count}).scalar() == mark.hash:
        return True
    log.error("the audit log is not the one that was kept; run: tiepdan audit verify", extra={"known": mark.count})
    return False


def _verify(read: Connection, keys: KeyRing, mark: Mark | None) -> int | None:
    key = lookup.find(read, keys, lookup.AUDIT)
    head, last, previous, marked = None, 0, "", ""
    with read.execute(_ALL, execution_options={"yield_per": _BATCH_ROWS}) as rows:
        for row in rows:
            head = Head(row.entries, row.last, row.mac)
            if row.sequence is None:
                break
            if row.sequence != last + 1 or row.hash != _chain(previous, dict(row._mapping)):
                return last + 1
            last, previous = row.sequence, row.hash
            marked = row.hash if mark is not None and row.sequence == mark.count else marked
    if head is None:
        return 1
    if last != head.count:
        return min(last, head.count) + 1
    if key is None and head.count > 0:  # the first entry was appended since the key was looked for
        key = lookup.find(read, keys, lookup.AUDIT)
    if previous != head.hash or not head.signed(key):
        return max(last, 1)
    if mark is None or marked == mark.hash:
        return None
    return min(last + 1, mark.count)


def _head(row: AnyRow | None) -> Head | None:
    return None if row is None else Head(row.entries, row.hash, row.mac)


def _chain(previous: str, entry: dict[str, Any]) -> str:
    names = ("sequence", "principal", "role", "action", "subject", "reason")
    told = {**{name: entry[name] for name in names}, "at": entry["at"].astimezone(UTC).isoformat()}
    canonical = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}{canonical}".encode()).hexdigest()


def _mac(key: bytes, count: int, last: str) -> str:
    return lookup.sign(key, f"{count} {last}")


def _altered() -> ConfigurationError:
    return ConfigurationError(
        "the end of the audit log was altered; run: tiepdan audit verify, and restore the database from the backup"
    )
