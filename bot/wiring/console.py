"""Wiring of the operators' console: people and access; each capability adds its routers and workers here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import APIRouter, FastAPI

from bot.core.clock import SystemClock
from bot.core.staff.administration import Administration
from bot.core.staff.lockout import Lockout
from bot.core.staff.marks import Marks
from bot.core.staff.own_account import OwnAccount
from bot.core.staff.signing_in import SigningIn
from bot.core.staff.tools import StaffRules, StaffTools
from bot.core.units import UnitRegistry
from bot.credentials import Argon2Passwords, PyotpCodes, qr_svg
from bot.settings import Settings
from bot.settings.console import ConsoleSettings
from bot.store import Store
from bot.wiring.conversations import AttendedConversations
from bot.wiring.suggestions import SuggestionSide
from channels.console import SignedIn, install_console
from channels.console.bodies import SsoOut
from channels.console.browser import Site
from channels.console.directory import Directory, directory_router
from channels.console.login import Slowly, login_router
from channels.console.oidc import Oidc, OidcRules
from channels.console.page import page_router
from channels.console.single_sign_on import CALLBACK, START, single_sign_on_router
from channels.console.users import users_router


class Console:
    """The console's routes and workers. `signed_in` is the dependency of every route of the console."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        directory: Directory,
        suggestions: SuggestionSide,
        conversations: AttendedConversations,
    ) -> None:
        self._conversations = conversations
        self._suggestions = suggestions
        self._settings = settings
        self._directory = directory
        self._store = store
        self._tools = staff_tools(settings, store)
        site = Site(settings.console.address, settings.console.proxy_set)
        self._signing_in = SigningIn(self._tools)
        self.signed_in = SignedIn(self._signing_in, self._tools.marks, self._tools.clock, site)

    def install(self, app: FastAPI) -> None:
        """Add the console to an application that has the web channel's error shape."""
        words = directory_router(self._directory, self.signed_in)
        suggested = self._suggestions.routers(self.signed_in)
        routers = (page_router(), *self._people(), words, *suggested)
        install_console(app, routers, self._settings.max_body_bytes, self._settings.max_file_bytes)
        self._conversations.install(app, self.signed_in)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the console's workers while the block runs."""
        async with self._suggestions.running(), self._conversations.running():
            yield

    def _people(self) -> list[APIRouter]:
        tools, chosen, slowly = self._tools, self._settings.console, Slowly()
        sso = SsoOut(label=chosen.oidc_label, start_url=START) if chosen.oidc_issuer else None
        login = login_router(
            self._signing_in,
            OwnAccount(tools, self._signing_in),
            self.signed_in,
            tools=tools,
            picture=qr_svg,
            sso=sso,
            slowly=slowly,
        )
        registry = UnitRegistry.load()
        administration = Administration(tools, lambda unit: registry.unit(unit) is not None)
        routers = [login, users_router(administration, self.signed_in, slowly)]
        if sso is not None:
            oidc = Oidc(oidc_rules(chosen), tools.marks, tools.clock)
            routers.append(single_sign_on_router(oidc, self._signing_in, self.signed_in.site))
        return routers


def staff_tools(settings: Settings, store: Store, via: str = "") -> StaffTools:
    """Return what people and access work with; `settings` has its tokens."""
    chosen = settings.console
    rules = StaffRules(
        idle=timedelta(minutes=chosen.idle_minutes),
        lifetime=timedelta(hours=chosen.session_hours),
        one_time=timedelta(hours=chosen.one_time_hours),
        account=Lockout(allowed=chosen.account_failures),
        address=Lockout(allowed=chosen.address_failures, forgive=timedelta(minutes=10)),
    )
    marks = Marks(settings.secret("session_key"))
    return StaffTools(store, SystemClock(), Argon2Passwords(), PyotpCodes(), marks, rules, via)


def oidc_rules(chosen: ConsoleSettings) -> OidcRules:
    """Return how the identity provider is talked to."""
    secret = chosen.oidc_client_secret
    return OidcRules(
        issuer=chosen.oidc_issuer,
        client_id=chosen.oidc_client_id,
        client_secret=secret.get_secret_value() if secret else "",
        redirect_uri=f"{chosen.address}{CALLBACK}",
        scopes=chosen.oidc_scopes,
        ca_file=chosen.oidc_ca_file,
        seconds=chosen.oidc_seconds,
    )
