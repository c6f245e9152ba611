"""What the endpoints of filing for somebody take and answer."""

import datetime as dt
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from bot.core.filing.consent import Consents
from bot.core.filing.form import FIELDS, Facts, Form, Source
from bot.core.kinds import InputType
from bot.core.story import DeskKind, Identity, Reach
from channels.console.call_schemas import Text

MAX_STORY = 20_000
MAX_LINE = 300
Line = Annotated[Text, Field(max_length=MAX_LINE)]
Long = Annotated[Text, Field(max_length=2_000)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
CallId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
ClientId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:\-]{8,64}$")]


def _blank(value: object) -> object:
    """Take an emptied field for one that is not known."""
    return None if isinstance(value, str) and not value.strip() else value


Maybe = BeforeValidator(_blank)


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class ContactIn(_In):
    """How the citizen may be reached; `caller`: at the number they call from, which need not be seen."""

    name: Annotated[Line | None, Maybe] = None
    phone: Annotated[Annotated[str, Field(pattern=r"^[0-9 .+()\-]{3,24}$")] | None, Maybe] = None
    email: Annotated[Annotated[str, Field(pattern=r"^[^@\s]{1,64}@[^@\s]{1,180}$")] | None, Maybe] = None
    caller: bool = False


class DraftIn(_In):
    """A case as it stands on the page. `by_hand` names the fields that were set by hand; they outrank the reading."""

    text: Annotated[Text, Field(max_length=MAX_STORY)]
    source: Source
    call_id: CallId | None = None
    received_on: dt.date | None = Field(default=None, description="The day a letter came, where that was not today.")
    heard_at: AwareDatetime | None = Field(
        default=None, description="As it was given; by it «hôm qua» is understood."
    )
    by_hand: Annotated[list[str], Field(max_length=40)] = []
    input_type: InputType | None = None
    behaviours: Annotated[list[Code], Field(max_length=3)] = []
    unit: Annotated[Code | None, Maybe] = None
    unit_said: Annotated[Line | None, Maybe] = None
    desk: DeskKind | None = None
    counter: Annotated[Line | None, Maybe] = None
    staff: Annotated[Line | None, Maybe] = None
    event_date: dt.date | None = None
    event_time: dt.time | None = None
    event_approximate: bool = False
    procedure: Annotated[Code | None, Maybe] = None
    dossier_code: Annotated[Line | None, Maybe] = None
    said: Annotated[Long | None, Maybe] = None
    waited_minutes: Annotated[int, Field(ge=0, le=10**6)] | None = None
    visits: Annotated[int, Field(ge=0, le=1_000)] | None = None
    amount: Annotated[int, Field(ge=0, le=10**13)] | None = Field(default=None, description="In đồng.")
    witnesses: Annotated[Long | None, Maybe] = None
    evidence: Annotated[list[Line], Field(max_length=20)] = []
    wanted: Annotated[Long | None, Maybe] = None
    identity: Identity | None = None
    contact: ContactIn = ContactIn()
    reach: Reach | None = None
    child: bool = False

    def form(self) -> Form:
        """Return the form of the core."""
        names = {name for name in FIELDS if name in type(self).model_fields}
        values: dict[str, Any] = {name: getattr(self, name) for name in names}
        values |= {"behaviours": tuple(self.behaviours), "evidence": tuple(self.evidence)}
        contact = self.contact
        facts = Facts(
            **values, name=contact.name, phone=contact.phone, email=contact.email, caller_number=contact.caller
        )
        hand = {each for name in self.by_hand for each in _FIELDS_OF.get(name, (name,))}
        return Form(
            text=self.text,
            source=self.source,
            call_id=self.call_id,
            received_on=self.received_on,
            heard_at=self.heard_at,
            by_hand=frozenset(hand & set(FIELDS)),
            facts=facts,
        )


# The page's names for the fields of the core.
_FIELDS_OF = {
    "contact.name": ("name",),
    "contact.phone": ("phone",),
    "contact.email": ("email",),
    "contact.caller": ("caller_number",),
    "contact": ("name", "phone", "email", "caller_number"),
}
NAME_OF_FIELD = {fields[0]: name for name, fields in _FIELDS_OF.items() if len(fields) == 1}


class ReadIn(_In):
    """A story to read. With `draft` the fields that were set by hand in it stay as they are."""

    text: Annotated[Text, Field(max_length=MAX_STORY)]
    source: Source
    call_id: CallId | None = None
    received_on: dt.date | None = None
    draft: DraftIn | None = None

    def form(self) -> Form:
        """Return the form of the core."""
        given = self.draft or DraftIn(text="", source=self.source)
        changed: dict[str, Any] = {"text": self.text, "source": self.source}
        if self.call_id is not None or self.draft is None:
            changed["call_id"] = self.call_id
        if self.received_on is not None or self.draft is None:
            changed["received_on"] = self.received_on
        return given.model_copy(update=changed).form()


class CheckIn(_In):
    """A draft to look over."""

    draft: DraftIn


class ConsentIn(_In):
    """How the citizen agreed that their contact is kept, and when."""

    contact: Consents
    said_at: AwareDatetime | None = None


class ConfirmIn(_In):
    """A draft to file."""

    client_id: ClientId = Field(description="Made by the page for this filing: sending it again files nothing twice.")
    draft: DraftIn
    consent: ConsentIn


class ContactOut(BaseModel):
    """How the citizen may be reached."""

    name: str | None
    phone: str | None
    email: str | None
    caller: bool


class DraftOut(BaseModel):
    """A draft as it is read now; it may be sent back as it is."""

    text: str
    source: Source
    call_id: str | None
    received_on: dt.date | None
    heard_at: dt.datetime | None
    by_hand: list[str]
    input_type: InputType
    behaviours: list[str]
    unit: str | None
    unit_said: str | None
    desk: DeskKind | None
    counter: str | None
    staff: str | None
    event_date: dt.date | None
    event_time: dt.time | None
    event_approximate: bool
    procedure: str | None
    dossier_code: str | None
    said: str | None
    waited_minutes: int | None
    visits: int | None
    amount: int | None
    witnesses: str | None
    evidence: list[str]
    wanted: str | None
    identity: Identity | None
    contact: ContactOut
    reach: Reach | None
    child: bool


class MissingOut(BaseModel):
    """What is not known yet, the question to ask, and whether it must be."""

    field: str
    question: str
    required: bool


class WarningOut(BaseModel):
    """What the officer must know."""

    code: str
    text: str
    grave: bool


class LabelOut(BaseModel):
    """A code with its words."""

    code: str
    label: str


class BehaviourOut(LabelOut):
    """A behaviour; how sure the reader is, null where it was chosen by hand."""

    probability: float | None


class UnitOut(BaseModel):
    """An office."""

    id: str
    name: str


class TwinOut(BaseModel):
    """A case of the same office and day."""

    number: str
    status: str
    received_on: dt.date
    same_person: bool


class CheckedOut(BaseModel):
    """A draft with all that there is to know of it."""

    draft: DraftOut
    missing: list[MissingOut]
    warnings: list[WarningOut]
    type: LabelOut
    others: list[LabelOut]
    behaviours: list[BehaviourOut]
    severity: int
    restricted: bool
    unit: UnitOut | None
    unit_options: list[UnitOut]
    twins: list[TwinOut]


class ScriptOut(BaseModel):
    """Sentences to read aloud, in order."""

    script: list[str]


class LinkedOut(BaseModel):
    """Another case of the same story."""

    number: str
    secret: str | None


class ConfirmedOut(BaseModel):
    """What was filed. `secret` is null where it went into a case that was there, or is told again later."""

    number: str
    secret: str | None
    due_on: dt.date | None
    linked: list[LinkedOut]
    added: bool = Field(description="It went into the case of this number, filed in the same call before.")
    restricted: bool


class ChoicesOut(BaseModel):
    """What may be set by hand."""

    types: list[LabelOut]
    behaviours: list[LabelOut]
    desks: list[LabelOut]
    identities: list[LabelOut]
    ways: list[LabelOut]
    sources: list[LabelOut]


class UnitsOut(BaseModel):
    """Offices to choose from."""

    items: list[UnitOut]
