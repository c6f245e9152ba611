"""SQL of the withdrawal of procedures: an append-only history whose last row per procedure counts."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, text

from bot.store.tables.conversations import withdrawals

HIDE, UNHIDE = "hide", "unhide"

_INSERT = insert(withdrawals)
_LAST = (
    select(withdrawals.c.action)
    .where(withdrawals.c.procedure_id == bindparam("procedure"))
    .order_by(withdrawals.c.id.desc())
    .limit(1)
)
_latest = select(func.max(withdrawals.c.id)).group_by(withdrawals.c.procedure_id)
_HIDDEN = select(withdrawals.c.procedure_id).where(withdrawals.c.id.in_(_latest), withdrawals.c.action == HIDE)
# Readers go on; two editors who act at once are put in order.
_ALONE = text("LOCK TABLE withdrawals IN EXCLUSIVE MODE")


def add(write: Connection, procedure_id: str, action: str, reason: str, actor: str, now: datetime) -> bool:
    """Append `hide` or `unhide`; False (and no row) where the procedure is in that state already."""
    if write.dialect.name == "postgresql":
        write.execute(_ALONE)
    last: str | None = write.execute(_LAST, {"procedure": procedure_id}).scalar()
    if (last or UNHIDE) == action:
        return False
    write.execute(
        _INSERT, {"procedure_id": procedure_id, "action": action, "reason": reason, "actor": actor, "at": now}
    )
    return True


def hidden(read: Connection) -> frozenset[str]:
    """Ids hidden now."""
    return frozenset(read.execute(_HIDDEN).scalars())
