"""Every error of the HTTP surface in one shape: application/problem+json (RFC 9457) with a Vietnamese detail.

A problem never repeats what the citizen sent: no value, no unknown key, no parser context.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from bot.core.errors import ConversationBusy, StoreUnavailable, UnknownConversation

MEDIA_TYPE = "application/problem+json"
SESSION_UNKNOWN = "Không tìm thấy cuộc trò chuyện này."

_DETAILS: Mapping[int, str] = {
    400: "Tôi không đọc được nội dung gửi lên. Vui lòng kiểm tra lại định dạng JSON.",
    401: "Cuộc trò chuyện này đã hết hạn. Anh/chị mở cuộc mới giúp tôi nhé.",
    403: "Yêu cầu này không được phép.",
    404: "Không tìm thấy nội dung được yêu cầu.",
    405: "Địa chỉ này không nhận cách gọi vừa dùng.",
    413: "Nội dung gửi lên quá lớn. Vui lòng rút ngắn rồi gửi lại.",
    415: "Nội dung gửi lên phải ở dạng application/json.",
    422: "Một vài trường chưa đúng. Vui lòng xem danh sách lỗi.",
    429: "Tôi còn đang trả lời các tin trước. Anh/chị chờ một chút rồi gửi lại nhé.",
    500: "Hệ thống đang trục trặc. Anh/chị thử lại sau ít phút nhé.",
    503: "Hệ thống đang tạm gián đoạn. Anh/chị thử lại sau ít phút nhé.",
}

_CODES: Mapping[int, str] = {
    400: "malformed-request",
    401: "session-invalid",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    415: "unsupported-media-type",
    422: "invalid-fields",
    429: "conversation-busy",
    500: "internal-error",
    503: "unavailable",
}

_FIELD_MESSAGES: Mapping[str, str] = {
    "missing": "thiếu trường này",
    "string_type": "phải là chuỗi ký tự",
    "string_too_short": "không được để trống",
    "string_pattern_mismatch": "có ký tự không được phép",
    "int_parsing": "phải là số nguyên",
    "int_type": "phải là số nguyên",
    "greater_than_equal": "nhỏ hơn mức cho phép",
    "less_than_equal": "lớn hơn mức cho phép",
    "extra_forbidden": "có trường không được hỗ trợ",
    "model_attributes_type": "nội dung phải là một đối tượng JSON",
    "dict_type": "nội dung phải là một đối tượng JSON",
}


class FieldError(BaseModel):
    """One field that was not accepted."""

    field: str = Field(description="Where: `body`, `body.text`, `query.after`, …", examples=["body.text"])
    message: str = Field(description="What is wrong with it, in Vietnamese.", examples=["dài quá 20000 ký tự"])


class ProblemDetails(BaseModel):
    """The body of every error answer."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(description="A stable code of the problem.", examples=["urn:tiepdan:problem:session-invalid"])
    title: str = Field(description="The HTTP status in words.", examples=["Unauthorized"])
    status: int = Field(description="The HTTP status.", examples=[401])
    detail: str = Field(
        description="A sentence in Vietnamese that may be shown to the citizen.", examples=[_DETAILS[401]]
    )
    errors: list[FieldError] | None = Field(default=None, description="The fields at fault (422 only).")


class Problem(HTTPException):
    """An error answer with its own code and sentence; both default by status."""

    def __init__(
        self,
        status: int,
        *,
        code: str | None = None,
        detail: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail=detail or _DETAILS[status], headers=headers)
        self.code = code or _CODES[status]


def problem_response(
    status: int,
    *,
    code: str | None = None,
    detail: str | None = None,
    errors: list[FieldError] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return a problem document; code and detail default by status."""
    known = status if status in _DETAILS else (500 if status >= 500 else 400)
    body = ProblemDetails(
        type=f"urn:tiepdan:problem:{code or _CODES[known]}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail or _DETAILS[known],
        errors=errors,
    )
    return JSONResponse(
        body.model_dump(exclude_none=True), status, headers=dict(headers or {}), media_type=MEDIA_TYPE
    )


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI `responses` of these problem statuses."""
    schema = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    schema["properties"]["errors"] = {"type": "array", "items": FieldError.model_json_schema()}
    return {s: {"description": _DETAILS[s], "content": {MEDIA_TYPE: {"schema": schema}}} for s in statuses}


def _field_error(error: Mapping[str, Any]) -> FieldError:
    kind = error["type"]
    place = [str(part) for part in error["loc"]]
    if kind == "extra_forbidden":
        place = place[:-1]  # the last part is the caller's own key and is not repeated
    limit = error.get("ctx", {}).get("max_length")
    message = f"dài quá {limit} ký tự" if limit is not None else _FIELD_MESSAGES.get(kind, "không hợp lệ")
    return FieldError(field=".".join(place), message=message)


async def _on_http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
    if isinstance(error, Problem):
        return problem_response(error.status_code, code=error.code, detail=error.detail, headers=error.headers)
    # A framework's own message is English and may quote the request; the status says enough.
    return problem_response(error.status_code, headers=error.headers)


async def _on_invalid_request(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class alone
    found = error.errors()
    if any(item["type"] == "json_invalid" for item in found):
        return problem_response(400)
    return problem_response(422, errors=[_field_error(item) for item in found])


async def _on_busy(_request: Request, _error: Exception) -> JSONResponse:
    return problem_response(429, headers={"Retry-After": "5"})


async def _on_unknown_conversation(_request: Request, _error: Exception) -> JSONResponse:
    return problem_response(404, code="session-unknown", detail=SESSION_UNKNOWN)


async def _on_store_unavailable(_request: Request, _error: Exception) -> JSONResponse:
    return problem_response(503, headers={"Retry-After": "10"})


def install_problem_handlers(app: FastAPI) -> None:
    """Make every handled error of `app` a problem document. Unhandled ones are `ErrorBoundary`'s."""
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(ConversationBusy, _on_busy)
    app.add_exception_handler(UnknownConversation, _on_unknown_conversation)
    app.add_exception_handler(StoreUnavailable, _on_store_unavailable)
