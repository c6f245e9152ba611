"""Who is signed in at the console: the dependency of every route but those that sign in."""

import asyncio
import hmac
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import APIKeyCookie

from bot.core.cases.people import Principal
from bot.core.ports import Clock
from bot.core.staff.accounts import ConsoleSession
from bot.core.staff.marks import Marks
from bot.core.staff.pace import Pace
from bot.core.staff.signing_in import SigningIn
from channels.console import matrix
from channels.console.browser import COOKIE, CSRF_HEADER, SAFE, Site, token_of
from channels.web.problems import Problem

ENDED = "Phiên làm việc đã hết. Hãy đăng nhập lại."
_COOKIE = APIKeyCookie(name=COOKIE, auto_error=False, description="The cookie of a session at the console.")
# Of one session: typing with suggestions, a stream and lists, and then some.
_PER_SECOND, _BURST = 20.0, 120
# Of one address, with cookies that open nothing.
_WRONG_PER_SECOND, _WRONG_BURST = 0.5, 30


class SignedIn:
    """`Depends(signed_in)` gives the principal of the session whose cookie came, and refuses everybody else.

    Methods that change something need the session's token in X-CSRF-Token and, where the browser names an origin, one
    of ours; they count as a sign of life. Requests that only read do not: a page that asks by itself would keep a
    session for ever, so it says POST /session/touch when its user types or clicks.
    """

    def __init__(self, signing_in: SigningIn, marks: Marks, clock: Clock, site: Site) -> None:
        self._signing_in = signing_in
        self._marks = marks
        self._clock = clock
        self.site = site
        self._pace = Pace(_PER_SECOND, _BURST)
        self._wrong = Pace(_WRONG_PER_SECOND, _WRONG_BURST)

    async def __call__(self, request: Request, _cookie: Annotated[str | None, Security(_COOKIE)] = None) -> Principal:
        """Return who calls. 401 without a session, 403 for a role that the matrix does not name."""
        session = await self.session(request)
        if not matrix.allowed(session.principal.role, request.method, _path(request)):
            raise Problem(403, code="not-permitted", detail="Việc này không thuộc quyền của tài khoản.")
        return session.principal

    async def desk(self, request: Request) -> Principal | None:
        """Return who calls the officers' API with the console's cookie, or None where none came."""
        return (await self.session(request)).principal if token_of(request) else None

    async def session(self, request: Request, *, limited: bool = False) -> ConsoleSession:
        """Return the session. `limited` lets in also who must change their password first."""
        token, now = token_of(request), self._clock.now().timestamp()
        session = await asyncio.to_thread(self._signing_in.current, token) if token else None
        if session is None:
            wait = self._wrong.take(self.site.client(request), now) if token else 0
            if wait:
                raise _too_many(wait)
            raise Problem(401, code="not-signed-in", detail=ENDED)
        if wait := self._pace.take(self._marks.session(token), now):
            raise _too_many(wait)
        if request.method not in SAFE:
            self._require_own_page(request, token)
            if matrix.row_of(request.method, _path(request)) not in matrix.BACKGROUND:
                await asyncio.to_thread(self._signing_in.touch, token, session)
        if session.limited and not limited:
            detail = "Hãy đổi mật khẩu dùng một lần trước khi làm việc."
            raise Problem(403, code="password-change-needed", detail=detail)
        return session

    async def alive(self, request: Request) -> bool:
        """True while the session that a request was let in with goes on; for streams, which outlive one look."""
        token = token_of(request)
        return bool(token) and await asyncio.to_thread(self._signing_in.current, token) is not None

    def _require_own_page(self, request: Request, token: str) -> None:
        told = request.headers.get(CSRF_HEADER, "")
        fits = hmac.compare_digest(told.encode("utf-8", "replace"), self._marks.csrf(token).encode())
        if not fits or not self.site.is_ours(request):
            raise Problem(
                403, code="csrf-refused", detail="Yêu cầu không đến từ trang bàn làm việc. Hãy tải lại trang."
            )


def _path(request: Request) -> str:
    route = request.scope.get("route")
    return getattr(route, "path", "")


def _too_many(wait: float) -> Problem:
    headers = {"Retry-After": str(max(1, round(wait)))}
    return Problem(429, code="too-many-requests", detail="Quá nhiều yêu cầu. Hãy chờ một chút.", headers=headers)
