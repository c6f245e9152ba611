"""A suggestion as operators see it: what to read aloud, why, whether it holds, what to tick. Facts alone."""

import datetime as dt
from dataclasses import dataclass, is_dataclass
from enum import StrEnum
from typing import Any, Protocol

from bot.core.procedures import Facet
from bot.core.suggestions.found import Sureness

#: Sentences of a script: more cannot be read to somebody who waits.
MOST_SENTENCES = 3
#: Drafts under a citizen's message.
MOST_DRAFTS = 3


class Colour(StrEnum):
    """Whether what is said holds: today, with a doubt or not for long, no longer."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True)
class Light:
    """The validity light with its reason in words."""

    colour: Colour
    text: str


@dataclass(frozen=True)
class Why:
    """Why a procedure is suggested: words of the question, the alias they fit, and how it was found, in words."""

    words: tuple[str, ...] = ()
    alias: str | None = None
    how: str = ""


@dataclass(frozen=True)
class PublishedBy:
    """The decision that publishes a procedure."""

    number: str
    date: dt.date | None = None
    issuer: str | None = None


@dataclass(frozen=True)
class DueDay:
    """When the result is due if the dossier is handed in today."""

    date: dt.date
    text: str


@dataclass(frozen=True)
class Check:
    """One line to tick while the caller talks."""

    id: str
    text: str
    note: str | None = None


@dataclass(frozen=True)
class Link:
    """Where something is written."""

    label: str
    url: str | None = None


@dataclass(frozen=True)
class FacetLabel:
    """A side of a procedure that has an answer."""

    facet: Facet
    label: str


@dataclass(frozen=True)
class Item:
    """One suggested procedure with the answer to the side asked for."""

    procedure_id: str
    title: str
    level: str
    code: str | None
    facet: Facet
    facet_label: str
    script: tuple[str, ...]
    why: Why
    confidence: Sureness
    light: Light
    decision: PublishedBy | None = None
    basis: str | None = None
    due_if_today: DueDay | None = None
    checklist: tuple[Check, ...] = ()
    sources: tuple[Link, ...] = ()
    facets: tuple[FacetLabel, ...] = ()


@dataclass(frozen=True)
class Elsewhere:
    """Another body whose matter the question seems to be, and where to go with it."""

    agency: str
    where: str


@dataclass(frozen=True)
class Suggested:
    """What typed words give: procedures, best first, and whose matter it is where it is not ours."""

    items: tuple[Item, ...] = ()
    elsewhere: Elsewhere | None = None


@dataclass(frozen=True)
class FacetText:
    """One side of a procedure, told in full."""

    facet: Facet
    label: str
    text: str
    items: tuple[str, ...] = ()
    sources: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A procedure in full, as it is shown and printed."""

    title: str
    level: str
    code: str | None
    light: Light
    facets: tuple[FacetText, ...]
    checklist: tuple[Check, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A drafted answer to a citizen's message. It is never sent by itself."""

    id: str
    text: str
    procedure_id: str | None
    facet: Facet | None
    sources: tuple[Link, ...]
    why: Why
    light: Light
    confidence: Sureness

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        told: dict[str, Any] = plain(self)
        return told

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> "Draft":
        """Read back what `to_json` wrote."""
        why, light = raw["why"], raw["light"]
        return cls(
            id=raw["id"],
            text=raw["text"],
            procedure_id=raw["procedure_id"],
            facet=Facet(raw["facet"]) if raw["facet"] else None,
            sources=tuple(Link(**source) for source in raw["sources"]),
            why=Why(tuple(why["words"]), why["alias"], why["how"]),
            light=Light(Colour(light["colour"]), light["text"]),
            confidence=Sureness(raw["confidence"]),
        )


class Suggester(Protocol):
    """Composes suggestions from the catalogue. Blocking; callers use a thread."""

    def suggest(
        self, text: str, now: dt.datetime, facet: Facet | None = None, limit: int = 5, *, finished: bool = False
    ) -> Suggested:
        """Return suggestions for words typed so far, or said by a caller (`finished`); `facet` outranks theirs."""
        ...

    def sheet(self, procedure_id: str, now: dt.datetime) -> Sheet | None:
        """Return everything that is known of a procedure; None if unknown or withdrawn."""
        ...


def plain(value: Any) -> Any:
    """Return a dataclass, or what is in one, as JSON-ready values: enumerations and days as their text."""
    if is_dataclass(value):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, dt.date) else value
