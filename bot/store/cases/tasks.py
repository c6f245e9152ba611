"""SQL of dated tasks for people; their notes are sealed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from bot.core.cases.office_ports import Task
from bot.store.parts import AnyRow, Part, insert_once
from bot.store.sealing import KeyRing, context
from bot.store.tables.cases import tasks

_OPEN = (
    select(tasks)
    .where(tasks.c.done_at.is_(None))
    .order_by(tasks.c.due_at, tasks.c.created_at, tasks.c.id)
    .limit(bindparam("limit"))
)
_OF_CONVERSATION = (
    select(tasks)
    .where(
        tasks.c.conversation_id == bindparam("conversation"),
        tasks.c.done_at.is_(None),
        tasks.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(tasks.c.created_at, tasks.c.id)
)
_FINISH = (
    update(tasks)
    .where(tasks.c.id == bindparam("task"), tasks.c.done_at.is_(None))
    .values(done_at=bindparam("at"), done_by=bindparam("by"))
)


class SqlTasks(Part):
    """Implements bot.core.cases.ports.Tasks."""

    def add(self, task: Task) -> None:
        """Add a task; again with the same id it changes nothing."""
        add(self._write(), self._keys, task)

    def open(self, limit: int = 100) -> list[Task]:
        """Return open tasks, those due first before the others."""
        return [_read(self._keys, row) for row in self._read().execute(_OPEN, {"limit": limit})]

    def of_conversation(self, conversation_id: str, kinds: Sequence[str]) -> list[Task]:
        """Return the open tasks of these kinds about a conversation."""
        wanted = {"conversation": conversation_id, "kinds": list(kinds)}
        return [_read(self._keys, row) for row in self._read().execute(_OF_CONVERSATION, wanted)]

    def finish(self, task_id: str, by: str, now: datetime) -> bool:
        """Close a task; False if it was closed or is unknown."""
        return self._write().execute(_FINISH, {"task": task_id, "by": by, "at": now}).rowcount == 1


def add(write: Connection, keys: KeyRing, task: Task) -> None:
    """Insert a task once."""
    insert_once(write, tasks, {**vars(task), "note": keys.seal(task.note.encode(), _context(task.id))})


def _read(keys: KeyRing, row: AnyRow) -> Task:
    return Task(
        id=row.id,
        kind=row.kind,
        case_id=row.case_id,
        conversation_id=row.conversation_id,
        note=keys.open(row.note, _context(row.id)).decode(),
        due_at=row.due_at,
        created_at=row.created_at,
        done_at=row.done_at,
        done_by=row.done_by,
    )


def _context(task_id: str) -> bytes:
    return context("tasks", "note", task_id)
