"""SQL of what officers filed for somebody: once for each id that their page gave it."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from bot.core.filing.ports import Confirmed, Kept
from bot.store import lookup
from bot.store.parts import Part, insert_once
from bot.store.sealing import context
from bot.store.tables.calls import filed

DIGEST = "filed"
_BY_KEY = select(filed).where(filed.c.key == bindparam("wanted"))
_ANSWER = update(filed).where(filed.c.key == bindparam("wanted"))


class SqlFiled(Part):
    """Implements bot.core.filing.ports.FiledOnce."""

    def begin(self, key: str, principal_id: str, told: str, now: datetime) -> bool:
        """Reserve a key; False where it stands for a filing already. Waits for whoever files under it just now."""
        write = self._write()
        digest = lookup.sign(lookup.find_or_make(write, self._keys, DIGEST), told)
        row = {"key": key, "principal_id": principal_id, "digest": digest, "created_at": now}
        return insert_once(write, filed, row)

    def keep(self, key: str, confirmed: Confirmed) -> None:
        """Keep what the officer is told."""
        values = {
            "answer": self._keys.seal_json(confirmed.without_secrets(), context("filed", "answer", key)),
            "secrets": self._keys.seal_json({"secrets": list(confirmed.secrets)}, context("filed", "secrets", key)),
        }
        self._write().execute(_ANSWER.values(values), {"wanted": key})

    def find(self, key: str, told: str, secrets_since: datetime) -> Kept | None:
        """Return what was filed under a key, None for none; with its secrets where it is as young as that."""
        row = self._read().execute(_BY_KEY, {"wanted": key}).first()
        if row is None or row.answer is None:
            return None
        digest_key = lookup.find(self._read(), self._keys, DIGEST)
        same = digest_key is not None and row.digest == lookup.sign(digest_key, told)
        answer = self._keys.open_json(row.answer, context("filed", "answer", key))
        secrets: tuple[str, ...] = ()
        if row.secrets is not None and row.created_at >= secrets_since:
            secrets = tuple(self._keys.open_json(row.secrets, context("filed", "secrets", key))["secrets"])
        return Kept(Confirmed.from_json(answer, secrets), same)

    def forget(self, secrets_before: datetime, answers_before: datetime) -> None:
        """Delete secrets, and whole rows, that are older than these moments."""
        write = self._write()
        stale = filed.c.secrets.is_not(None) & (filed.c.created_at < secrets_before)
        write.execute(update(filed).where(stale).values(secrets=None))
        write.execute(delete(filed).where(filed.c.created_at < answers_before))
