"""SQL of verdicts on answers, and of the notes to editors that come from them; people's words are sealed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update

from bot.core.procedures import Facet
from bot.core.suggestions.ports import Judgement, RecordNote, Verdict
from bot.store.parts import AnyRow, Part, insert_once
from bot.store.sealing import context
from bot.store.tables.suggestions import record_notes, verdicts

_FIGURES = (
    select(verdicts.c.verdict, func.count())
    .where(verdicts.c.at >= bindparam("since"), verdicts.c.at < bindparam("until"))
    .group_by(verdicts.c.verdict)
)
_OF_PERSON = (
    select(verdicts)
    .where(
        verdicts.c.principal_id == bindparam("who"),
        verdicts.c.kind == bindparam("about"),
        verdicts.c.subject_id == bindparam("subject"),
        verdicts.c.at >= bindparam("since"),
    )
    .order_by(verdicts.c.at.desc())
    .limit(20)
)
_CHANGE = (
    update(verdicts)
    .where(verdicts.c.id == bindparam("key"))
    .values(verdict=bindparam("new_verdict"), body=bindparam("sealed"))
)
_DROP = delete(record_notes).where(record_notes.c.id == bindparam("note"), record_notes.c.done_at.is_(None))
_NOTES = (
    select(record_notes, verdicts.c.body.label("asked"))
    .outerjoin(verdicts, verdicts.c.id == record_notes.c.id)
    .where(record_notes.c.done_at.is_(None))
    .order_by(record_notes.c.at, record_notes.c.id)
    .limit(bindparam("limit"))
)
_FINISH = (
    update(record_notes)
    .where(record_notes.c.id == bindparam("note"), record_notes.c.done_at.is_(None))
    .values(done_at=bindparam("now"), done_by=bindparam("who"))
)


class SqlVerdicts(Part):
    """Implements bot.core.suggestions.ports.Verdicts."""

    def add(self, judgement: Judgement) -> bool:
        """Keep a verdict once per id; False (and no change) if it was there."""
        told = {"question": judgement.question, "note": judgement.note}
        row = {
            "id": judgement.id,
            "kind": judgement.kind.value,
            "subject_id": judgement.subject_id,
            "item": judgement.item,
            "procedure_id": judgement.procedure_id,
            "facet": judgement.facet.value if judgement.facet else None,
            "conversation_id": judgement.conversation_id,
            "verdict": judgement.verdict.value,
            "principal_id": judgement.by,
            "at": judgement.at,
            "body": self._keys.seal_json(told, verdict_context(judgement.id)),
        }
        return insert_once(self._write(), verdicts, row)

    def of_person(self, judgement: Judgement, since: datetime) -> Judgement | None:
        """Return the last verdict since a moment that the same person gave on the same subject and question."""
        wanted = {"who": judgement.by, "about": judgement.kind.value, "subject": judgement.subject_id, "since": since}
        for row in self._read().execute(_OF_PERSON, wanted):
            told = self._keys.open_json(row.body, verdict_context(row.id))
            if row.item == judgement.item and told["question"] == judgement.question:
                return replace(judgement, id=row.id, verdict=Verdict(row.verdict), note=told["note"], at=row.at)
        return None

    def change(self, judgement: Judgement) -> None:
        """Put another verdict and note in place of those with its id."""
        told = {"question": judgement.question, "note": judgement.note}
        sealed = self._keys.seal_json(told, verdict_context(judgement.id))
        new = {"key": judgement.id, "new_verdict": judgement.verdict.value, "sealed": sealed}
        self._write().execute(_CHANGE, new)

    def figures(self, since: datetime, until: datetime) -> Mapping[Verdict, int]:
        """Return how often each verdict was given in a period."""
        found = {name: count for name, count in self._read().execute(_FIGURES, {"since": since, "until": until})}
        return {verdict: found.get(verdict.value, 0) for verdict in Verdict}


class SqlRecordNotes(Part):
    """Implements bot.core.suggestions.ports.RecordNotes."""

    def add(self, note: RecordNote) -> bool:
        """Keep a note once per id."""
        row = {
            "id": note.id,
            "procedure_id": note.procedure_id,
            "facet": note.facet.value if note.facet else None,
            "kind": note.kind,
            "principal_id": note.by,
            "at": note.at,
            "body": self._keys.seal(note.text.encode(), _note_context(note.id)),
        }
        return insert_once(self._write(), record_notes, row)

    def drop(self, note_id: str) -> None:
        """Take an open note away."""
        self._write().execute(_DROP, {"note": note_id})

    def open(self, procedure_id: str | None = None, limit: int = 200) -> Sequence[RecordNote]:
        """Return open notes, oldest first, with what was asked where a verdict is behind them."""
        wanted = _NOTES if procedure_id is None else _NOTES.where(record_notes.c.procedure_id == procedure_id)
        return [self._opened(row) for row in self._read().execute(wanted, {"limit": limit})]

    def finish(self, note_id: str, by: str, now: datetime) -> bool:
        """Close a note; False if it was closed or is unknown."""
        return self._write().execute(_FINISH, {"note": note_id, "who": by, "now": now}).rowcount == 1

    def _opened(self, row: AnyRow) -> RecordNote:
        asked = self._keys.open_json(row.asked, verdict_context(row.id)) if row.asked is not None else {}
        return RecordNote(
            id=row.id,
            procedure_id=row.procedure_id,
            facet=Facet(row.facet) if row.facet else None,
            kind=row.kind,
            text=self._keys.open(row.body, _note_context(row.id)).decode(),
            by=row.principal_id,
            at=row.at,
            done_at=row.done_at,
            done_by=row.done_by,
            question=asked.get("question", ""),
        )


def verdict_context(verdict_id: str) -> bytes:
    """Return what a verdict's sealed words are bound to."""
    return context("verdicts", "body", verdict_id)


def _note_context(note_id: str) -> bytes:
    return context("record_notes", "body", note_id)
