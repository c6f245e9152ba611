"""Signing in and out, and what people do with their own account: /api/console/session, /password, /totp."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, ParamSpec, TypeVar

from fastapi import APIRouter, Depends, Request, Response

from bot.core.errors import StaffBusy
from bot.core.staff.accounts import ConsoleSession
from bot.core.staff.marks import Marks
from bot.core.staff.own_account import OwnAccount
from bot.core.staff.pace import Pace
from bot.core.staff.signing_in import Entered, SigningIn
from bot.core.staff.tools import StaffRules, StaffTools
from channels.console.access import SignedIn
from channels.console.bodies import (
    CodeIn,
    DoneOut,
    EnrolmentOut,
    PasswordIn,
    ProofIn,
    RecoveryOut,
    SessionOut,
    SignInIn,
    SsoOut,
    UserOut,
    WaysOut,
)
from channels.console.browser import drop_cookie, set_cookie, token_of
from channels.console.matrix import PREFIX
from channels.desk.bodies import no_store, require_json
from channels.web.problems import Problem, documented

P = ParamSpec("P")
T = TypeVar("T")
# Hashing is slow and takes 64 MiB: two at once, with threads of their own, so that citizens' turns never wait for it.
_AT_ONCE, _MOST_WAITING = 2, 16
# Of one address, right or wrong; an office may share one.
_PER_SECOND, _BURST = 1.0, 60


class Slowly:
    """Runs what hashes passwords. Raises StaffBusy rather than let a flood queue up."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="console-login")
        self._waiting = 0

    async def __call__(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run and return."""
        if self._waiting >= _MOST_WAITING:
            raise StaffBusy("too many people sign in at once")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: work(*args, **kwargs))
        finally:
            self._waiting -= 1


def session_out(entered: Entered, marks: Marks, rules: StaffRules) -> SessionOut:
    """Return what a page is told of its session."""
    who = entered.session.principal
    return SessionOut(
        user=UserOut(id=who.id, name=who.name, role=who.role.value, unit=who.unit),
        csrf=marks.csrf(entered.token),
        must_change_password=entered.session.limited,
        totp=entered.totp,
        idle_seconds=int(rules.idle.total_seconds()),
    )


def login_router(
    signing_in: SigningIn,
    own: OwnAccount,
    signed_in: SignedIn,
    *,
    tools: StaffTools,
    picture: Callable[[str], str],
    sso: SsoOut | None = None,
    slowly: Slowly | None = None,
) -> APIRouter:
    """Return the endpoints. `picture` makes an SVG of an otpauth:// address; `sso` is told where it is set up."""
    run, site, pace = slowly or Slowly(), signed_in.site, Pace(_PER_SECOND, _BURST)
    units, clock, marks, rules = tools.units, tools.clock, tools.marks, tools.rules
    router = APIRouter(
        prefix=PREFIX,
        tags=["console"],
        dependencies=[Depends(no_store)],
        responses=documented(401, 403, 422, 429, 500, 503),
    )

    async def limited(request: Request) -> ConsoleSession:
        return await signed_in.session(request, limited=True)

    async def whole(request: Request) -> ConsoleSession:
        return await signed_in.session(request)

    Limited = Annotated[ConsoleSession, Depends(limited)]
    Whole = Annotated[ConsoleSession, Depends(whole)]

    def enter(request: Request, response: Response, entered: Entered) -> SessionOut:
        set_cookie(response, entered.token, secure=site.secure(request))
        return session_out(entered, marks, rules)

    @router.get("/session/ways", summary="How one can sign in")
    async def ways() -> WaysOut:
        """Return the ways, before anybody has signed in."""

        def used() -> bool:
            with units() as unit:
                return unit.staff.accounts.any_used()

        return WaysOut(oidc=sso, first_start=not await asyncio.to_thread(used))

    @router.post("/session", summary="Sign in", dependencies=[Depends(require_json)])
    async def sign_in(request: Request, response: Response, body: SignInIn) -> SessionOut:
        """Open a session and set its cookie. 401 `login-refused` or `code-needed`, 423 `locked` with Retry-After.

        A session that the browser had before ends: nobody can prepare one for somebody else."""
        if not site.is_ours(request):
            raise Problem(403, code="csrf-refused", detail="Hãy đăng nhập từ trang bàn làm việc.")
        address = site.client(request)
        if wait := pace.take(address, clock.now().timestamp()):
            headers = {"Retry-After": str(max(1, round(wait)))}
            raise Problem(429, code="too-many-requests", detail="Quá nhiều yêu cầu. Hãy chờ.", headers=headers)
        entered = await run(signing_in.with_password, body.user, body.password, body.code, address)
        await asyncio.to_thread(end_before, token_of(request))
        return enter(request, response, entered)

    def end_before(token: str) -> None:
        if token and (session := signing_in.current(token)) is not None:
            signing_in.leave(token, session)

    @router.get("/session", summary="Who am I")
    async def session(request: Request, found: Limited) -> SessionOut:
        """Return the session of the cookie; a page that was loaded again learns its `csrf` here."""
        account = await asyncio.to_thread(own.account, found)
        entered = Entered(token_of(request), found, account.credentials.totp is not None)
        return session_out(entered, marks, rules)

    @router.delete("/session", summary="Sign out")
    async def sign_out(request: Request, response: Response, found: Limited) -> DoneOut:
        """End the session."""
        await asyncio.to_thread(signing_in.leave, token_of(request), found)
        drop_cookie(response, secure=site.secure(request))
        return DoneOut()

    @router.post("/session/touch", summary="Say that the user is there")
    async def touch(_found: Limited) -> DoneOut:
        """Begin the idle time anew: when somebody types or clicks, once a minute is enough."""
        return DoneOut()

    @router.post("/password", summary="Change the own password", dependencies=[Depends(require_json)])
    async def password(request: Request, response: Response, body: PasswordIn, found: Limited) -> SessionOut:
        """Set a new password. Every session of the account ends; this browser gets a new one."""
        address = site.client(request)
        entered = await run(own.change_password, found, body.old, body.new, address)
        return enter(request, response, entered)

    @router.post("/totp/start", summary="Begin to set up the second step")
    async def start_totp(found: Whole) -> EnrolmentOut:
        """Return a secret for the telephone's program. Nothing is asked for until `/totp/confirm`."""
        begun = await asyncio.to_thread(own.start_totp, found)
        return EnrolmentOut(uri=begun.uri, svg=picture(begun.uri), secret=begun.secret)

    @router.post("/totp/confirm", summary="Finish it", dependencies=[Depends(require_json)])
    async def confirm_totp(request: Request, body: CodeIn, found: Whole) -> RecoveryOut:
        """Show that the telephone has it. Other sessions of the account end."""
        codes = await asyncio.to_thread(own.confirm_totp, token_of(request), found, body.code)
        return RecoveryOut(recovery_codes=list(codes))

    @router.delete("/totp", summary="Take the second step away", dependencies=[Depends(require_json)])
    async def remove_totp(request: Request, body: ProofIn, found: Whole) -> DoneOut:
        """Needs the password again."""
        await run(own.remove_totp, found, body.password, site.client(request))
        return DoneOut()

    return router
