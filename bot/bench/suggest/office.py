"""Signs operators in at a service, as their page does: a one-time password, a password of their own, a cookie."""

import asyncio
import secrets
from collections.abc import Sequence

import httpx

from bot.core.cases.people import Principal, Role
from bot.core.errors import ConfigurationError
from bot.core.staff.administration import STARTING, Administration
from bot.settings import Settings
from bot.steps import Report
from bot.store import KeyRing, Store
from bot.wiring.console import staff_tools

PREFIX = "/api/console"


async def sign_in(settings: Settings, clients: Sequence[httpx.AsyncClient], report: Report) -> None:
    """Make an account for each client and sign it in; its cookie stays with it."""
    report(f"{len(clients)} tổng đài viên đăng nhập …")
    passwords = await asyncio.to_thread(_accounts, settings, len(clients))
    for number, (http, password) in enumerate(zip(clients, passwords, strict=True)):
        name = f"bench{number}"
        session = await _post(http, "/session", {"user": name, "password": password})
        own = secrets.token_urlsafe(24)
        http.headers["X-CSRF-Token"] = session["csrf"]
        await _post(http, "/password", {"old": password, "new": own})
        session = await _post(http, "/session", {"user": name, "password": own})
        http.headers["X-CSRF-Token"] = session["csrf"]


def _accounts(settings: Settings, count: int) -> list[str]:
    """Make accounts in the database of a running service; return their one-time passwords."""
    store = Store(settings.database_url, KeyRing.load_or_create(settings.keys_dir))
    try:
        administration = Administration(staff_tools(settings, store), lambda _unit: True)
        return [
            administration.add(STARTING, Principal(f"bench{number}", f"Người Gõ {number}", Role.OPERATOR))
            for number in range(count)
        ]
    finally:
        store.close()


async def _post(http: httpx.AsyncClient, path: str, body: dict[str, str]) -> dict[str, str]:
    answer = await http.post(PREFIX + path, json=body)
    if answer.status_code >= httpx.codes.BAD_REQUEST:
        raise ConfigurationError(f"{path} was answered {answer.status_code}; the service's log says why")
    told: dict[str, str] = answer.json() if answer.content else {}
    return told
