"""SQL of a channel's counters and of the figures that people look at."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, func, select, update

from bot.core.channels.ports import ThreadStatus
from bot.core.messages import SAID_THERE
from bot.store.parts import insert_once
from bot.store.tables.channels import counts as counters
from bot.store.tables.channels import dead_letters, inbox, threads
from bot.store.tables.conversations import events

_IS = (counters.c.channel == bindparam("of"), counters.c.name == bindparam("what"))
_ADD = update(counters).where(*_IS).values(amount=counters.c.amount + bindparam("more", type_=counters.c.amount.type))
_ALL = select(counters.c.name, counters.c.amount).where(counters.c.channel == bindparam("of"))


def count(write: Connection, channel: str, name: str, amount: int) -> None:
    """Add to a counter, which begins at nought."""
    values = {"of": channel, "what": name, "more": amount}
    if write.execute(_ADD, values).rowcount == 0:
        insert_once(write, counters, {"channel": channel, "name": name, "amount": 0})
        write.execute(_ADD, values)


def counts(read: Connection, channel: str) -> dict[str, int]:
    """Return every counter of the channel."""
    return {row.name: row.amount for row in read.execute(_ALL.order_by(counters.c.name), {"of": channel})}


def standing(read: Connection, channel: str, now: datetime) -> dict[str, Any]:
    """Return figures without anybody's words."""
    ours = threads.c.channel == channel
    by_status = read.execute(select(threads.c.status, func.count()).where(ours).group_by(threads.c.status))
    waiting = and_(inbox.c.channel == channel, inbox.c.status == "waiting")
    behind = exists().where(
        events.c.conversation_id == threads.c.conversation_id,
        events.c.sequence > threads.c.sent_sequence,
        events.c.kind.not_in([kind.value for kind in SAID_THERE]),
    )
    unsent = select(threads.c.status, func.count()).where(ours, behind).group_by(threads.c.status)
    dead = and_(dead_letters.c.channel == channel, dead_letters.c.done_at.is_(None))
    found = dict(map(tuple, by_status))
    late = dict(map(tuple, read.execute(unsent)))
    return {
        "threads": {status.value: found.get(status.value, 0) for status in ThreadStatus},
        "paused": _number(read, select(func.count()).select_from(threads).where(ours, threads.c.paused_until > now)),
        "waiting": _number(read, select(func.count()).select_from(inbox).where(waiting)),
        "oldest_waiting_at": read.execute(select(func.min(inbox.c.received_at)).where(waiting)).scalar(),
        "unsent": late.get(ThreadStatus.OPEN.value, 0),
        "retrying": _number(read, select(func.count()).select_from(threads).where(ours, threads.c.attempts > 0)),
        "dead": _number(read, select(func.count()).select_from(dead_letters).where(dead)),
        "last_inbound_at": read.execute(select(func.max(threads.c.last_inbound_at)).where(ours)).scalar(),
    }


def _number(read: Connection, statement: Any) -> int:
    return int(read.execute(statement).scalar_one())
