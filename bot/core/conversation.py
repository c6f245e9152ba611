"""The state of a conversation that outlives a turn: what is being asked about and what was offered."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from bot.core.procedures import Facet
from bot.core.routes import Outcome, Reason, Route


class Owner(StrEnum):
    """Who answers the citizen now."""

    BOT = "BOT"
    WAITING = "WAITING"
    OPERATOR = "OPERATOR"


@dataclass(frozen=True)
class Choice:
    """A procedure (and, where set, one of its dossier cases) that was offered as a quick reply."""

    procedure_id: str
    title: str
    case: str | None = None


@dataclass(frozen=True)
class ConversationState:
    """An enquiry's context. Immutable; a turn makes a new one and it is saved with the turn's reply.

    No words of the citizen live here, only ids, facets and codes. `pending_facet` is the facet to answer once a
    choice is made. `address` is how the citizen calls themselves (None until shown).
    """

    owner: Owner = Owner.BOT
    procedure: str | None = None
    case: str | None = None
    facet: Facet | None = None
    offered: tuple[Choice, ...] = ()
    pending_facet: Facet | None = None
    address: str | None = None
    route: Route | None = None
    outcome: Outcome | None = None
    reason: Reason | None = None
    agency: str | None = None
    failures: int = 0
    facts: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> "ConversationState":
        """Read back what `to_json` wrote; what only a newer version understands is dropped, if need be the whole."""
        try:
            return cls._read(raw)
        except (KeyError, TypeError, ValueError):
            return cls()

    @classmethod
    def _read(cls, raw: dict[str, Any]) -> "ConversationState":
        known = {k: v for k, v in raw.items() if k in cls.__dataclass_fields__}
        known["owner"] = Owner(known.get("owner", Owner.BOT))
        known["offered"] = tuple(Choice(**c) for c in known.get("offered", ()))
        for key, kind in (("facet", Facet), ("pending_facet", Facet), ("route", Route), ("outcome", Outcome)):
            if known.get(key) is not None:
                known[key] = kind(known[key])
        if known.get("reason") is not None:
            known["reason"] = Reason(known["reason"])
        return cls(**known)
