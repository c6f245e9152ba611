"""The console over a real store, with people of every role who can sign in; time stands still until it is moved."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI
from pyotp import TOTP

from bot.core.cases.number import new_number
from bot.core.cases.office_ports import AuditEntry
from bot.core.cases.people import Principal, Role
from bot.core.staff.accounts import Credentials
from bot.core.staff.administration import Administration
from bot.core.staff.marks import Marks
from bot.core.staff.own_account import OwnAccount
from bot.core.staff.signing_in import SigningIn
from bot.core.staff.tools import StaffRules, StaffTools
from bot.credentials import Argon2Passwords, PyotpCodes, qr_svg
from bot.store import Store
from channels.console import PREFIX, SignedIn, install_console
from channels.console.bodies import SsoOut
from channels.console.browser import COOKIE, Site
from channels.console.directory import Directory, directory_router
from channels.console.login import login_router
from channels.console.oidc import Oidc, OidcRules
from channels.console.page import page_router
from channels.console.single_sign_on import CALLBACK, START, single_sign_on_router
from channels.console.users import users_router
from channels.web.middleware import ErrorBoundary, SecurityHeaders
from channels.web.problems import install_problem_handlers
from tests.browser.fakes import SettableClock

START_TIME = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
A_NUMBER = new_number()
KEY = "khoa-thu-nghiem-0123456789"
ORIGIN = "https://test"
STAFF = {
    "operator": Principal("thom.vt", "Vũ Thị Thơm", Role.OPERATOR, "HN-SNV"),
    "officer": Principal("trang.dc", "Đinh Công Tráng", Role.OFFICER, "HN-SNV"),
    "supervisor": Principal("chau.nb", "Ngô Bảo Châu", Role.SUPERVISOR, "HN-SNV"),
    "administrator": Principal("dai.hn", "Hồ Ngọc Đại", Role.ADMINISTRATOR),
    "administrator2": Principal("hao.cx", "Cao Xuân Hạo", Role.ADMINISTRATOR),
    "editor": Principal("tuong.nl", "Nguyễn Lân Tường", Role.KNOWLEDGE_EDITOR),
    "auditor": Principal("mai.ld", "Lê Đức Mai", Role.AUDITOR),
    "unit": Principal("bd.mc", "Một cửa phường Ba Đình", Role.UNIT, "HN-00004"),
}
# The least that argon2 can do: the tests are not about how slow it is.
FAST = Argon2Passwords(time_cost=1, memory_kib=8)
CHEAP_HASHES: dict[str, str] = {}


def password_of(who: str) -> str:
    """Return everybody's own password."""
    return f"chim hót ngoài đồng {who}"


class CountingPasswords:
    """Hashes, and counts the looks at passwords."""

    def __init__(self) -> None:
        self.verified = 0

    def hash(self, password: str) -> str:
        return FAST.hash(password)

    def verify(self, encoded: str | None, password: str) -> bool:
        self.verified += 1
        return FAST.verify(encoded, password)

    def outdated(self, encoded: str) -> bool:
        return FAST.outdated(encoded)


@dataclass
class Desk:
    """The console's people and access over one store."""

    store: Store
    clock: SettableClock
    tools: StaffTools
    passwords: CountingPasswords
    signing_in: SigningIn
    administration: Administration
    signed_in: SignedIn
    app: FastAPI
    routers: list[APIRouter]

    def client(self, base_url: str = ORIGIN, address: str = "10.0.0.1") -> "Browser":
        """Return a browser without a session."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(address, 50_000))
        return Browser(transport=transport, base_url=base_url)

    async def enter(self, who: str, **given: Any) -> "Browser":
        """Return a browser in which somebody is signed in, with the CSRF token among its headers."""
        client = self.client(**given)
        answer = await sign_in(client, STAFF[who].id, password_of(who))
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        return client

    def pass_time(self, **given: float) -> None:
        self.clock.time += timedelta(**given)

    def audit(self) -> list[AuditEntry]:
        with self.store() as unit:
            return unit.audit.entries()

    def done(self, action: str) -> list[AuditEntry]:
        return [entry for entry in self.audit() if entry.action == action]

    def time_code(self, secret: str, step: int = 0) -> str:
        """Return what the telephone shows now, or `step` times 30 s from now."""
        return TOTP(secret).at(self.clock.now(), counter_offset=step)


class Browser(httpx.AsyncClient):
    """A client that may have been used before its `async with`."""

    async def __aenter__(self) -> "Browser":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


async def sign_in(client: httpx.AsyncClient, user: str, password: str, code: str | None = None) -> httpx.Response:
    given = {"user": user, "password": password, **({"code": code} if code else {})}
    return await client.post(f"{PREFIX}/session", json=given)


async def with_totp(desk: Desk, who: str) -> tuple[Browser, str, list[str]]:
    """Set up the second step of somebody; return their browser, the secret and the recovery codes."""
    client = await desk.enter(who)
    secret = (await client.post(f"{PREFIX}/totp/start")).json()["secret"]
    confirmed = await client.post(f"{PREFIX}/totp/confirm", json={"code": desk.time_code(secret)})
    assert confirmed.status_code == 200, confirmed.text
    return client, secret, confirmed.json()["recovery_codes"]


def token_in(client: httpx.AsyncClient) -> str:
    return client.cookies.get(COOKIE) or ""


def open_desk(
    store: Store, *, site: Site | None = None, rules: StaffRules | None = None, oidc: OidcRules | None = None
) -> Desk:
    """Put the console over a migrated store, with an account for everybody in STAFF."""
    clock, passwords = SettableClock(START_TIME), CountingPasswords()
    tools = StaffTools(store, clock, passwords, PyotpCodes(), Marks(KEY), rules or StaffRules())
    with store() as unit:
        for who, principal in STAFF.items():
            unit.audit.append("root", "administrator", "principal_add", principal.id, told(principal), START_TIME)
            unit.audit.append("root", "administrator", "user_add", principal.id, "", START_TIME)
            unit.principals.add(principal, START_TIME)
            held = Credentials(password=CHEAP_HASHES.setdefault(who, FAST.hash(password_of(who))))
            unit.staff.accounts.add(principal.id, principal.id, held, START_TIME)
        unit.commit()
    signing_in = SigningIn(tools)
    signed_in = SignedIn(signing_in, tools.marks, clock, site or Site())
    administration = Administration(tools, lambda unit: unit.startswith("HN-"))
    sso = SsoOut(label="tài khoản cơ quan", start_url=START) if oidc else None
    own = OwnAccount(tools, signing_in)
    routers = [
        login_router(signing_in, own, signed_in, tools=tools, picture=qr_svg, sso=sso),
        users_router(administration, signed_in),
        directory_router(a_directory(store), signed_in),
    ]
    if oidc is not None:
        routers.append(single_sign_on_router(Oidc(oidc, tools.marks, clock), signing_in, signed_in.site))
    app = FastAPI(docs_url=None, redoc_url=None)
    install_problem_handlers(app)
    install_console(app, (page_router(), *routers), max_body_bytes=65_536)
    app.add_middleware(ErrorBoundary)
    app.add_middleware(SecurityHeaders)
    return Desk(store, clock, tools, passwords, signing_in, administration, signed_in, app, routers)


def a_directory(store: Store) -> Directory:
    """Return a directory of two units, with one case that its officer alone may know of."""

    def people() -> list[Principal]:
        with store() as unit:
            return [principal for principal in unit.principals.all() if principal.active]

    def case_id(who: Principal, number: str) -> str | None:
        return "ma-phieu" if who.role is Role.OFFICER and number == A_NUMBER else None

    return Directory(
        units=[("HN-00004", "Phường Ba Đình", True), ("HN-CA", "Công an thành phố", False)],
        behaviours={"TD-XUCPHAM": "xúc phạm"},
        kinds={"TO_CAO": "Tố cáo"},
        people=people,
        case_id=case_id,
    )


def told(principal: Principal) -> str:
    """Return the reason with which the command line audits a new principal."""
    return f"[dòng lệnh] {principal.role.value} {principal.unit or ''}".strip()


def provider_rules(issuer: str, **changes: Any) -> OidcRules:
    """Return how the console knows the fake provider."""
    given = {"client_id": "tiepdan", "client_secret": "bí mật & dài +1", "redirect_uri": f"{ORIGIN}{CALLBACK}"}
    return OidcRules(**{"issuer": issuer, **given, **changes})
