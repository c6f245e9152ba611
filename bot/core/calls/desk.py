"""What operators do with calls: look, take, end, look up, wrap up, send, call back. Blocking.

Every act that changes something is audited, in its own transaction. Looking at somebody else's call is audited too.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core import standing_in
from bot.core.calls.asking import question_of
from bot.core.calls.call_back import CALL_BACK, promised_task
from bot.core.calls.codes import new_code
from bot.core.calls.model import BY_HAND, Call, CallEvent, CallState, Outcome
from bot.core.calls.ports import CodeFor, LookedUp, WrapUp
from bot.core.calls.suggesting import Item, suggested
from bot.core.calls.tools import CallTools, held_call, require_caller_role, require_own
from bot.core.calls.transcript import Line
from bot.core.calls.wrapping import Opened, Wrapping
from bot.core.cases.desk_tools import require_reason
from bot.core.cases.lifecycle import Incomplete
from bot.core.cases.office_ports import Task
from bot.core.cases.people import Principal, Role
from bot.core.enquiry.titles import plain_name
from bot.core.errors import CallClaimed, StoreUnavailable
from bot.core.openings import Openings
from bot.core.ports import UnitOfWork
from bot.core.privacy import mask
from bot.core.procedures import Facet

MADE, CLAIMED, ENDED, WRAPPED = "call_made", "call_claimed", "call_ended", "call_wrapped"
OPENED, REVEALED, CODE_MADE, BACK = "call_opened", "call_number_revealed", "call_code_made", "call_back_made"
MAX_CODES = 8
# Lines that are looked at for a question, and that are shown.
LOOK_BACK, MOST_SHOWN = 80, 400
_FARTHEST_BACK = timedelta(days=60)
# A page that stands open reads its call every second, a hidden one every minute.
_OPENED_AGAIN = timedelta(minutes=3)


@dataclass(frozen=True)
class OpenCall:
    """A call with what was said, looked up and filed in it; `lines` have personal numbers masked."""

    call: Call
    lines: tuple[Line, ...]
    looked_up: tuple[LookedUp, ...]
    case_numbers: tuple[str, ...]
    topics: tuple[str, ...]
    outcomes: tuple[tuple[Outcome, str], ...]


@dataclass(frozen=True)
class Suggestions:
    """What is suggested for the caller's last question; `upto` is the last line that was looked at."""

    upto: int
    items: tuple[Item, ...]


class CallDesk:
    """The acts. Everything blocks; callers use a thread pool."""

    def __init__(self, tools: CallTools) -> None:
        self._tools = tools
        self._wrapping = Wrapping(tools.phrases)
        self._openings = Openings(_OPENED_AGAIN)

    def live(self, principal: Principal) -> list[Call]:
        """Return calls that ring or are under way."""
        require_caller_role(principal)
        with self._tools.units() as unit:
            return unit.calls.live()

    def recent(self, principal: Principal, limit: int = 50, before: datetime | None = None) -> list[Call]:
        """Return calls, the latest first; what others noted of theirs is left out."""
        require_caller_role(principal)
        with self._tools.units() as unit:
            found = unit.calls.recent(limit, before)
        return [call if self._may_read(principal, call) else _bare(call) for call in found]

    def people(self) -> dict[str, str]:
        """Return the names of everybody with an account, by id."""
        with self._tools.units() as unit:
            return _names(unit)

    def opaque_of(self, provider_id: str) -> str | None:
        """Return the name in addresses of the call that a switchboard calls so, or None."""
        with self._tools.units() as unit:
            call = unit.calls.by_provider(provider_id)
        return call.opaque if call else None

    def make(self, principal: Principal, number: str | None) -> Call:
        """Make a call by hand, where no switchboard tells of it: the principal has it at once."""
        require_caller_role(principal)
        now, mark = self._tools.clock.now(), uuid.uuid4().hex
        event = CallEvent(BY_HAND, f"{BY_HAND}-{mark}", CallState.ANSWERED, now, number=number)
        with self._tools.units() as unit:
            call = unit.calls.record(event, now)
            call = unit.calls.claim(call.id, principal.id, now)
            self._tools.append(unit, principal, MADE, call.id)
            self._tools.commit(unit, call)
        return call

    def open(self, principal: Principal, call_id: str) -> OpenCall:
        """Return a call with all that is known of it. Somebody else's is for supervisors, and its opening audited."""
        require_caller_role(principal)
        with self._tools.units() as unit:
            call = unit.calls.call(call_id)
            require_own(principal, call)
            lines = tuple(replace(line, text=mask(line.text)) for line in unit.calls.lines(call.id)[-MOST_SHOWN:])
            looked_up, numbers = tuple(unit.calls.looked_up(call.id)), _case_numbers(unit, call.id)
            foreign = call.operator not in {None, principal.id}
            if foreign and self._openings.opens(principal.id, call.id, self._tools.clock.now()):
                self._tools.append(unit, principal, OPENED, call.id)
                unit.commit()
        opened = self._opened(looked_up)
        topics = tuple(self._wrapping.topics(opened, numbers))
        return OpenCall(call, lines, looked_up, numbers, topics, tuple(self._wrapping.outcomes(numbers)))

    def answer(self, principal: Principal, call_id: str) -> Call:
        """Take a call. Raises CallClaimed when somebody else has it."""
        require_caller_role(principal)
        with self._tools.units() as unit:
            before = unit.calls.lock(call_id)
            try:
                call = unit.calls.claim(before.id, principal.id, self._tools.clock.now())
            except CallClaimed as taken:
                raise CallClaimed(taken.by, _names(unit).get(taken.by, "")) from None
            if before.operator is None:
                self._tools.append(unit, principal, CLAIMED, call.id)
            self._tools.commit(unit, call)
        return call

    def end(self, principal: Principal, call_id: str) -> Call:
        """End a call, where the switchboard does not tell."""
        with held_call(self._tools, principal, call_id) as (unit, before):
            call = unit.calls.end(before.id, "operator", self._tools.clock.now())
            if before.active:
                self._tools.append(unit, principal, ENDED, call.id)
            self._tools.commit(unit, call)
        return call

    def look_up(self, principal: Principal, call_id: str, procedure_id: str, facet: Facet) -> None:
        """Note that a side of a procedure was opened for the caller. Raises Incomplete for an unknown procedure."""
        now = self._tools.clock.now()
        self._require_procedure(procedure_id)
        with held_call(self._tools, principal, call_id) as (unit, call):
            unit.calls.look_up(call.id, LookedUp(procedure_id, facet.value, now), principal.id)
            unit.commit()

    def wrap_up(self, principal: Principal, call_id: str, topic: str, outcome: Outcome, note: str) -> Call:
        """Wrap a call up: topic, outcome, note, and the summary composed of what was done. It ends with that."""
        if not topic.strip():
            raise Incomplete(("topic",))
        now = self._tools.clock.now()
        with held_call(self._tools, principal, call_id) as (unit, before):
            call = unit.calls.end(before.id, "operator", now)
            opened = self._opened(unit.calls.looked_up(call.id))
            numbers = _case_numbers(unit, call.id)
            summary = self._wrapping.summary(call, topic, outcome, note, opened, numbers)
            call = unit.calls.wrap(call.id, WrapUp(topic.strip(), outcome, note.strip(), summary), now)
            self._tools.append(unit, principal, WRAPPED, call.id, outcome.value)
            self._tools.commit(unit, call)
        return call

    def send(self, principal: Principal, call_id: str, procedure_id: str, facet: Facet) -> tuple[str, str]:
        """Return a code by which the caller gets an answer in writing, and the sentence that tells how."""
        rules, now = self._tools.rules, self._tools.clock.now()
        self._require_procedure(procedure_id)
        with held_call(self._tools, principal, call_id) as (unit, call):
            what = CodeFor(procedure_id, facet.value, call.id, principal.id)
            for _ in range(MAX_CODES):
                code = new_code()
                if unit.call_codes.add(code, what, now, now + rules.code_life):
                    unit.calls.look_up(call.id, LookedUp(procedure_id, facet.value, now), principal.id)
                    self._tools.append(unit, principal, CODE_MADE, call.id, f"{procedure_id} {facet.value}")
                    unit.commit()
                    hours = round(rules.code_life / timedelta(hours=1))
                    return code, self._tools.phrases.say("call_code_told", code=code, hours=hours)
        raise StoreUnavailable("no free code was found")

    def reveal(self, principal: Principal, call_id: str, reason: str) -> str | None:
        """Return the caller's number, audited; None where there is none. One's own active call needs no reason."""
        with held_call(self._tools, principal, call_id) as (unit, call):
            if not (call.active and call.operator == principal.id):
                require_reason(reason)
            number = unit.calls.number(call.id)
            self._tools.append(unit, principal, REVEALED, call.id, reason.strip())
            unit.commit()
        return number

    def call_back(self, principal: Principal, call_id: str, due_at: datetime, note: str) -> Task:
        """Make a dated task to call back. Raises Incomplete for a day in the past or far ahead."""
        now = self._tools.clock.now()
        if not now - timedelta(minutes=5) <= due_at <= now + _FARTHEST_BACK:
            raise Incomplete(("due_at",))
        with held_call(self._tools, principal, call_id) as (unit, call):
            text = self._tools.phrases.word("call_back_note", note=mask(note.strip()))
            task = Task(promised_task(call.id), CALL_BACK, None, None, text.strip(), due_at, now)
            unit.tasks.add(task)
            self._tools.append(unit, principal, BACK, call.id)
            unit.commit()
        return task

    def suggestions(self, principal: Principal, call_id: str, limit: int = 3) -> Suggestions:
        """Return what is suggested for what the caller asks just now; nothing before they ask."""
        require_caller_role(principal)
        with self._tools.units() as unit:
            call = unit.calls.call(call_id)
            require_own(principal, call)
            lines = unit.calls.lines(call.id)
        asked = question_of(lines[-LOOK_BACK:])
        if asked is None:
            return Suggestions(lines[-1].order if lines else 0, ())
        queries = [mask(query) for query in asked.queries]
        items = suggested(self._tools.suggester, queries, self._tools.clock.now(), limit)
        return Suggestions(asked.upto, items)

    def _opened(self, looked_up: Sequence[LookedUp]) -> list[Opened]:
        facets: dict[str, list[str]] = {}
        for each in looked_up:
            facets.setdefault(each.procedure_id, []).append(self._tools.phrases.word(f"fact_{each.facet}").lower())
        now = self._tools.clock.now()
        found = {name: self._tools.knowledge.procedure(name, now) for name in facets}
        return [
            Opened(plain_name(procedure) if procedure else name, tuple(facets[name]))
            for name, procedure in found.items()
        ]

    def _require_procedure(self, procedure_id: str) -> None:
        if self._tools.knowledge.procedure(procedure_id, self._tools.clock.now()) is None:
            raise Incomplete(("procedure_id",))

    def _may_read(self, principal: Principal, call: Call) -> bool:
        return principal.role is Role.SUPERVISOR or call.operator == principal.id


def _bare(call: Call) -> Call:
    """Return a call without what its operator wrote of it."""
    return replace(call, topic=None, note="", summary="")


def _names(unit: UnitOfWork) -> dict[str, str]:
    return {principal.id: principal.name for principal in unit.principals.all()}


def _case_numbers(unit: UnitOfWork, call_id: str) -> tuple[str, ...]:
    """Return the numbers of the cases filed out of a call, in order."""
    return tuple(case.number for case in reversed(unit.cases.of_conversation(standing_in.of_call(call_id))))
