"""SQL of who answers each conversation, and of the history of that."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, insert, literal, select, update

from bot.core.conversation import Owner
from bot.core.errors import UnknownConversation
from bot.core.handover.attention import URGENCY, Attention, Ending, Left, Move, Told, Why, erased
from bot.core.handover.queue import History, Waiting
from bot.core.messages import EventKind
from bot.store import conversations, events, passing
from bot.store.console import desk_changes
from bot.store.parts import AnyRow, Part, insert_once
from bot.store.tables.conversations import conversations as conversations_table
from bot.store.tables.handover import attentions, moves

_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
# Columns are named as the fields are, but for words that a database keeps for itself.
_COLUMNS = {"by": "attended_by", "last_by": "last_attended_by", "left": "left_word"}
_FIELDS = tuple(name for name in Attention.__dataclass_fields__ if name != "owner")
_ENUMS: dict[str, type[Any]] = {"why": Why, "left": Left, "told": Told, "ending": Ending}
_OF = select(conversations_table.c.owner, attentions).select_from(
    conversations_table.outerjoin(attentions, attentions.c.conversation_id == conversations_table.c.id)
)
_ONE = _OF.where(conversations_table.c.id == bindparam("id"))
_UPDATE = update(attentions).where(attentions.c.conversation_id == bindparam("key"))
_INSERT_MOVE = insert(moves)
_LAST_SEQUENCE = select(conversations_table.c.next_sequence - 1).where(conversations_table.c.id == bindparam("id"))
_HANDED_OVER = _OF.add_columns(conversations_table.c.id.label("of")).where(
    conversations_table.c.owner == bindparam("owner"),
    # Written out, so that the index of those handed over is found.
    conversations_table.c.owner != literal(Owner.BOT.value, literal_execute=True),
)
_RECENT = {
    name: select(moves.c[name])
    .where(moves.c.at >= bindparam("since"), moves.c[name].is_not(None))
    .order_by(moves.c.at.desc(), moves.c.id.desc())
    .limit(bindparam("limit"))
    for name in ("waited", "attended")
}


class SqlHandovers(Part):
    """Implements bot.core.handover.ports.Handovers."""

    def attention(self, conversation_id: str) -> Attention:
        """Return who answers."""
        row = self._read().execute(_ONE, {"id": conversation_id}).first()
        if row is None:
            raise UnknownConversation(f"conversation {conversation_id} does not exist")
        return attention_of(row)

    def hold(self, conversation_id: str) -> Attention:
        """Hold the conversation and return who answers."""
        conversations.lock(self._write(), conversation_id)
        return self.attention(conversation_id)

    def save(self, conversation_id: str, attention: Attention, now: datetime) -> None:
        """Keep what a held conversation's attention has become."""
        write, values = self._write(), _values(attention)
        conversations.set_owner(write, conversation_id, attention.owner)
        if write.execute(_UPDATE.values(**values), {"key": conversation_id}).rowcount == 0:
            insert_once(write, attentions, {"conversation_id": conversation_id, **values})
        last = write.execute(_LAST_SEQUENCE, {"id": conversation_id}).scalar_one()
        desk_changes.changed(write, conversation_id, last, now)

    def leave(self, conversation_id: str, now: datetime) -> None:
        """End the wait and the claim of a conversation that its citizen cleared."""
        before = self.hold(conversation_id)
        if (after := erased(before, now)) != before:
            self.save(conversation_id, after, now)

    def record(
        self,
        conversation_id: str,
        move: Move,
        by: str,
        now: datetime,
        *,
        why: Why | None = None,
        waited: float | None = None,
        attended: float | None = None,
    ) -> None:
        """Add to the history."""
        row = {"conversation_id": conversation_id, "at": now, "move": move.value, "done_by": by}
        more = {"why": why.value if why else None, "waited": waited, "attended": attended}
        self._write().execute(_INSERT_MOVE, {**row, **more})

    def settle(self, conversation_id: str, now: datetime) -> None:
        """End what the assistant has in hand."""
        write = self._write()
        found = passing.stored_reply(write, self._keys, conversation_id)
        if found is not None:
            turn_id, reply = found
            passing.close_turn(write, conversation_id, turn_id, now, answered=reply is not None)
            if reply is not None:
                kind = EventKind.ASSISTANT
                events.append(write, self._keys, conversation_id, kind, reply.to_payload(), turn_id, now)
        passing.leave_to_person(write, conversation_id, now)

    def reopen(self, conversation_id: str) -> int:
        """Let unanswered messages wait for the assistant."""
        return passing.reopen(self._write(), conversation_id)

    def waiting(self) -> list[Waiting]:
        """Return everybody who waits."""
        found = [(row.of, attention_of(row)) for row in self._owned(Owner.WAITING)]
        return [Waiting(of, a.urgency, a.waiting_since or _FIRST, away=a.away) for of, a in found]

    def attended(self) -> dict[str, str]:
        """Return who attends which conversation."""
        return {row.of: row.attended_by or "" for row in self._owned(Owner.OPERATOR)}

    def history(self, since: datetime, limit: int = 20) -> History:
        """Return the latest waits and attendances."""
        wanted = {"since": since, "limit": limit}
        waited, attended = (tuple(self._read().execute(query, wanted).scalars()) for query in _RECENT.values())
        return History(waited, attended)

    def _owned(self, owner: Owner) -> list[AnyRow]:
        return list(self._read().execute(_HANDED_OVER, {"owner": owner.value}).all())


def attention_of(row: AnyRow) -> Attention:
    """Return the attention of a row that has the owner and, where there are any, the columns of `attentions`."""
    owner = Owner(row.owner)
    if row.moves is None:
        # Nobody ever waited here; or an older version wrote the owner alone.
        return Attention(owner, Why.ASKED, URGENCY[Why.ASKED]) if owner is Owner.WAITING else Attention(owner)
    values = {name: getattr(row, _COLUMNS.get(name, name)) for name in _FIELDS}
    read = {n: _ENUMS[n](v) if n in _ENUMS and v is not None else v for n, v in values.items()}
    return replace(Attention(owner), **read)


def _values(attention: Attention) -> dict[str, Any]:
    values = {_COLUMNS.get(name, name): getattr(attention, name) for name in _FIELDS}
    # Enumerations are stored by value whatever the driver makes of them.
    return {name: str(value) if isinstance(value, str) else value for name, value in values.items()}
