"""One case as a line of an export, with or without identity. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.core.cases import views
from bot.core.cases.payload import case_payload
from bot.core.cases.ports import Attachment
from bot.core.cases.record import Filing
from bot.core.cases.redaction import redact
from bot.core.cases.state import Case


def export_row(case: Case, files: Sequence[Attachment], *, identity: bool) -> dict[str, Any]:
    """Return one case as it is exported; the keys are the same with and without identity but for `restricted`."""
    record = case.record
    if not identity:
        record = replace(
            redact(record),
            channel=record.channel,
            received_at=record.received_at,
            data_versions=record.data_versions,
        )
    filing = Filing(
        case.id, case.number, "", case.conversation_id, record, case.due_on, case.clock_basis, case.related
    )
    payload = case_payload(filing, files)
    if not identity:
        payload["restricted"], payload["anonymous"] = None, None
    answer = case.answer if identity or case.answer is None else views.citizens_answer(case)
    return {
        **payload,
        "status": case.status.value,
        "assigned_unit": case.assigned_unit or None,
        "published": case.published,
        "reopened": case.reopened,
        "score": case.score,
        "cluster": case.cluster,
        "finding": answer.finding.value if answer else None,
        "answer": {"text": answer.text, "reason": answer.reason, "remedy": answer.remedy} if answer else None,
        "backend_reference": case.backend_reference,
    }
