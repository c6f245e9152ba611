"""What of a case is shown to whom: each level (bot.core.cases.access.Level) with its fields. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.cases.access import Level
from bot.core.cases.lifecycle import WRITES_ANSWER, Verb
from bot.core.cases.record import CaseRecord, Contact, Story
from bot.core.cases.redaction import hide, hide_known, redact
from bot.core.cases.state import Answer, Case, CaseEvent, Status
from bot.core.story import Reach

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
# What a unit's timeline holds, with the fields it may read: its own words and what was said to it.
_UNIT_ENTRIES: dict[str, tuple[str, ...]] = {
    Verb.ASSIGN: ("note",),
    Verb.REPLY: ("text", "reason", "remedy", "document"),
    Verb.EXPLAIN: ("text",),
    Verb.SEND_BACK: ("reason",),
    Verb.CLOSE: (),
}
# What nobody reads without a reason: the words as typed, and contacts.
_SEALED = frozenset({"raw", "contact"})
_CITIZENS_OWN = frozenset(
    {"filed", "added", "reopened", "withdrawn", "rated", Verb.RELEASE, Verb.INSPECT, Verb.CLOSE}
)


@dataclass(frozen=True)
class Assignment:
    """What an officer gave along when a unit was assigned: a line, a summary in place of the story, cleared files."""

    note: str = ""
    text: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseView:
    """A case as one level sees it; what it may not see is None or empty.

    `contact` says how the citizen may be reached without saying where («số đuôi 678»). `received_at` is the day alone
    for a unit. `files` counts the files that the viewer may open. `answer_sequence` is what approving
    the answer names.
    """

    id: str
    number: str
    level: Level
    status: Status
    input_type: str
    received_at: datetime
    unit: str | None = None
    behaviours: tuple[str, ...] = ()
    access: str | None = None
    severity: int | None = None
    due_on: date | None = None
    assigned_unit: str | None = None
    assigned_to: str | None = None
    published: bool | None = None
    reopened: bool | None = None
    score: int | None = None
    cluster: str | None = None
    related: tuple[str, ...] = ()
    answer: Answer | None = None
    answer_sequence: int | None = None
    desk: str | None = None
    counter: str | None = None
    event_date: date | None = None
    event_time: time | None = None
    unit_former: str | None = None
    unit_options: tuple[str, ...] = ()
    procedure: str | None = None
    narrative: str | None = None
    story: Story | None = None
    channel: str | None = None
    identity: str | None = None
    staff: str | None = None
    dossier_code: str | None = None
    contact: str | None = None
    backend_reference: str | None = None
    backend_state: str | None = None
    note: str | None = None
    files: int = 0


@dataclass(frozen=True)
class EntryView:
    """One entry of a timeline as one level sees it; `at` is midnight of its day for a unit."""

    sequence: int
    at: datetime
    kind: str
    actor: str | None
    body: dict[str, Any]


@dataclass(frozen=True)
class Revealed:
    """What was sealed apart: opened with a reason, shown once, audited."""

    number: str
    narrative_raw: str
    contact: Contact
    staff: str | None
    witnesses: str | None
    additions: tuple[str, ...]


def summary(case: Case, level: Level) -> CaseView:
    """Return a case as it stands in a list: no words and no names."""
    view = CaseView(case.id, case.number, level, case.status, case.record.input_type, case.record.received_at)
    if level is Level.OWN:
        return replace(view, due_on=case.due_on, reopened=case.reopened, score=case.score)
    view = replace(
        view,
        unit=case.record.unit,
        behaviours=case.record.behaviours,
        due_on=case.due_on,
        assigned_unit=case.assigned_unit or None,
    )
    if level is Level.REDACTED:
        return replace(view, received_at=day_of(case.record.received_at))
    return replace(
        view,
        access=case.access.value,
        severity=case.record.severity,
        assigned_to=case.assigned_to or None,
        published=case.published,
        reopened=case.reopened,
        score=case.score,
        cluster=case.cluster,
        related=case.related,
        backend_reference=case.backend_reference,
        backend_state=case.backend_state,
    )


def whole(case: Case, level: Level, timeline: Sequence[CaseEvent], files: int = 0) -> CaseView:
    """Return a case as it is opened at this level."""
    view, answer = summary(case, level), case.answer if case.status is Status.CLOSED else None
    written = last_answer(timeline) if level in {Level.FULL, Level.MASKED} and case.answer else None
    view = replace(view, answer_sequence=written.sequence if written else None)
    if level is Level.STATUS:
        return view
    if level is Level.OWN:
        return replace(view, answer=citizens_answer(case) if answer else None)
    if level is Level.FULL:
        return _with_story(replace(view, answer=case.answer, files=files, staff=case.record.staff), case.record)
    record, known = redact(case.record), names_of(case)
    if level is Level.MASKED:
        record = replace(record, channel=case.record.channel, identity=case.record.identity)
        shown = _hidden(case.answer, known) if case.answer else None
        return _with_story(replace(view, answer=shown, files=files), record)
    given = assignment_of(case, timeline)
    if given.text:
        record = replace(record, narrative=hide(given.text, known))
    given_view = replace(
        view,
        answer=_hidden(answer, known) if answer else None,
        files=len(given.files),
        note=hide(given.note, known) or None,
    )
    return replace(_with_story(given_view, record), identity=None, channel=None, contact=None)


def entries(timeline: Sequence[CaseEvent], level: Level, case: Case) -> list[EntryView]:
    """Return what of a timeline this level sees; where that is not all, numbers do not tell how much there is."""
    shown = [found for event in timeline if (found := entry(event, level, case)) is not None]
    if level in {Level.FULL, Level.MASKED, Level.STATUS}:
        return shown
    return [replace(found, sequence=at) for at, found in enumerate(shown, start=1)]


def entry(event: CaseEvent, level: Level, case: Case) -> EntryView | None:
    """Return an entry of the timeline at this level; None where the level does not see that it was made."""
    if level is Level.REDACTED:
        fields, known = _UNIT_ENTRIES.get(event.kind), names_of(case)
        if fields is None or (event.kind == Verb.ASSIGN and event.body.get("unit") != case.assigned_unit):
            return None
        body = {name: hide(str(event.body[name]), known) for name in fields if event.body.get(name)}
        return EntryView(event.sequence, day_of(event.at), event.kind, None, body)
    if level is Level.OWN:
        return EntryView(event.sequence, event.at, event.kind, None, {}) if event.kind in _CITIZENS_OWN else None
    body = {name: value for name, value in event.body.items() if name not in _SEALED} if level is Level.FULL else {}
    return EntryView(event.sequence, event.at, event.kind, event.actor, body)


def reveal(case: Case, timeline: Sequence[CaseEvent]) -> Revealed:
    """Return the words as typed and the contact."""
    record = case.record
    additions = tuple(str(e.body.get("raw") or e.body.get("text") or "") for e in timeline if e.kind == "added")
    return Revealed(
        case.number, record.narrative_raw, record.contact, record.staff, record.story.witnesses, additions
    )


def assignment_of(case: Case, timeline: Sequence[CaseEvent]) -> Assignment:
    """Return what went along with the present assignment of a unit."""
    body = next((e.body for e in reversed(timeline) if e.kind == Verb.ASSIGN), {})
    if body.get("unit") != case.assigned_unit:
        return Assignment()
    return Assignment(str(body.get("note", "")), str(body.get("text", "")), tuple(body.get("files", ())))


def citizens_answer(case: Case) -> Answer:
    """Return the answer as the citizen reads it: nobody of the case named. Raises ValueError where there is none."""
    answer, known = case.answer, names_of(case)
    if answer is None:
        raise ValueError("a case without an answer has none to show")
    return replace(_hidden(answer, known), document=hide_known(answer.document, known))


def last_answer(timeline: Sequence[CaseEvent]) -> CaseEvent | None:
    """Return the entry that wrote the answer as it stands."""
    return next((event for event in reversed(timeline) if event.kind in WRITES_ANSWER), None)


def names_of(case: Case) -> tuple[str | None, ...]:
    """Return the names that are hidden from whoever is not an officer."""
    return (case.record.contact.name, case.record.staff)


def _with_story(view: CaseView, record: CaseRecord) -> CaseView:
    return replace(
        view,
        desk=record.desk.value,
        counter=record.counter,
        event_date=record.event_date,
        event_time=record.event_time,
        unit_former=record.unit_former,
        unit_options=record.unit_options,
        procedure=record.procedure,
        narrative=record.narrative,
        story=record.story,
        channel=record.channel,
        identity=record.identity.value,
        dossier_code=record.dossier_code,
        contact=_reachable(record.contact, record.reach),
    )


_WAYS = {Reach.SMS: ", chỉ nhắn tin", Reach.CHAT: ", nhắn trong khung chat"}


def _reachable(contact: Contact, reach: Reach | None) -> str | None:
    digits = "".join(filter(str.isdigit, contact.phone or ""))
    if digits:
        return f"số đuôi {digits[-3:]}{_WAYS.get(reach, '') if reach else ''}"
    return "thư điện tử" if contact.email else None


def _hidden(answer: Answer, known: Sequence[str | None]) -> Answer:
    return replace(
        answer,
        text=hide_known(answer.text, known),
        reason=hide_known(answer.reason, known),
        document=hide(answer.document, known),
        remedy=hide_known(answer.remedy, known),
    )


def day_of(moment: datetime) -> datetime:
    """Return midnight in Viet Nam of a moment's day."""
    return moment.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
