"""What the endpoints of calls take and answer."""

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.core.calls.desk import OpenCall
from bot.core.calls.model import Call, CallState, Outcome
from bot.core.calls.transcript import Side
from bot.core.procedures import Facet


def storable(value: object) -> object:
    """Replace what no database can carry: NUL and lone surrogates become U+FFFD."""
    if not isinstance(value, str):
        return value
    paired = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return paired.replace("\x00", "\ufffd")


Text = Annotated[str, BeforeValidator(storable)]
ProcedureId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class MakeIn(_In):
    """A call that no switchboard tells of."""

    number: Annotated[Text, Field(max_length=40)] | None = Field(
        default=None, description="The caller's number, where it is seen on the telephone."
    )


class LookedUpIn(_In):
    """What was opened for the caller."""

    procedure_id: ProcedureId
    facet: Facet = Facet.GENERAL


class WrapUpIn(_In):
    """Two clicks and a note."""

    topic: Annotated[Text, Field(min_length=1, max_length=200)]
    outcome: Outcome
    note: Annotated[Text, Field(max_length=2_000)] = ""


class RevealIn(_In):
    """Why a number is opened; one's own active call needs no reason."""

    reason: Annotated[Text, Field(max_length=500)] = ""


class CallBackIn(_In):
    """When somebody is to be called back, and what for."""

    due_at: dt.datetime
    note: Annotated[Text, Field(max_length=500)] = ""


class PersonOut(BaseModel):
    """Who has a call."""

    id: str
    name: str


class CallOut(BaseModel):
    """A call; `opaque` is its name in addresses."""

    id: str
    opaque: str
    line: str
    number_masked: str | None
    state: CallState
    started_at: dt.datetime
    answered_at: dt.datetime | None
    ended_at: dt.datetime | None
    extension: str | None
    operator: PersonOut | None
    missed: bool
    wrapped: bool
    topic: str | None
    outcome: Outcome | None
    summary: str


class CallsOut(BaseModel):
    """A list of calls."""

    items: list[CallOut]


class LineOut(BaseModel):
    """A line of what is said; personal numbers are masked."""

    order: int
    side: Side
    text: str
    final: bool
    at: dt.datetime


class LookedUpOut(BaseModel):
    """What was opened."""

    procedure_id: str
    facet: str
    at: dt.datetime


class OutcomeOut(BaseModel):
    """How a call may have ended."""

    outcome: Outcome
    label: str


class OpenCallOut(BaseModel):
    """A call with all that is known of it, and what it may be wrapped up as."""

    call: CallOut
    lines: list[LineOut]
    looked_up: list[LookedUpOut]
    case_number: str | None
    case_numbers: list[str]
    topics: list[str]
    outcomes: list[OutcomeOut]


class SuggestionsOut(BaseModel):
    """What is suggested for the caller's last question."""

    lines_upto: int
    items: list[dict[str, Any]]


class SummaryOut(BaseModel):
    """The summary of a call."""

    summary: str


class CodeOut(BaseModel):
    """A code for the caller, and the sentence that tells how to use it."""

    code: str
    text: str


class NumberOut(BaseModel):
    """A caller's number; null where there is none any more. Not to be kept."""

    number: str | None


class DoneOut(BaseModel):
    """That something was done."""

    done: bool = True


class TaskOut(BaseModel):
    """A dated task that was made."""

    id: str
    due_at: dt.datetime


def call_out(call: Call, people: dict[str, str]) -> CallOut:
    """Return a call as it is shown."""
    operator = PersonOut(id=call.operator, name=people.get(call.operator, "")) if call.operator else None
    return CallOut(
        id=call.id,
        opaque=call.opaque,
        line=call.line,
        number_masked=call.masked,
        state=call.state,
        started_at=call.started_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        extension=call.extension,
        operator=operator,
        missed=call.missed,
        wrapped=call.wrapped_at is not None,
        topic=call.topic,
        outcome=call.outcome,
        summary=call.summary,
    )


def open_call_out(opened: OpenCall, people: dict[str, str]) -> OpenCallOut:
    """Return an opened call as it is shown."""
    return OpenCallOut(
        call=call_out(opened.call, people),
        lines=[
            LineOut(order=line.order, side=line.side, text=line.text, final=line.final, at=line.at)
            for line in opened.lines
        ],
        looked_up=[LookedUpOut(**vars(each)) for each in opened.looked_up],
        case_number=opened.case_numbers[-1] if opened.case_numbers else None,
        case_numbers=list(opened.case_numbers),
        topics=list(opened.topics),
        outcomes=[OutcomeOut(outcome=outcome, label=label) for outcome, label in opened.outcomes],
    )
