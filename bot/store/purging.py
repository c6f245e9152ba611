"""SQL of deleting what has been dealt with long ago. Each condition says itself that nothing waits any more."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, exists, or_, select, tuple_

from bot.core.cases.news import NoticeStatus
from bot.store.cases.outbox_rows import Delivery
from bot.store.channels.joins import SqlJoins
from bot.store.parts import Part
from bot.store.tables.cases import outbox
from bot.store.tables.channels import dead_letters
from bot.store.tables.channels import inbox as channel_inbox
from bot.store.tables.conversations import inbox, turns, web_sessions
from bot.store.tables.notices import join_codes, join_tries, notices

# Codes and tries are of minutes; a day later nobody asks about them.
_SHORT = timedelta(days=1)
_OPEN = [NoticeStatus.WAITING.value, NoticeStatus.CHAT.value]


class SqlPurging(Part):
    """Deletes in one unit of work: looks first, which holds nobody up, then deletes what is still so."""

    def purge(self, before: datetime, now: datetime, limit: int) -> Mapping[str, int]:
        """Delete up to `limit` rows of each table that were dealt with before a moment."""
        found = {table: self._find(table, condition, limit) for table, condition in _due(before, now)}
        ended = self._ended(before, limit)
        if not ended and not any(found.values()):
            return {}
        write, deleted = self._write(), {}
        for table, condition in _due(before, now):
            deleted[table.name] = _delete(write, table, condition, found[table])
        deleted[web_sessions.name] = self._end(write, ended, before)
        return deleted

    def _find(self, table: Table, condition: ColumnElement[bool], limit: int) -> Sequence[tuple[Any, ...]]:
        keys = select(*table.primary_key.columns).where(condition).limit(limit)
        return [tuple(row) for row in self._read().execute(keys)]

    def _ended(self, before: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """Return (session, conversation) of sessions that nobody can come back to."""
        ended = select(web_sessions.c.id, web_sessions.c.conversation_id).where(web_sessions.c.expires_at < before)
        return [(row.id, row.conversation_id) for row in self._read().execute(ended.limit(limit))]

    def _end(self, write: Connection, ended: Sequence[tuple[str, str]], before: datetime) -> int:
        """Delete sessions; what was joined with their conversations is joined no more."""
        for _, conversation_id in ended:
            SqlJoins(self._write, self._write, self._keys).leave(conversation_id)
        ids = [(session_id,) for session_id, _ in ended]
        return _delete(write, web_sessions, web_sessions.c.expires_at < before, ids)


def _due(before: datetime, now: datetime) -> Sequence[tuple[Table, ColumnElement[bool]]]:
    """Return the tables with what of them may go."""
    answered = exists().where(turns.c.id == inbox.c.turn_id, turns.c.status != "open", turns.c.finished_at < before)
    return (
        (channel_inbox, and_(channel_inbox.c.status == "done", channel_inbox.c.done_at < before)),
        (inbox, and_(inbox.c.received_at < before, answered)),
        (dead_letters, and_(dead_letters.c.done_at.is_not(None), dead_letters.c.done_at < before)),
        (outbox, and_(outbox.c.status == Delivery.DELIVERED.value, outbox.c.delivered_at < before)),
        (notices, and_(notices.c.status.not_in(_OPEN), notices.c.created_at < before)),
        (join_codes, join_codes.c.expires_at < now - _SHORT),
        (
            join_tries,
            and_(
                join_tries.c.at < now - _SHORT,
                or_(join_tries.c.locked_until.is_(None), join_tries.c.locked_until < now),
            ),
        ),
    )


def _delete(write: Connection, table: Table, condition: ColumnElement[bool], keys: Sequence[tuple[Any, ...]]) -> int:
    """Delete rows by their keys where the condition still holds."""
    if not keys:
        return 0
    columns = list(table.primary_key.columns)
    chosen = columns[0].in_([key[0] for key in keys]) if len(columns) == 1 else tuple_(*columns).in_(keys)
    return write.execute(delete(table).where(chosen, condition)).rowcount
