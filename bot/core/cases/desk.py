"""What officers, units and supervisors do with cases: each act checked, changed and audited in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.core.cases import views
from bot.core.cases.access import Office, View, require_office
from bot.core.cases.desk_checks import check, parks
from bot.core.cases.desk_tools import PAGE, DeskTools, every, require_reason
from bot.core.cases.lifecycle import (
    HANDLERS,
    PARK_ASKED,
    RULES,
    WRITES_ANSWER,
    Rising,
    Step,
    Verb,
    due_after,
    look_again,
    require_complete,
    rises,
)
from bot.core.cases.news import announce
from bot.core.cases.office_ports import Task
from bot.core.cases.people import Principal
from bot.core.cases.state import Case, CaseEvent, CaseFilter, Status
from bot.core.errors import CaseConflict, NotPermitted, UnknownCase

OVERDUE_TASK = "overdue"
SYSTEM = "system"
# The reasons of these are the office's own and go into the audit; an answer's reason is the answer's.
_AUDITED_REASONS = frozenset({Verb.RELEASE, Verb.INSPECT, Verb.SEND_BACK, Verb.PARK, Verb.UNPARK})
_NOTES = {
    Rising.UNRELEASED: "Phiếu {number} chưa được xem và cho chuyển; hạn là ngày {due:%d/%m/%Y}.",
    Rising.OVERDUE: "Phiếu {number} đã quá hạn ngày {due:%d/%m/%Y}.",
    Rising.PARKED: "Phiếu {number} vẫn để riêng; hạn xem lại là ngày {due:%d/%m/%Y}.",
    Rising.LEFT: "Phiếu {number} đang giao cho tài khoản đã bị khóa, hãy giao lại; hạn là ngày {due:%d/%m/%Y}.",
}


@dataclass(frozen=True)
class RisingCase:
    """A case that its supervisor must look at, why, and the day by which it should have been done."""

    case: Case
    why: Rising
    due: date


class CaseDesk:
    """The acts. Everything blocks; callers use a thread pool."""

    def __init__(self, tools: DeskTools) -> None:
        self._tools = tools

    def act(self, principal: Principal, case_id: str, step: Step) -> views.CaseView:
        """Take one step; see lifecycle.RULES. Returns the case as the principal now sees it.

        Raises Incomplete, NamesSomebody, CaseConflict (wrong state, or somebody was faster), NotPermitted (also: the
        second person is the first), UnknownCase. Nothing is changed then.
        """
        tools, rule, now = self._tools, RULES[step.verb], self._tools.clock.now()
        reason = step.reason if step.verb in _AUDITED_REASONS else ""
        with tools.units() as unit:
            case = tools.enter(unit, principal, step.verb, case_id, reason)
            require_complete(step)
            if case.status not in rule.before:
                raise CaseConflict(f"case {case.number} is {case.status}: {step.verb} is not possible")
            timeline = unit.cases.timeline(case_id)
            check(tools, unit, principal, case, step, timeline)
            kind, after = str(step.verb), rule.after
            if step.verb is Verb.PARK and not parks(principal, case, timeline):
                kind, after = PARK_ASKED, None
            event = unit.cases.change(
                case_id,
                kind,
                principal.id,
                now,
                step.entry(),
                expected=tuple(rule.before),
                status=after,
                due_on=due_after(step.verb, case, began(case, timeline), tools.today(), tools.deadlines),
                notify_backend=True,
                **_changes(step),
            )
            announce(unit, case, step.verb, event)
            unit.commit()
            changed = unit.cases.case(case_id)
            unit.commit()
        return views.summary(changed, tools.access.level(principal, changed))

    def reveal(self, principal: Principal, case_id: str, reason: str) -> views.Revealed:
        """Open the words as typed and the contact, with a reason, audited. Raises Incomplete without one."""
        require_reason(reason)
        with self._tools.units() as unit:
            case = self._tools.enter(unit, principal, View.REVEAL, case_id, reason)
            opened = views.reveal(case, unit.cases.timeline(case_id))
            unit.commit()
        return opened

    def retry(self, principal: Principal, number: str) -> int:
        """Make what the backend was not given of a case due now; return how many rows. Audited.

        Whoever keeps the system running may do it for any case, for nothing of it is seen. Raises NotPermitted,
        UnknownCase.
        """
        if not principal.active or principal.role not in HANDLERS:
            raise NotPermitted(f"{principal.role} may not retry")
        with self._tools.units() as unit:
            case_id = unit.cases.by_number(number)
            if case_id is None:
                raise UnknownCase(f"there is no case {number}")
            self._tools.append(unit, principal, "retry", case_id, "")
            rows = unit.outbox.requeue(case_id, self._tools.clock.now())
            unit.commit()
        return rows

    def finish_task(self, principal: Principal, task_id: str) -> bool:
        """Close a task that the principal sees; False if it is closed already. Raises UnknownCase for any other."""
        require_office(principal, Office.TASKS)
        with self._tools.units() as unit:
            task = next((t for t in unit.tasks.open(PAGE) if t.id == task_id), None)
            if task is None:
                return False
            if task.case_id:
                self._tools.access.require(principal, View.LIST, unit.cases.case(task.case_id))
            done = unit.tasks.finish(task_id, principal.id, self._tools.clock.now())
            self._tools.append(unit, principal, "task_done", task_id, "")
            unit.commit()
        return done

    def rise(self) -> list[RisingCase]:
        """Return the cases that somebody must look at (lifecycle.Rising), and make a task for each.

        However often it is called, a case has one such task a day; those of earlier days are closed.
        """
        now, today = self._tools.clock.now(), self._tools.today()
        found = self._rising(today)
        with self._tools.units() as unit:
            ids = {f"{OVERDUE_TASK}-{case_id}-{today:%Y%m%d}" for case_id in found}
            for task in unit.tasks.open(PAGE):
                if task.kind == OVERDUE_TASK and task.id not in ids:
                    unit.tasks.finish(task.id, SYSTEM, now)
            for case_id, rising in found.items():
                note = _NOTES[rising.why].format(number=rising.case.number, due=rising.due)
                task_id = f"{OVERDUE_TASK}-{case_id}-{today:%Y%m%d}"
                unit.tasks.add(Task(task_id, OVERDUE_TASK, case_id, None, note, due_at=now, created_at=now))
            unit.commit()
        return sorted(found.values(), key=lambda rising: rising.due)

    def left_by(self, principal: Principal, person: str) -> list[str]:
        """Return the numbers of cases assigned to somebody, as far as the principal may know of them."""
        with self._tools.units() as unit:
            found = every(unit, left_by(person))
        return sorted(case.number for case in found if self._tools.access.may(principal, View.LIST, case))

    def overdue(self, principal: Principal) -> list[RisingCase]:
        """Return what `rise` returns, as far as the principal may know of it, without making tasks."""
        require_office(principal, Office.OVERDUE)
        found = self._rising(self._tools.today()).values()
        allowed = [each for each in found if self._tools.access.may(principal, View.LIST, each.case)]
        return sorted(allowed, key=lambda rising: rising.due)

    def _rising(self, today: date) -> dict[str, RisingCase]:
        found: dict[str, RisingCase] = {}
        deadlines = self._tools.deadlines
        with self._tools.units() as unit:
            for wanted in (CaseFilter(status=(Status.RECEIVED,)), CaseFilter(overdue_on=today)):
                for case in every(unit, wanted):
                    since = began(case, unit.cases.timeline(case.id)) if case.reopened else _day(case.created_at)
                    why = rises(case, since, today, deadlines)
                    if why and case.id not in found:
                        found[case.id] = RisingCase(case, *why)
            for case in every(unit, CaseFilter(status=(Status.PARKED,))):
                again = look_again(case, _parked(unit.cases.timeline(case.id)), deadlines)
                if again and again < today:
                    found[case.id] = RisingCase(case, Rising.PARKED, again)
            for person in unit.principals.all():
                for case in () if person.active else every(unit, left_by(person.id)):
                    found.setdefault(case.id, RisingCase(case, Rising.LEFT, case.due_on or today))
        return found


def began(case: Case, timeline: Sequence[CaseEvent]) -> date:
    """Return the day in Viet Nam from which the promise counts: received, or reopened."""
    reopened = [event.at for event in timeline if event.kind == "reopened"]
    return _day(reopened[-1] if reopened else case.created_at)


def left_by(person: str) -> CaseFilter:
    """Return a filter of what is assigned to somebody who no longer works on it."""
    return CaseFilter(status=(Status.ASSIGNED, Status.EXPLAINED), assigned_to=person)


def _parked(timeline: Sequence[CaseEvent]) -> date:
    """Return the day in Viet Nam on which a case was set aside, or looked at again, last."""
    return _day(next((event.at for event in reversed(timeline) if event.kind == Verb.PARK), timeline[-1].at))


def _day(moment: datetime) -> date:
    return moment.astimezone(views.VIETNAM).date()


def _changes(step: Step) -> dict[str, Any]:
    """What a verb changes besides state and deadline; an empty text takes an assignment back."""
    if step.verb is Verb.ASSIGN:
        return {"assigned_unit": step.unit or "", "assigned_to": step.person or ""}
    if step.verb in WRITES_ANSWER:
        return {"answer": step.answer(), "published": False}
    return {"published": True} if step.verb is Verb.PUBLISH else {}
