"""The public register of answers: what was complained of and what was found, so that nobody is told from it.

Only answers that were approved and given stand in it, never those of restricted cases; a new one takes the place of
the old when it is approved and given too. No story is shown, and no name. Desk and day stand there only where cases
of at least `k` different people share unit, desk, day, kind and behaviours.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.core.cases.desk_tools import every
from bot.core.cases.lifecycle import WRITES_ANSWER, Verb
from bot.core.cases.record import AccessClass
from bot.core.cases.redaction import hide_known
from bot.core.cases.state import Answer, Case, CaseEvent, CaseFilter, Finding, Status
from bot.core.cases.views import VIETNAM, names_of
from bot.core.ports import UnitOfWorkFactory
from bot.core.story import DeskKind, Identity

K = 5


@dataclass(frozen=True)
class Correction:
    """A published answer was written anew: when it was approved, and what was corrected."""

    on: date
    note: str


@dataclass(frozen=True)
class Entry:
    """One answer. `ref` is no case number; `desk` and `event_date` are None where too few share them.

    `reviewing`: the citizen said that it is not solved, or it is written anew, and it is looked into again. `people`
    are what the citizen is known by, hashed, and shown to nobody: whoever shares one of them is the same person.
    """

    ref: str
    unit: str | None
    behaviours: tuple[str, ...]
    input_type: str
    finding: Finding
    text: str
    reason: str
    remedy: str
    published_on: date
    desk: DeskKind | None = None
    event_date: date | None = None
    corrections: tuple[Correction, ...] = ()
    reviewing: bool = False
    people: frozenset[str] = frozenset()

    @property
    def period(self) -> str:
        """The month of publication: 2026-11."""
        return f"{self.published_on:%Y-%m}"


@dataclass(frozen=True)
class UnitCount:
    """How often each finding was published about a unit."""

    unit: str | None
    total: int
    findings: dict[Finding, int]


@dataclass(frozen=True)
class Narrowed:
    """What a reader narrows the register to; None means any. `period` is a month (2026-11) or a year (2026)."""

    unit: str | None = None
    period: str | None = None
    behaviour: str | None = None


class Register:
    """Reads the register from the cases. `k` is how many must share desk and day. Everything blocks.

    An entry is composed anew only when its case has changed, so that reading again is cheap.
    """

    def __init__(self, units: UnitOfWorkFactory, k: int = K) -> None:
        self._units = units
        self._k = k
        self._known: dict[str, tuple[object, Entry | None]] = {}

    def entries(self) -> list[Entry]:
        """Return every entry, latest first."""
        found: dict[str, tuple[object, Entry | None]] = {}
        with self._units() as unit:
            for case in every(unit, CaseFilter(access=AccessClass.NORMAL)):
                if not may_stand(case):
                    continue
                known, state = self._known.get(case.id), (case.updated_at, case.status, case.answer)
                if known is None or known[0] != state:
                    known = (state, compose(case, unit.cases.timeline(case.id)))
                found[case.id] = known
        self._known = found
        return suppressed([entry for _, entry in found.values() if entry is not None], self._k)


def may_stand(case: Case) -> bool:
    """True when an answer of the case may stand in the register; `compose` knows whether one was given."""
    return case.answer is not None and case.status is not Status.WITHDRAWN and case.access is AccessClass.NORMAL


def compose(case: Case, timeline: Sequence[CaseEvent]) -> Entry | None:
    """Return a case's entry, with its desk and day; None where no answer was approved and given yet.

    The texts are read for names and numbers once more.
    """
    names = names_of(case)
    written: CaseEvent | None = None
    approved: CaseEvent | None = None
    given: CaseEvent | None = None
    first: datetime | None = None
    waiting: list[Correction] = []
    corrections: list[Correction] = []
    note: str | None = None
    for event in timeline:
        if event.kind in WRITES_ANSWER:
            written, approved = event, None
            if event.kind == Verb.CORRECT:
                note = hide_known(str(event.body.get("note", "")), names)
        elif event.kind == Verb.PUBLISH:
            approved, first = written, first or event.at
            if note is not None:
                waiting.append(Correction(event.at.astimezone(VIETNAM).date(), note))
                note = None
        elif event.kind == Verb.CLOSE and approved is not None:
            given, corrections = approved, [*corrections, *waiting]
            waiting = []
    if given is None or first is None:
        return None
    answer = _answer(given)
    # A child is told from less.
    told = not case.record.child
    return Entry(
        ref=hashlib.sha256(f"register {case.id}".encode()).hexdigest()[:10],
        unit=case.record.unit,
        behaviours=case.record.behaviours,
        input_type=str(case.record.input_type),
        finding=answer.finding,
        text=hide_known(answer.text, names),
        reason=hide_known(answer.reason, names),
        remedy=hide_known(answer.remedy, names),
        published_on=first.astimezone(VIETNAM).date(),
        desk=case.record.desk if told and case.record.desk is not DeskKind.UNKNOWN else None,
        event_date=case.record.event_date if told else None,
        corrections=tuple(corrections),
        reviewing=case.status is not Status.CLOSED,
        people=_people(case),
    )


def suppressed(entries: Iterable[Entry], k: int) -> list[Entry]:
    """Return the entries, latest first, without desk and day where fewer than `k` people share what is shown."""
    everything = list(entries)
    sharing: dict[object, list[Entry]] = {}
    for entry in everything:
        sharing.setdefault(_seen(entry), []).append(entry)
    enough = {seen for seen, alike in sharing.items() if people(alike) >= k}
    hidden = [entry if _seen(entry) in enough else _bare(entry) for entry in everything]
    return sorted(hidden, key=lambda entry: (entry.published_on, entry.ref), reverse=True)


def people(entries: Iterable[Entry]) -> int:
    """Return how many different people these entries come from: those who share a contact or a chat are one."""
    groups: list[frozenset[str]] = []
    for entry in entries:
        known = entry.people or frozenset({entry.ref})
        joined = [group for group in groups if group & known]
        groups = [group for group in groups if not group & known]
        groups.append(known.union(*joined))
    return len(groups)


def narrowed(entries: Iterable[Entry], wanted: Narrowed) -> list[Entry]:
    """Return the entries that a reader asked for, in their order."""
    return [
        entry
        for entry in entries
        if (wanted.unit is None or entry.unit == wanted.unit)
        and (wanted.period is None or entry.period == wanted.period or entry.period[:4] == wanted.period)
        and (wanted.behaviour is None or wanted.behaviour in entry.behaviours)
    ]


def counts(entries: Iterable[Entry]) -> list[UnitCount]:
    """Return the findings by unit, most entries first."""
    by_unit: dict[str | None, Counter[Finding]] = {}
    for entry in entries:
        by_unit.setdefault(entry.unit, Counter())[entry.finding] += 1
    return sorted(
        (UnitCount(unit, found.total(), dict(found)) for unit, found in by_unit.items()),
        key=lambda count: (-count.total, count.unit or ""),
    )


def _seen(entry: Entry) -> tuple[object, ...]:
    """What a reader can narrow the register to: who share it cannot be told apart."""
    return (entry.unit, entry.desk, entry.event_date, entry.input_type, frozenset(entry.behaviours))


def _answer(event: CaseEvent) -> Answer:
    body = {name: str(event.body.get(name) or "") for name in ("text", "reason", "document", "remedy")}
    finding = Finding.NOT_OURS if event.kind == Verb.REFER else Finding(str(event.body["finding"]))
    return Answer(finding, **body)


def _people(case: Case) -> frozenset[str]:
    """Return hashes of the conversation and, unless anonymous, of the contact, however it is written."""
    known, contact = [f"conversation {case.conversation_id}"], case.record.contact
    digits = "".join(filter(str.isdigit, contact.phone or ""))[-9:]
    if case.record.identity is not Identity.ANONYMOUS:
        known += [f"phone {digits}"] if digits else []
        known += [f"email {contact.email.strip().casefold()}"] if contact.email else []
    return frozenset(hashlib.sha256(each.encode()).hexdigest() for each in known)


def _bare(entry: Entry) -> Entry:
    return replace(entry, desk=None, event_date=None)
