"""SQL of the codes that callers get: stored as keyed hashes, used up once, wrong tries counted."""

from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.core.calls.ports import CodeFor
from bot.store import lookup
from bot.store.parts import Part, insert_once
from bot.store.tables.calls import call_codes, code_tries

CODE = "call_code"
_GONE = delete(call_codes).where(
    call_codes.c.code_hash == bindparam("wanted"),
    (call_codes.c.used_at.is_not(None)) | (call_codes.c.expires_at <= bindparam("now")),
)
_TAKE = (
    update(call_codes)
    .where(
        call_codes.c.code_hash == bindparam("wanted"),
        call_codes.c.used_at.is_(None),
        call_codes.c.expires_at > bindparam("now"),
    )
    .values(used_at=bindparam("at"), conversation_id=bindparam("conversation"))
    .returning(call_codes.c.procedure_id, call_codes.c.facet, call_codes.c.call_id, call_codes.c.made_by)
)


class SqlCallCodes(Part):
    """Implements bot.core.calls.ports.CallCodes."""

    def add(self, code: str, what: CodeFor, now: datetime, expires_at: datetime) -> bool:
        """Store a code; False (and no change) where a living code is the same."""
        write = self._write()
        wanted = lookup.sign(lookup.find_or_make(write, self._keys, CODE), code)
        write.execute(_GONE, {"wanted": wanted, "now": now})
        row = {**vars(what), "code_hash": wanted, "created_at": now, "expires_at": expires_at}
        return insert_once(write, call_codes, row)

    def take(self, code: str, conversation_id: str, now: datetime) -> CodeFor | None:
        """Use a code up and return what stands behind it; None where it is unknown, used or expired."""
        key = lookup.find(self._read(), self._keys, CODE)
        if key is None:
            return None
        values = {"wanted": lookup.sign(key, code), "now": now, "at": now, "conversation": conversation_id}
        row = self._write().execute(_TAKE, values).first()
        return None if row is None else CodeFor(row.procedure_id, row.facet, row.call_id, row.made_by)

    def count_wrong(self, conversation_id: str, now: datetime) -> None:
        """Count a wrong try."""
        self._write().execute(insert(code_tries), {"conversation_id": conversation_id, "at": now})

    def wrong_since(self, since: datetime, conversation_id: str | None = None) -> int:
        """Return how many tries were wrong since a moment, in one conversation or in all."""
        wanted = select(func.count()).select_from(code_tries).where(code_tries.c.at >= since)
        if conversation_id is not None:
            wanted = wanted.where(code_tries.c.conversation_id == conversation_id)
        return int(self._read().execute(wanted).scalar_one())

    def forget(self, before: datetime) -> None:
        """Delete codes that expired, and tries that were made, before a moment."""
        write = self._write()
        write.execute(delete(call_codes).where(call_codes.c.expires_at < before))
        write.execute(delete(code_tries).where(code_tries.c.at < before))
