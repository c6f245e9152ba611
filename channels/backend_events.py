"""The signed webhook by which a complaint backend reports where cases stand: POST /api/backend/events."""

import asyncio
import logging
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from bot.core.backend.signing import IDEMPOTENCY_KEY, Signable, SignatureRefused, Verifier
from bot.core.backend.states import MAX_STATE, MAX_TEXT, Recorded, StateReport, UnusableReport, record_state
from bot.core.errors import CaseConflict, StoreUnavailable, UnknownCase
from bot.core.ports import Clock, UnitOfWorkFactory
from channels.bodies import body_of
from channels.web.problems import problem_response

log = logging.getLogger(__name__)
PATH = "/api/backend/events"
MAX_BODY_BYTES = 64 * 1024
_READ_AT_MOST = 1024 * 1024

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,128}$")]


class StateReportIn(BaseModel):
    """Where a case stands there. Any word may be a state; unknown ones are kept."""

    event_id: Id = Field(description="The backend's own id of this report: the same id again changes nothing.")
    key: Id = Field(description="The Idempotency-Key under which the case was handed over.")
    reference: Id = Field(description="The backend's reference of the case.")
    state: Annotated[str, Field(min_length=1, max_length=MAX_STATE)]
    text: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    updated_at: AwareDatetime


def backend_events_router(units: UnitOfWorkFactory, verifier: Verifier, clock: Clock) -> APIRouter:
    """Return the router with the webhook.

    200 {"recorded": new | late | known}; 401 for what is not signed as agreed, 404 for a case that was never handed
    over under this key and reference, 413 above MAX_BODY_BYTES, 422 for other fields than agreed, a moment that
    cannot be or a state without a word, 503 to try again.
    The same report is recorded once however often it comes, so a replay does no harm even where another replica's
    memory of nonces does not know it.
    """
    router = APIRouter(include_in_schema=False)

    @router.post(PATH)
    async def report(request: Request) -> JSONResponse:
        try:
            credentials = verifier.credentials(request.headers, clock.now())
            body = await _body(request)
            if body is None:
                return problem_response(413, headers={"Connection": "close"})
            key = request.headers.get(IDEMPOTENCY_KEY, "")
            verifier.check(credentials, Signable(request.method, _target(request), body, key), clock.now())
        except SignatureRefused as refusal:
            log.warning("report refused", extra={"code": refusal.code})
            return problem_response(401, code=refusal.code, detail=_NOT_SIGNED, headers={"Connection": "close"})
        try:
            told = StateReportIn.model_validate_json(body)
        except ValidationError:
            return problem_response(422)
        return await asyncio.to_thread(_record, units, told, clock)

    return router


_NOT_SIGNED = "Yêu cầu không được ký như quy ước."


def _record(units: UnitOfWorkFactory, told: StateReportIn, clock: Clock) -> JSONResponse:
    try:
        with units() as unit:
            known = unit.cases.case(told.key).backend_reference
        # A report may overtake the receipt: then the key alone tells the case.
        if known not in {None, told.reference}:
            return problem_response(404)
        report = StateReport(told.state, told.text, told.updated_at, told.event_id)
        recorded = record_state(units, told.key, report, clock.now())
    except UnknownCase:
        return problem_response(404)
    except UnusableReport:
        return problem_response(422)
    except (StoreUnavailable, CaseConflict):
        return problem_response(503, headers={"Retry-After": "10"})
    if recorded is not Recorded.KNOWN:
        log.info("state reported", extra={"case_id": told.key, "recorded": recorded.value})
    return JSONResponse({"recorded": recorded.value})


async def _body(request: Request) -> bytes | None:
    """Return the body; None when it is too large, of which so much is read that the caller sees the refusal."""
    body = await body_of(request, _READ_AT_MOST)
    return body if body is not None and len(body) <= MAX_BODY_BYTES else None


def _target(request: Request) -> str:
    """Return path and query as they travelled, percent-encoded."""
    path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    query: bytes = request.scope["query_string"]
    return (path + (b"?" + query if query else b"")).decode("latin-1")
