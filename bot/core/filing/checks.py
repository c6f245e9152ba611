"""What an officer must know before filing: danger, law, doubts, conflicts, cases that are there already. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.cases.access import Access
from bot.core.cases.conflict import names
from bot.core.cases.people import Principal
from bot.core.cases.record import AccessClass, CaseRecord, Filing
from bot.core.cases.state import Case, Status
from bot.core.filing.reading import Reading
from bot.core.kinds import InputType
from bot.core.phrases import Phrases
from bot.core.story import Identity

_NOTES = {
    "case_unit_split": "unit_split",
    "case_unit_district": "unit_district",
    "case_unit_ambiguous": "unit_ambiguous",
    "case_when_future": "when_future",
    "case_when_impossible": "when_impossible",
    "case_when_vague": "when_vague",
}
# Kinds that tell of something that somebody did.
_TELLS = frozenset({InputType.PHAN_ANH_HANH_VI, InputType.TO_CAO})
# Below this the chat takes a message for a question.
MAY_HAVE_HAPPENED = 0.05
_BY_FIELD = {"unit": "unit", "event_date": "when"}
_PHONE = re.compile(r"0\d{9,10}")


@dataclass(frozen=True)
class Warn:
    """One warning; `grave` ones are shown first and stay until the officer has seen them."""

    code: str
    text: str
    grave: bool = False


@dataclass(frozen=True)
class Twin:
    """A case of the same office and day; `same_person` where the contact is the same."""

    number: str
    status: str
    received_on: date
    same_person: bool


class Warnings:
    """Finds warnings; immutable."""

    def __init__(self, phrases: Phrases, access: Access) -> None:
        self._phrases = phrases
        self._access = access

    def of(self, principal: Principal, reading: Reading, twins: Sequence[Twin], *, number_known: bool) -> list[Warn]:
        """Return the warnings about a form, the gravest first."""
        found = [*self._danger(reading), *self._conflict(principal, reading), *self._law(reading)]
        found += [*self._doubts(reading), *self._contact(reading, number_known=number_known), *self._twins(twins)]
        return sorted(found, key=lambda warn: not warn.grave)

    def may_file(self, principal: Principal, reading: Reading) -> bool:
        """True unless the case names the officer, or accuses the unit that they belong to.

        What is about the Department itself its own people may take down: else nobody could complain of it here.
        """
        case = _case(reading)
        if names(principal, case):
            return False
        own = principal.unit is not None and self._access.accuses(principal.unit, case)
        return not own or self._access.about_us(case)

    def about_us(self, reading: Reading) -> bool:
        """True when the case is about the Department or its hotline."""
        return self._access.about_us(_case(reading))

    def other_body(self, reading: Reading) -> bool:
        """True when the story is another body's matter, and no office of the city was chosen by hand."""
        kind = reading.judgement.kind
        chosen = "unit" in reading.form.by_hand and reading.draft.unit is not None
        return kind.agency is not None and not kind.ours and not chosen

    def _danger(self, reading: Reading) -> list[Warn]:
        danger = reading.judgement.kind.danger
        return [self._warn(f"danger_{danger.value}", grave=True)] if danger else []

    def _conflict(self, principal: Principal, reading: Reading) -> list[Warn]:
        if not self.may_file(principal, reading):
            return [self._warn("conflict", grave=True)]
        return [self._warn("about_us", grave=True)] if self.about_us(reading) else []

    def _law(self, reading: Reading) -> list[Warn]:
        draft = reading.draft
        found = []
        if draft.input_type in {InputType.KHIEU_NAI, InputType.TO_CAO}:
            found.append(self._warn(f"law_{draft.input_type.value}", grave=True))
        if record_of(reading).access is AccessClass.RESTRICTED:
            found.append(self._warn("restricted"))
        return found

    def _doubts(self, reading: Reading) -> list[Warn]:
        draft, kind = reading.draft, reading.judgement.kind
        found = []
        if self.other_body(reading) and kind.agency:
            name, where = self._phrases.agency(kind.agency, complaint=True)
            found.append(self._warn("other_body", grave=True, agency=name, agency_where=where))
        wondered = draft.input_type in _TELLS and reading.happened < MAY_HAVE_HAPPENED and bool(draft.told)
        if kind.hypothetical or wondered:
            found.append(self._warn("hypothetical"))
        if draft.thin and draft.told:
            found.append(self._warn("thin"))
        for note in reading.notes:
            code = _NOTES.get(note)
            if code and not self._settled(code, reading):
                found.append(self._warn(code))
        if draft.others:
            found.append(self._warn("linked", count=len(draft.others) + 1))
        if reading.masked:
            found.append(self._warn("masked"))
        return found

    def _settled(self, code: str, reading: Reading) -> bool:
        """True for a doubt that the officer has settled by hand."""
        field = next((field for field, start in _BY_FIELD.items() if code.startswith(start)), "")
        return field in reading.form.by_hand and getattr(reading.form.facts, field) is not None

    def _contact(self, reading: Reading, *, number_known: bool) -> list[Warn]:
        draft, facts = reading.draft, reading.form.facts
        if draft.child:
            return [self._warn("child")]
        if draft.identity is Identity.ANONYMOUS:
            return []
        found = []
        if facts.caller_number and not number_known:
            found.append(self._warn("no_number"))
        if draft.contact.phone and not _PHONE.fullmatch(draft.contact.phone):
            found.append(self._warn("phone"))
        if draft.contact.phone or draft.contact.email or facts.caller_number:
            found.append(self._warn("no_consent"))
        return found

    def _twins(self, twins: Sequence[Twin]) -> list[Warn]:
        found = []
        for code, same in (("same_person", True), ("twin", False)):
            if numbers := ", ".join(twin.number for twin in twins if twin.same_person is same):
                found.append(self._warn(code, numbers=numbers))
        return found

    def _warn(self, code: str, *, grave: bool = False, **facts: object) -> Warn:
        return Warn(code, self._phrases.say(f"warn_{code}", None, **facts), grave)


def record_of(reading: Reading) -> CaseRecord:
    """Return the record that the form would make, without a contact: for rules that look at records."""
    draft = reading.draft
    return CaseRecord(
        input_type=draft.input_type.value,
        behaviours=draft.behaviours,
        severity=draft.severity,
        narrative=draft.narrative,
        narrative_raw="",
        identity=Identity.ANONYMOUS,
        channel=reading.form.source.value,
        received_at=reading.at,
        unit=draft.unit,
        unit_former=draft.unit_said,
        unit_options=draft.unit_options if draft.unit is None else (),
        staff=draft.staff,
        story=draft.story,
    )


def twins_among(
    filing: Filing, same: Sequence[Case], others: Sequence[Case], may_see: Callable[[Case], bool]
) -> tuple[Twin, ...]:
    """Return the cases like a filing that the officer may know of."""
    return tuple(
        Twin(case.number, case.status.value, case.created_at.date(), same_person)
        for cases, same_person in ((same, True), (others, False))
        for case in cases
        if case.id != filing.case_id and may_see(case)
    )


def _case(reading: Reading) -> Case:
    record = record_of(reading)
    return Case("", "", "", Status.RECEIVED, record.access, record, reading.at, reading.at, None, "")
