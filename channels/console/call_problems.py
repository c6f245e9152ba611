"""What is answered where a call or a filing cannot be dealt with as asked."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from bot.core.errors import CallClaimed, CallError, DialFailed, DialRefused, FilingRepeated, FilingStale
from channels.web.problems import MEDIA_TYPE, FieldError, problem_response

_NO_STORE = {"Cache-Control": "no-store"}
_CLAIMED = "Người khác đang nghe cuộc gọi này."
_STALE = "Nội dung vừa đổi, các mục sau được đọc lại khác đi. Xem lại rồi gửi."
_REPEATED = "Lần gửi này đã dùng cho một phiếu khác. Tải lại trang rồi gửi lại."

_DIAL = {
    "no-switchboard": "Dịch vụ chưa được nối với tổng đài; hãy gọi bằng máy của cơ quan.",
    "no-extension": "Tài khoản của anh/chị chưa được gán máy nhánh; nhờ quản trị gán.",
    "no-number": "Không có số để gọi, hoặc số không còn được giữ.",
    "failed": "Tổng đài chưa nối được cuộc gọi. Nếu máy của anh/chị không đổ chuông thì thử lại.",
}


def install_call_problems(app: FastAPI) -> None:
    """Make refusals about calls and filings problem documents."""
    app.add_exception_handler(CallError, _on_call_error)
    app.add_exception_handler(FilingStale, _on_stale)
    app.add_exception_handler(FilingRepeated, _on_repeated)


async def _on_call_error(_request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, CallClaimed):
        body = {
            "type": "urn:tiepdan:problem:claimed",
            "title": "Conflict",
            "status": 409,
            "detail": _CLAIMED,
            "by": {"id": error.by, "name": error.name},
        }
        return JSONResponse(body, 409, headers=_NO_STORE, media_type=MEDIA_TYPE)
    if isinstance(error, DialRefused):
        return problem_response(409, code=f"dial-{error.why}", detail=_DIAL[error.why], headers=_NO_STORE)
    if isinstance(error, DialFailed):
        return problem_response(502, code="dial-failed", detail=_DIAL["failed"], headers=_NO_STORE)
    return problem_response(404, code="call-unknown", detail="Không tìm thấy cuộc gọi này.", headers=_NO_STORE)


async def _on_stale(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, FilingStale)  # noqa: S101 - registered for this class alone
    errors = [FieldError(field=f"body.draft.{name}", message="được đọc lại khác đi") for name in error.fields]
    return problem_response(409, code="draft-stale", detail=_STALE, errors=errors, headers=_NO_STORE)


async def _on_repeated(_request: Request, _error: Exception) -> JSONResponse:
    return problem_response(409, code="client-id-used", detail=_REPEATED, headers=_NO_STORE)
