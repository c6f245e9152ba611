"""SQL of what citizens are told about their cases. No words: what is said stands in the conversation's log."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.core.cases.news import News, Notice, NoticeStatus
from bot.store.parts import Part, insert_once
from bot.store.tables.notices import notices

_OPEN = notices.c.status.in_([NoticeStatus.WAITING.value, NoticeStatus.CHAT.value])
_DUE = (
    select(notices.c.id)
    .where(_OPEN, notices.c.next_at <= bindparam("now"))
    .order_by(notices.c.next_at, notices.c.id)
    .limit(bindparam("limit"))
)


class SqlNotices(Part):
    """Implements bot.core.cases.news.CaseNotices."""

    def add(self, notice: Notice) -> None:
        """Add once."""
        row = {**vars(notice), "news": notice.news.value, "status": notice.status.value, "next_at": notice.created_at}
        insert_once(self._write(), notices, row)

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Return what is to be seen to."""
        return list(self._read().execute(_DUE, {"now": now, "limit": limit}).scalars())

    def claim(self, notice_id: str, now: datetime, until: datetime) -> Notice | None:
        """Take a notice that is due."""
        taken = (
            update(notices)
            .where(notices.c.id == notice_id, _OPEN, notices.c.next_at <= now)
            .values(next_at=until, attempts=notices.c.attempts + 1)
            .returning(notices)
        )
        row = self._write().execute(taken).first()
        if row is None:
            return None
        return Notice(
            id=row.id,
            case_id=row.case_id,
            conversation_id=row.conversation_id,
            news=News(row.news),
            status=NoticeStatus(row.status),
            created_at=row.created_at,
            attempts=row.attempts,
            refused=row.refused,
            sequence=row.sequence,
        )

    def settle(self, notice_id: str, status: NoticeStatus, *, sequence: int | None = None) -> None:
        """Note how far it is."""
        values: dict[str, Any] = {"status": status.value}
        if sequence is not None:
            values["sequence"] = sequence
        self._write().execute(update(notices).where(notices.c.id == notice_id).values(values))

    def look_again(self, notice_id: str, at: datetime) -> None:
        """See to it again later."""
        self._write().execute(update(notices).where(notices.c.id == notice_id).values(next_at=at))

    def refused(self, notice_id: str, now: datetime) -> None:
        """Have another way found."""
        changed = (
            update(notices)
            .where(notices.c.id == notice_id, notices.c.status == NoticeStatus.CHAT.value)
            .values(status=NoticeStatus.WAITING.value, refused=True, next_at=now, attempts=0)
        )
        self._write().execute(changed)

    def delivered(self, notice_id: str) -> None:
        """Note that the chat took it."""
        changed = (
            update(notices)
            .where(notices.c.id == notice_id, notices.c.status == NoticeStatus.CHAT.value)
            .values(status=NoticeStatus.SENT.value)
        )
        self._write().execute(changed)
