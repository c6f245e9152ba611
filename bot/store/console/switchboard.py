"""SQL of what operators see and leave: lists, notes, replies, presence, and the log that their pages follow."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from bot.core.handover.ports import Box, Change, Note, Row, Sent, Signal
from bot.core.handover.presence import Presence, State
from bot.store.console import boxes, desk_changes
from bot.store.parts import AnyRow, Part, insert_once
from bot.store.sealing import context
from bot.store.tables.handover import notes, presence, replies

_NOTES = select(notes).where(notes.c.conversation_id == bindparam("conversation")).order_by(notes.c.at, notes.c.id)
_REPLIES = select(replies).where(replies.c.conversation_id == bindparam("conversation"))
_REPLY = _REPLIES.where(replies.c.client_id == bindparam("client"))
_ADD_REPLY = insert(replies)
_EVERYBODY = select(presence).order_by(presence.c.principal_id)
_STATE = select(presence.c.state).where(presence.c.principal_id == bindparam("principal"))
_SET = update(presence).where(presence.c.principal_id == bindparam("principal"))
_CHANGE_STATE = _SET.values(state=bindparam("to"), since=bindparam("at"), seen_at=bindparam("at"))
_SEEN = _SET.values(seen_at=bindparam("at"))


class SqlSwitchboard(Part):
    """Implements bot.core.handover.ports.Switchboard."""

    def row(self, conversation_id: str) -> Row:
        """Return a conversation as lists show it."""
        return boxes.row(self._read(), conversation_id)

    def rows(
        self, box: Box, by: str, *, all_closed: bool, with_bot: bool, before: tuple[datetime, str] | None, limit: int
    ) -> list[Row]:
        """Return a list."""
        read = self._read()
        return boxes.rows(read, box, by, all_closed=all_closed, with_bot=with_bot, before=before, limit=limit)

    def case_numbers(self, conversation_ids: Sequence[str]) -> Mapping[str, str]:
        """Return case numbers by conversation."""
        return boxes.case_numbers(self._read(), conversation_ids)

    def with_cases(self, conversation_ids: Sequence[str]) -> frozenset[str]:
        """Return which have cases."""
        return boxes.with_cases(self._read(), conversation_ids)

    def counts(self, by: str) -> dict[str, int]:
        """Return how many there are of each kind."""
        return boxes.counts(self._read(), by)

    def add_reply(self, sent: Sent) -> None:
        """Keep who wrote a reply."""
        row = {"conversation_id": sent.conversation_id, "sequence": sent.sequence, "client_id": sent.client_id}
        more = {"written_by": sent.by, "at": sent.at, "suggestion": sent.suggestion, "edited": sent.edited}
        self._write().execute(_ADD_REPLY, {**row, **more})

    def reply(self, conversation_id: str, client_id: str) -> Sent | None:
        """Return the reply that a page sent under this id."""
        row = self._read().execute(_REPLY, {"conversation": conversation_id, "client": client_id}).first()
        return None if row is None else _sent(row)

    def replies(self, conversation_id: str) -> dict[int, Sent]:
        """Return replies by sequence."""
        rows = self._read().execute(_REPLIES, {"conversation": conversation_id})
        return {row.sequence: _sent(row) for row in rows}

    def add_note(self, note: Note) -> None:
        """Add a note."""
        sealed = self._keys.seal(note.text.encode(), _context(note.id))
        row = {"id": note.id, "conversation_id": note.conversation_id, "at": note.at, "written_by": note.by}
        insert_once(self._write(), notes, {**row, "kind": note.kind, "text": sealed})

    def notes(self, conversation_id: str) -> list[Note]:
        """Return notes, oldest first."""
        rows = self._read().execute(_NOTES, {"conversation": conversation_id})
        return [
            Note(
                row.id,
                row.conversation_id,
                row.at,
                row.written_by,
                row.kind,
                self._keys.open(row.text, _context(row.id)).decode(),
            )
            for row in rows
        ]

    def set_presence(self, principal_id: str, state: str, now: datetime) -> bool:
        """Keep what somebody says of themselves."""
        write = self._write()
        before: str | None = write.execute(_STATE, {"principal": principal_id}).scalar()
        if before == state:
            self.seen(principal_id, now)
            return False
        row = {"principal_id": principal_id, "state": state, "since": now, "seen_at": now}
        if before is None and insert_once(write, presence, row):
            return True
        write.execute(_CHANGE_STATE, {"principal": principal_id, "to": state, "at": now})
        return True

    def seen(self, principal_id: str, now: datetime) -> None:
        """Note that somebody's page is open; who said nothing of themselves is away."""
        write = self._write()
        if write.execute(_SEEN, {"principal": principal_id, "at": now}).rowcount == 0:
            row = {"principal_id": principal_id, "state": State.AWAY.value, "since": now, "seen_at": now}
            insert_once(write, presence, row)

    def everybody(self) -> list[Presence]:
        """Return what each of the staff said last."""
        rows = self._read().execute(_EVERYBODY)
        return [Presence(row.principal_id, State(row.state), row.since, row.seen_at) for row in rows]

    def signal(self, signal: Signal, now: datetime, conversation_id: str | None = None, text: str = "") -> None:
        """Append to the log."""
        desk_changes.append(self._write(), signal, now, conversation_id, 0, text)

    def changes(self, after: int, limit: int) -> list[Change]:
        """Return entries of the log in order."""
        return desk_changes.after(self._read(), after, limit)

    def newest(self) -> int:
        """Return the sequence of the log's newest entry."""
        return desk_changes.newest(self._read())

    def prune(self, before: datetime) -> None:
        """Forget old entries of the log."""
        desk_changes.prune(self._write(), before)


def _sent(row: AnyRow) -> Sent:
    return Sent(row.conversation_id, row.sequence, row.client_id, row.written_by, row.at, row.suggestion, row.edited)


def _context(note_id: str) -> bytes:
    return context("conversation_notes", "text", note_id)
