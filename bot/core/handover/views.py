"""What people see of conversations: lists, one conversation whole, who is there, what the hours are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.cases.access import Access, Level
from bot.core.cases.people import Principal
from bot.core.cases.state import Case
from bot.core.conversation import Owner
from bot.core.errors import NotPermitted
from bot.core.handover import access as rights
from bot.core.handover.hours import Hours
from bot.core.handover.ports import Box, Note, Row
from bot.core.handover.presence import State, on_duty
from bot.core.handover.queue import places
from bot.core.handover.showing import Person, Shown, Summary, hide, label, last_words, shown
from bot.core.messages import Event, EventKind
from bot.core.openings import Openings
from bot.core.ports import Clock, UnitOfWork, UnitOfWorkFactory
from nlu.text import fold

LAST_EVENTS = 200
# Of each conversation so many events are looked through for words, of so many conversations.
_SEARCHED_EVENTS, _SEARCHED = 40, 200
# Notices between the last words and now, at most.
_TAIL = 8
_OPENED_AGAIN = timedelta(minutes=10)

# Other conversations of the same person, where that is known.
Companions = Callable[[UnitOfWork, str], Sequence[str]]


@dataclass(frozen=True)
class Page:
    """A list; `before` asks for the next page, None where this is the last."""

    items: tuple[Summary, ...]
    before: tuple[datetime, str] | None
    counts: Mapping[str, int]


@dataclass(frozen=True)
class EarlierCase:
    """A case of the same citizen, without its words."""

    number: str
    status: str
    behaviours: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True)
class Opened:
    """One conversation. `suggested_sequence` is the citizen's last message, to which answers are suggested."""

    summary: Summary
    events: tuple[Shown, ...]
    notes: tuple[tuple[Note, Person], ...]
    conversations: tuple[Summary, ...]
    cases: tuple[EarlierCase, ...]
    suggested_sequence: int | None


@dataclass(frozen=True)
class Colleague:
    """Somebody of the staff, and how many conversations they attend."""

    id: str
    name: str
    state: State
    attending: int


@dataclass(frozen=True)
class HoursNow:
    """Whether the office answers now."""

    open: bool
    on_duty: int
    shift: str | None
    next_open: datetime | None


class ConversationViews:
    """Shows conversations to those who may read them. Blocking. Raises NotPermitted, UnknownConversation."""

    def __init__(
        self,
        units: UnitOfWorkFactory,
        clock: Clock,
        hours: Hours,
        access: Access,
        companions: Companions = lambda _unit, _conversation: (),
    ) -> None:
        self._units = units
        self._clock = clock
        self._hours = hours
        self._access = access
        self._companions = companions
        self._openings = Openings(_OPENED_AGAIN)

    def box(
        self, who: Principal, box: Box, query: str = "", before: tuple[datetime, str] | None = None, limit: int = 50
    ) -> Page:
        """Return a list. Those who wait come in the order in which they are to be taken, all at once."""
        rights.require_use(who)
        supervises = rights.may_force(who)
        wanted = _SEARCHED if query or box is Box.WAITING else limit
        with self._units() as unit:
            rows = unit.switchboard.rows(
                box, who.id, all_closed=supervises, with_bot=supervises, before=before, limit=wanted
            )
            last = (rows[-1].updated_at, rows[-1].conversation_id) if len(rows) == wanted else None
            rows = self._unconflicted(unit, who, rows)
            if box is Box.WAITING:
                place, last = places(unit.handovers.waiting()), None
                rows.sort(key=lambda row: place.get(row.conversation_id, len(place)))
            if query:
                rows = [row for row in rows if self._fits(unit, who, row, query)][:limit]
            return Page(tuple(self._summaries(unit, who, rows)), last, unit.switchboard.counts(who.id))

    def summary(self, who: Principal, conversation_id: str) -> Summary:
        """Return one conversation as lists show it."""
        rights.require_use(who)
        with self._units() as unit:
            self._require_unconflicted(unit, who, conversation_id)
            return self._summaries(unit, who, [unit.switchboard.row(conversation_id)])[0]

    def conversation(self, who: Principal, conversation_id: str) -> Opened:
        """Return one conversation whole. Audited, but for who attends it."""
        with self._units() as unit:
            row = self._readable(unit, who, conversation_id)
            events = unit.events_after(conversation_id, max(row.last_sequence - LAST_EVENTS, 0), LAST_EVENTS)
            sent, names = unit.switchboard.replies(conversation_id), _names(unit)
            said = [event.sequence for event in events if event.kind is EventKind.CITIZEN]
            others = [of for of in self._companions(unit, conversation_id) if of != conversation_id]
            rows = self._unconflicted(unit, who, [unit.switchboard.row(other) for other in others])
            cases = [case for of in (conversation_id, *others) for case in unit.cases.of_conversation(of)]
            notes = unit.switchboard.notes(conversation_id)
            opened = Opened(
                summary=self._summaries(unit, who, [row])[0],
                events=tuple(shown(event, sent.get(event.sequence), names) for event in events),
                notes=tuple((note, Person(note.by, names.get(note.by, note.by))) for note in notes),
                conversations=tuple(self._summaries(unit, who, rows)),
                cases=tuple(_earlier(case) for case in cases if self._access.level(who, case) is not Level.NOTHING),
                suggested_sequence=said[-1] if said else None,
            )
        if row.attention.by != who.id:
            self._note_opening(who, conversation_id)
        return opened

    def events(self, who: Principal, conversation_id: str, after: int) -> list[Shown]:
        """Return what was said after a sequence."""
        with self._units() as unit:
            self._readable(unit, who, conversation_id)
            sent, names = unit.switchboard.replies(conversation_id), _names(unit)
            return [
                shown(event, sent.get(event.sequence), names)
                for event in unit.events_after(conversation_id, after, LAST_EVENTS)
            ]

    def colleagues(self, who: Principal) -> list[Colleague]:
        """Return who of the staff is there."""
        rights.require_use(who)
        now = self._clock.now()
        with self._units() as unit:
            names, attended = _names(unit), list(unit.handovers.attended().values())
            return [
                Colleague(
                    each.principal_id,
                    names.get(each.principal_id, each.principal_id),
                    each.shown(now),
                    attended.count(each.principal_id),
                )
                for each in unit.switchboard.everybody()
            ]

    def hours(self) -> HoursNow:
        """Return whether the office answers now."""
        now = self._clock.now()
        with self._units() as unit:
            there = on_duty(unit.switchboard.everybody(), now)
        at = self._hours.at(now)
        return HoursNow(at.open, len(there), at.shift, at.next_open)

    def _readable(self, unit: UnitOfWork, who: Principal, conversation_id: str) -> Row:
        rights.require_use(who)
        row = unit.switchboard.row(conversation_id)
        self._require_unconflicted(unit, who, conversation_id)
        if not rights.may_read(who, row.attention):
            raise NotPermitted(f"{who.role} may not read this conversation")
        return row

    def _require_unconflicted(self, unit: UnitOfWork, who: Principal, conversation_id: str) -> None:
        if rights.in_conflict(who, unit.cases.of_conversation(conversation_id), self._access):
            raise NotPermitted("a case of this conversation is about them")

    def _unconflicted(self, unit: UnitOfWork, who: Principal, rows: Sequence[Row]) -> list[Row]:
        with_cases = unit.switchboard.with_cases([row.conversation_id for row in rows])
        return [
            row
            for row in rows
            if row.conversation_id not in with_cases
            or not rights.in_conflict(who, unit.cases.of_conversation(row.conversation_id), self._access)
        ]

    def _fits(self, unit: UnitOfWork, who: Principal, row: Row, query: str) -> bool:
        """Say whether the words are in the conversation's label, its case's number, or in what was said in it."""
        wanted = fold(query)
        numbers = unit.switchboard.case_numbers([row.conversation_id])
        if wanted in fold(f"{label(row.conversation_id)} {numbers.get(row.conversation_id, '')}"):
            return True
        if not rights.may_read(who, row.attention):
            return False
        start = max(row.last_sequence - _SEARCHED_EVENTS, 0)
        events = unit.events_after(row.conversation_id, start, _SEARCHED_EVENTS)
        return any(wanted in fold(hide(str(event.body.get("text", "")))) for event in events)

    def _summaries(self, unit: UnitOfWork, who: Principal, rows: Sequence[Row]) -> list[Summary]:
        names, place = _names(unit), places(unit.handovers.waiting())
        numbers = unit.switchboard.case_numbers([row.conversation_id for row in rows])
        return [
            self._summary(
                row,
                self._last(unit, row) if rights.may_read(who, row.attention) else None,
                names,
                place.get(row.conversation_id),
                numbers.get(row.conversation_id),
            )
            for row in rows
        ]

    def _summary(
        self, row: Row, last: Event | None, names: Mapping[str, str], place: int | None, number: str | None
    ) -> Summary:
        attention, by = row.attention, row.attention.by
        source = {EventKind.CITIZEN: "citizen", EventKind.OPERATOR: "operator"}
        return Summary(
            id=row.conversation_id,
            channel=row.channel,
            label=label(row.conversation_id),
            owner=attention.owner.value,
            attended_by=Person(by, names.get(by, by)) if by else None,
            reason=attention.why if attention.owner is not Owner.BOT else None,
            urgency=attention.urgency,
            waiting_since=attention.waiting_since,
            last_at=last.created_at if last else row.updated_at,
            last_text=last_words(hide(str(last.body.get("text", "")))) if last else "",
            last_from=source.get(last.kind, "assistant") if last else "assistant",
            place=place,
            case_number=number,
            closed_at=attention.closed_at,
            version=row.version,
        )

    def _last(self, unit: UnitOfWork, row: Row) -> Event | None:
        """Return the last event that somebody said; notices say nothing of the matter."""
        tail = unit.events_after(row.conversation_id, max(row.last_sequence - _TAIL, 0), _TAIL)
        said = [event for event in tail if event.kind is not EventKind.NOTICE] or tail
        return said[-1] if said else None

    def _note_opening(self, who: Principal, conversation_id: str) -> None:
        """Audit that somebody opened what they do not attend; not again for what their page reads anew."""
        now = self._clock.now()
        if not self._openings.opens(who.id, conversation_id, now):
            return
        with self._units() as unit:
            unit.audit.append(who.id, who.role.value, "conversation_open", conversation_id, "", now)
            unit.commit()


def _names(unit: UnitOfWork) -> dict[str, str]:
    return {principal.id: principal.name for principal in unit.principals.all()}


def _earlier(case: Case) -> EarlierCase:
    return EarlierCase(case.number, case.status.value, case.record.behaviours, case.created_at)
