"""Calls and what is said in them, as bot.core.calls.ports.CallBook promises it."""

import builtins
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, or_, select, update

from bot.core.calls.model import Call, CallEvent, CallState, Outcome, advanced, begun
from bot.core.calls.numbers import masked, standard
from bot.core.calls.ports import LookedUp, WrapUp
from bot.core.calls.transcript import Line, Side, assembled, revised
from bot.core.errors import CallClaimed, UnknownCall
from bot.store import lookup
from bot.store.parts import AnyRow, Part, insert_once
from bot.store.sealing import context
from bot.store.tables.calls import call_lines, call_lookups, calls

CALLER = "caller"
_MAX_TEXT = 100
_OPAQUE_BYTES = 16
_BY_NAME = select(calls).where(or_(calls.c.id == bindparam("name"), calls.c.opaque == bindparam("name")))
# key_share: other tables' references to the row stay free.
_LOCK = _BY_NAME.with_for_update(key_share=True)
_BY_PROVIDER = select(calls).where(calls.c.provider_id == bindparam("provider"))
_LOCK_PROVIDER = _BY_PROVIDER.with_for_update(key_share=True)
_LINES = select(call_lines).where(call_lines.c.call_id == bindparam("call"))
_COUNT = select(func.count()).select_from(call_lines).where(call_lines.c.call_id == bindparam("call"))
_LOOKUPS = (
    select(call_lookups)
    .where(call_lookups.c.call_id == bindparam("call"))
    .order_by(call_lookups.c.at, call_lookups.c.procedure_id, call_lookups.c.facet)
)


class SqlCalls(Part):
    """Implements bot.core.calls.ports.CallBook."""

    def record(self, event: CallEvent, now: datetime) -> Call:
        """Take in what a switchboard says, making the call with the first of it."""
        write = self._write()
        row = write.execute(_LOCK_PROVIDER, {"provider": event.provider_id}).first()
        if row is None:
            fresh = begun(uuid.uuid4().hex, secrets.token_urlsafe(_OPAQUE_BYTES), event, now)
            created = {"id": fresh.id, "opaque": fresh.opaque, "created_at": now, **self._values(fresh, now)}
            if insert_once(write, calls, created):
                self._keep_number(fresh.id, event.number)
                return self.call(fresh.id)
            row = write.execute(_LOCK_PROVIDER, {"provider": event.provider_id}).one()
        call = advanced(self._read_call(row), event, now)
        self._change(call.id, self._values(call, now))
        if row.number is None:
            self._keep_number(call.id, event.number)
        return self.call(call.id)

    def call(self, call_id: str) -> Call:
        """Return the call as it stands."""
        row = self._read().execute(_BY_NAME, {"name": call_id}).first()
        if row is None:
            raise UnknownCall("there is no such call")
        return self._read_call(row)

    def lock(self, call_id: str) -> Call:
        """Wait until nobody else changes the call, and return it."""
        row = self._write().execute(_LOCK, {"name": call_id}).first()
        if row is None:
            raise UnknownCall("there is no such call")
        return self._read_call(row)

    def by_provider(self, provider_id: str) -> Call | None:
        """Return the call that a switchboard calls so, or None."""
        row = self._read().execute(_BY_PROVIDER, {"provider": provider_id}).first()
        return None if row is None else self._read_call(row)

    def live(self, limit: int = 50) -> list[Call]:
        """Return calls that have not ended, the longest waiting first."""
        wanted = select(calls).where(calls.c.state != CallState.ENDED.value)
        return self._found(wanted.order_by(calls.c.started_at, calls.c.id).limit(limit))

    def recent(self, limit: int = 50, before: datetime | None = None) -> builtins.list[Call]:
        """Return calls, the latest first, begun before `before`."""
        wanted = select(calls).order_by(calls.c.started_at.desc(), calls.c.id.desc()).limit(limit)
        return self._found(wanted if before is None else wanted.where(calls.c.started_at < before))

    def claim(self, call_id: str, operator: str, now: datetime) -> Call:
        """Give the call to an operator. Raises CallClaimed when somebody else has it."""
        call = self.lock(call_id)
        if call.operator not in {None, operator}:
            raise CallClaimed(str(call.operator))
        return self._given(call, operator, now)

    def hand_over(self, call_id: str, operator: str, now: datetime) -> Call:
        """Give the call to somebody, whoever has it."""
        return self._given(self.lock(call_id), operator, now)

    def end(self, call_id: str, cause: str, now: datetime) -> Call:
        """End a call; one that has ended stays as it is."""
        call = self.lock(call_id)
        if call.active:
            ended = CallEvent(call.line, call.provider_id, CallState.ENDED, now, cause=cause)
            self._change(call.id, self._values(advanced(call, ended, now), now))
        return self.call(call.id)

    def wrap(self, call_id: str, done: WrapUp, now: datetime) -> Call:
        """Store topic, outcome, note and summary; again it replaces them."""
        call = self.lock(call_id)
        told = {"topic": done.topic, "note": done.note, "summary": done.summary}
        sealed = self._keys.seal_json(told, context("calls", "told", call.id))
        self._change(call.id, {"outcome": done.outcome.value, "wrapped_at": now, "told": sealed, "updated_at": now})
        return self.call(call.id)

    def number(self, call_id: str) -> str | None:
        """Return the caller's number, None where there is none any more."""
        row = self._read().execute(_BY_NAME, {"name": call_id}).first()
        if row is None:
            raise UnknownCall("there is no such call")
        return self._number(row)

    def same_caller(self, call_id: str) -> str | None:
        """Return a keyed hash that calls of one number share."""
        row = self._read().execute(_BY_NAME, {"name": call_id}).first()
        return None if row is None else row.number_hash

    def hear(self, call_id: str, lines: Sequence[Line], most: int, now: datetime) -> int:
        """Take in lines, revising those that are there; return how many changed anything."""
        call = self.lock(call_id)
        write = self._write()
        known = {(line.side, line.order): line for line in self._lines(call.id)}
        changed = 0
        for line in lines:
            key = (line.side, line.order)
            revision = revised(known.get(key), line)
            if revision is None or (key not in known and len(known) >= most):
                continue
            row = self._line_row(call.id, revision)
            if key in known:
                same = and_(
                    call_lines.c.call_id == call.id,
                    call_lines.c.side == line.side.value,
                    call_lines.c.place == line.order,
                )
                write.execute(update(call_lines).where(same).values(row))
            else:
                write.execute(call_lines.insert(), row)
            known[key] = revision
            changed += 1
        if changed:
            self._change(call.id, {"updated_at": now})
        return changed

    def lines(self, call_id: str) -> tuple[Line, ...]:
        """Return the lines in the order in which they were said."""
        return assembled(self._lines(self.call(call_id).id))

    def look_up(self, call_id: str, looked_up: LookedUp, by: str) -> bool:
        """Note once that a side of a procedure was opened; False where that was noted."""
        return insert_once(
            self._write(), call_lookups, {**vars(looked_up), "call_id": self.call(call_id).id, "made_by": by}
        )

    def looked_up(self, call_id: str) -> builtins.list[LookedUp]:
        """Return what was opened, in order."""
        rows = self._read().execute(_LOOKUPS, {"call": self.call(call_id).id})
        return [LookedUp(row.procedure_id, row.facet, row.at) for row in rows]

    def lost(self, ringing_before: datetime, answered_before: datetime, limit: int = 100) -> builtins.list[Call]:
        """Return calls of which nothing was heard for so long that their end must have been lost."""
        silent = or_(
            and_(calls.c.state == CallState.RINGING.value, calls.c.updated_at < ringing_before),
            and_(calls.c.state == CallState.ANSWERED.value, calls.c.updated_at < answered_before),
        )
        return self._found(select(calls).where(silent).order_by(calls.c.id).limit(limit))

    def forget_lines(self, ended_before: datetime) -> int:
        """Delete the lines of calls that ended before a moment; return how many calls lost some."""
        over = select(calls.c.id).where(calls.c.ended_at < ended_before)
        write = self._write()
        held = select(call_lines.c.call_id).where(call_lines.c.call_id.in_(over)).distinct()
        count = len(write.execute(held).all())
        if count:
            write.execute(delete(call_lines).where(call_lines.c.call_id.in_(over)))
        return count

    def forget_numbers(self, ended_before: datetime, except_for: Sequence[str] = ()) -> int:
        """Delete callers' numbers and hashes likewise, but those of some calls."""
        old: list[ColumnElement[bool]] = [calls.c.ended_at < ended_before, calls.c.number.is_not(None)]
        if except_for:
            old.append(calls.c.id.not_in(except_for))
        return self._write().execute(update(calls).where(*old).values(number=None, number_hash=None)).rowcount

    def _found(self, wanted: Any) -> builtins.list[Call]:
        return [self._read_call(row) for row in self._read().execute(wanted)]

    def _lines(self, call_id: str) -> builtins.list[Line]:
        return [self._read_line(row) for row in self._read().execute(_LINES, {"call": call_id})]

    def _given(self, call: Call, operator: str, now: datetime) -> Call:
        values: dict[str, Any] = {"operator": operator, "updated_at": now}
        if call.state is CallState.RINGING:
            # Some switchboards never tell who took the call; whoever claims it has.
            values |= {"state": CallState.ANSWERED.value, "answered_at": now}
        self._change(call.id, values)
        return self.call(call.id)

    def _change(self, call_id: str, values: dict[str, Any]) -> None:
        self._write().execute(update(calls).where(calls.c.id == call_id).values(values))

    def _values(self, call: Call, now: datetime) -> dict[str, Any]:
        return {
            "line": call.line,
            "provider_id": call.provider_id,
            "state": call.state.value,
            "started_at": call.started_at,
            "answered_at": call.answered_at,
            "ended_at": call.ended_at,
            "called": (call.called or "")[:_MAX_TEXT] or None,
            "extension": (call.extension or "")[:_MAX_TEXT] or None,
            "cause": (call.cause or "")[:_MAX_TEXT] or None,
            "operator": call.operator,
            "updated_at": now,
        }

    def _keep_number(self, call_id: str, written: str | None) -> None:
        number = standard(written)
        if number is not None:
            key = lookup.find_or_make(self._write(), self._keys, CALLER)
            sealed = self._keys.seal(number.encode(), context("calls", "number", call_id))
            self._change(call_id, {"number": sealed, "number_hash": lookup.sign(key, f"caller {number}")})

    def _number(self, row: AnyRow) -> str | None:
        if row.number is None:
            return None
        return self._keys.open(row.number, context("calls", "number", row.id)).decode()

    def _read_call(self, row: AnyRow) -> Call:
        told = self._keys.open_json(row.told, context("calls", "told", row.id)) if row.told is not None else {}
        return Call(
            id=row.id,
            opaque=row.opaque,
            line=row.line,
            provider_id=row.provider_id,
            state=CallState(row.state),
            started_at=row.started_at,
            answered_at=row.answered_at,
            ended_at=row.ended_at,
            called=row.called,
            extension=row.extension,
            cause=row.cause,
            operator=row.operator,
            masked=masked(self._number(row)),
            wrapped_at=row.wrapped_at,
            topic=told.get("topic"),
            outcome=Outcome(row.outcome) if row.outcome else None,
            note=str(told.get("note", "")),
            summary=str(told.get("summary", "")),
        )

    def _line_row(self, call_id: str, line: Line) -> dict[str, Any]:
        place = context("call_lines", "text", call_id, line.side.value, line.order)
        return {
            "call_id": call_id,
            "side": line.side.value,
            "place": line.order,
            "final": line.final,
            "confidence": line.confidence,
            "started_at": line.started_at,
            "at": line.at,
            "text": self._keys.seal(line.text.encode(), place),
        }

    def _read_line(self, row: AnyRow) -> Line:
        text = self._keys.open(row.text, context("call_lines", "text", row.call_id, row.side, row.place)).decode()
        return Line(row.place, Side(row.side), text, row.final, row.at, row.started_at, row.confidence)
