"""SQL of quick replies that people wrote; their words are sealed."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.suggestions.ports import QuickReply, Scope
from bot.store.parts import AnyRow, Part
from bot.store.sealing import context
from bot.store.tables.suggestions import quick_replies

_OF = select(quick_replies).where(
    or_(quick_replies.c.scope == Scope.SHARED.value, quick_replies.c.owner == bindparam("owner"))
)


class SqlQuickReplies(Part):
    """Implements bot.core.suggestions.ports.QuickReplies."""

    def changed(self, owner: str) -> Mapping[str, QuickReply | None]:
        """Return the shared ones and those of `owner` by id; None for one that was deleted."""
        rows = self._read().execute(_OF, {"owner": owner})
        return {row.id: None if row.deleted else self._opened(row) for row in rows}

    def put(self, reply: QuickReply, by: str, now: datetime) -> None:
        """Add a reply or replace the one with its id."""
        self._store(reply, by, now, deleted=False)

    def remove(self, reply: QuickReply, by: str, now: datetime) -> None:
        """Let nobody see the reply any more; its words go with it."""
        gone = QuickReply(reply.id, "", "", "", reply.scope, reply.owner)
        self._store(gone, by, now, deleted=True)

    def _store(self, reply: QuickReply, by: str, now: datetime, *, deleted: bool) -> None:
        told = {"title": reply.title, "text": reply.text, "shortcut": reply.shortcut}
        row = {
            "id": reply.id,
            "scope": reply.scope.value,
            "owner": reply.owner,
            "deleted": deleted,
            "changed_by": by,
            "changed_at": now,
            "body": self._keys.seal_json(told, _context(reply.id)),
        }
        _upsert(self._write(), row)

    def _opened(self, row: AnyRow) -> QuickReply:
        told = self._keys.open_json(row.body, _context(row.id))
        return QuickReply(row.id, told["title"], told["text"], told["shortcut"], Scope(row.scope), row.owner)


def _upsert(write: Connection, row: Mapping[str, object]) -> None:
    dialect = postgresql if write.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(quick_replies).values(**row)
    changed = {name: value for name, value in row.items() if name != "id"}
    write.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))


def _context(reply_id: str) -> bytes:
    return context("quick_replies", "body", reply_id)
