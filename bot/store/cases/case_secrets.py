"""SQL of the secrets that open cases: wrong tries are counted, and too many stop all guessing for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select, update

from bot.core.errors import UnknownCase
from bot.store.tables.cases import cases

_ROW = select(cases.c.secret_hash, cases.c.wrong_tries, cases.c.locked_until).where(cases.c.id == bindparam("case"))
_LOCK = _ROW.with_for_update(key_share=True)
_COUNT = (
    update(cases)
    .where(cases.c.id == bindparam("case"))
    .values(wrong_tries=bindparam("tries"), locked_until=bindparam("until"))
)


@dataclass(frozen=True)
class Guarded:
    """What a secret is compared with, and how guessing stands."""

    secret_hash: str
    wrong_tries: int
    locked_until: datetime | None

    def locked(self, now: datetime) -> bool:
        """True while no secret is looked at."""
        return self.locked_until is not None and self.locked_until > now


def guarded(read: Connection, case_id: str) -> Guarded:
    """Return how guessing at a case stands. Raises UnknownCase."""
    return _read(read, case_id)


def judge(write: Connection, case_id: str, fits: bool, now: datetime, max_tries: int, lock_seconds: float) -> bool:
    """Count a try under the row's lock, so that tries made at once are each counted; True where it opens the case."""
    stand = _read(write, case_id, hold=True)
    if stand.locked(now):
        return False
    if fits:
        _set(write, case_id, 0, None)
        return True
    tries = stand.wrong_tries + 1
    if tries < max_tries:
        _set(write, case_id, tries, None)
    else:
        _set(write, case_id, 0, now + timedelta(seconds=lock_seconds))
    return False


def _read(connection: Connection, case_id: str, hold: bool = False) -> Guarded:
    row = connection.execute(_LOCK if hold else _ROW, {"case": case_id}).first()
    if row is None:
        raise UnknownCase(f"case {case_id} does not exist")
    return Guarded(row.secret_hash, row.wrong_tries, row.locked_until)


def _set(write: Connection, case_id: str, tries: int, until: datetime | None) -> None:
    write.execute(_COUNT, {"case": case_id, "tries": tries, "until": until})
