"""The session half of a fake console: people, cookies, CSRF, passwords, second steps, as the contract says."""

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from pydantic import BaseModel, ConfigDict

from bot.core.cases.people import Principal, Role
from channels.web.problems import Problem

COOKIE = "tiepdan_console"
PREFIX = "/api/console"
CODE = "246810"
# What segno draws, shortened.
QR = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="58" height="58" class="segno">'
    '<path transform="scale(2)" fill="#fff" d="M0 0h29v29h-29z"/>'
    '<path class="qrline" transform="scale(2)" stroke="#000" d="M4 4.5h7m2 0h1m3 0h1m1 0h7m-22 1h1m5 0h1m1 0h1"/>'
    "<script>alert(1)</script></svg>"
)


class Body(BaseModel):
    """Bodies that refuse what the contract does not name, as the real ones do."""

    model_config = ConfigDict(extra="forbid")


class SignIn(Body):
    user: str
    password: str
    code: str | None = None


class Passwords(Body):
    old: str
    new: str


class Code(Body):
    code: str


class Proof(Body):
    password: str


class NewUser(Body):
    id: str
    name: str
    role: str
    unit: str | None


class Reset(Body):
    totp: bool = False


class NewRole(Body):
    role: str
    unit: str | None


@dataclass
class Person:
    """An account of the fake."""

    id: str
    name: str
    role: str
    unit: str | None = None
    password: str = "chim hót ngoài đồng"
    totp: bool = False
    must_change: bool = False
    active: bool = True

    @property
    def principal(self) -> Principal:
        role = Role(self.role) if self.role in set(Role) else Role.OPERATOR
        return Principal(self.id, self.name, role, self.unit)


LAN = Person("lan.nt", "Nguyễn Thị Lan", "operator", "HN-SNV")
HUNG = Person("hung.tv", "Trần Văn Hùng", "operator", "HN-SNV")
CHAU = Person("chau.nb", "Ngô Bảo Châu", "supervisor", "HN-SNV")
DAI = Person("dai.hn", "Hồ Ngọc Đại", "administrator")


@dataclass
class People:
    """Accounts and sessions; `idle_seconds` is what pages are told."""

    accounts: dict[str, Person] = field(default_factory=dict)
    sessions: dict[str, tuple[str, str]] = field(default_factory=dict)
    idle_seconds: float = 900
    touched: int = 0
    oidc: dict[str, str] | None = None
    first_start: bool = False
    locked: bool = False

    def add(self, *people: Person) -> None:
        for person in people:
            self.accounts[person.id] = Person(**vars(person))

    def told(self, token: str) -> dict[str, Any]:
        user_id, csrf = self.sessions[token]
        person = self.accounts[user_id]
        return {
            "user": {"id": person.id, "name": person.name, "role": person.role, "unit": person.unit},
            "csrf": csrf,
            "must_change_password": person.must_change,
            "totp": person.totp,
            "idle_seconds": self.idle_seconds,
        }

    async def signed_in(self, request: Request) -> Principal:
        """As channels.console.access.SignedIn: 401 without a session, 403 for a change without its proof."""
        found = self.sessions.get(request.cookies.get(COOKIE, ""))
        if found is None:
            raise Problem(401, code="not-signed-in", detail="Phiên làm việc đã hết. Hãy đăng nhập lại.")
        if request.method not in {"GET", "HEAD"} and request.headers.get("X-CSRF-Token") != found[1]:
            raise Problem(403, code="csrf-refused", detail="Yêu cầu không đến từ trang bàn làm việc.")
        return self.accounts[found[0]].principal

    def end_sessions(self) -> None:
        self.sessions.clear()


def install_people(app: FastAPI, people: People) -> None:
    """Add the session's routes and the accounts'."""
    router = APIRouter(prefix=PREFIX)
    Caller = Annotated[Principal, Depends(people.signed_in)]

    @router.get("/session/ways")
    async def ways() -> dict[str, Any]:
        return {"password": True, "oidc": people.oidc, "first_start": people.first_start}

    @router.post("/session")
    async def sign_in(body: SignIn, response: Response) -> dict[str, Any]:
        await asyncio.sleep(0)
        if people.locked:
            detail = "Đã nhập sai quá nhiều lần. Hãy chờ rồi thử lại."
            raise Problem(423, code="locked", detail=detail, headers={"Retry-After": "600"})
        person = people.accounts.get(body.user)
        if person is None or person.password != body.password or not person.active:
            raise Problem(401, code="login-refused", detail="Sai tên, mật khẩu hoặc mã.")
        if person.totp and not body.code:
            raise Problem(401, code="code-needed", detail="Hãy nhập mã 6 số trên điện thoại.")
        if person.totp and body.code != CODE:
            raise Problem(401, code="login-refused", detail="Sai tên, mật khẩu hoặc mã.")
        token = secrets.token_hex(8)
        people.sessions[token] = (person.id, secrets.token_hex(8))
        response.set_cookie(COOKIE, token, httponly=True, samesite="strict")
        return people.told(token)

    @router.get("/session")
    async def session(request: Request, _caller: Caller) -> dict[str, Any]:
        return people.told(request.cookies[COOKIE])

    @router.delete("/session", status_code=204)
    async def sign_out(request: Request, _caller: Caller) -> None:
        people.sessions.pop(request.cookies[COOKIE], None)

    @router.post("/session/touch", status_code=204)
    async def touch(_caller: Caller) -> None:
        people.touched += 1

    @router.post("/password", status_code=204)
    async def password(body: Passwords, caller: Caller) -> None:
        person = people.accounts[caller.id]
        if person.password != body.old:
            raise Problem(401, code="login-refused", detail="Mật khẩu cũ không đúng.")
        if len(body.new) < 12:
            raise Problem(422, code="password-short", detail="Mật khẩu cần ít nhất 12 ký tự.")
        person.password, person.must_change = body.new, False

    @router.post("/totp/start")
    async def totp_start(_caller: Caller) -> dict[str, str]:
        return {"uri": "otpauth://totp/Tiep-Dan?secret=JBSWY3DPEHPK3PXP", "svg": QR, "secret": "JBSWY3DPEHPK3PXP"}

    @router.post("/totp/confirm")
    async def totp_confirm(body: Code, caller: Caller) -> dict[str, Any]:
        if body.code != CODE:
            raise Problem(401, code="login-refused", detail="Mã không đúng.")
        people.accounts[caller.id].totp = True
        return {"recovery_codes": [f"{n}{n}{n}{n}-ABCD" for n in range(1, 9)]}

    @router.delete("/totp", status_code=204)
    async def totp_off(body: Proof, caller: Caller) -> None:
        if people.accounts[caller.id].password != body.password:
            raise Problem(401, code="login-refused", detail="Mật khẩu không đúng.")
        people.accounts[caller.id].totp = False

    @router.get("/users")
    async def users(_caller: Caller) -> list[dict[str, Any]]:
        return [
            {
                "id": p.id, "name": p.name, "role": p.role, "unit": p.unit, "active": p.active, "account": True,
                "totp": p.totp, "must_change_password": p.must_change, "last_login_at": None, "locked_until": None,
                "sso": [],
            }
            for p in people.accounts.values()
        ]  # fmt: skip

    @router.post("/users")
    async def add(body: NewUser, _caller: Caller) -> dict[str, str]:
        if body.id in people.accounts:
            raise Problem(409, code="account-exists", detail="Đã có tài khoản này.")
        people.add(Person(body.id, body.name, body.role, body.unit, password="mot-lan-xanh-lam", must_change=True))
        return {"one_time_password": "mot-lan-xanh-lam"}

    @router.post("/users/{user_id}/reset")
    async def reset(user_id: str, body: Reset, _caller: Caller) -> dict[str, str]:
        person = people.accounts[user_id]
        person.password, person.must_change, person.totp = "mot-lan-vang-chanh", True, person.totp and not body.totp
        return {"one_time_password": person.password}

    @router.post("/users/{user_id}/lock")
    async def lock(user_id: str, _caller: Caller) -> dict[str, bool]:
        people.accounts[user_id].active = False
        return {"done": True}

    @router.post("/users/{user_id}/unlock")
    async def unlock(user_id: str, _caller: Caller) -> dict[str, bool]:
        people.accounts[user_id].active = True
        return {"done": True}

    @router.post("/users/{user_id}/role")
    async def role(user_id: str, body: NewRole, _caller: Caller) -> dict[str, bool]:
        people.accounts[user_id].role, people.accounts[user_id].unit = body.role, body.unit
        return {"done": True}

    app.include_router(router)
