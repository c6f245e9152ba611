"""A conversation as operators are shown it: what the citizen sent, never more, without numbers and secrets. Pure."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.handover.attention import Why
from bot.core.handover.ports import Sent
from bot.core.messages import Event, EventKind
from bot.core.privacy import mask

LAST_CHARACTERS = 140
_HIDDEN = "••••-••••"
# As bot.core.cases.number writes secrets, and as citizens may type them.
_SIGNS = "[ACDEFHKMNPRTXY34679]{4}"
_SECRET = re.compile(rf"(?<![^\W_]){_SIGNS}[\s-]?{_SIGNS}(?![^\W_])", re.IGNORECASE)
# Names of things, which hold no words.
_RAW = frozenset({"act", "id", "kind", "url"})


@dataclass(frozen=True)
class Person:
    """Somebody of the staff."""

    id: str
    name: str


@dataclass(frozen=True)
class Shown:
    """An event as operators see it; `reply` is the payload of what is not the citizen's."""

    sequence: int
    kind: EventKind
    at: datetime
    text: str
    reply: Mapping[str, Any] | None
    by: Person | None


@dataclass(frozen=True)
class Summary:
    """A conversation in a list. `last_text` is empty for who may not read it."""

    id: str
    channel: str
    label: str
    owner: str
    attended_by: Person | None
    reason: Why | None
    urgency: int
    waiting_since: datetime | None
    last_at: datetime
    last_text: str
    last_from: str
    place: int | None
    case_number: str | None
    closed_at: datetime | None
    version: int


def label(conversation_id: str) -> str:
    """Return what a citizen is called whose name nobody needs to know."""
    return f"Khách {hashlib.sha256(conversation_id.encode()).hexdigest()[:4].upper()}"


def shown(event: Event, sent: Sent | None, names: Mapping[str, str]) -> Shown:
    """Return an event as operators see it."""
    text = hide(str(event.body.get("text", "")))
    reply = None if event.kind is EventKind.CITIZEN else _hidden(event.body)
    by = Person(sent.by, names.get(sent.by, sent.by)) if sent else None
    return Shown(event.sequence, event.kind, event.created_at, text, reply, by)


def hide(text: str) -> str:
    """Return a text without personal numbers and without the secrets of cases."""
    return mask(_SECRET.sub(lambda found: found[0] if _ordinary(found[0]) else _HIDDEN, text))


def last_words(text: str) -> str:
    """Return the beginning of a text, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= LAST_CHARACTERS else line[: LAST_CHARACTERS - 1].rstrip() + "…"


def _ordinary(words: str) -> bool:
    """True for numbers alone and ordinary words of such letters («tham khac»): no secret."""
    letters = words.replace("-", "").replace(" ", "")
    coded = letters.isupper() or "-" in words or any(sign.isdigit() for sign in letters)
    return letters.isdigit() or not coded


def _hidden(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value if key in _RAW else _without(value) for key, value in body.items()}


def _without(value: Any) -> Any:
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, Mapping):
        return _hidden(value)
    if isinstance(value, list | tuple):
        return [_without(part) for part in value]
    return value
