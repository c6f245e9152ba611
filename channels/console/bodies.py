"""What the console's routes about people are sent and answer."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.core.cases.people import Role

Id = Annotated[str, Field(min_length=1, max_length=64)]
Password = Annotated[str, Field(min_length=1, max_length=256)]
Code = Annotated[str, Field(min_length=1, max_length=32)]


def _storable(value: object) -> object:
    """Replace what no database can carry."""
    if not isinstance(value, str):
        return value
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\x00", "\ufffd")


Reason = Annotated[str, BeforeValidator(_storable), Field(max_length=500)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class SignInIn(_In):
    """Name, password and, where the account has a second step, its code or a recovery code."""

    user: Id
    password: Password
    code: Code | None = None


class PasswordIn(_In):
    """A new password, and the one before."""

    old: Password
    new: Password


class CodeIn(_In):
    """A code of the second step."""

    code: Code


class ProofIn(_In):
    """The password, for what somebody at an open screen must not do."""

    password: Password


class UserIn(_In):
    """A new account."""

    id: Id = Field(description="2 to 64 of A-Z a-z 0-9 . _ @ -, such as lan.nt.")
    name: Annotated[str, BeforeValidator(_storable), Field(min_length=2, max_length=200)]
    role: Role
    unit: Annotated[str, Field(max_length=64)] | None = Field(default=None, description="A unit's id: HN-00004.")


class ResetIn(_In):
    """`totp` also takes the second step away: for whoever lost telephone and recovery codes."""

    totp: bool = False


class ReasonIn(_In):
    """Why; kept in the audit."""

    reason: Reason = ""


class RoleIn(_In):
    """Another role, and the unit that goes with it: null for none."""

    role: Role
    unit: Annotated[str, Field(max_length=64)] | None = None


class IdentityIn(_In):
    """Who opens the account at the identity provider: an e-mail that it has verified, or its subject."""

    kind: Literal["email", "subject"]
    value: Annotated[str, Field(min_length=1, max_length=255)]


class SsoOut(BaseModel):
    """Single sign-on, where it is set up."""

    label: str
    start_url: str


class WaysOut(BaseModel):
    """How one can sign in. `first_start`: nobody ever has; the one-time password is in the start's output."""

    password: bool = True
    oidc: SsoOut | None
    first_start: bool


class UserOut(BaseModel):
    """The user of a session."""

    id: str
    name: str
    role: str
    unit: str | None


class SessionOut(BaseModel):
    """A session. Say `csrf` in X-CSRF-Token with every change."""

    user: UserOut
    csrf: str
    must_change_password: bool
    totp: bool = Field(description="Whether the account has a second step.")
    idle_seconds: int = Field(description="The session ends so long after the last sign of life.")


class EnrolmentOut(BaseModel):
    """A second step to be set up: address, its picture, and the secret to type by hand."""

    uri: str
    svg: str
    secret: str


class RecoveryOut(BaseModel):
    """Codes that each stand once for the telephone; told this once."""

    recovery_codes: list[str]


class OneTimeOut(BaseModel):
    """A password to tell the user; told this once, to be changed when they first sign in."""

    one_time_password: str


class DoneOut(BaseModel):
    """It is done."""

    done: bool = True


class MappedOut(BaseModel):
    """What of the identity provider opens the account."""

    kind: str
    value: str


class ListedOut(BaseModel):
    """Somebody who may act. Without an `account` they have tokens alone."""

    id: str
    name: str
    role: str
    unit: str | None
    active: bool
    account: bool
    totp: bool
    must_change_password: bool
    last_login_at: dt.datetime | None
    locked_until: dt.datetime | None = Field(description="Guessing at the account is stopped until then.")
    sso: list[MappedOut]
