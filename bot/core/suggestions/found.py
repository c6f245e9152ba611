"""What the knowledge base finds for words that may still be unfinished, and how it got there."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from bot.core.enquiry.findings import Zone
from bot.core.procedures import Facet, Procedure
from bot.core.routes import Agency, Reason


class How(StrEnum):
    """By what a procedure was found."""

    CODE = "code"
    INITIALS = "initials"
    NAME = "name"
    ALIAS = "alias"
    WORDS = "words"
    MEANING = "meaning"


class Sureness(StrEnum):
    """How far a suggestion may be trusted, in the words that operators see."""

    SURE = "chắc chắn"
    FAIRLY = "khá chắc"
    UNSURE = "chưa chắc"


@dataclass(frozen=True)
class TypedHit:
    """A procedure for typed words: the words that led to it, the alias they fit best, and how far to trust it."""

    procedure_id: str
    score: float
    sureness: Sureness
    words: tuple[str, ...] = ()
    alias: str | None = None
    how: How = How.WORDS


@dataclass(frozen=True)
class Typed:
    """The reading of typed words, best procedure first.

    `facet` is None until the words ask for one. `zone` and `confidence` are the gate's; `agency` and `office` name
    the other body whose matter this seems to be, and where to go with it.
    """

    hits: tuple[TypedHit, ...] = ()
    facet: Facet | None = None
    zone: Zone = Zone.REFUSE
    confidence: float = 0.0
    reason: Reason | None = None
    agency: Agency | None = None
    office: str | None = None


@dataclass(frozen=True)
class Change:
    """Something that ends what a procedure says now: on `day`, because of `what` (a key of the words)."""

    day: date
    what: str
    number: str | None = None


class TypedSearch(Protocol):
    """Search while somebody types. Blocking; callers use a thread."""

    def typed(self, text: str, now: datetime, limit: int = 5, *, finished: bool = False) -> Typed:
        """Return what the words so far find; the last one may be unfinished unless `finished`. Never raises."""
        ...

    def procedure(self, procedure_id: str, now: datetime) -> Procedure | None:
        """Return the version valid at `now`; None if unknown or withdrawn."""
        ...

    def next_change(self, procedure_id: str, now: datetime) -> Change | None:
        """Return the first known thing after `now` that ends what the procedure says; None where none is known."""
        ...
