"""What a verb of the desk asks for beyond its row of the table (lifecycle.RULES). Each check raises or passes."""

from collections.abc import Sequence

from bot.core.cases import views
from bot.core.cases.desk_tools import DeskTools
from bot.core.cases.lifecycle import PARK_ASKED, RULES, WRITES_ANSWER, Incomplete, MayName, NamesSomebody, Step, Verb
from bot.core.cases.people import Principal, Role
from bot.core.cases.record import AccessClass
from bot.core.cases.state import Case, CaseEvent, Finding, Status
from bot.core.cases.told import maybe_people, place_names, repeats, told_in
from bot.core.errors import CaseConflict, NotPermitted
from bot.core.ports import UnitOfWork


def check(
    tools: DeskTools, unit: UnitOfWork, principal: Principal, case: Case, step: Step, timeline: Sequence[CaseEvent]
) -> None:
    """Raise Incomplete, NamesSomebody, CaseConflict or NotPermitted where the step may not be taken."""
    if step.verb is Verb.ASSIGN:
        _assignment(tools, unit, principal, case, step)
    elif step.verb in WRITES_ANSWER:
        _written(tools, case, step)
        _findings(case, step, timeline)
    elif RULES[step.verb].second_person:
        _approval(principal, case, step, timeline)
    elif step.verb is Verb.CLOSE and not (case.published and case.answer):
        raise CaseConflict(f"case {case.number}: a second person has not approved the answer yet")
    elif step.verb is Verb.PARK:
        _parking(principal, case)


def parks(principal: Principal, case: Case, timeline: Sequence[CaseEvent]) -> bool:
    """True where parking takes place at once: by the supervisor, or as somebody else asked for it before.

    Raises CaseConflict where the same person asks again.
    """
    if principal.role is Role.SUPERVISOR:
        return True
    asked = {event.actor for event in since(timeline, Verb.UNPARK) if event.kind == PARK_ASKED}
    if asked == {principal.id}:
        raise CaseConflict(f"case {case.number}: a second person has not looked at it yet")
    return bool(asked)


def since(timeline: Sequence[CaseEvent], kind: str) -> Sequence[CaseEvent]:
    """Return the entries after the last one of this kind; all where there is none."""
    last = max((at for at, event in enumerate(timeline) if event.kind == kind), default=-1)
    return timeline[last + 1 :]


def _assignment(tools: DeskTools, unit: UnitOfWork, principal: Principal, case: Case, step: Step) -> None:
    if case.status is Status.INSPECTION and principal.role is not Role.SUPERVISOR:
        raise NotPermitted("only the supervisor takes a case from an inspection team")
    if step.unit:
        found = tools.registry.unit(step.unit)
        if found is None or not found.in_remit:
            raise Incomplete(("unit",))
        if case.access is AccessClass.RESTRICTED:
            raise NotPermitted("a restricted case goes to officers, never to a unit")
    elif step.person:
        person = next((p for p in unit.principals.all() if p.id == step.person), None)
        if person is None or person.role not in {Role.OFFICER, Role.SUPERVISOR}:
            raise Incomplete(("person",))
        if not tools.access.may(person, Verb.ANSWER, case):
            raise NotPermitted("this person may not handle the case")
    if not set(step.files) <= {file.id for file in unit.attachments.of_case(case.id)}:
        raise Incomplete(("files",))


def _written(tools: DeskTools, case: Case, step: Step) -> None:
    """What everybody reads repeats no name or home of the story, and names nobody by oversight."""
    public = (step.text, step.reason, step.document, step.remedy, step.note if step.verb is Verb.CORRECT else "")
    places, record = place_names(tools.registry), case.record
    story = (record.narrative, record.narrative_raw, record.story.witnesses or "", *case.additions)
    told = told_in(story, places)
    if any(repeats(text, views.names_of(case), told, places) for text in public):
        raise NamesSomebody("the answer names somebody of the case, a home or a personal number")
    words = tuple(dict.fromkeys(word for text in public for word in maybe_people(text, places)))
    if words and not step.confirmed:
        raise MayName(words)


def _findings(case: Case, step: Step, timeline: Sequence[CaseEvent]) -> None:
    """Whatever state a case was brought to meanwhile, what an inspection looks into is answered with its findings."""
    if step.answer().finding is Finding.NOT_OURS:
        return
    kinds = [event.kind for event in timeline]
    if Verb.INSPECT in kinds and Verb.FINDINGS not in [event.kind for event in since(timeline, Verb.INSPECT)]:
        raise CaseConflict(f"case {case.number}: the inspection team's findings are not recorded")


def _approval(principal: Principal, case: Case, step: Step, timeline: Sequence[CaseEvent]) -> None:
    if case.published:
        raise CaseConflict(f"case {case.number}: the answer is approved already")
    written = views.last_answer(timeline)
    if written and written.actor == principal.id:
        raise NotPermitted("an answer is approved by a second person, not by who wrote it")
    if written is None or written.sequence != step.answer_sequence:
        raise CaseConflict(f"case {case.number}: the answer is not the one that was read")


def _parking(principal: Principal, case: Case) -> None:
    if case.reopened or case.answer is not None:
        raise CaseConflict(f"case {case.number}: what was answered once is no spam")
    if case.status is Status.PARKED and principal.role is not Role.SUPERVISOR:
        raise CaseConflict(f"case {case.number} is parked: only the supervisor looks at it again")
