"""The contract between us and a complaint backend: its bodies, its limits, and what «the same body» means."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from bot.core.cases.ports import Receipt

VERSION = "1"
KEY_FORM = r"^[A-Za-z0-9._:-]{8,128}$"
REFERENCE_FORM = r"^[A-Za-z0-9._-]{1,64}$"
# A backend takes bodies of at least MUST_TAKE bytes and refuses those above MUST_REFUSE with 413.
MUST_TAKE_BYTES = 256 * 1024
MUST_REFUSE_BYTES = 1024 * 1024
MUST_TAKE_ATTACHMENT_BYTES = 10 * 1024 * 1024
# Largest answer that the client reads.
MAX_ANSWER_BYTES = 64 * 1024

Key = Annotated[str, Field(pattern=KEY_FORM)]
Reference = Annotated[str, Field(pattern=REFERENCE_FORM)]
ShortText = Annotated[str, Field(min_length=1, max_length=200)]
LongText = Annotated[str, Field(max_length=100_000)]


class FileIn(BaseModel):
    """A file that follows by PUT …/attachments/{id}; digest and size are those of the file as the citizen sent it."""

    model_config = ConfigDict(extra="allow", title="AnnouncedFile")

    id: Key
    media_type: ShortText
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Field(ge=0)]


class Restricted(BaseModel):
    """What only complaint officers may see, never the unit that is complained about."""

    model_config = ConfigDict(extra="allow")

    narrative_raw: LongText | None = Field(default=None, description="The words as typed.")
    contact: dict[str, str | None] | None = Field(default=None, description="name, phone, email; null if anonymous.")
    identity: str | None = Field(default=None, description="anonymous, named, hidden, …")


class CaseIn(BaseModel):
    """A case as it is handed over. Fields that are not named here are kept as they are."""

    model_config = ConfigDict(
        extra="allow",
        title="Case",
        json_schema_extra={
            "examples": [
                {
                    "case_id": "0f7d4a1e9c3b4e6f8a2d5c7b9e1f3a5c",
                    "number": "PA-4829-1372",
                    "channel": "web",
                    "received_at": "2026-11-21T03:00:00+00:00",
                    "input_type": "PHAN_ANH_HANH_VI",
                    "behaviour_codes": ["TD-XUCPHAM"],
                    "severity": 3,
                    "access_class": "normal",
                    "narrative_masked": "Nhân viên một cửa quát tôi.",
                    "anonymous": True,
                    "restricted": {"narrative_raw": "Nhân viên một cửa quát tôi.", "identity": "anonymous"},
                }
            ]
        },
    )

    case_id: Key = Field(description="Our id of the case; also its Idempotency-Key.")
    number: ShortText = Field(description="The number that the citizen was given.")
    received_at: AwareDatetime = Field(description="When the citizen confirmed.")
    input_type: ShortText = Field(description="A code such as PHAN_ANH_HANH_VI, KIEN_NGHI, TO_CAO.")
    narrative_masked: LongText = Field(description="The story with personal numbers masked.")
    channel: str | None = None
    behaviour_codes: list[ShortText] = Field(default_factory=list, description="At most three, the main one first.")
    severity: Annotated[int, Field(ge=0, le=5)] | None = None
    access_class: Literal["normal", "restricted"] = Field(
        default="normal", description="A restricted case never goes to the accused unit before its release."
    )
    unit_id: str | None = Field(default=None, description="The unit complained about.")
    staff_ref: str | None = Field(default=None, description="The accused, by name or description: to be kept sealed.")
    anonymous: bool | None = None
    attachments: list[FileIn] = Field(default_factory=list)
    restricted: Restricted = Field(default_factory=Restricted)


class EventIn(BaseModel):
    """Something that happened to a case since; what belongs to its kind is kept as it is."""

    model_config = ConfigDict(extra="allow", title="Event")

    kind: ShortText = Field(description="added, withdrawn, reopened, rated, …: new kinds must be kept too.")
    at: AwareDatetime = Field(description="When it happened.")
    sequence: int | None = Field(default=None, description="Its place in our timeline; events are sent in order.")
    status: str | None = Field(default=None, description="Where the case stands with us after it.")
    body: dict[str, Any] = Field(default_factory=dict, description="What belongs to its kind; may hold their words.")
    attachments: list[FileIn] = Field(default_factory=list)


class ReceiptOut(BaseModel):
    """The backend's acknowledgement."""

    model_config = ConfigDict(title="Receipt")

    reference: Reference = Field(description="The backend's own reference of the case.")
    key: Key = Field(description="The Idempotency-Key under which it was accepted.")
    received_at: AwareDatetime = Field(description="When it was first accepted.")

    def receipt(self) -> Receipt:
        """Return it as the core knows it, in UTC."""
        return Receipt(self.reference, self.key, self.received_at.astimezone(UTC))

    @classmethod
    def of(cls, receipt: Receipt) -> "ReceiptOut":
        """Return what is sent for a receipt."""
        return cls(reference=receipt.reference, key=receipt.key, received_at=receipt.received_at)


class StateOut(BaseModel):
    """Where a case stands there. Any word may be a state; received, in_progress, answered and closed are known."""

    model_config = ConfigDict(extra="allow", title="State")

    reference: Reference
    key: Key = Field(description="The Idempotency-Key of the case.")
    state: Annotated[str, Field(min_length=1, max_length=100)] = Field(examples=["in_progress"])
    text: Annotated[str, Field(max_length=4_000)] = Field(default="", description="A sentence about it, if any.")
    updated_at: AwareDatetime = Field(description="When the state was set; an older report never undoes a newer.")
    content_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        default=None, description="SHA-256 of the case's canonical JSON, computed from what is stored."
    )


class AttachmentOut(BaseModel):
    """A stored file."""

    model_config = ConfigDict(title="StoredAttachment")

    reference: Reference
    id: Key
    sha256: str
    size: int


def canonical(payload: dict[str, Any]) -> bytes:
    """Return the canonical JSON of a body: keys sorted by code point, no spaces, UTF-8, nothing escaped needlessly.

    Two bodies are the same when their canonical JSON is.
    """
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def content_sha256(payload: dict[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON in hexadecimal."""
    return hashlib.sha256(canonical(payload)).hexdigest()


def moment(value: str) -> datetime:
    """Return an ISO 8601 moment as aware UTC. Raises ValueError where it has no offset."""
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError("a moment needs an offset from UTC")
    return found.astimezone(UTC)
