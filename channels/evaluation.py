"""The state of a conversation as evaluation reads it; exists only in a stack started for evaluation."""

import asyncio
import hmac
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException

from bot.core.conversation import ConversationState
from bot.core.ports import UnitOfWorkFactory


def exposed_state(state: ConversationState) -> dict[str, Any]:
    """Return the facts that an expectation may name; a key that is not here fails the expectation."""
    return {
        "owner": state.owner,
        "route": state.route,
        "outcome": state.outcome,
        "reason": state.reason,
        "agency": state.agency,
        "procedure": state.procedure,
        "case": state.case,
        "facet": state.facet,
        "offered": [choice.procedure_id for choice in state.offered],
        "due_date": state.facts.get("due_date"),
        "dossier_code": state.facts.get("dossier_code"),
        "pii_masked": bool(state.facts.get("pii_masked")),
        "no_case": True,  # nothing of this version can open one
    }


def evaluation_router(units: UnitOfWorkFactory, token: str) -> APIRouter:
    """Return GET /evaluation/conversations/{session_id}, open only to the evaluation token (403 otherwise)."""
    router = APIRouter(prefix="/evaluation", include_in_schema=False)

    @router.get("/conversations/{session_id}")
    async def conversation(
        session_id: str, given: Annotated[str, Header(alias="X-Evaluation-Token")] = ""
    ) -> dict[str, Any]:
        if not hmac.compare_digest(given.encode(), token.encode()):
            raise HTTPException(403)

        def read() -> ConversationState | None:
            with units() as unit:
                session = unit.web_session(session_id)
                return unit.state(session[0]) if session else None

        state = await asyncio.to_thread(read)
        if state is None:
            raise HTTPException(404)
        return exposed_state(state)

    return router
