"""Takes in what switchboards and recognisers deliver, and forgets it in time. Blocking.

Everything may come twice, late or in the wrong order; nothing of it is answered with an error of ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.core.calls.call_back import CALL_BACK, call_of, is_missed, missed_task
from bot.core.calls.model import UNTOLD, Call, CallEvent, CallState
from bot.core.calls.tools import CallTools
from bot.core.calls.transcript import Line
from bot.core.cases.office_ports import Task
from bot.core.phrases import vietnamese_date
from bot.core.ports import UnitOfWork
from bot.core.story import VIETNAM

_OPENS, _LAST_CALLS = time(8), time(16)
SYSTEM = "system"
_MOST_TASKS = 500


@dataclass(frozen=True)
class HeardLine:
    """A line of a call that a recogniser sent; `provider_id` names the call as the switchboard does."""

    provider_id: str
    line: Line


@dataclass(frozen=True)
class Forgotten:
    """What housekeeping did."""

    lost_calls: int
    calls_without_lines: int
    numbers: int


class CallIntake:
    """Takes in events and lines."""

    def __init__(self, tools: CallTools) -> None:
        self._tools = tools

    def event(self, event: CallEvent) -> Call:
        """Take in what a switchboard says of a call; return the call as it stands."""
        now, rules = self._tools.clock.now(), self._tools.rules
        with self._tools.units() as unit:
            call = unit.calls.record(event, now)
            owner = rules.extensions.get(event.extension or "")
            if event.state is CallState.ANSWERED and owner and call.operator != owner and call.active:
                # Who lifted the receiver has the call; a transfer at the switchboard hands it over.
                known = {principal.id for principal in unit.principals.all() if principal.active}
                call = unit.calls.hand_over(call.id, owner, now) if owner in known else call
            if call.missed and rules.missed_tasks:
                self._remember_missed(unit, call, now)
            elif event.state is CallState.ANSWERED:
                # Its end was told of first: nobody needs to call back.
                unit.tasks.finish(missed_task(call.id), SYSTEM, now)
            self._tools.commit(unit, call)
        return call

    def lines(self, heard: Sequence[HeardLine]) -> int:
        """Take in lines; return how many changed anything. Those of calls that are long over are passed over."""
        now, rules = self._tools.clock.now(), self._tools.rules
        by_call: dict[str, list[Line]] = {}
        for each in heard:
            by_call.setdefault(each.provider_id, []).append(each.line)
        changed, begun = 0, []
        with self._tools.units() as unit:
            for provider_id, lines in sorted(by_call.items()):
                call = unit.calls.by_provider(provider_id)
                if call is None:
                    # The switchboard is slower than the recogniser: the call is made with what is known of it.
                    first = CallEvent(UNTOLD, provider_id, CallState.ANSWERED, lines[0].at)
                    call = unit.calls.record(first, now)
                    begun.append(call)
                if call.ended_at is not None and now - call.ended_at > rules.late_lines:
                    continue
                changed += unit.calls.hear(call.id, lines, rules.most_lines, now)
            self._tools.commit(unit, *begun)
        return changed

    def housekeep(self) -> Forgotten:
        """End calls whose end was lost, and delete what has been kept long enough."""
        now, rules = self._tools.clock.now(), self._tools.rules
        with self._tools.units() as unit:
            lost = unit.calls.lost(now - rules.ringing_lost, now - rules.answered_lost)
            for call in lost:
                ended = unit.calls.end(call.id, "lost", now)
                if ended.missed and rules.missed_tasks:
                    self._remember_missed(unit, ended, now)
            without_lines = unit.calls.forget_lines(now - rules.keep_lines)
            # A number is kept as long as somebody is to be called back.
            waiting = [name for task in unit.tasks.open(_MOST_TASKS) if (name := call_of(task))]
            numbers = unit.calls.forget_numbers(now - rules.keep_numbers, waiting)
            unit.call_codes.forget(now - rules.code_life)
            self._tools.commit(unit, *lost)
        return Forgotten(len(lost), without_lines, numbers)

    def _remember_missed(self, unit: UnitOfWork, call: Call, now: datetime) -> None:
        """Make a task to call back, one a day for each caller; a withheld number cannot be called back."""
        caller = unit.calls.same_caller(call.id)
        if caller is None:
            return
        local = call.started_at.astimezone(VIETNAM)
        note = self._tools.phrases.word(
            "call_missed_note", time=f"{local:%H:%M}", date=vietnamese_date(local.date()), number=call.masked
        )
        for task in unit.tasks.open(_MOST_TASKS):
            other = call_of(task) if is_missed(task) else None
            if other not in {None, call.id} and unit.calls.same_caller(str(other)) == caller:
                return
        unit.tasks.add(Task(missed_task(call.id), CALL_BACK, None, None, note, self._due(now), now))

    def _due(self, now: datetime) -> datetime:
        """Return when a missed caller is to be called back: within an hour, or when the office opens."""
        local = now.astimezone(VIETNAM)
        working = self._tools.calendar.add_working_days(local.date(), 0) == local.date()
        if working and _OPENS <= local.time() < _LAST_CALLS:
            return now + timedelta(hours=1)
        day = local.date()
        if not (working and local.time() < _OPENS):
            day = self._tools.calendar.add_working_days(day, 1) or day + timedelta(days=1)
        return datetime.combine(day, _OPENS, VIETNAM) + timedelta(hours=1)
