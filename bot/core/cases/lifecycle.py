"""What people do with a filed case: each verb with the states it leads from and to, who may, and what it needs.

RECEIVED ─release─► RELEASED ─assign─► ASSIGNED ─reply─► EXPLAINED ─answer─► ANSWERED ─publish, close─► CLOSED
    │ ▲                                    ▲◄──send_back──┘                      ▲                        │ correct
park│ │unpark        inspect ─► INSPECTION ──────────────answer──────────────────┘◄───────────────────────┘
    ▼ │
  PARKED            refer (not ours) leads to ANSWERED from wherever it is noticed

A citizen's own acts (added, withdrawn, reopened once: back to RECEIVED) are bot.core.cases.effects.ChangeCase.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from bot.core.cases.deadlines import Deadlines
from bot.core.cases.people import Role
from bot.core.cases.state import Answer, Case, Finding, Status
from bot.core.errors import CaseError

MAX_TEXT = 8_000
MIN_SIGNS = 3
# Letters to Unicode that show nothing.
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")
OPEN = frozenset(
    {Status.RECEIVED, Status.RELEASED, Status.ASSIGNED, Status.INSPECTION, Status.EXPLAINED, Status.ANSWERED}
)


class Incomplete(CaseError):
    """A step lacks what it needs; `missing` names the fields."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(f"this step needs: {', '.join(missing)}")
        self.missing = missing


class NamesSomebody(CaseError):
    """A text that is to be published names somebody of the case or has a personal number."""


class MayName(NamesSomebody):
    """Words of such a text look like somebody's name; `Step.confirmed` says that `words` are nobody's."""

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__("words of the answer look like somebody's name")
        self.words = words


# The timeline's entry of whoever asks to park a case; audited as «park» like the act itself.
PARK_ASKED = "park_asked"


class Verb(StrEnum):
    """What may be done; also the kind of the timeline's entry."""

    RELEASE = "release"  # let it go on
    ASSIGN = "assign"  # to a unit, or to an officer
    INSPECT = "inspect"  # refer to an inspection team
    FINDINGS = "findings"  # what the team found
    REPLY = "reply"  # the unit's reply
    EXPLAIN = "explain"  # the official's own explanation
    SEND_BACK = "send_back"  # the reply lacks a reason or a remedy
    ANSWER = "answer"  # write the answer
    REFER = "refer"  # write the answer that another, named body is to ask
    PUBLISH = "publish"  # a second person approves the answer
    CLOSE = "close"  # the citizen has it
    CORRECT = "correct"  # write a closed answer anew; a second person approves it again
    PARK = "park"  # suspected spam
    UNPARK = "unpark"  # it was none


WRITES_ANSWER = frozenset({Verb.ANSWER, Verb.REFER, Verb.CORRECT})


@dataclass(frozen=True)
class Step:
    """One act with what goes with it; see RULES for what each verb needs.

    `reason` is why (for an answer: the answer's reason), `note` a line to whom the case goes, or what was corrected.
    `files` are the ids of files that an officer has looked at and cleared for the unit. `answer_sequence` is the
    place in the timeline of the answer that the second person has read: no other is approved. `confirmed`: whoever
    wrote it says that words of it that look like names are nobody's.
    """

    verb: Verb
    reason: str = ""
    note: str = ""
    text: str = ""
    document: str = ""
    remedy: str = ""
    finding: Finding | None = None
    unit: str | None = None
    person: str | None = None
    team: str = ""
    body: str = ""
    files: tuple[str, ...] = ()
    answer_sequence: int | None = None
    confirmed: bool = False

    def answer(self) -> Answer:
        """Return the answer that this step writes. Raises Incomplete."""
        require_complete(self)
        finding = Finding.NOT_OURS if self.verb is Verb.REFER else self.finding
        if self.verb not in WRITES_ANSWER or finding is None:
            raise Incomplete(("finding",))
        return Answer(finding, self.text.strip(), self.reason.strip(), self.document.strip(), self.remedy.strip())

    def entry(self) -> dict[str, Any]:
        """Return what the timeline keeps: the fields that were given."""
        names = ("reason", "note", "text", "document", "remedy", "finding", "unit", "person", "team", "body", "files")
        given = {name: getattr(self, name) for name in (*names, "answer_sequence", "confirmed")}
        return {name: _plain(value) for name, value in given.items() if value}


@dataclass(frozen=True)
class Rule:
    """One row of the table. `after` None keeps the state; `step` is the step of deadlines.toml that begins."""

    before: frozenset[Status]
    after: Status | None
    roles: frozenset[Role]
    needs: tuple[str, ...] = ()
    step: str | None = None
    second_person: bool = False


HANDLERS = frozenset({Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR})
_WITH_UNIT = HANDLERS | {Role.UNIT}
_ANSWER = ("text", "reason", "document", "remedy")
_S = Status


def says_something(text: str) -> bool:
    """True for a text with at least MIN_SIGNS letters or digits that can be seen."""
    return sum(sign.isalnum() and sign not in _UNSEEN for sign in text) >= MIN_SIGNS


def _told(value: object) -> bool:
    """A finding or a number is there or not; a text must say something."""
    return says_something(value) if type(value) is str else bool(value)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.strip() if isinstance(value, str) else value


RULES: Mapping[Verb, Rule] = {
    Verb.RELEASE: Rule(frozenset({_S.RECEIVED}), _S.RELEASED, HANDLERS, ("reason",), "assign"),
    Verb.ASSIGN: Rule(
        frozenset({_S.RELEASED, _S.ASSIGNED, _S.INSPECTION, _S.EXPLAINED}), _S.ASSIGNED, HANDLERS, (), "explain"
    ),
    Verb.INSPECT: Rule(
        frozenset({_S.RECEIVED, _S.RELEASED, _S.ASSIGNED, _S.EXPLAINED}),
        _S.INSPECTION,
        HANDLERS,
        ("team", "reason"),
        "inspect",
    ),
    Verb.FINDINGS: Rule(frozenset({_S.INSPECTION}), None, HANDLERS, ("text", "document"), "answer"),
    Verb.REPLY: Rule(frozenset({_S.ASSIGNED, _S.EXPLAINED}), _S.EXPLAINED, _WITH_UNIT, ("text",), "answer"),
    Verb.EXPLAIN: Rule(frozenset({_S.ASSIGNED, _S.INSPECTION, _S.EXPLAINED}), None, _WITH_UNIT, ("text",)),
    Verb.SEND_BACK: Rule(frozenset({_S.EXPLAINED}), _S.ASSIGNED, HANDLERS, ("reason",), "explain"),
    Verb.ANSWER: Rule(
        frozenset({_S.RELEASED, _S.ASSIGNED, _S.INSPECTION, _S.EXPLAINED, _S.ANSWERED}),
        _S.ANSWERED,
        HANDLERS,
        ("finding", *_ANSWER),
        "answer",
    ),
    Verb.REFER: Rule(
        frozenset({_S.RECEIVED, _S.RELEASED, _S.ASSIGNED, _S.INSPECTION, _S.EXPLAINED}),
        _S.ANSWERED,
        HANDLERS,
        ("body", *_ANSWER),
        "answer",
    ),
    Verb.PUBLISH: Rule(frozenset({_S.ANSWERED}), None, HANDLERS, ("answer_sequence",), "answer", second_person=True),
    Verb.CLOSE: Rule(frozenset({_S.ANSWERED}), _S.CLOSED, HANDLERS),
    Verb.CORRECT: Rule(frozenset({_S.CLOSED}), _S.ANSWERED, HANDLERS, ("note", "finding", *_ANSWER), "answer"),
    # By the supervisor, or by a second person after a first one asked for it; parked anew: looked at, and still spam.
    Verb.PARK: Rule(frozenset({_S.RECEIVED, _S.RELEASED, _S.PARKED}), _S.PARKED, HANDLERS, ("reason",)),
    Verb.UNPARK: Rule(frozenset({_S.PARKED}), _S.RECEIVED, HANDLERS, ("reason",), "release"),
}


def require_complete(step: Step) -> None:
    """Raise Incomplete where a step lacks what its verb needs, or a text is longer than MAX_TEXT."""
    missing = [name for name in RULES[step.verb].needs if not _told(getattr(step, name))]
    if step.verb is Verb.ASSIGN and bool(step.unit) == bool(step.person):
        missing.append("unit or person")
    texts = (step.reason, step.note, step.text, step.document, step.remedy, step.team, step.body)
    if any(len(text) > MAX_TEXT for text in texts):
        missing.append(f"texts of at most {MAX_TEXT} characters")
    if missing:
        raise Incomplete(tuple(missing))


def promised_day(case: Case, since: date, deadlines: Deadlines) -> date | None:
    """Return the day by which the citizen is to hear, counted from the day it was received or reopened."""
    return deadlines.first_answer(case.record.input_type, since)[0]


def due_after(verb: Verb, case: Case, since: date, today: date, deadlines: Deadlines) -> date | None:
    """Return the next deadline after a verb of `today`: the step's, but never later than the promised day.

    None where neither has a rule; a closed or parked case has no next deadline.
    """
    rule = RULES[verb]
    if (rule.after or case.status) in {Status.CLOSED, Status.PARKED}:
        return None
    step, _ = deadlines.due(case.record.input_type, rule.step, today) if rule.step else (case.due_on, "")
    return min((day for day in (step, promised_day(case, since, deadlines)) if day), default=None)


class Rising(StrEnum):
    """Why a case rises to the supervisor."""

    UNRELEASED = "unreleased"
    OVERDUE = "overdue"
    PARKED = "parked"  # set aside for days
    LEFT = "left"  # with somebody whose account is closed


def look_again(case: Case, parked: date, deadlines: Deadlines) -> date | None:
    """Return the day by which a case that was set aside on `parked` is to be looked at again."""
    return deadlines.due(case.record.input_type, "park", parked)[0]


def rises(case: Case, since: date, today: date, deadlines: Deadlines) -> tuple[Rising, date] | None:
    """Return why a case rises and the day it should have been done by; None for one in time.

    `since` is the day it was received, or reopened: a case that nobody has looked at rises long before its answer
    is due.
    """
    if case.status is Status.RECEIVED:
        release, _ = deadlines.due(case.record.input_type, "release", since)
        if release and release < today:
            return Rising.UNRELEASED, release
        due = promised_day(case, since, deadlines)
    else:
        due = case.due_on
    if case.status in OPEN and due and due < today:
        return Rising.OVERDUE, due
    return None
