"""SQL of what arrived on channels outside the web, in order per thread; the bodies are sealed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from bot.core.channels.contract import Arrival
from bot.core.channels.ports import InboxRow
from bot.store.parts import AnyRow, Part, insert_once
from bot.store.sealing import context
from bot.store.tables.channels import inbox, threads

_IS = (inbox.c.channel == bindparam("of"), inbox.c.platform_id == bindparam("platform"))
_KNOWN = select(inbox.c.platform_id).where(*_IS)
_NEXT = (
    update(threads)
    .where(threads.c.id == bindparam("thread"))
    .values(next_inbound=threads.c.next_inbound + 1)
    .returning(threads.c.next_inbound)
)
_OF_THREAD = inbox.c.thread_id == bindparam("thread")
_WAITING = (
    select(inbox).where(_OF_THREAD, inbox.c.status == "waiting").order_by(inbox.c.sequence).limit(bindparam("limit"))
)
_itself = inbox.alias("itself")
_PLACE = (
    select(_itself.c.sequence)
    .where(_itself.c.channel == bindparam("of"), _itself.c.platform_id == bindparam("platform"))
    .scalar_subquery()
)
_BEFORE = (
    select(inbox)
    .where(_OF_THREAD, inbox.c.kind.in_(bindparam("kinds", expanding=True)), inbox.c.sequence < _PLACE)
    .order_by(inbox.c.sequence.desc())
    .limit(bindparam("limit"))
)
_MOMENTS = _WAITING.with_only_columns(inbox.c.kind, inbox.c.received_at)
_COUNT = select(func.count()).select_from(inbox).where(_OF_THREAD, inbox.c.status == "waiting")
_DONE_SINCE = (
    select(inbox.c.done_at).where(_OF_THREAD, inbox.c.done_at > bindparam("since")).order_by(inbox.c.done_at)
)


class SqlChannelInbox(Part):
    """Implements bot.core.channels.ports.ChannelInbox."""

    def store(
        self, thread_id: str, channel: str, platform_id: str, kind: Arrival, part: int, body: bytes, now: datetime
    ) -> bool:
        """Append to the thread, whose row the caller holds, once per platform id."""
        write = self._write()
        if self.known(channel, platform_id):
            return False
        sequence: int = write.execute(_NEXT, {"thread": thread_id}).scalar_one()
        row = {
            "channel": channel,
            "platform_id": platform_id,
            "thread_id": thread_id,
            "sequence": sequence - 1,
            "kind": kind.value,
            "part": part,
            "body": self._keys.seal(body, _context(channel, platform_id)),
            "status": "waiting",
            "attempts": 0,
            "received_at": now,
        }
        # Two deliveries under two addresses cannot be, but would leave a gap and no harm.
        return insert_once(write, inbox, row)

    def known(self, channel: str, platform_id: str) -> bool:
        """Say whether it was stored before."""
        return self._read().execute(_KNOWN, {"of": channel, "platform": platform_id}).first() is not None

    def waiting(self, thread_id: str, limit: int) -> list[InboxRow]:
        """Return what waits, in order."""
        return list(map(self._row, self._read().execute(_WAITING, {"thread": thread_id, "limit": limit})))

    def before(self, row: InboxRow, kinds: Sequence[Arrival], limit: int) -> list[InboxRow]:
        """Return what came before in the thread, latest first."""
        wanted = {"of": row.channel, "platform": row.platform_id, "thread": row.thread_id, "limit": limit}
        found = self._read().execute(_BEFORE, {**wanted, "kinds": [kind.value for kind in kinds]})
        return list(map(self._row, found))

    def moments(self, thread_id: str, limit: int) -> list[tuple[Arrival, datetime]]:
        """Return what waits by kind and moment, in order."""
        found = self._read().execute(_MOMENTS, {"thread": thread_id, "limit": limit})
        return [(Arrival(row.kind), row.received_at) for row in found]

    def count_waiting(self, thread_id: str) -> int:
        """Return how many wait."""
        return int(self._read().execute(_COUNT, {"thread": thread_id}).scalar_one())

    def done_since(self, thread_id: str, since: datetime) -> list[datetime]:
        """Return when things were dealt with."""
        return list(self._read().execute(_DONE_SINCE, {"thread": thread_id, "since": since}).scalars())

    def done(self, row: InboxRow, now: datetime) -> None:
        """Mark as dealt with."""
        self._change(row.channel, row.platform_id, status="done", done_at=now)

    def failed(self, row: InboxRow) -> None:
        """Count an attempt."""
        self._change(row.channel, row.platform_id, attempts=inbox.c.attempts + 1)

    def dead(self, row: InboxRow) -> None:
        """Mark as given up."""
        self._change(row.channel, row.platform_id, status="dead")

    def again(self, channel: str, platform_id: str) -> bool:
        """Let it wait once more."""
        revived = update(inbox).where(*_IS, inbox.c.status == "dead").values(status="waiting", attempts=0)
        return self._write().execute(revived, {"of": channel, "platform": platform_id}).rowcount == 1

    def _row(self, row: AnyRow) -> InboxRow:
        return InboxRow(
            channel=row.channel,
            platform_id=row.platform_id,
            thread_id=row.thread_id,
            kind=Arrival(row.kind),
            part=row.part,
            body=self._keys.open(row.body, _context(row.channel, row.platform_id)),
            received_at=row.received_at,
            attempts=row.attempts,
        )

    def _change(self, channel: str, platform_id: str, **values: object) -> None:
        self._write().execute(update(inbox).where(*_IS).values(**values), {"of": channel, "platform": platform_id})


def _context(channel: str, platform_id: str) -> bytes:
    return context("channel_inbox", "body", channel, platform_id)
