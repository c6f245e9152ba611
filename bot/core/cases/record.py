"""The record of a case as it is stored and handed over (the fields of a phản ánh, docs/adr/0008)."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from bot.core.story import DeskKind, Identity, Reach


class AccessClass(StrEnum):
    """Who may see a case before somebody entitled releases it: `restricted` for severity 5 and denunciations."""

    NORMAL = "normal"
    RESTRICTED = "restricted"


@dataclass(frozen=True)
class Contact:
    """How the citizen may be reached; sealed apart from the rest, kept only with consent."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None

    def __bool__(self) -> bool:
        return bool(self.name or self.phone or self.email)


@dataclass(frozen=True)
class Consent:
    """An act of consent: the wording's version, when it was given, and what it covers."""

    version: str
    at: datetime
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """What the citizen told, beyond the words: facts named so that nobody has to read for them again.

    `amount` is in đồng, `waited_minutes` in minutes; texts are the citizen's own, with personal numbers masked.
    """

    said: str | None = None
    waited_minutes: int | None = None
    visits: int | None = None
    amount: int | None = None
    witnesses: str | None = None
    evidence: tuple[str, ...] = ()
    wanted: str | None = None


@dataclass(frozen=True)
class CaseRecord:
    """One complaint of one kind; a mixed story gives several, linked by `related`.

    `narrative` has personal numbers masked, `narrative_raw` is what was typed (sealed, opened with a reason).
    `staff` is the accused's name or description, sealed likewise. `unit_former` is the name the citizen used where
    the unit has another today. `statements` are the ids of the legal lines that the citizen was shown. `reach` is how
    they asked to be told of the result.
    """

    input_type: str
    behaviours: tuple[str, ...]
    severity: int
    narrative: str
    narrative_raw: str
    identity: Identity
    channel: str
    received_at: datetime
    unit: str | None = None
    unit_former: str | None = None
    unit_options: tuple[str, ...] = ()
    desk: DeskKind = DeskKind.UNKNOWN
    counter: str | None = None
    staff: str | None = None
    event_date: date | None = None
    event_time: time | None = None
    event_approximate: bool = False
    procedure: str | None = None
    dossier_code: str | None = None
    story: Story = field(default_factory=Story)
    contact: Contact = field(default_factory=Contact)
    consent: Consent | None = None
    attachments: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    data_versions: tuple[str, ...] = ()
    child: bool = False
    reach: Reach | None = None

    @property
    def access(self) -> AccessClass:
        """Restricted where the story is of bribery, danger or a denunciation."""
        restricted = self.severity >= 5 or self.input_type == "TO_CAO"
        return AccessClass.RESTRICTED if restricted else AccessClass.NORMAL

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict; `from_json` reads it back."""
        raw = asdict(self)
        raw["received_at"] = self.received_at.isoformat()
        raw["event_date"] = self.event_date.isoformat() if self.event_date else None
        raw["event_time"] = self.event_time.isoformat("minutes") if self.event_time else None
        if self.consent:
            raw["consent"]["at"] = self.consent.at.isoformat()
        return raw

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> "CaseRecord":
        """Read back what `to_json` wrote; keys that only a newer version knows are dropped."""
        known = {k: v for k, v in raw.items() if k in cls.__dataclass_fields__}
        consent, story = known.get("consent"), known["story"]
        return cls(
            **{
                **known,
                **{
                    key: tuple(known[key])
                    for key in ("behaviours", "unit_options", "attachments", "statements", "data_versions")
                },
                "identity": Identity(known["identity"]),
                "desk": DeskKind(known["desk"]),
                "reach": Reach(known["reach"]) if known.get("reach") else None,
                "received_at": datetime.fromisoformat(known["received_at"]),
                "event_date": date.fromisoformat(known["event_date"]) if known["event_date"] else None,
                "event_time": time.fromisoformat(known["event_time"]) if known["event_time"] else None,
                "story": Story(**{**story, "evidence": tuple(story["evidence"])}),
                "contact": Contact(**known["contact"]),
                "consent": Consent(
                    consent["version"], datetime.fromisoformat(consent["at"]), tuple(consent["scopes"])
                )
                if consent
                else None,
            }
        )


@dataclass(frozen=True)
class Filing:
    """What confirming writes: the record under its number, in one transaction with the outbox row.

    `case_id` is made with the read-back, so that a repeated confirmation files nothing twice; it is also the key of
    the hand-over. `secret` opens the case to whoever knows it; only its hash is stored. `related` are the ids of the
    other cases of the same story.
    """

    case_id: str
    number: str
    secret: str
    conversation_id: str
    record: CaseRecord
    due_on: date | None
    clock_basis: str
    related: tuple[str, ...] = ()
