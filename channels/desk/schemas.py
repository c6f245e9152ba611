"""What the desk's API answers."""

import datetime as dt
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.core.cases.access import Level
from bot.core.cases.state import Finding, Status


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class MeOut(_Out):
    """The caller."""

    id: str
    name: str
    role: str
    unit: str | None


class AnswerOut(_Out):
    """The closing answer."""

    finding: Finding
    text: str
    reason: str
    document: str
    remedy: str


class StoryOut(_Out):
    """Facts of the story; `amount` in đồng."""

    said: str | None
    waited_minutes: int | None
    visits: int | None
    amount: int | None
    witnesses: str | None
    evidence: list[str]
    wanted: str | None


class CaseOut(_Out):
    """A case as the caller may see it: fields that they may not see are absent."""

    id: str
    number: str
    level: Level = Field(description="How much of the case is shown.")
    status: Status
    input_type: str
    received_at: dt.datetime = Field(description="For a unit the day alone.")
    unit: str | None = None
    behaviours: list[str] = []
    access: str | None = None
    severity: int | None = None
    due_on: dt.date | None = Field(default=None, description="The next deadline.")
    assigned_unit: str | None = None
    assigned_to: str | None = None
    published: bool | None = None
    reopened: bool | None = None
    score: int | None = None
    cluster: str | None = Field(default=None, description="Shared by other people's cases of the same desk and day.")
    related: list[str] = []
    answer: AnswerOut | None = None
    answer_sequence: int | None = Field(default=None, description="What approving this answer names.")
    desk: str | None = None
    counter: str | None = None
    event_date: dt.date | None = None
    event_time: dt.time | None = None
    unit_former: str | None = None
    unit_options: list[str] = []
    procedure: str | None = None
    narrative: str | None = Field(default=None, description="Personal numbers masked; for a unit redacted.")
    story: StoryOut | None = None
    channel: str | None = None
    identity: str | None = None
    staff: str | None = Field(default=None, description="The accused; for officers alone.")
    dossier_code: str | None = None
    contact: str | None = Field(default=None, description="How the citizen may be reached, without saying where.")
    backend_reference: str | None = None
    backend_state: str | None = None
    note: str | None = None
    files: int = 0


class CasesOut(BaseModel):
    """A page of cases, latest first."""

    cases: list[CaseOut]
    before: dt.datetime | str | None = Field(
        default=None, description="Ask again with this for more; absent at the end. To a unit it tells no moment."
    )


class EntryOut(_Out):
    """One entry of a timeline."""

    sequence: int
    at: dt.datetime
    kind: str
    actor: str | None = None
    body: dict[str, Any] = {}


class ContactOut(_Out):
    """How the citizen may be reached."""

    name: str | None
    phone: str | None
    email: str | None


class RevealedOut(_Out):
    """What was sealed; do not keep it."""

    number: str
    narrative_raw: str
    contact: ContactOut
    staff: str | None
    witnesses: str | None
    additions: list[str]


class FileOut(_Out):
    """A file of a case; to a unit without its name."""

    id: str
    name: str
    media_type: str
    size: int


class TaskOut(BaseModel):
    """Something that a person must do."""

    id: str
    kind: str
    case_id: str | None
    number: str | None
    conversation_id: str | None = Field(description="The chat that it is about.")
    call_id: str | None = Field(description="The call that it is about.")
    channel: str | None = Field(description="In which way the case came: `zalo`, `web`, `hotline`, `letter` …")
    note: str
    due_at: dt.datetime


class DoneOut(BaseModel):
    """Whether the task was open until now."""

    done: bool


class OverdueOut(BaseModel):
    """A case that rises to the supervisor."""

    case_id: str
    number: str
    why: str = Field(description="`unreleased`, `overdue`, `parked` or `left` (with a closed account).")
    due: dt.date


class UnitNumbersOut(_Out):
    """Cases about a unit, and apart from them the distinct contacts that were consented to."""

    unit: str | None
    cases: int
    contacts: int
    findings: dict[str, int]


class NumbersOut(_Out):
    """Counts of the cases that the caller may see."""

    cases: int
    by_status: dict[str, int]
    by_behaviour: dict[str, int]
    by_input_type: dict[str, int]
    units: list[UnitNumbersOut]


class AuditOut(_Out):
    """Who did what, when and why."""

    sequence: int
    at: dt.datetime
    principal: str
    role: str
    action: str
    subject: str
    reason: str
    hash: str


class VerifiedOut(BaseModel):
    """`broken_at` is the first entry that does not fit the chain; null when the log is whole."""

    whole: bool
    broken_at: int | None
