"""The state of a conversation as evaluation reads it; exists only in a stack started for evaluation."""

import asyncio
import hmac
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException

from bot.core.cases.draft import Draft
from bot.core.cases.record import CaseRecord
from bot.core.cases.state import Case
from bot.core.conversation import ConversationState
from bot.core.ports import UnitOfWorkFactory
from bot.core.story import Identity


def exposed_state(state: ConversationState, case: Case | None = None) -> dict[str, Any]:
    """Return the facts that an expectation may name; a key that is not here fails the expectation.

    Facts of a complaint are those of its draft, or of the `case` that was filed from it.
    """
    told = (
        _of_draft(state.draft)
        if state.draft
        else _of_record(case.record)
        if case
        else dict.fromkeys(_COMPLAINT_FACTS)
    )
    return {
        **told,
        "owner": state.owner,
        "route": state.route,
        "outcome": state.outcome,
        "reason": state.reason,
        "agency": state.agency,
        "case": state.case,
        "facet": state.facet,
        "offered": [choice.procedure_id for choice in state.offered],
        "due_date": state.facts.get("due_date"),
        "behaviour": told["behaviour"] or state.facts.get("danger") or state.facts.get("doubted"),
        "procedure": state.procedure or told["procedure"],
        "dossier_code": told["dossier_code"] or state.facts.get("dossier_code"),
        "pii_masked": bool(state.facts.get("pii_masked")),
        "case_code": case.number if case else None,
        "case_status": case.status if case else None,
        "survey_score": state.facts.get("survey_score") or (case.score if case else None),
        "cancelled": bool(state.facts.get("cancelled")),
        "no_case": state.draft is None and case is None,
    }


def _of_draft(draft: Draft) -> dict[str, Any]:
    return {
        "unit": draft.unit,
        "desk": draft.desk,
        "behaviour": list(draft.behaviours),
        "input_type": draft.input_type,
        "severity": draft.severity,
        "event_date": draft.event_date.isoformat() if draft.event_date else None,
        "event_time": draft.event_time.isoformat("minutes") if draft.event_time else None,
        "staff": draft.staff,
        "narrative": draft.narrative,
        "procedure": draft.procedure,
        "dossier_code": draft.dossier_code,
        "anonymous": None if draft.identity is None else draft.identity is Identity.ANONYMOUS,
        "contact_phone": draft.contact.phone if draft.consent else None,
        "consent": draft.consent,
        "amount": draft.story.amount,
        "evidence": [*draft.story.evidence, *draft.attachments],
    }


def _of_record(record: CaseRecord) -> dict[str, Any]:
    return {
        "unit": record.unit,
        "desk": record.desk,
        "behaviour": list(record.behaviours),
        "input_type": record.input_type,
        "severity": record.severity,
        "event_date": record.event_date.isoformat() if record.event_date else None,
        "event_time": record.event_time.isoformat("minutes") if record.event_time else None,
        "staff": record.staff,
        "narrative": record.narrative,
        "procedure": record.procedure,
        "dossier_code": record.dossier_code,
        "anonymous": record.identity is Identity.ANONYMOUS,
        "contact_phone": record.contact.phone,
        "consent": record.consent is not None,
        "amount": record.story.amount,
        "evidence": [*record.story.evidence, *record.attachments],
    }


_COMPLAINT_FACTS = (
    "unit",
    "desk",
    "behaviour",
    "input_type",
    "severity",
    "event_date",
    "event_time",
    "staff",
    "narrative",
    "procedure",
    "dossier_code",
    "anonymous",
    "contact_phone",
    "consent",
    "amount",
    "evidence",
)


def evaluation_router(units: UnitOfWorkFactory, token: str) -> APIRouter:
    """Return GET /evaluation/conversations/{session_id}, open only to the evaluation token (403 otherwise)."""
    router = APIRouter(prefix="/evaluation", include_in_schema=False)

    @router.get("/conversations/{session_id}")
    async def conversation(
        session_id: str, given: Annotated[str, Header(alias="X-Evaluation-Token")] = ""
    ) -> dict[str, Any]:
        if not hmac.compare_digest(given.encode(), token.encode()):
            raise HTTPException(403)

        def read() -> dict[str, Any] | None:
            with units() as unit:
                session = unit.web_session(session_id)
                if session is None:
                    return None
                state = unit.state(session[0])
                return exposed_state(state, unit.cases.case(state.case_id) if state.case_id else None)

        exposed = await asyncio.to_thread(read)
        if exposed is None:
            raise HTTPException(404)
        return exposed

    return router
