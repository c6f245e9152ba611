"""A case as it stands on an officer's screen: what was told, what was read out of it, what was set by hand. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from bot.core.calls.numbers import standard
from bot.core.cases.draft import Draft
from bot.core.cases.record import Contact
from bot.core.kinds import InputType
from bot.core.story import DeskKind, Identity, Reach


class Source(StrEnum):
    """How a story came to the office; the channel of its case."""

    HOTLINE = "hotline"
    LETTER = "letter"
    EMAIL = "email"
    SUGGESTION_BOX = "suggestion_box"
    WEB = "web"
    VISIT = "visit"


# Nobody is there to be asked.
WRITTEN = frozenset({Source.LETTER, Source.EMAIL, Source.SUGGESTION_BOX, Source.WEB})


@dataclass(frozen=True)
class Facts:
    """What is known of a case; each may be set by hand. `amount` in đồng; texts are the citizen's own words.

    `caller_number`: they may be called at the number they call from, which the officer need not see. `reach` is how
    they want to be told.
    """

    input_type: InputType | None = None
    behaviours: tuple[str, ...] = ()
    unit: str | None = None
    unit_said: str | None = None
    desk: DeskKind | None = None
    counter: str | None = None
    staff: str | None = None
    event_date: date | None = None
    event_time: time | None = None
    event_approximate: bool = False
    procedure: str | None = None
    dossier_code: str | None = None
    said: str | None = None
    waited_minutes: int | None = None
    visits: int | None = None
    amount: int | None = None
    witnesses: str | None = None
    evidence: tuple[str, ...] = ()
    wanted: str | None = None
    identity: Identity | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    caller_number: bool = False
    reach: Reach | None = None
    child: bool = False


FIELDS = tuple(each.name for each in fields(Facts))
_STORY = ("said", "waited_minutes", "visits", "amount", "witnesses", "evidence", "wanted")
_CONTACT = ("name", "phone", "email")
_SAME = (
    "input_type",
    "behaviours",
    "desk",
    "counter",
    "staff",
    "event_date",
    "event_time",
    "procedure",
    "dossier_code",
    "identity",
    "reach",
    "child",
)


@dataclass(frozen=True)
class Form:
    """The form: `text` as typed, `facts` as shown, and which of them were set `by_hand` and so outrank the reading.

    `heard_at` is when the story was first read, by which «hôm qua» is understood; `received_on` the day on which a
    letter came, where that was not today.
    """

    text: str
    source: Source
    call_id: str | None = None
    received_on: date | None = None
    heard_at: datetime | None = None
    by_hand: frozenset[str] = frozenset()
    facts: Facts = field(default_factory=Facts)

    def hand_set(self) -> Mapping[str, Any]:
        """Return the facts that were set by hand."""
        return {name: getattr(self.facts, name) for name in FIELDS if name in self.by_hand}


def overlaid(draft: Draft, form: Form) -> Draft:
    """Return what was read out of a story with what was set by hand in its place."""
    hand = form.hand_set()
    changes: dict[str, Any] = {name: hand[name] for name in _SAME if name in hand and name != "input_type"}
    if hand.get("input_type"):
        changes["input_type"] = hand["input_type"]
    if "event_approximate" in hand:
        changes["approximate"] = hand["event_approximate"]
    if "unit" in hand or "unit_said" in hand:
        unit = hand.get("unit", draft.unit)
        # The name that was used stands for nothing once the office itself is chosen.
        said = hand.get("unit_said", None if unit else draft.unit_said)
        changes |= {"unit": unit, "unit_said": said, "unit_options": ()}
    story = {name: hand[name] for name in _STORY if name in hand}
    contact = {name: hand[name] for name in _CONTACT if name in hand}
    if contact.get("phone"):
        contact["phone"] = standard(contact["phone"]) or contact["phone"]
    draft = replace(
        draft,
        **changes,
        story=replace(draft.story, **story),
        contact=Contact(**{**vars(draft.contact), **contact}),
    )
    if draft.input_type is InputType.TO_CAO and draft.identity is Identity.NAMED:
        # Whoever denounces is kept secret by law; the name goes to no unit.
        return replace(draft, identity=Identity.HIDDEN)
    return draft


def facts_of(draft: Draft, *, caller_number: bool) -> Facts:
    """Return the facts of a draft as the form shows them."""
    return Facts(
        **{name: getattr(draft, name) for name in _SAME},
        unit=draft.unit,
        unit_said=draft.unit_said,
        event_approximate=draft.approximate,
        **{name: getattr(draft.story, name) for name in _STORY},
        **{name: getattr(draft.contact, name) for name in _CONTACT},
        caller_number=caller_number,
    )


def differing(shown: Form, read: Form) -> tuple[str, ...]:
    """Return which facts were shown otherwise than they are read now, and not set by hand."""
    return tuple(
        name
        for name in FIELDS
        if name not in shown.by_hand and getattr(shown.facts, name) != getattr(read.facts, name)
    )
