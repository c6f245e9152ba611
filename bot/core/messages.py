"""Messages as they cross the core: in from a channel, grouped into a turn, out as events."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class InboundMessage:
    """One message of a citizen; (conversation_id, channel_message_id) identifies it across redeliveries.

    `text` is what was typed, unchanged; `button` the id of a pressed quick reply. `now` fixes the turn's clock
    and is set by evaluation alone.
    """

    conversation_id: str
    channel_message_id: str
    text: str
    received_at: datetime
    button: str | None = None
    now: datetime | None = None


@dataclass(frozen=True)
class Stored:
    """What storing an inbound message gave: its sequence, and whether it had been stored before."""

    sequence: int
    duplicate: bool


@dataclass(frozen=True)
class Turn:
    """All waiting messages of one conversation, answered together; `now` is the turn's own clock (aware UTC)."""

    id: str
    conversation_id: str
    text: str
    button: str | None
    now: datetime
    created_at: datetime
    attempts: int


class EventKind(StrEnum):
    """What a conversation's event log holds."""

    CITIZEN = "citizen"
    ASSISTANT = "assistant"
    NOTICE = "notice"
    OFFICER = "officer"  # somebody of the office, in the platform's own console: never sent, the platform has
    OPERATOR = "operator"  # a person of the office wrote it; a reply payload whose `data.name` says who is shown


# What is shown on the platform already, or was written there.
SAID_THERE = frozenset({EventKind.CITIZEN, EventKind.OFFICER})


@dataclass(frozen=True)
class Event:
    """One entry of a conversation's log; `sequence` is its place and the SSE id.

    `body` is `{"text": …}` for a citizen's or an officer's message and a reply payload otherwise.
    """

    conversation_id: str
    sequence: int
    kind: EventKind
    turn_id: str | None
    created_at: datetime
    body: dict[str, Any]


@dataclass(frozen=True)
class DialogueInput:
    """What the dialogue engine is given: cleaned, masked text or an intent literal for a button."""

    conversation_id: str
    turn_id: str
    text: str


@dataclass(frozen=True)
class TurnRecord:
    """Figures of an answered turn, without any of the citizen's words; `duration_ms` is the action's own time."""

    intent: str
    intent_confidence: float
    route: str | None
    outcome: str
    duration_ms: float
    reason: str | None = None
    procedure_id: str | None = None
    facet: str | None = None
    fact_missing: bool = False
