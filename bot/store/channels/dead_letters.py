"""SQL of what channels gave up; the bodies are sealed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from bot.core.channels.ports import DeadLetter
from bot.store.parts import AnyRow, Part, insert_once
from bot.store.sealing import KeyRing, context
from bot.store.tables.channels import dead_letters

_OPEN = dead_letters.c.done_at.is_(None)
_IN_ORDER = (dead_letters.c.created_at, dead_letters.c.id)


class SqlDeadLetters(Part):
    """Implements bot.core.channels.ports.DeadLetters."""

    def add(self, letter: DeadLetter) -> bool:
        """Add once per id; one that was closed is opened again."""
        write = self._write()
        sealed = self._keys.seal_json(dict(letter.body), _context(letter.id))
        if insert_once(write, dead_letters, {**vars(letter), "body": sealed}):
            return True
        closed = update(dead_letters).where(dead_letters.c.id == letter.id, ~_OPEN)
        values = {"done_at": None, "replay_at": None, "failure": letter.failure, "code": letter.code}
        return write.execute(closed.values(**values)).rowcount == 1

    def open(self, channel: str | None = None, limit: int = 100) -> list[DeadLetter]:
        """Return open letters."""
        wanted = select(dead_letters).where(_OPEN).order_by(*_IN_ORDER).limit(limit)
        if channel is not None:
            wanted = wanted.where(dead_letters.c.channel == channel)
        return [_letter(self._keys, row) for row in self._read().execute(wanted)]

    def count_open(self, channel: str) -> int:
        """Return how many are open."""
        wanted = select(func.count()).select_from(dead_letters).where(_OPEN, dead_letters.c.channel == channel)
        return int(self._read().execute(wanted).scalar_one())

    def letter(self, letter_id: str) -> DeadLetter | None:
        """Return a letter."""
        row = self._read().execute(select(dead_letters).where(dead_letters.c.id == letter_id)).first()
        return None if row is None else _letter(self._keys, row)

    def replay(self, letter_id: str, now: datetime) -> bool:
        """Ask for another try."""
        asked = update(dead_letters).where(dead_letters.c.id == letter_id, _OPEN).values(replay_at=now)
        return self._write().execute(asked).rowcount == 1

    def to_replay(self, channel: str, thread_id: str | None = None, *, inbound: bool) -> Sequence[DeadLetter]:
        """Return what is to be tried again."""
        wanted = (
            select(dead_letters)
            .where(
                _OPEN,
                dead_letters.c.channel == channel,
                dead_letters.c.inbound == inbound,
                dead_letters.c.replay_at.is_not(None),
            )
            .order_by(*_IN_ORDER)
            .limit(100)
        )
        if thread_id is not None:
            wanted = wanted.where(dead_letters.c.thread_id == thread_id)
        return [_letter(self._keys, row) for row in self._read().execute(wanted)]

    def tried(self, letter_id: str, now: datetime, *, done: bool) -> None:
        """Close a letter, or leave it."""
        values = {"done_at": now} if done else {"replay_at": None}
        self._write().execute(update(dead_letters).where(dead_letters.c.id == letter_id).values(**values))


def _letter(keys: KeyRing, row: AnyRow) -> DeadLetter:
    return DeadLetter(
        id=row.id,
        channel=row.channel,
        inbound=row.inbound,
        thread_id=row.thread_id,
        failure=row.failure,
        code=row.code,
        body=keys.open_json(row.body, _context(row.id)),
        created_at=row.created_at,
        replay_at=row.replay_at,
        done_at=row.done_at,
    )


def _context(letter_id: str) -> bytes:
    return context("channel_dead_letters", "body", letter_id)
