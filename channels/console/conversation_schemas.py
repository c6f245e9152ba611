"""What the conversation endpoints take and answer."""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.core.handover.attention import Ending
from bot.core.handover.presence import State
from channels.web.schemas import encodable

MAX_REPLY_CHARACTERS = 4_000
MAX_NOTE_CHARACTERS = 2_000
MAX_SUMMARY_CHARACTERS = 800

_Text = Annotated[str, BeforeValidator(encodable)]
Words = Annotated[_Text, Field(min_length=1, max_length=MAX_NOTE_CHARACTERS, pattern=r"\S")]
Reason = Annotated[_Text, Field(min_length=3, max_length=500, pattern=r"\S")]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class TransferIn(_In):
    """To whom, and what they should know."""

    to: Annotated[str, Field(min_length=1, max_length=100)]
    note: Annotated[_Text, Field(max_length=MAX_NOTE_CHARACTERS)] = ""


class ReplyIn(_In):
    """Words to the citizen."""

    client_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:\-]{1,64}$")] = Field(
        description="Chosen by the page, unique in the conversation: sending it again says nothing twice."
    )
    text: Annotated[_Text, Field(min_length=1, max_length=MAX_REPLY_CHARACTERS, pattern=r"\S")]
    suggestion: Annotated[str, Field(pattern=r"^[\w.\-]{1,64}/[\w.\-]{1,64}$")] | None = Field(
        default=None, description="«id/item» of the suggestion that this is."
    )
    edited: bool = False


class NoteIn(_In):
    """Words for the staff."""

    text: Words


class HandBackIn(_In):
    """What the assistant says to the citizen when it goes on; may be empty."""

    summary: Annotated[_Text, Field(max_length=MAX_SUMMARY_CHARACTERS)] = ""


class CloseIn(_In):
    """How it ended."""

    outcome: Literal["answered", "filed", "referred", "called_back", "no_reply", "other"]

    @property
    def ending(self) -> Ending:
        """Return the outcome."""
        return Ending(self.outcome)


class AbuseIn(_In):
    """A step against abuse; the reason is kept, sealed, and audited."""

    step: Literal["warn", "end"]
    reason: Reason


class PresenceIn(_In):
    """What somebody says of themselves."""

    state: State


class PersonOut(_Out):
    """Somebody of the staff."""

    id: str
    name: str


class SummaryOut(_Out):
    """A conversation in a list. `version` grows with every change; `place` is that of who waits."""

    id: str
    channel: str
    label: str
    owner: str
    attended_by: PersonOut | None
    reason: str | None
    urgency: int
    waiting_since: dt.datetime | None
    last_at: dt.datetime
    last_text: str = Field(description="Masked; empty for who may not read the conversation.")
    last_from: str
    place: int | None
    case_number: str | None
    closed_at: dt.datetime | None
    version: int


class EventOut(_Out):
    """An entry of the conversation, masked. `reply` is the payload of what the citizen did not write."""

    sequence: int
    kind: str
    at: dt.datetime
    text: str
    reply: dict[str, Any] | None
    by: PersonOut | None


class NoteOut(BaseModel):
    """Words of the staff; `kind` is note, transfer, summary or abuse."""

    at: dt.datetime
    by: PersonOut
    kind: str
    text: str


class EarlierCaseOut(_Out):
    """A case of the same citizen, as far as the caller may know of it."""

    number: str
    status: str
    behaviours: list[str]
    created_at: dt.datetime


class EarlierOut(_Out):
    """What the same citizen did before, where it is known that it is the same."""

    conversations: list[SummaryOut]
    cases: list[EarlierCaseOut]


class OpenedOut(BaseModel):
    """One conversation whole: its last events, and what is known around it."""

    summary: SummaryOut
    events: list[EventOut]
    notes: list[NoteOut]
    earlier: EarlierOut
    suggested_sequence: int | None = Field(description="The citizen's last message, to which answers are suggested.")


class CountsOut(BaseModel):
    """How many wait, are the caller's, and are handed over at all."""

    waiting: int
    mine: int
    all: int


class PageOut(BaseModel):
    """A list of conversations; ask again with `before` for more."""

    items: list[SummaryOut]
    before: str | None
    counts: CountsOut


class ColleagueOut(_Out):
    """Somebody of the staff, and how many conversations they attend."""

    id: str
    name: str
    state: State
    attending: int


class HoursOut(_Out):
    """Whether the office answers now."""

    open: bool
    on_duty: int
    shift: str | None
    next_open: dt.datetime | None
