"""Joining the desk to an application."""

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse

from bot.core.cases.lifecycle import Incomplete, MayName, NamesSomebody
from bot.core.errors import CaseConflict, CaseError, NotPermitted, PrincipalExists, UnknownAttachment, UnknownCase
from channels.web.middleware import BodyLimit
from channels.web.problems import FieldError, problem_response

# The most specific class first; the sentence never says which rule refused, so that a refusal tells nothing.
_PROBLEMS: tuple[tuple[type[CaseError], int, str, str], ...] = (
    (UnknownCase, 404, "case-unknown", "Không tìm thấy phiếu này."),
    (UnknownAttachment, 404, "file-unknown", "Không tìm thấy tệp này."),
    (NotPermitted, 403, "not-permitted", "Việc này không thuộc quyền của tài khoản."),
    (PrincipalExists, 409, "principal-exists", "Đã có tài khoản này."),
    (CaseConflict, 409, "case-conflict", "Phiếu không ở bước làm được việc này, hoặc người khác vừa làm trước."),
    (
        NamesSomebody,
        422,
        "names-somebody",
        "Nội dung trả lời không được nêu tên người, nơi ở trong phiếu hay số riêng của ai; hãy sửa rồi gửi lại.",
    ),
)
_MAY_NAME = "Có chỗ giống tên người. Hãy bỏ đi; nếu không phải tên ai thì gửi lại kèm confirmed."


def install_desk(app: FastAPI, router: APIRouter, max_body_bytes: int) -> None:
    """Add the desk to an app that has the web channel's error shape (install_web_channel)."""
    app.add_exception_handler(CaseError, _on_case_error)
    app.include_router(router)
    app.add_middleware(BodyLimit, max_bytes=max_body_bytes, prefix=router.prefix)


async def _on_case_error(_request: Request, error: Exception) -> JSONResponse:
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, Incomplete):
        errors = [FieldError(field=f"body.{name}", message="thiếu hoặc không dùng được") for name in error.missing]
        return problem_response(422, errors=errors, headers=headers)
    if isinstance(error, MayName):
        errors = [FieldError(field="body", message=f"«{words}» giống tên người") for words in error.words]
        return problem_response(422, code="may-name-somebody", detail=_MAY_NAME, errors=errors, headers=headers)
    for kind, status, code, detail in _PROBLEMS:
        if isinstance(error, kind):
            return problem_response(status, code=code, detail=detail, headers=headers)
    return problem_response(500, headers=headers)
