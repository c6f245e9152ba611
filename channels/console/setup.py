"""Joining the console to an application that has the web channel's error shape."""

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.core.errors import (
    AccountConflict,
    CodeNeeded,
    LoginLocked,
    LoginRefused,
    StaffBusy,
    StaffError,
    UnknownAccount,
    WeakPassword,
)
from channels.console.filing import PREFIX as FILING
from channels.console.filing_files import PREFIX as FILES
from channels.console.matrix import PREFIX
from channels.web.middleware import BodyLimit
from channels.web.problems import FieldError, problem_response

# A letter travels twice: as it is keyed in, and in the draft.
MAX_FILING_BYTES = 256 * 1024
MAX_SCAN_BYTES = 10 * 1024 * 1024
_WEAK = {
    "short": "Mật khẩu cần ít nhất 12 ký tự; một câu ngắn dễ nhớ là tốt nhất.",
    "long": "Mật khẩu dài quá 128 ký tự.",
    "unreadable": "Mật khẩu có ký tự không gõ lại được.",
    "common": "Mật khẩu này dễ đoán: quá quen thuộc, chỉ có số, hoặc lặp lại. Hãy chọn một câu của riêng mình.",
    "named": "Mật khẩu không được chứa tên hay mã tài khoản của chính mình.",
    "same": "Mật khẩu mới phải khác mật khẩu cũ.",
}
_CONFLICTS = {
    "exists": "Đã có tài khoản này. Người chỉ có mã truy cập: ghi đúng họ tên, vai trò, đơn vị như đã lập.",
    "totp-on": "Bước xác nhận thứ hai đã bật.",
    "totp-off": "Bước xác nhận thứ hai chưa bật.",
    "totp-not-started": "Hãy bắt đầu lại việc bật bước xác nhận thứ hai.",
    "changed-meanwhile": "Tài khoản vừa được thay đổi ở nơi khác. Hãy thử lại.",
    "own-account": "Không làm việc này với chính tài khoản của mình.",
    "last-administrator": "Đây là người quản trị cuối cùng; hãy thêm người khác trước.",
    "identity-taken": "Danh tính này đã được gán cho một tài khoản.",
    "bad-identity": "Cần một địa chỉ e-mail, hoặc mã người dùng (subject) của hệ thống đăng nhập.",
    "bad-id": "Mã tài khoản gồm 2 đến 64 chữ không dấu, số, dấu . _ @ -.",
    "bad-role": "Vai trò này không có tài khoản.",
    "bad-name": "Cần đủ họ và tên, ít nhất hai từ.",
    "bad-unit": "Không có đơn vị này; vai trò đơn vị cần mã đơn vị.",
}
_MALFORMED = frozenset({"bad-identity", "bad-id", "bad-role", "bad-name", "bad-unit"})
_REFUSED = "Sai tên, mật khẩu hoặc mã; hoặc mật khẩu dùng một lần đã hết hạn."
_SINGLE: tuple[tuple[type[StaffError], int, str, str], ...] = (
    (LoginRefused, 401, "login-refused", _REFUSED),
    (CodeNeeded, 401, "code-needed", "Hãy nhập mã 6 số trên điện thoại, hoặc một mã dự phòng."),
    (UnknownAccount, 404, "account-unknown", "Không có tài khoản này."),
)


def install_console(
    app: FastAPI, routers: tuple[APIRouter, ...], max_body_bytes: int, max_file_bytes: int = MAX_SCAN_BYTES
) -> None:
    """Add the console's routes, the answers of their errors, and the limits of their bodies."""
    app.add_exception_handler(StaffError, _on_staff_error)
    for router in routers:
        app.include_router(router)
    app.add_middleware(BodyLimit, max_bytes=max_body_bytes, prefix=PREFIX, apart=FILING)
    app.add_middleware(BodyLimit, max_bytes=MAX_FILING_BYTES, prefix=FILING, apart=FILES)
    app.add_middleware(BodyLimit, max_bytes=max_file_bytes, prefix=FILES)
    app.add_middleware(NoStore)


class NoStore:
    """Lets nobody keep an answer of the console, refusals included."""

    def __init__(self, app: ASGIApp, prefix: str = f"{PREFIX}/") -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with_header(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Cache-Control", "no-store")
            await send(message)

        ours = scope["type"] == "http" and scope["path"].startswith(self._prefix)
        await self._app(scope, receive, send_with_header if ours else send)


def sentence(error: StaffError) -> str:
    """Return what a person is told of an error, in Vietnamese; the command line says the same."""
    if isinstance(error, WeakPassword):
        return _WEAK.get(error.weakness, _WEAK["common"])
    if isinstance(error, AccountConflict):
        return _CONFLICTS.get(error.code, _CONFLICTS["changed-meanwhile"])
    return next((said for kind, _, _, said in _SINGLE if isinstance(error, kind)), "Không làm được việc này.")


async def _on_staff_error(_request: Request, error: Exception) -> JSONResponse:
    headers = {"Cache-Control": "no-store"}

    def told(status: int, code: str, detail: str, **more: str) -> JSONResponse:
        return problem_response(status, code=code, detail=detail, headers={**headers, **more})

    assert isinstance(error, StaffError)  # noqa: S101 - registered for this class alone
    if isinstance(error, LoginLocked):
        detail = "Đã nhập sai quá nhiều lần. Hãy chờ rồi thử lại, hoặc nhờ quản trị mở khóa."
        return told(423, "locked", detail, **{"Retry-After": str(error.retry_after)})
    if isinstance(error, StaffBusy):
        detail = "Nhiều người đang đăng nhập cùng lúc. Hãy thử lại sau vài giây."
        return told(503, "busy", detail, **{"Retry-After": "3"})
    if isinstance(error, WeakPassword):
        errors = [FieldError(field="body.new", message=sentence(error))]
        code = f"password-{error.weakness}"
        return problem_response(422, code=code, detail=sentence(error), errors=errors, headers=headers)
    if isinstance(error, AccountConflict):
        return told(422 if error.code in _MALFORMED else 409, error.code, sentence(error))
    for kind, status, code, detail in _SINGLE:
        if isinstance(error, kind):
            return told(status, code, detail)
    return problem_response(500, headers=headers)
