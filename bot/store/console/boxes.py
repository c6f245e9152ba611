"""SQL of the lists of conversations that operators see."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, literal, or_, select, tuple_

from bot.core.cases.record import AccessClass
from bot.core.conversation import Owner
from bot.core.errors import UnknownConversation
from bot.core.handover.ports import Box, Row
from bot.core.standing_in import STANDING_IN
from bot.store.console.handovers import attention_of
from bot.store.parts import AnyRow
from bot.store.tables.cases import cases
from bot.store.tables.conversations import conversations
from bot.store.tables.handover import attentions

_BOT, _WAITING, _OPERATOR = (
    literal(owner.value, literal_execute=True) for owner in (Owner.BOT, Owner.WAITING, Owner.OPERATOR)
)
_OWNER = conversations.c.owner
# Somebody is there to be talked with.
_SPOKEN = and_(*(conversations.c.id.not_like(f"{prefix}%") for prefix in STANDING_IN))
_ROWS = select(
    conversations.c.id.label("of"),
    conversations.c.channel,
    conversations.c.updated_at,
    conversations.c.next_sequence,
    conversations.c.owner,
    attentions,
).select_from(conversations.outerjoin(attentions, attentions.c.conversation_id == conversations.c.id))
_ONE = _ROWS.where(conversations.c.id == bindparam("id"))
_COUNTS = (
    select(_OWNER, attentions.c.attended_by, func.count())
    .select_from(conversations.outerjoin(attentions, attentions.c.conversation_id == conversations.c.id))
    .where(_OWNER != _BOT, _SPOKEN)
    .group_by(_OWNER, attentions.c.attended_by)
)
_NUMBERS = (
    select(cases.c.conversation_id, cases.c.number)
    .where(cases.c.conversation_id.in_(bindparam("ids", expanding=True)), cases.c.access == AccessClass.NORMAL.value)
    .order_by(cases.c.received_at, cases.c.id)
)
_WITH_CASES = (
    select(cases.c.conversation_id).where(cases.c.conversation_id.in_(bindparam("ids", expanding=True))).distinct()
)


def row(read: Connection, conversation_id: str) -> Row:
    """Return one conversation. Raises UnknownConversation."""
    found = read.execute(_ONE, {"id": conversation_id}).first()
    if found is None:
        raise UnknownConversation(f"conversation {conversation_id} does not exist")
    return _row(found)


def rows(
    read: Connection,
    box: Box,
    by: str,
    *,
    all_closed: bool,
    with_bot: bool,
    before: tuple[datetime, str] | None,
    limit: int,
) -> list[Row]:
    """Return a list, the latest changed first."""
    wanted = _ROWS.where(_SPOKEN, _of_box(box, by, all_closed=all_closed, with_bot=with_bot))
    if before is not None:
        wanted = _behind(wanted, before)
    order = (conversations.c.updated_at.desc(), conversations.c.id.desc())
    return [_row(found) for found in read.execute(wanted.order_by(*order).limit(limit))]


def counts(read: Connection, by: str) -> dict[str, int]:
    """Return how many wait, are this person's, and are handed over at all."""
    found = [tuple(row) for row in read.execute(_COUNTS)]
    return {
        "waiting": sum(n for owner, _, n in found if owner == Owner.WAITING),
        "mine": sum(n for owner, attended_by, n in found if owner == Owner.OPERATOR and attended_by == by),
        "all": sum(n for _, _, n in found),
    }


def case_numbers(read: Connection, conversation_ids: Sequence[str]) -> dict[str, str]:
    """Return the number of the latest case that is not restricted, by conversation."""
    if not conversation_ids:
        return {}
    return {of: number for of, number in read.execute(_NUMBERS, {"ids": list(conversation_ids)})}


def with_cases(read: Connection, conversation_ids: Sequence[str]) -> frozenset[str]:
    """Return which of them have cases."""
    if not conversation_ids:
        return frozenset()
    return frozenset(read.execute(_WITH_CASES, {"ids": list(conversation_ids)}).scalars())


def _of_box(box: Box, by: str, *, all_closed: bool, with_bot: bool) -> ColumnElement[bool]:
    match box:
        case Box.WAITING:
            return and_(_OWNER != _BOT, _OWNER == _WAITING)
        case Box.MINE:
            return and_(_OWNER != _BOT, _OWNER == _OPERATOR, attentions.c.attended_by == by)
        case Box.ALL:
            handed_over = _OWNER != _BOT
            return or_(handed_over, attentions.c.closed_at.is_(None)) if with_bot else handed_over
        case Box.CLOSED:
            closed = and_(_OWNER == _BOT, attentions.c.closed_at.is_not(None))
            return closed if all_closed else and_(closed, attentions.c.last_attended_by == by)


def _behind(wanted: Select[Any], before: tuple[datetime, str]) -> Select[Any]:
    at, conversation_id = before
    last = tuple_(literal(at, conversations.c.updated_at.type), literal(conversation_id))
    return wanted.where(tuple_(conversations.c.updated_at, conversations.c.id) < last)


def _row(found: AnyRow) -> Row:
    return Row(found.of, found.channel, found.updated_at, found.next_sequence - 1, attention_of(found))
