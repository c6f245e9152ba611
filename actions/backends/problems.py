"""Errors of the local backend's HTTP surface: application/problem+json (RFC 9457), never quoting what was sent."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from bot.core.errors import BackendUnavailable

MEDIA_TYPE = "application/problem+json"
PREFIX = "urn:tiepdan:problem:"
_CODES = {
    400: "malformed-request",
    401: "signature-wrong",
    404: "not-found",
    405: "method-not-allowed",
    409: "key-taken",
    413: "body-too-large",
    422: "invalid-fields",
    500: "internal-error",
    503: "unavailable",
}


class ProblemOut(BaseModel):
    """The body of every error answer."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(description="A stable code of the problem.", examples=[f"{PREFIX}key-taken"])
    title: str = Field(description="The HTTP status in words.", examples=["Conflict"])
    status: int = Field(description="The HTTP status.", examples=[409])
    fields: list[str] | None = Field(default=None, description="The named fields of the contract at fault (422).")


class Problem(HTTPException):
    """An error answer with a code of its own."""

    def __init__(self, status: int, code: str | None = None) -> None:
        super().__init__(status)
        self.code = code or _CODES[status]


def problem_response(status: int, code: str | None = None, fields: Sequence[str] = ()) -> JSONResponse:
    """Return a problem document."""
    body = ProblemOut(
        type=PREFIX + (code or _CODES.get(status) or _CODES[400 if status < 500 else 500]),
        title=HTTPStatus(status).phrase,
        status=status,
        fields=list(fields) or None,
    )
    headers = {"Retry-After": "10"} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return JSONResponse(body.model_dump(exclude_none=True), status, headers=headers, media_type=MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI `responses` of these statuses."""
    schema = ProblemOut.model_json_schema()
    return {s: {"description": HTTPStatus(s).phrase, "content": {MEDIA_TYPE: {"schema": schema}}} for s in statuses}


def install(app: FastAPI, known_fields: frozenset[str]) -> None:
    """Make every error of `app` a problem document; only fields of the contract are ever named."""

    async def on_http_error(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
        return problem_response(error.status_code, error.code if isinstance(error, Problem) else None)

    async def on_invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class alone
        places = {str(part) for item in error.errors() for part in item["loc"]}
        if any(item["type"] == "json_invalid" for item in error.errors()):
            return problem_response(400)
        return problem_response(422, fields=sorted(places & known_fields))

    async def on_unavailable(_: Request, __: Exception) -> JSONResponse:
        return problem_response(503)

    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(BackendUnavailable, on_unavailable)
