"""OAuth v4 of Zalo: the consent link, and the two calls that give tokens. Who stores them is channels.zalo.tokens."""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeGuard
from urllib.parse import urlencode

import httpx

from bot.core.errors import TiepDanError
from bot.core.ports import Clock
from channels.zalo.web import client

CODE_LIFE = timedelta(minutes=10)
MAX_ANSWER_BYTES = 64 * 1024


class OAuthFailed(TiepDanError):
    """No tokens were given. `code` is Zalo's or one word of ours, never its words.

    `uncertain`: the call may have used up what it carried. `lost`: what it carried is used up or was never good.
    `unreachable`: the call was not made.
    """

    def __init__(self, code: str, *, uncertain: bool = False, lost: bool = False, unreachable: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.unreachable = unreachable
        self.uncertain = uncertain
        self.lost = lost


@dataclass(frozen=True)
class Granted:
    """A pair of tokens as Zalo gave it."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    lasts: timedelta


@dataclass(frozen=True)
class OAuthRules:
    """The application. `verifier`: the fixed PKCE word of the console; empty: a fresh one for each login.

    `lost_codes`: codes by which Zalo says that a refresh token is used up or unknown. `lasts`: of an access token
    whose `expires_in` cannot be read.
    """

    app_id: str
    app_secret: str = field(repr=False)
    oa_id: str = ""
    redirect_uri: str = ""
    url: str = "https://oauth.zaloapp.com"
    verifier: str = field(default="", repr=False)
    lost_codes: frozenset[int] = frozenset({-14014, -14020})
    lasts: timedelta = timedelta(hours=25)
    request_seconds: float = 60.0


@dataclass(frozen=True)
class Login:
    """A login that has begun: what must be kept until Zalo calls back."""

    link: str
    state: str
    verifier: str = field(repr=False)
    begun_at: datetime


def new_verifier() -> str:
    """Return a PKCE verifier of 43 characters."""
    return secrets.token_urlsafe(32)


def challenge(verifier: str) -> str:
    """Return the S256 challenge of a verifier: base64url without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class OAuth:
    """The calls. Each opens a connection of its own; constructing this opens none."""

    def __init__(self, rules: OAuthRules, clock: Clock) -> None:
        self._rules = rules
        self._clock = clock

    def begin(self) -> Login:
        """Return a new login with the link that an administrator of the account opens."""
        verifier, state = self._rules.verifier or new_verifier(), secrets.token_urlsafe(16)
        query = urlencode({
            "app_id": self._rules.app_id,
            "redirect_uri": self._rules.redirect_uri,
            "code_challenge": challenge(verifier),
            "state": state,
        })  # fmt: skip
        return Login(f"{self._rules.url}/v4/oa/permission?{query}", state, verifier, self._clock.now())

    async def complete(self, login: Login, callback: Mapping[str, str]) -> Granted:
        """Exchange what Zalo's call back carries (`code`, `oa_id`, `state`). Raises OAuthFailed."""
        if not hmac.compare_digest(login.state.encode(), callback.get("state", "").encode()):
            raise OAuthFailed("state")
        if self._rules.oa_id and callback.get("oa_id") != self._rules.oa_id:
            raise OAuthFailed("another-account")
        if self._clock.now() - login.begun_at > CODE_LIFE * 3:
            raise OAuthFailed("too-late")
        return await self.exchange(callback.get("code", ""), login.verifier)

    async def exchange(self, code: str, verifier: str) -> Granted:
        """Exchange a code, which is good for ten minutes and once. Raises OAuthFailed."""
        return await self._call({"code": code, "grant_type": "authorization_code", "code_verifier": verifier})

    async def refresh(self, refresh_token: str) -> Granted:
        """Exchange a refresh token, which this uses up. Raises OAuthFailed."""
        return await self._call({"refresh_token": refresh_token, "grant_type": "refresh_token"})

    async def _call(self, form: dict[str, str]) -> Granted:
        rules = self._rules
        limits = httpx.Timeout(rules.request_seconds, connect=10.0)
        try:
            async with (
                asyncio.timeout(rules.request_seconds),
                client(limits) as web,
            ):
                answer = await web.post(
                    f"{rules.url}/v4/oa/access_token",
                    data={**form, "app_id": rules.app_id},
                    headers={"secret_key": rules.app_secret},
                )
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise OAuthFailed("unreachable", unreachable=True) from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise OAuthFailed("no-answer", uncertain=True) from error
        return self._granted(answer)

    def _granted(self, answer: httpx.Response) -> Granted:
        """Read an answer, whose faults may come with status 200."""
        try:
            fields = json.loads(answer.content[:MAX_ANSWER_BYTES])
        except (ValueError, RecursionError):
            fields = None
        if not isinstance(fields, dict):
            raise OAuthFailed(f"http-{answer.status_code}", uncertain=True)
        code = _whole(fields.get("error"))
        if code:
            raise OAuthFailed(str(code), lost=code in self._rules.lost_codes)
        access, refresh = fields.get("access_token"), fields.get("refresh_token")
        if not (usable(access) and usable(refresh)):
            raise OAuthFailed("no-tokens", uncertain=True)
        seconds = _whole(fields.get("expires_in"))
        sensible = seconds is not None and 60 <= seconds <= 366 * 86_400
        return Granted(access, refresh, timedelta(seconds=seconds) if sensible and seconds else self._rules.lasts)


def usable(token: object) -> TypeGuard[str]:
    """Whether this can be a token: it must travel in a header."""
    return isinstance(token, str) and 0 < len(token) <= 4_096 and token.isascii() and token.isprintable()


def _whole(value: Any) -> int | None:
    """Return a whole number that came as number or text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(str(value)[:12])
    except ValueError:
        return None


def expiry(granted: Granted, asked_at: datetime) -> datetime:
    """Return when an access token ends, reckoned from before it was asked for."""
    return asked_at.astimezone(UTC) + granted.lasts
