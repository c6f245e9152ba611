"""The connection to the Bot API: python-telegram-bot's Bot without updater, threads or surprises in the answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from telegram import Bot
from telegram.error import NetworkError, RetryAfter
from telegram.request import HTTPXRequest

API = "https://api.telegram.org/bot"
FILES = "https://api.telegram.org/file/bot"
_LONGEST_WAIT = 86_400
_WAIT_UNSAID = 5


@dataclass(frozen=True)
class BotOptions:
    """How the Bot API is reached. `base_url` and `file_url` end where the token begins, or hold `{token}`.

    `proxy` is an http or https address: networks in Viet Nam block Telegram. `seconds` is the longest wait for an
    answer.
    """

    token: str = field(repr=False)
    base_url: str = API
    file_url: str = FILES
    proxy: str | None = field(default=None, repr=False)  # may hold a password
    seconds: float = 20.0
    connect_seconds: float = 5.0


class Unintelligible(NetworkError):
    """Something answered that is not the Bot API (a proxy's or a network's page), or the Bot API failed inside."""

    def __init__(self, status: int) -> None:
        super().__init__(f"unusable answer ({status})")
        self.status = status


class ApiRequest(HTTPXRequest):
    """Lets only whole answers of the Bot API through to the library.

    The library takes a page with status 403, as blocking networks show, for «blocked by the user»; answers of an
    unknown shape make it stumble and go to the log.
    """

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Return status and body. Raises TelegramError."""
        status, payload = await super().do_request(*args, **kwargs)
        check_answer(status, payload)
        return status, payload


def check_answer(status: int, payload: bytes) -> None:
    """Pass an answer of the Bot API; raise Unintelligible or RetryAfter for others."""
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError):
        raise Unintelligible(status) from None
    if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool) or status >= 500:
        raise Unintelligible(status)
    if 200 <= status <= 299:
        if not answer["ok"] or "result" not in answer:
            raise Unintelligible(status)
        return
    parameters = answer.get("parameters", {})
    if not isinstance(answer.get("description"), str) or not isinstance(parameters, dict):
        raise Unintelligible(status)
    if status == 429 or "retry_after" in parameters:
        raise RetryAfter(_seconds(parameters))
    if not isinstance(parameters.get("migrate_to_chat_id", 0), int):
        raise Unintelligible(status)


def _seconds(parameters: Mapping[str, Any]) -> int:
    seconds = parameters.get("retry_after")
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds < 1:
        return _WAIT_UNSAID
    return min(seconds, _LONGEST_WAIT)


class Connection:
    """The library's Bot and a client for files, on the same terms. Opens nothing before the first call."""

    def __init__(self, options: BotOptions) -> None:
        # One proxy setting: nothing is taken from HTTPS_PROXY and the like.
        common: dict[str, Any] = {
            "proxy": options.proxy or None,
            "connect_timeout": options.connect_seconds,
            "read_timeout": options.seconds,
            "httpx_kwargs": {"trust_env": False},
        }
        self._requests = (
            ApiRequest(connection_pool_size=64, pool_timeout=options.seconds, **common),
            ApiRequest(connection_pool_size=1, **common),
        )
        self.bot = Bot(options.token, options.base_url, options.file_url, *self._requests)
        self.files = httpx.AsyncClient(
            proxy=options.proxy or None,
            timeout=httpx.Timeout(options.seconds, connect=options.connect_seconds),
            trust_env=False,
            follow_redirects=False,
            headers={"Accept-Encoding": "identity"},
        )

    async def close(self) -> None:
        """Close every connection."""
        for request in self._requests:
            await request.shutdown()
        await self.files.aclose()
