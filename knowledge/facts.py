"""The parts of a catalogue record: limits on texts, enumerations, and the strict models of single facts."""

import datetime as dt
import re
import unicodedata
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from bot.core.procedures import TimeUnit

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff\ud800-\udfff]")


def clean(text: str) -> str:
    """Return the text in NFC, without control, zero-width or direction characters, trimmed."""
    return _CONTROL.sub("", unicodedata.normalize("NFC", text)).strip()


def _clean_if_text(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


_Clean = BeforeValidator(_clean_if_text)
Name = Annotated[str, _Clean, StringConstraints(min_length=1, max_length=1_200)]
Short = Annotated[str, _Clean, StringConstraints(min_length=1, max_length=2_000)]
#: Portal texts arrive as one blob; the longest known one has 51,000 characters.
Long = Annotated[str, _Clean, StringConstraints(min_length=1, max_length=60_000)]
RecordId = Annotated[str, _Clean, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Code = Annotated[str, _Clean, StringConstraints(pattern=r"^\d\.\d{6}$")]
Day = Annotated[dt.date, Field(strict=False)]
Quantity = Annotated[int, Field(ge=0, le=1_000)]


class Level(StrEnum):
    """Who handles a procedure since 1 July 2025; MANY where a source names several levels."""

    PROVINCE = "tỉnh"
    COMMUNE = "xã"
    JOINT = "liên thông"
    DISTRICT = "huyện"
    CENTRAL = "trung ương"
    MANY = "nhiều cấp"


class Channel(StrEnum):
    """A way of handing in; ONLINE where the source does not say full or partial."""

    IN_PERSON = "trực tiếp"
    POST = "bưu chính"
    ONLINE_FULL = "trực tuyến toàn trình"
    ONLINE_PARTIAL = "trực tuyến một phần"
    ONLINE = "trực tuyến"
    PHONE = "điện thoại"
    EMAIL = "thư điện tử"


class Group(StrEnum):
    """A group of facts that is proven together."""

    IDENTITY = "identity"
    NAME = "name"
    LEVEL = "level"
    CODE = "code"
    APPLICANTS = "applicants"
    CONDITIONS = "conditions"
    RESULT = "result"
    STEPS = "steps"
    DOSSIER = "dossier"
    TIME_LIMIT = "time_limit"
    FEE = "fee"
    CHANNELS = "channels"
    PLACE = "place"
    AUTHORITY = "authority"
    LEGAL_BASIS = "legal_basis"
    VALIDITY = "validity"


class BasisStatus(StrEnum):
    """Whether a legal document holds; UNCERTAIN ones are never shown as the basis."""

    IN_FORCE = "in_force"
    REPLACED = "replaced"
    REPEALED = "repealed"
    UNCERTAIN = "uncertain"


_TimeUnit = Annotated[TimeUnit, Field(strict=False)]


class Strict(BaseModel):
    """Base of the catalogue's models: unknown fields and other types are errors; instances cannot change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class DossierEntry(Strict):
    """One paper of a dossier; `case` names the situation that needs it."""

    name: Long
    original: Quantity | None = None
    copy_: Quantity | None = Field(None, alias="copy")
    form: Short | None = None
    note: Short | None = None
    case: Short | None = None

    model_config = ConfigDict(populate_by_name=True)


class AgencyLimit(Strict):
    """The part of a time limit that one agency has, or the limit of one case."""

    agency: Short | None = None
    case: Short | None = None
    value: Annotated[int, Field(ge=0, le=3_660)]
    unit: _TimeUnit | None = None

    def as_text(self) -> str:
        """Return for example «Sở Nội vụ: 5 ngày làm việc»."""
        unit = "ngày làm việc" if self.unit is TimeUnit.WORKING_DAYS else "ngày"
        who = " – ".join(part for part in (self.agency, self.case) if part)
        return f"{who}: {self.value} {unit}" if who else f"{self.value} {unit}"


class Limit(Strict):
    """A time limit. `counting` is its wording; `note` is a remark for the editor that citizens don't need.

    `for_result` is false where it does not run from handing in a dossier to its result (a deadline for applying, one
    stage of several): no due date may be computed from it.
    """

    value: Annotated[int, Field(ge=0, le=3_660)] | None = None
    unit: _TimeUnit | None = None
    for_result: bool = True
    counting: Long | None = None
    per_agency: Annotated[list[AgencyLimit], Field(max_length=50)] = Field(default_factory=list)
    note: Long | None = None

    @property
    def known(self) -> bool:
        """True when there is anything to tell a citizen."""
        return self.value is not None or self.counting is not None or bool(self.per_agency)

    @model_validator(mode="after")
    def _value_has_unit(self) -> Self:
        if self.value is not None and self.unit is None:
            raise ValueError("có số ngày thì phải có đơn vị (working_days hoặc days)")
        return self


class Basis(Strict):
    """A legal document. `sunset` is the first day on which it no longer holds by its own terms."""

    number: Short
    title: Short | None = None
    article: Short | None = None
    issued: Day | None = None
    effective_from: Day | None = None
    sunset: Day | None = None
    status: Annotated[BasisStatus, Field(strict=False)] = BasisStatus.IN_FORCE
    replaced_by: Short | None = None
    replaced_from: Day | None = None
    note: Short | None = None

    def in_force_on(self, day: dt.date) -> bool:
        """True when the document is known to hold on `day`; unknown bounds are open."""
        if self.effective_from is not None and day < self.effective_from:
            return False
        if self.sunset is not None and day >= self.sunset:
            return False
        if self.status is BasisStatus.REPLACED and self.replaced_from is not None:
            return day < self.replaced_from
        return self.status is BasisStatus.IN_FORCE


class Publication(Strict):
    """The decision that publishes a version."""

    number: Short
    date: Day | None = None
    body: Short | None = None
    effective_from: Day | None = None


class DataReplacement(Strict):
    """A paper that the office looks up itself."""

    paper: Short
    database: Short | None = None
    basis: Short | None = None
    effective_from: Day | None = None

    def as_text(self) -> str:
        """Return the paper, what is looked up instead and where that is written."""
        since = f"từ {self.effective_from:%d/%m/%Y}" if self.effective_from else None
        details = "; ".join(part for part in (self.database, self.basis, since) if part)
        return f"{self.paper} ({details})" if details else self.paper


class Source(Strict):
    """Where a group of facts was read."""

    ref: Short
    kind: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")] = "unspecified"
