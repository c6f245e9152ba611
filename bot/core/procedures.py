"""A public procedure as answers are composed from it: plain facts, each possibly unknown.

The shape follows formats/catalogue; the validating models live in knowledge.records and are
converted to these. `None` means «chưa có dữ liệu» and is never filled by a guess.
"""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from bot.core.routes import Agency


class Facet(StrEnum):
    """The side of a procedure that a question asks about."""

    GENERAL = "general"
    DOCUMENTS = "documents"
    FEE = "fee"
    TIME = "time"
    WHERE = "where"
    ONLINE = "online"
    STEPS = "steps"
    CONDITIONS = "conditions"
    RESULT = "result"
    LEGAL = "legal"
    AUTHORITY = "authority"


class Status(StrEnum):
    """Whether, and for whom, a procedure exists."""

    IN_FORCE = "in_force"
    REPEALED = "repealed"
    SUSPENDED = "suspended"
    UNCERTAIN = "uncertain"
    ROUTING = "routing"
    INTERNAL = "internal"


class Confidence(StrEnum):
    """How well a group of facts is proven."""

    VERIFIED = "verified"
    LAW = "law"
    UNVERIFIED = "unverified"


class TimeUnit(StrEnum):
    """What a time limit counts."""

    WORKING_DAYS = "working_days"
    DAYS = "days"


@dataclass(frozen=True)
class DossierItem:
    """One paper of a dossier; `case` names the situation that needs it (None: every situation)."""

    name: str
    original: int | None = None
    copy: int | None = None
    form: str | None = None
    note: str | None = None
    case: str | None = None


@dataclass(frozen=True)
class TimeLimit:
    """A time limit; `value` is None where only the wording `counting` is known.

    `for_result` is False where it does not run from handing in a dossier to its result. `note` is for editors.
    """

    value: int | None
    unit: TimeUnit | None
    counting: str | None = None
    per_agency: tuple[str, ...] = ()
    note: str | None = None
    for_result: bool = True


@dataclass(frozen=True)
class LegalBasis:
    """A legal document that a procedure rests on; `in_force` is read on the day of the data."""

    number: str
    title: str | None = None
    article: str | None = None
    issued: dt.date | None = None
    effective_from: dt.date | None = None
    in_force: bool = True
    replaced_by: str | None = None


@dataclass(frozen=True)
class Decision:
    """The decision that publishes a version of a procedure."""

    number: str
    date: dt.date | None = None
    body: str | None = None
    effective_from: dt.date | None = None


@dataclass(frozen=True)
class Procedure:
    """One version of a procedure; (id, valid_from) names it.

    `confidence` maps a group of facts (identity, code, dossier, time_limit, fee, place, …) to its proof.
    `code` is the national code d.dddddd, or None where it is not confirmed. `level` is tỉnh, xã, liên thông,
    huyện or trung ương; nhiều cấp or "" in catalogues from elsewhere. `checked_on` is the day on which the facts
    were last compared with their sources. `responsible` (in words) and `agency` name the body that a ROUTING
    procedure belongs to. `repealed_by` also says what suspended a SUSPENDED one.
    """

    id: str
    code: str | None
    name: str
    aliases: tuple[str, ...]
    field: str
    level: str
    status: Status
    checked_on: dt.date
    former_level: str | None = None
    applicants: str | None = None
    conditions: str | None = None
    result: str | None = None
    steps: tuple[str, ...] = ()
    dossier: tuple[DossierItem, ...] = ()
    time_limit: TimeLimit | None = None
    fee: str | None = None
    channels: tuple[str, ...] = ()
    channels_note: str | None = None
    online: bool | None = None
    place: str | None = None
    authority: str | None = None
    delegation: str | None = None
    responsible: str | None = None
    agency: Agency | None = None
    legal_basis: tuple[LegalBasis, ...] = ()
    decision: Decision | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    replaced_by: str | None = None
    replaced_by_ids: tuple[str, ...] = ()
    repealed_by: str | None = None
    data_replaces: tuple[str, ...] = ()
    note: str | None = None
    confidence: dict[str, Confidence] = dataclasses.field(default_factory=dict)

    def valid_on(self, day: dt.date) -> bool:
        """True when this version is the law on `day` (unknown bounds are open)."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)
