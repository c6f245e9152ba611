"""From a confirmed draft to the cases that are filed. Pure but for the random number and secret."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.cases.deadlines import Deadlines
from bot.core.cases.draft import Draft
from bot.core.cases.number import new_number, new_secret
from bot.core.cases.record import CaseRecord, Consent, Contact, Filing, Story
from bot.core.kinds import InputType, part_of_kind
from bot.core.story import DeskKind, Identity

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
# Changes when the wording of ask_consent changes: a consent names the wording that was agreed to. What is agreed to
# by word of mouth or on paper is marked so (bot.core.filing).
CONSENT_VERSION = "2026-11-1"
RESTRICTED = 5
CONSENT_SCOPES = ("bao_ket_qua", "hoi_them")


@dataclass(frozen=True)
class CaseFiling:
    """Makes filings; `data_versions` name the taxonomy, types and units that the record was read with."""

    deadlines: Deadlines
    data_versions: tuple[str, ...]

    def filings(self, draft: Draft, now: datetime) -> tuple[Filing, ...]:
        """Return the main case first, then one for each other kind of a mixed story, linked to it.

        The ids come from the draft's own, made at the read-back: confirming twice files nothing twice.
        """
        if draft.case_id is None:
            raise ValueError("a draft is read back before it is filed")
        parts = {k: part for k in draft.others if (part := part_of_kind(draft.narrative, k))}
        kinds = (draft.input_type, *(k for k in parts if k is not draft.input_type))
        ids = [draft.case_id, *(f"{draft.case_id}-{i}" for i in range(1, len(kinds)))]
        filings = []
        for case_id, kind in zip(ids, kinds, strict=True):
            due_on, basis = self.deadlines.first_answer(kind, now.astimezone(VIETNAM).date())
            filings.append(
                Filing(
                    case_id=case_id,
                    number=new_number(),
                    secret=new_secret(),
                    conversation_id="",
                    record=self._record(draft, kind, now, parts.get(kind, "")),
                    due_on=due_on,
                    clock_basis=basis,
                    related=tuple(i for i in ids if i != case_id),
                )
            )
        return tuple(filings)

    def _record(self, draft: Draft, kind: InputType, now: datetime, part: str) -> CaseRecord:
        main = kind is draft.input_type
        named = draft.identity is not None and draft.identity is not Identity.ANONYMOUS
        reachable = named and draft.consent is True
        record = CaseRecord(
            input_type=kind.value,
            behaviours=draft.behaviours if main else (),
            # A part of a restricted story stays as restricted as the whole.
            severity=draft.severity if main or draft.severity >= RESTRICTED else 1,
            narrative=draft.narrative,
            narrative_raw="\n".join(draft.told_raw),
            identity=draft.identity if reachable and draft.identity else Identity.ANONYMOUS,
            channel="",
            received_at=now,
            unit=draft.unit,
            unit_former=draft.unit_said,
            unit_options=draft.unit_options if draft.unit is None else (),
            desk=draft.desk or DeskKind.UNKNOWN,
            counter=draft.counter,
            staff=draft.staff,
            event_date=draft.event_date,
            event_time=draft.event_time,
            event_approximate=draft.approximate,
            procedure=draft.procedure,
            dossier_code=draft.dossier_code,
            story=draft.story,
            contact=draft.contact if reachable else Contact(),
            consent=Consent(draft.consent_version or CONSENT_VERSION, draft.consent_at, CONSENT_SCOPES)
            if reachable and draft.consent_at
            else None,
            attachments=draft.attachments if main else (),
            statements=tuple(dict.fromkeys((*draft.statements, draft.input_type.value))),
            data_versions=self.data_versions,
            child=draft.child,
            reach=draft.reach if reachable else None,
        )
        if main:
            return record
        # Only the part that is of this kind: the accused and the words of the main part stay with the main case.
        return replace(
            record, narrative=part, narrative_raw=part, staff=None, counter=None, dossier_code=None, story=Story()
        )


def new_case_id() -> str:
    """Return a random case id, which is also the key of its hand-over."""
    return uuid.uuid4().hex
