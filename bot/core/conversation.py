"""The state of a conversation that outlives a turn: what is being asked about and what was offered."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from bot.core.cases.draft import Draft
from bot.core.procedures import Facet
from bot.core.routes import Outcome, Reason, Route

# How many matters of a conversation can be called back.
MAX_MATTERS = 5


class Owner(StrEnum):
    """Who answers the citizen now."""

    BOT = "BOT"
    WAITING = "WAITING"
    OPERATOR = "OPERATOR"


@dataclass(frozen=True)
class Choice:
    """A procedure (and, where set, one of its dossier cases) that was offered as a quick reply.

    `twin` is the same matter at the other level, where the choice leaves the level open.
    """

    procedure_id: str
    title: str
    case: str | None = None
    twin: str | None = None


@dataclass(frozen=True)
class Matter:
    """A procedure that was answered about; `twin` is the same matter at the other level while none was chosen."""

    procedure_id: str
    facet: Facet = Facet.GENERAL
    twin: str | None = None


@dataclass(frozen=True)
class ConversationState:
    """A conversation's context. Immutable; a turn makes a new one and it is saved, sealed, with the turn's reply.

    No words of the citizen live here, only ids, facets and codes, but for `held` and the `draft` of a case that is
    being told. `pending_facet` is the facet to answer once a
    choice is made, `pending_more` those to answer after it. `matters` are what was answered about, latest first, and
    the first `together` of them stood in one answer. `address` is how the citizen calls themselves (None until
    shown). `case_id` is the case last filed or opened here, `awaited` what the citizen was asked to give about it.
    `held` are words that wait for the citizen to say where they belong, by question: a case or a new one, a score.
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
    pending_more: tuple[Facet, ...] = ()
    matters: tuple[Matter, ...] = ()
    together: int = 0
    draft: Draft | None = None
    case_id: str | None = None
    awaited: str | None = None
    held: dict[str, str] = field(default_factory=dict)

    @property
    def twin(self) -> str | None:
        """The twin of the procedure under discussion while the citizen has chosen no level."""
        return self.matters[0].twin if self.matters and self.matters[0].procedure_id == self.procedure else None

    def remembering(self, answered: Sequence[Matter]) -> "ConversationState":
        """Return a state that also remembers `answered`, which stood together in one answer, in that order."""
        ids = {i for m in answered for i in (m.procedure_id, m.twin) if i}
        kept = [m for m in self.matters if m.procedure_id not in ids]
        return replace(self, matters=(*answered, *kept)[:MAX_MATTERS], together=min(len(answered), MAX_MATTERS))

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        return {**asdict(replace(self, draft=None)), "draft": self.draft.to_json() if self.draft else None}

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
        known["pending_more"] = tuple(Facet(f) for f in known.get("pending_more", ()))
        known["matters"] = tuple(Matter(**{**m, "facet": Facet(m["facet"])}) for m in known.get("matters", ()))
        for key, kind in (("facet", Facet), ("pending_facet", Facet), ("route", Route), ("outcome", Outcome)):
            if known.get(key) is not None:
                known[key] = kind(known[key])
        if known.get("reason") is not None:
            known["reason"] = Reason(known["reason"])
        known["draft"] = Draft.from_json(known["draft"]) if known.get("draft") else None
        return cls(**known)
