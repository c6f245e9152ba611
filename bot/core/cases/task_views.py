"""Open tasks as they are shown: what each is about, as far as one may know of it."""

from dataclasses import dataclass, replace

from bot.core.calls.call_back import call_of
from bot.core.cases import views
from bot.core.cases.access import Access, Level, View
from bot.core.cases.office_ports import Task
from bot.core.cases.people import Principal
from bot.core.cases.redaction import hide
from bot.core.ports import UnitOfWork
from bot.core.standing_in import stands_in

_MOST = 500


@dataclass(frozen=True)
class OpenTask:
    """A task and what it is about: a case, a chat, a call. `channel` is in which way that came."""

    task: Task
    case_id: str | None = None
    number: str | None = None
    channel: str | None = None
    conversation_id: str | None = None
    call_id: str | None = None


def open_tasks(unit: UnitOfWork, principal: Principal, access: Access) -> list[OpenTask]:
    """Return open tasks, most urgent first; those of hidden cases are left out."""
    shown: list[OpenTask] = []
    for task in unit.tasks.open(_MOST):
        case = unit.cases.case(task.case_id) if task.case_id else None
        if case is None:
            shown.append(_about(unit, principal, access, task))
        elif access.may(principal, View.LIST, case):
            note = task.note if access.level(principal, case) is Level.FULL else ""
            task = replace(task, note=note or hide(task.note, views.names_of(case)))
            shown.append(OpenTask(task, case.id, case.number, case.record.channel))
    return shown


def _about(unit: UnitOfWork, principal: Principal, access: Access, task: Task) -> OpenTask:
    """Return what a task is about that names no case."""
    conversation = task.conversation_id
    if not conversation or not unit.conversation_exists(conversation):
        return OpenTask(task, call_id=call_of(task))
    known = [case for case in unit.cases.of_conversation(conversation) if access.may(principal, View.LIST, case)]
    return OpenTask(
        task,
        case_id=known[0].id if known else None,
        number=known[0].number if known else None,
        channel=unit.channel(conversation),
        conversation_id=None if stands_in(conversation) else conversation,
    )
