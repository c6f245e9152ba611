"""What the complaint backend is handed: cases and what happened to them since, as JSON-ready dicts. Pure."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from typing import Any

from bot.core.cases.ports import Attachment
from bot.core.cases.record import CaseRecord, Consent, Filing
from bot.core.cases.state import Case, CaseEvent
from bot.core.story import Identity

# Viet Nam has no summer time.
_HANOI = timezone(timedelta(hours=7))


def case_payload(filing: Filing, attachments: Sequence[Attachment]) -> dict[str, Any]:
    """Return a case as it is handed over; the keys are those of docs/adr/0008.

    `event_at` is there only where day and time are known for certain. Of an anonymous citizen no contact goes out:
    neither what was given as such nor the numbers in the story. `staff_ref` names the accused: it is sealed wherever
    the payload is stored.
    """
    record, anonymous = filing.record, filing.record.identity is Identity.ANONYMOUS
    return {
        "case_id": filing.case_id,
        "number": filing.number,
        "channel": record.channel,
        "received_at": record.received_at.isoformat(),
        "input_type": str(record.input_type),
        "behaviour_codes": [str(code) for code in record.behaviours],
        "severity": record.severity,
        "access_class": record.access.value,
        "unit_id": record.unit,
        "unit_former": record.unit_former,
        "unit_options": list(record.unit_options),
        "desk_kind": record.desk.value,
        "counter": record.counter,
        "staff_ref": record.staff,
        "event_at": _event_at(record),
        "event_date": record.event_date.isoformat() if record.event_date else None,
        "event_time": record.event_time.isoformat("minutes") if record.event_time else None,
        "procedure_id": record.procedure,
        "dossier_code": record.dossier_code,
        "narrative_masked": record.narrative,
        "restricted": {
            "narrative_raw": record.narrative if anonymous else record.narrative_raw,
            "contact": None if anonymous else asdict(record.contact),
            "identity": record.identity.value,
        },
        "facts": {**asdict(record.story), "evidence": list(record.story.evidence)},
        "wanted_outcome": record.story.wanted,
        "anonymous": anonymous,
        "consent": _consent(record.consent),
        "attachments": attachment_list(attachments),
        "related_cases": list(filing.related),
        "statements": list(record.statements),
        "data_versions": list(record.data_versions),
        "due_on": filing.due_on.isoformat() if filing.due_on else None,
        "clock_basis": filing.clock_basis,
    }


def event_payload(case: Case, event: CaseEvent, attachments: Sequence[Attachment] = ()) -> dict[str, Any]:
    """Return what happened to a case as it is handed over; `status` is the case's after it.

    A contact given with the event stays out where the citizen is anonymous.
    """
    anonymous = case.record.identity is Identity.ANONYMOUS
    return {
        "case_id": case.id,
        "number": case.number,
        "sequence": event.sequence,
        "kind": event.kind,
        "at": event.at.isoformat(),
        "actor": event.actor,
        "status": case.status.value,
        "body": {key: value for key, value in event.body.items() if not (anonymous and key == "contact")},
        "attachments": attachment_list(attachments),
    }


def attachment_list(attachments: Sequence[Attachment]) -> list[dict[str, Any]]:
    """Return what is said of files beforehand; their names stay here."""
    return [{"id": a.id, "media_type": a.media_type, "sha256": a.sha256, "size": a.size} for a in attachments]


def _event_at(record: CaseRecord) -> str | None:
    if record.event_date is None or record.event_time is None or record.event_approximate:
        return None
    return datetime.combine(record.event_date, record.event_time, _HANOI).isoformat()


def _consent(consent: Consent | None) -> dict[str, Any] | None:
    if consent is None:
        return None
    return {"version": consent.version, "at": consent.at.isoformat(), "scopes": list(consent.scopes)}
