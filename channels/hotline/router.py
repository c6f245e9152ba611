"""Where switchboards and recognisers deliver: POST and GET under /api/hotline, and the screen pop at /tong-dai.

A body is checked, taken in and acknowledged. What is wrong with it is answered with 4xx, a store that does not answer
with 503, so that it comes again; never with 500, on which some switchboards give a webhook up.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from datetime import datetime
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.requests import ClientDisconnect

from bot.core.calls.intake import CallIntake
from bot.core.calls.model import Call, CallEvent
from bot.core.errors import StoreUnavailable
from bot.core.ports import Clock
from channels.bodies import body_of
from channels.hotline.admission import Admission
from channels.hotline.fields import BadShape, load
from channels.hotline.shapes import generic_events, query_events, stringee_events
from channels.hotline.transcripts import lines_of
from channels.web.problems import problem_response

log = logging.getLogger(__name__)
PREFIX = "/api/hotline"
POP = "/tong-dai"
PAGE = "/ban-lam-viec#cuoc-goi"
MAX_EVENT_BYTES, MAX_LINES_BYTES = 64 * 1024, 512 * 1024
_NOT_ADMITTED = "Mã của tổng đài thiếu hoặc sai."
_UNREADABLE = "Nội dung không đúng dạng đã thống nhất."
Read = Callable[[Any, datetime], list[CallEvent]]


def hotline_router(
    intake: CallIntake,
    admission: Admission,
    clock: Clock,
    by_provider: Callable[[str], str | None],
    executor: Executor | None = None,
) -> APIRouter:
    """Return the endpoints. `by_provider` gives the opaque name of the call that a switchboard calls so, or None."""
    router = APIRouter(include_in_schema=False)

    async def run(work: Callable[[], Response]) -> Response:
        """Do blocking work; nothing that goes wrong in it is the switchboard's."""
        try:
            return await asyncio.get_running_loop().run_in_executor(executor, work)
        except StoreUnavailable:
            return problem_response(503, headers={"Retry-After": "5"})
        except BadShape:
            return problem_response(400, detail=_UNREADABLE)
        except Exception as error:
            log.error("a call's event failed", extra={"cause": type(error).__name__})
            return JSONResponse({"nhan": 0})

    def took(events: list[CallEvent]) -> Response:
        calls = [intake.event(event) for event in events]
        return JSONResponse({"nhan": len(calls), **(_names(calls[-1]) if calls else {})})

    async def event(request: Request, read: Read, secret: str = "") -> Response:
        body = await _body(request, MAX_EVENT_BYTES)
        if not isinstance(body, bytes):
            return body
        if not admission.event(_headers(request), body, secret):
            return problem_response(401, code="hotline-refused", detail=_NOT_ADMITTED)
        return await run(lambda: took(read(load(body), clock.now())))

    @router.post(f"{PREFIX}/events/stringee")
    async def stringee(request: Request) -> Response:
        return await event(request, stringee_events)

    @router.post(f"{PREFIX}/events/stringee/{{secret}}")
    async def stringee_in_path(request: Request, secret: str) -> Response:
        return await event(request, stringee_events, secret)

    @router.post(f"{PREFIX}/events/generic")
    async def generic(request: Request) -> Response:
        return await event(request, generic_events)

    @router.post(f"{PREFIX}/events/generic/{{secret}}")
    async def generic_in_path(request: Request, secret: str) -> Response:
        return await event(request, generic_events, secret)

    @router.get(f"{PREFIX}/events/generic/{{what}}")
    async def asked(request: Request, what: str) -> Response:
        query = {name: value[:200] for name, value in request.query_params.items()}
        if not admission.query(query.pop("token", "")):
            return problem_response(401, code="hotline-refused", detail=_NOT_ADMITTED)
        return await run(lambda: took(query_events(what, query, clock.now())))

    async def heard(request: Request, secret: str = "") -> Response:
        if not admission.transcript(_headers(request), secret):
            return problem_response(401, code="hotline-refused", detail=_NOT_ADMITTED)
        body = await _body(request, MAX_LINES_BYTES)
        if not isinstance(body, bytes):
            return body
        return await run(lambda: JSONResponse({"nhan": intake.lines(lines_of(load(body), clock.now()))}))

    @router.post(f"{PREFIX}/transcripts")
    async def transcripts(request: Request) -> Response:
        return await heard(request)

    @router.post(f"{PREFIX}/transcripts/{{secret}}")
    async def transcripts_in_path(request: Request, secret: str) -> Response:
        return await heard(request, secret)

    @router.get(POP)
    async def pop(request: Request) -> Response:
        """Bring the operator's page to a call, by the switchboard's id; a number in the address is never read."""
        wanted = next((request.query_params[name] for name in ("ma", "callid") if name in request.query_params), "")

        def found() -> Response:
            opaque = by_provider(wanted[:200]) if wanted else None
            where = f"{PAGE}/{quote(opaque, safe='')}" if opaque else PAGE
            return RedirectResponse(where, 303, headers={"Cache-Control": "no-store"})

        return await run(found)

    return router


def _names(call: Call) -> dict[str, str]:
    return {"ma": call.opaque, "trang": f"{PAGE}/{quote(call.opaque, safe='')}"}


def _headers(request: Request) -> Mapping[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


async def _body(request: Request, limit: int) -> bytes | Response:
    """Return the body; the answer to one that is too large or broke off."""
    try:
        body = await body_of(request, limit)
    except ClientDisconnect:
        return problem_response(400)
    return problem_response(413, headers={"Connection": "close"}) if body is None else body
