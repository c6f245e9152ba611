"""Accounts of the console and their sessions: what they are made of, and until when they hold."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.core.cases.people import Principal, Role

# A citizen has no account, and a backend no browser.
CONSOLE_ROLES = frozenset(Role) - {Role.CITIZEN, Role.BACKEND}


class Way(StrEnum):
    """How somebody signed in."""

    PASSWORD = "password"  # noqa: S105  (a name, no password)
    SSO = "sso"


@dataclass(frozen=True)
class Credentials:
    """What proves that somebody is who they say; sealed at rest: the database alone neither tells nor makes it.

    `password` is a hash. `one_time_until`: the password is a one-time one, and good until then. `totp` is the shared
    secret of the second step, `pending` one that is not confirmed yet, `step` the last time step whose code was used.
    `recovery` are hashes of the codes that are left.
    """

    password: str | None = None
    must_change: bool = False
    one_time_until: datetime | None = None
    totp: str | None = None
    pending: str | None = None
    step: int = 0
    recovery: tuple[str, ...] = ()

    def usable(self, now: datetime) -> bool:
        """True when a password can open the account at this moment."""
        return self.password is not None and (self.one_time_until is None or now < self.one_time_until)

    def with_password(self, encoded: str) -> "Credentials":
        """Return them with a password of the user's own."""
        return replace(self, password=encoded, must_change=False, one_time_until=None)

    def with_one_time(self, encoded: str, until: datetime) -> "Credentials":
        """Return them with a password that must be changed at once."""
        return replace(self, password=encoded, must_change=True, one_time_until=until)

    def without_totp(self) -> "Credentials":
        """Return them without the second step."""
        return replace(self, totp=None, pending=None, step=0, recovery=())

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dict."""
        until = self.one_time_until.isoformat() if self.one_time_until else None
        return {**asdict(self), "one_time_until": until, "recovery": list(self.recovery)}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Credentials":
        """Return what `to_json` told."""
        until = told["one_time_until"]
        moment = datetime.fromisoformat(until) if until else None
        return cls(**{**told, "one_time_until": moment, "recovery": tuple(told["recovery"])})


@dataclass(frozen=True)
class Account:
    """A principal who may sign in at the console. `login` is the id as it is typed, in lower case.

    `version` grows with every change of the credentials: of two changes at once, one is refused.
    """

    principal: Principal
    login: str
    credentials: Credentials
    version: int
    created_at: datetime
    last_login_at: datetime | None = None


@dataclass(frozen=True)
class Mapped:
    """What an identity provider says of somebody that stands for an account: `kind` is email or subject.

    `subject` is who was first seen with the e-mail: an address that is given to somebody else opens nothing.
    """

    kind: str
    value: str
    principal_id: str
    subject: str | None = None


@dataclass(frozen=True)
class ConsoleSession:
    """Somebody who is signed in. `limited`: nothing but changing the password is allowed yet."""

    principal: Principal
    way: Way
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    limited: bool = False

    def alive(self, now: datetime, idle: timedelta) -> bool:
        """True until the end of its life, or of the time without a sign of its user."""
        return self.principal.active and now < self.expires_at and now < self.seen_at + idle


def login_of(typed: str) -> str:
    """Return the name under which an account is looked up, however its user writes it."""
    return typed.strip().casefold()
