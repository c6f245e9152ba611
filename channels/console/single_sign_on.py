"""The two ends of single sign-on: where the browser leaves for the provider, and where it comes back."""

import asyncio
import logging

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from bot.core.errors import LoginRefused
from bot.core.staff.signing_in import SigningIn
from channels.console.browser import Site, set_cookie
from channels.console.matrix import PREFIX
from channels.console.oidc import MAX_AGE, Oidc, SsoRefused, SsoUnavailable
from channels.console.page import PATH

log = logging.getLogger(__name__)
START, CALLBACK = f"{PREFIX}/session/sso/start", f"{PREFIX}/session/sso/callback"
BINDING_COOKIE = "tiepdan_console_sso"
_NO_STORE = {"Cache-Control": "no-store"}
_MAX_PARAMETER = 4_096


def single_sign_on_router(oidc: Oidc, signing_in: SigningIn, site: Site) -> APIRouter:
    """Return the two endpoints. Whatever goes wrong ends at the page, which says so: `?sso=refused|unavailable`."""
    router = APIRouter(tags=["console"], include_in_schema=False)

    def back(request: Request, outcome: str = "") -> Response:
        response = RedirectResponse(f"{PATH}?sso={outcome}" if outcome else PATH, 303, headers=_NO_STORE)
        response.delete_cookie(BINDING_COOKIE, path=CALLBACK, httponly=True, secure=site.secure(request))
        return response

    @router.get(START)
    async def start(request: Request) -> Response:
        try:
            begun = await oidc.begin()
        except SsoUnavailable as error:
            log.warning("single sign-on is not available", extra={"cause": str(error)})
            return back(request, "unavailable")
        response = RedirectResponse(begun.url, 303, headers=_NO_STORE)
        # Lax: the browser comes back from another site, and must bring this one along.
        response.set_cookie(
            BINDING_COOKIE,
            begun.binding,
            max_age=int(MAX_AGE.total_seconds()),
            path=CALLBACK,
            httponly=True,
            samesite="lax",
            secure=site.secure(request),
        )
        return response

    @router.get(CALLBACK)
    async def callback(request: Request) -> Response:
        given = {name: value for name, value in request.query_params.items() if len(value) <= _MAX_PARAMETER}
        try:
            person = await oidc.finish(request.cookies.get(BINDING_COOKIE, ""), given)
            entered = await asyncio.to_thread(signing_in.with_single_sign_on, person.subject, person.email)
        except SsoUnavailable as error:
            log.warning("single sign-on is not available", extra={"cause": str(error)})
            return back(request, "unavailable")
        except SsoRefused as error:
            log.warning("single sign-on was refused", extra={"cause": error.why})
            return back(request, "refused")
        except LoginRefused:
            return back(request, "unknown")
        response = back(request)
        set_cookie(response, entered.token, secure=site.secure(request))
        return response

    return router
