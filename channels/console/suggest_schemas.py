"""What the console is answered about suggestions, drafts, quick replies and the review, as OpenAPI tells it."""

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field

from bot.core.procedures import Facet
from bot.core.suggestions.found import Sureness
from bot.core.suggestions.items import Colour
from bot.core.suggestions.review import Gap


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class WhyOut(_Out):
    """Why something is suggested."""

    words: list[str] = Field(description="Words of the question that led to it.")
    alias: str | None = Field(description="The everyday name they fit best.")
    how: str = Field(examples=["khớp tên thủ tục"])


class LightOut(_Out):
    """Whether it holds."""

    colour: Colour
    text: str


class DecisionOut(_Out):
    """The decision that publishes a procedure."""

    number: str
    date: dt.date | None
    issuer: str | None


class DueOut(_Out):
    """When the result is due if everything is handed in today."""

    date: dt.date
    text: str


class CheckOut(_Out):
    """One line to tick."""

    id: str
    text: str
    note: str | None


class LinkOut(_Out):
    """Where something is written."""

    label: str
    url: str | None


class FacetOut(_Out):
    """A side that has an answer."""

    facet: Facet
    label: str


class ItemOut(_Out):
    """One suggested procedure."""

    procedure_id: str
    title: str
    level: str
    code: str | None
    facet: Facet
    facet_label: str
    script: list[str] = Field(max_length=3, description="Sentences to read aloud.")
    why: WhyOut
    confidence: Sureness
    light: LightOut
    decision: DecisionOut | None
    basis: str | None
    due_if_today: DueOut | None
    checklist: list[CheckOut]
    sources: list[LinkOut]
    facets: list[FacetOut]


class ElsewhereOut(_Out):
    """Another body whose matter this seems to be; `agency` is empty where only the place is known."""

    agency: str
    where: str


class SuggestedOut(_Out):
    """Suggestions, best first."""

    query: str
    items: list[ItemOut]
    elsewhere: ElsewhereOut | None


class FacetTextOut(_Out):
    """One side of a procedure in full."""

    facet: Facet
    label: str
    text: str
    items: list[str]
    sources: list[LinkOut]


class SheetOut(_Out):
    """A procedure in full."""

    title: str
    level: str
    code: str | None
    light: LightOut
    facets: list[FacetTextOut]
    checklist: list[CheckOut]
    print: bool


class DraftOut(_Out):
    """A drafted answer."""

    id: str
    text: str
    procedure_id: str | None
    facet: Facet | None
    sources: list[LinkOut]
    why: WhyOut
    light: LightOut
    confidence: Sureness


class DraftsOut(_Out):
    """The drafts of one message. `id` is null where there is none."""

    id: str | None
    items: list[DraftOut]


class DoneOut(_Out):
    """Whether anything changed."""

    done: bool


class QuickReplyOut(_Out):
    """A quick reply; `filled` is its text for the conversation that was named."""

    id: str
    title: str
    text: str
    shortcut: str
    scope: str
    variables: list[str]
    filled: str | None = None


class QuickRepliesOut(_Out):
    """Quick replies, best first; `variables` says what each variable stands for."""

    items: list[QuickReplyOut]
    variables: dict[str, str]


class ProcedureRefOut(_Out):
    """A procedure by name."""

    id: str
    title: str


class GroupOut(_Out):
    """Open questions of one meaning, masked."""

    id: str
    title: str
    count: int
    questions: list[str]
    kinds: list[Gap]
    procedure: ProcedureRefOut | None
    last_at: dt.datetime


class ReviewOut(_Out):
    """The review queue."""

    groups: list[GroupOut]


class NoteOut(_Out):
    """A note to a record's editor."""

    id: str
    procedure_id: str
    facet: Facet | None
    kind: str
    text: str
    question: str
    at: dt.datetime


class NotesOut(_Out):
    """Open notes, oldest first."""

    notes: list[NoteOut]
