"""What the knowledge base says about one question: ranked procedures, the facet, and how sure it is."""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.procedures import Facet
from bot.core.routes import Agency, Reason


class Zone(StrEnum):
    """The gate's three zones: answer outright, offer choices, or say that we don't know."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Hit:
    """A ranked procedure; `score` in [0, 1] is comparable within one answer, `matched` are words that led to it."""

    procedure_id: str
    score: float
    matched: tuple[str, ...] = ()
    matched_alias: str | None = None


@dataclass(frozen=True)
class Findings:
    """The knowledge base's reading of a question, best hit first, ties by id.

    `facet` is what the question asks about; `facet_explicit` is False where GENERAL was only assumed.
    `has_topic` is False when nothing is left of the question after facet words and fillers («thế lệ phí bao
    nhiêu»): such a question is about the procedure already under discussion.
    `facets` are all the facets asked for, in the order asked; empty where none was explicit.
    `reason` and `agency` explain a refusal; `agency` is also set when another body's matter was recognised.
    `office` is where to go with that matter, as citizens know it.
    """

    hits: tuple[Hit, ...]
    facet: Facet
    facet_explicit: bool
    zone: Zone
    has_topic: bool
    confidence: float
    reason: Reason | None = None
    agency: Agency | None = None
    facets: tuple[Facet, ...] = ()
    office: str | None = None
