"""The strict model of one catalogue record (format: docs/catalogue.md) and its conversion to a Procedure."""

import datetime as dt
from typing import Annotated, Self

from pydantic import Field, model_validator

from bot.core.procedures import Confidence, Decision, DossierItem, LegalBasis, Procedure, Status, TimeLimit
from bot.core.routes import Agency
from knowledge.facts import (
    Basis,
    Channel,
    Code,
    DataReplacement,
    Day,
    DossierEntry,
    Group,
    Level,
    Limit,
    Long,
    Name,
    Publication,
    RecordId,
    Short,
    Source,
    Strict,
)

#: Which group proves a field; a field that is not here is proven with the identity.
GROUP_OF = {
    **{name: Group.LEVEL for name in ("level", "former_level")},
    **{name: Group.CHANNELS for name in ("channels", "channels_note", "online")},
    **{name: Group.AUTHORITY for name in ("authority", "delegation", "responsible", "agency")},
    **{name: Group.LEGAL_BASIS for name in ("legal_basis", "decision", "data_replaces")},
    **{
        name: Group.VALIDITY
        for name in ("valid_from", "valid_to", "status", "replaced_by", "replaced_by_ids", "repealed_by")
    },
    **{
        name: Group(name)
        for name in (
            "name", "code", "applicants", "conditions", "result", "steps", "dossier", "time_limit", "fee", "place"
        )
    },
}  # fmt: skip

AnyStatus = Annotated[Status, Field(strict=False)]
AnyGroup = Annotated[Group, Field(strict=False)]
AnyChannel = Annotated[Channel, Field(strict=False)]
AnyConfidence = Annotated[Confidence, Field(strict=False)]

RANK = {Confidence.UNVERIFIED: 0, Confidence.LAW: 1, Confidence.VERIFIED: 2}


class Record(Strict):
    """One procedure in one period of validity; (id, valid_from) names the version."""

    id: RecordId
    code: Code | None = None
    name: Name
    aliases: Annotated[list[Short], Field(max_length=60)] = Field(default_factory=list)
    field: Short | None = None
    level: Annotated[Level, Field(strict=False)] | None = None
    former_level: Short | None = None
    status: AnyStatus = Status.IN_FORCE
    valid_from: Day | None = None
    valid_to: Day | None = None
    replaced_by: Short | None = None
    replaced_by_ids: Annotated[list[RecordId], Field(max_length=20)] = Field(default_factory=list)
    repealed_by: Short | None = None
    applicants: Long | None = None
    conditions: Long | None = None
    result: Long | None = None
    steps: Annotated[list[Long], Field(max_length=300)] = Field(default_factory=list)
    dossier: Annotated[list[DossierEntry], Field(max_length=500)] = Field(default_factory=list)
    time_limit: Limit | None = None
    fee: Long | None = None
    channels: Annotated[list[AnyChannel], Field(max_length=7)] = Field(default_factory=list)
    channels_note: Short | None = None
    online: bool | None = None
    place: Long | None = None
    authority: Long | None = None
    delegation: Short | None = None
    responsible: Short | None = None
    agency: Annotated[Agency, Field(strict=False)] | None = None
    legal_basis: Annotated[list[Basis], Field(max_length=300)] = Field(default_factory=list)
    decision: Publication | None = None
    data_replaces: Annotated[list[DataReplacement], Field(max_length=60)] = Field(default_factory=list)
    note: Long | None = None
    sources: Annotated[list[Source], Field(max_length=100)] = Field(default_factory=list)
    confidence: dict[AnyGroup, AnyConfidence] = Field(default_factory=dict)
    checked_on: Day | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise ValueError("valid_from sau valid_to")
        if self.status is Status.ROUTING and not (self.responsible or self.authority):
            raise ValueError("thủ tục của cơ quan khác (routing) phải ghi responsible hoặc authority")
        if len(set(self.channels)) != len(self.channels):
            raise ValueError("channels ghi trùng một cách nộp")
        return self

    def covers(self, day: dt.date) -> bool:
        """True when this version is the law on `day` (unknown bounds are open)."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def proof(self, field: str) -> Confidence:
        """Return how well a field is proven; a fact without a word about its proof counts as unverified."""
        group = GROUP_OF.get(field, Group.IDENTITY)
        given = self.confidence.get(group)
        if given is None and group in (Group.NAME, Group.LEVEL, Group.VALIDITY):
            given = self.confidence.get(Group.IDENTITY)
        if given is None and group is Group.IDENTITY:
            parts = [self.confidence[g] for g in (Group.NAME, Group.LEVEL) if g in self.confidence]
            given = min(parts, key=RANK.__getitem__, default=None)
        return given or Confidence.UNVERIFIED

    def status_on(self, day: dt.date) -> Status:
        """Return the status as of `day`: a version was in force before it ended, and lapses when its period ends."""
        ended = self.valid_to is not None and day > self.valid_to
        if self.status in (Status.REPEALED, Status.SUSPENDED):
            return self.status if ended or self.valid_to is None else Status.IN_FORCE
        if ended and self.status is not Status.UNCERTAIN:
            return Status.REPEALED
        return self.status

    def to_procedure(self, day: dt.date, checked_on: dt.date) -> Procedure:
        """Return the facts as answers use them on `day`.

        `checked_on` stands in where the record has no day of its own. A code that is not confirmed is left out, a
        missing `valid_from` counts as unverified validity, and legal documents are judged as of `day`.
        """
        confidence = {g.value: c for g, c in self.confidence.items()}
        for field, group in GROUP_OF.items():
            if getattr(self, field):
                confidence.setdefault(group.value, self.proof(field))
        confidence[Group.IDENTITY] = self.proof("field")
        if self.valid_from is None:
            confidence[Group.VALIDITY] = Confidence.UNVERIFIED
        confirmed = self.proof("code") is not Confidence.UNVERIFIED
        limit = self.time_limit if self.time_limit and self.time_limit.known else None
        return Procedure(
            id=self.id,
            code=self.code if confirmed else None,
            name=self.name,
            aliases=tuple(self.aliases),
            field=self.field or "",
            level=self.level.value if self.level else "",
            status=self.status_on(day),
            checked_on=self.checked_on or checked_on,
            former_level=self.former_level,
            applicants=self.applicants,
            conditions=self.conditions,
            result=self.result,
            steps=tuple(self.steps),
            dossier=tuple(
                DossierItem(d.name, d.original, d.copy_, form=d.form, note=d.note, case=d.case) for d in self.dossier
            ),
            time_limit=TimeLimit(
                limit.value,
                limit.unit,
                limit.counting,
                tuple(part.as_text() for part in limit.per_agency),
                limit.note,
                limit.for_result,
            )
            if limit
            else None,
            fee=self.fee,
            channels=tuple(c.value for c in self.channels),
            channels_note=self.channels_note,
            online=self.online,
            place=self.place,
            authority=self.authority,
            delegation=self.delegation,
            responsible=self.responsible,
            agency=self.agency,
            legal_basis=tuple(
                LegalBasis(
                    b.number, b.title, b.article, b.issued, b.effective_from, b.in_force_on(day), b.replaced_by
                )
                for b in self.legal_basis
            ),
            decision=Decision(
                self.decision.number, self.decision.date, self.decision.body, self.decision.effective_from
            )
            if self.decision
            else None,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            replaced_by=self.replaced_by,
            replaced_by_ids=tuple(self.replaced_by_ids),
            repealed_by=self.repealed_by,
            data_replaces=tuple(d.as_text() for d in self.data_replaces),
            note=self.note,
            confidence={name: Confidence(value) for name, value in confidence.items()},
        )
