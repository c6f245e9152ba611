"""What the real Bot API refuses, as pure checks of a request's fields; `Refusal` is its answer."""

import json
import re
import time
import unicodedata
from collections import deque
from collections.abc import Callable
from typing import Any

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PORTS = {443, 80, 88, 8443, None}


class Refusal(Exception):
    """An error answer of the Bot API."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.answer: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.answer["parameters"] = parameters


def check_text(fields: dict[str, str], limit: int) -> str:
    text = unicodedata.normalize("NFC", fields.get("text", ""))
    if not text.strip():
        raise Refusal(400, "Bad Request: message text is empty")
    if len(text) > limit:
        raise Refusal(400, "Bad Request: message is too long")
    return text


def check_keyboard(fields: dict[str, str], private: bool) -> dict[str, Any]:
    """Return the keyboard of a message, refused where one of its buttons would be."""
    if "reply_markup" not in fields:
        return {}
    try:
        markup = json.loads(fields["reply_markup"])
    except ValueError:
        raise Refusal(400, "Bad Request: can't parse reply keyboard markup JSON object") from None
    for row in markup.get("inline_keyboard", []):
        for button in row:
            _check_inline(button)
    for row in markup.get("keyboard", []):
        for button in row:
            if not button.get("text"):
                raise Refusal(400, "Bad Request: can't parse keyboard button: text is empty")
            if not private and (button.get("request_contact") or button.get("request_location")):
                raise Refusal(400, "Bad Request: BUTTON_TYPE_INVALID")
    return dict(markup)


def _check_inline(button: dict[str, Any]) -> None:
    if not button.get("text", "").strip():
        raise Refusal(400, "Bad Request: BUTTON_TEXT_INVALID")
    kinds = {"callback_data", "url"} & set(button)
    if len(kinds) != 1:
        raise Refusal(400, "Bad Request: inline keyboard button must have exactly one optional field")
    if "callback_data" in kinds and not 1 <= len(button["callback_data"].encode()) <= 64:
        raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    if "url" in kinds and not button["url"].startswith(("https://", "http://", "tg://")):
        raise Refusal(400, "Bad Request: BUTTON_URL_INVALID")


def check_webhook(fields: dict[str, str], plain: bool) -> None:
    """Refuse what setWebhook refuses; `plain` lets a test's http address and port pass."""
    address = fields.get("url", "")
    match = re.fullmatch(r"(https?)://[^/:]+(?::(\d+))?(?:/.*)?", address)
    if address and not match:
        raise Refusal(400, "Bad Request: bad webhook: invalid URL")
    if match and not plain and (match[1] != "https" or (int(match[2]) if match[2] else None) not in _PORTS):
        raise Refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    if "secret_token" in fields and not _SECRET.fullmatch(fields["secret_token"]):
        raise Refusal(400, "Bad Request: secret token contains unallowed characters")
    if not 1 <= int(fields.get("max_connections", 40)) <= 100:
        raise Refusal(400, "Bad Request: max_connections must be between 1 and 100")


class Flood:
    """Refuses more than `chat` messages per `chat_seconds` in a chat or `overall` a second; the clock is real.

    A little more than the documented figures passes, as at Telegram: the network pushes messages together.
    """

    def __init__(self, chat: int = 2, chat_seconds: float = 1.0, overall: int = 33) -> None:
        self.chat, self.chat_seconds, self.overall = chat, chat_seconds, overall
        self.clock: Callable[[], float] = time.monotonic
        self._chats: dict[int, deque[float]] = {}
        self._all: deque[float] = deque()

    def check(self, chat_id: int) -> None:
        now = self.clock()
        mine = self._chats.setdefault(chat_id, deque())
        for times, span in ((mine, self.chat_seconds), (self._all, 1.0)):
            while times and times[0] <= now - span:
                times.popleft()
        if len(mine) >= self.chat or len(self._all) >= self.overall:
            raise Refusal(429, "Too Many Requests: retry after 1", retry_after=1)
        mine.append(now)
        self._all.append(now)
