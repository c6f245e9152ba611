"""Calls to Zalo's open API: the token in its header, errors inside HTTP 200, the limit of calls a minute."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import httpx

from bot.core.channels.contract import Failure, SendFailed
from bot.core.errors import TiepDanError
from channels.zalo.faults import RATE_LIMIT, TOKEN_CODES, http_refusal, refusal
from channels.zalo.parsing import count
from channels.zalo.tokens import Tokens
from channels.zalo.web import client

MAX_ANSWER_BYTES = 256 * 1024


class Counters(Protocol):
    """Where occurrences are counted, for status pages. Must not block long and must not raise."""

    def add(self, name: str, amount: int = 1) -> None:
        """Add to the counter of a name, such as `signature.app_id-body-oa` or `quota.reply`."""
        ...


@dataclass(frozen=True)
class ApiRules:
    """Where the API is, and its limits. `per_minute`: calls of this process in any minute.

    `patience_seconds`: so long a call waits for its turn before it fails with WAIT. `rate_pause_seconds`: nothing is
    called for so long after Zalo said that it was too much (-32).
    """

    url: str = "https://openapi.zalo.me"
    per_minute: int = 3_600
    patience_seconds: float = 5.0
    rate_pause_seconds: float = 60.0
    request_seconds: float = 20.0


class MinuteLimit:
    """At most so many calls in any sixty seconds, and none while Zalo has told us to stop."""

    def __init__(self, per_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._calls: deque[float] = deque()
        self._per_minute = per_minute
        self._now = now
        self._stopped_until = 0.0

    def take(self) -> float:
        """Take a call and return 0, or return the seconds until one may be free and take none."""
        now = self._now()
        if now < self._stopped_until:
            return self._stopped_until - now
        while self._calls and self._calls[0] <= now - 60:
            self._calls.popleft()
        if len(self._calls) >= self._per_minute:
            return self._calls[0] + 60 - now
        self._calls.append(now)
        return 0.0

    def stop(self, seconds: float) -> None:
        """Let nothing through for a while."""
        self._stopped_until = max(self._stopped_until, self._now() + seconds)


class Api:
    """The API with a token. Every call has a connection of its own: an idle one that Zalo closes just then would
    leave it unknown whether a message was taken."""

    def __init__(self, rules: ApiRules, tokens: Tokens, counters: Counters, limit: MinuteLimit | None = None) -> None:
        self._rules = rules
        self._tokens = tokens
        self._counters = counters
        self._limit = limit or MinuteLimit(rules.per_minute)

    async def post(
        self, path: str, body: Any = None, files: Mapping[str, tuple[str, bytes, str]] | None = None
    ) -> dict[str, Any]:
        """Send JSON or a file and return the answer's `data`. Raises SendFailed, and nothing but that."""
        return await self._guarded("POST", path, {"files": files} if files else {"json": body})

    async def get(self, path: str) -> dict[str, Any]:
        """Read and return the answer's `data`. Raises SendFailed, and nothing but that."""
        return await self._guarded("GET", path, {})

    async def _guarded(self, method: str, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return await self._with_token(method, path, content)
        except SendFailed as failed:
            self._counters.add(f"failed.{failed.failure.value}")
            raise
        except TiepDanError as error:  # the store of the tokens
            raise SendFailed(Failure.RETRY, type(error).__name__) from error

    async def _with_token(self, method: str, path: str, content: Mapping[str, Any]) -> dict[str, Any]:
        token = await self._tokens.access()
        code, data = await self._call(method, path, content, token)
        if code in TOKEN_CODES:
            self._counters.add("token.refused")
            replaced = await self._tokens.current() != token
            token = await self._tokens.renew(token)
            code, data = await self._call(method, path, content, token)
            if code in TOKEN_CODES and (replaced or await self._tokens.current() != token):
                # Others replaced it meanwhile: only a token that we fetched for this call is a reason for alarm.
                raise SendFailed(Failure.RETRY, str(code))
        if code == RATE_LIMIT:
            self._limit.stop(self._rules.rate_pause_seconds)
            raise SendFailed(Failure.WAIT, str(code), timedelta(seconds=self._rules.rate_pause_seconds))
        if code:
            raise refusal(code)
        return data

    async def _call(
        self, method: str, path: str, content: Mapping[str, Any], token: str
    ) -> tuple[int, dict[str, Any]]:
        """Make one call and return Zalo's code and data. Raises SendFailed."""
        await self._turn()
        rules = self._rules
        timeout = httpx.Timeout(rules.request_seconds, connect=min(10.0, rules.request_seconds))
        headers = {"access_token": token, "Accept": "application/json", "Accept-Encoding": "identity"}
        unclear = Failure.UNKNOWN if method == "POST" else Failure.RETRY
        try:
            async with (
                asyncio.timeout(rules.request_seconds + 5),
                client(timeout) as web,
                web.stream(method, f"{rules.url}{path}", headers=headers, **content) as answer,
            ):
                if answer.status_code != 200:
                    raise http_refusal(answer.status_code, answer.headers.get("retry-after"))
                body = bytearray()
                async for chunk in answer.aiter_raw():
                    body += chunk
                    if len(body) > MAX_ANSWER_BYTES:
                        raise SendFailed(unclear, "answer-too-large")
                self._heed(answer.headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
            raise SendFailed(Failure.RETRY, "unreachable") from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise SendFailed(unclear, "no-answer") from error
        return _read(bytes(body), unclear)

    async def _turn(self) -> None:
        """Wait for a place in this minute. Raises SendFailed (WAIT)."""
        waited = 0.0
        while pause := self._limit.take():
            if waited + pause > self._rules.patience_seconds:
                raise SendFailed(Failure.WAIT, "own-limit", timedelta(seconds=pause))
            await asyncio.sleep(pause)
            waited += pause

    def _heed(self, headers: Mapping[str, str]) -> None:
        """Stop before Zalo does where it says that nothing is left of this minute."""
        if count(headers.get("x-ratelimit-remain")) == 0:
            self._limit.stop(5)


def _read(body: bytes, unclear: Failure) -> tuple[int, dict[str, Any]]:
    """Return code and data of an answer. Raises SendFailed where it says neither that it took nor that it did not."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        fields = None
    error = fields.get("error") if isinstance(fields, dict) else None
    if isinstance(error, str) and error.lstrip("-").isdigit() and error.isascii() and len(error) < 8:
        error = int(error)
    if not isinstance(fields, dict) or not isinstance(error, int) or isinstance(error, bool):
        raise SendFailed(unclear, "unreadable-answer")
    data = fields.get("data")
    return error, data if isinstance(data, dict) else {}
