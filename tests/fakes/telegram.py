"""A Bot API server on 127.0.0.1 that checks what the real one checks, with faults that can be switched on.

Its methods may be called from any thread. `citizen` makes a chat known (the real server lets no bot begin one), and
`deliver` sends an update to the webhook that was set, again until that answers 2xx, or keeps it for getUpdates.
"""

import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer
from typing import Any

import httpx

from tests.fakes.telegram_http import Handler
from tests.fakes.telegram_rules import Flood, Refusal, check_keyboard, check_text, check_webhook
from tests.fakes.telegram_updates import DATE, body, chat

TOKEN = "42:AAExample-token_for-tests_0123456789"


@dataclass
class Fault:
    """What goes wrong at the next `times` calls of `method` («*»: of any).

    kind: `status` (answer `status` with `content`, nothing done), `reset` (nothing done, connection cut), `hang`
    (nothing done, silence for `seconds`, cut), `taken_reset` and `taken_hang` (done before that), `truncated` (done,
    half an answer).
    """

    kind: str
    method: str = "sendMessage"
    times: int = 1
    status: int = 500
    content: bytes = b'{"ok":false,"error_code":500,"description":"Internal Server Error"}'
    seconds: float = 2.0


@dataclass(frozen=True)
class Sent:
    """A message the server took."""

    chat_id: int
    message_id: int
    text: str
    keyboard: dict[str, Any]
    fields: dict[str, str] = field(repr=False)
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Server(ThreadingHTTPServer):
    """Takes many connections at once, as a burst of messages opens them."""

    daemon_threads = True
    request_queue_size = 256


class FakeTelegram:
    """The server; `with FakeTelegram() as fake:` starts and stops it."""

    def __init__(self, flood: Flood | None = None, text_limit: int = 4096) -> None:
        self.flood = flood or Flood()
        self.text_limit = text_limit
        self.token = TOKEN
        self.sent: list[Sent] = []
        self.lost: set[int] = set()  # ids of taken messages whose answer did not arrive
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.answered: list[str] = []
        self.left: list[int] = []
        self.files: dict[str, bytes] = {}
        self.paths: dict[str, str] = {}  # file_path instead of the usual one
        self.claimed_size: int | None = None  # what getFile says instead of the truth
        self.downloads = 0
        self.proxied: list[str] = []  # servers this one was asked to reach, as a proxy is
        self.faults: list[Fault] = []
        self.webhook: dict[str, str] = {}
        self.allow_plain_webhook = True
        self._chats: dict[int, str] = {}
        self._moved: dict[int, int] = {}
        self._queue: deque[dict[str, Any]] = deque()
        self._arrived = threading.Condition()
        self._stopping = threading.Event()
        self._next_message = 1000
        self._lock = threading.RLock()

    def __enter__(self) -> "FakeTelegram":
        self._server = Server(("127.0.0.1", 0), type("H", (Handler,), {"fake": self}))
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.base_url, self.file_url = f"{self.origin}/bot", f"{self.origin}/file/bot"
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        with self._arrived:
            self._arrived.notify_all()
        self._server.shutdown()
        self._server.server_close()

    # What citizens do

    def citizen(self, chat_id: int) -> int:
        """Make a chat known; after `block`, let the bot in again."""
        self._chats[chat_id] = "open"
        return chat_id

    def block(self, chat_id: int) -> None:
        self._chats[chat_id] = "blocked"

    def delete_account(self, chat_id: int) -> None:
        self._chats[chat_id] = "deactivated"

    def move(self, group: int, supergroup: int) -> None:
        """Make a group a supergroup with another id."""
        self._moved[group] = supergroup
        self._chats[supergroup] = "open"

    def file(self, ref: str, content: bytes) -> None:
        self.files[ref] = content

    def deliver(self, update: dict[str, Any], attempts: int = 5) -> int:
        """Send an update to the webhook and return the last status; without a webhook keep it for getUpdates (0)."""
        if not self.webhook:
            with self._arrived:
                self._queue.append(update)
                self._arrived.notify_all()
            return 0
        headers = {"Content-Type": "application/json"}
        if "secret_token" in self.webhook:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook["secret_token"]
        status = 0
        with httpx.Client(trust_env=False, timeout=60) as client:
            for attempt in range(attempts):
                try:
                    status = client.post(self.webhook["url"], content=body(update), headers=headers).status_code
                except httpx.HTTPError:
                    status = 0
                if 200 <= status < 300:
                    break
                time.sleep(0.05 * 2**attempt)
        return status

    def texts(self, chat_id: int) -> list[str]:
        return [sent.text for sent in self.sent if sent.chat_id == chat_id]

    # What the handler calls

    def fault_for(self, method: str) -> Fault | None:
        with self._lock:
            for fault in self.faults:
                if fault.method in {"*", method} and fault.times > 0:
                    fault.times -= 1
                    return fault
        return None

    def call(self, method: str, fields: dict[str, str]) -> Any:
        """Return the result of a method. Raises Refusal."""
        with self._lock:
            self.calls.append((method, fields))
        if method == "getUpdates":
            return self._get_updates(fields)
        action = getattr(self, f"_{method}", None)
        if action is None:
            raise Refusal(404, "Not Found")
        with self._lock:
            return action(fields)

    def _getMe(self, _: dict[str, str]) -> dict[str, Any]:
        return {
            "id": 42, "is_bot": True, "first_name": "Fake", "username": "fake_bot", "can_join_groups": False,
        }  # fmt: skip

    def _setWebhook(self, fields: dict[str, str]) -> bool:
        check_webhook(fields, self.allow_plain_webhook)
        self.webhook = fields if fields.get("url") else {}
        return True

    def _deleteWebhook(self, _: dict[str, str]) -> bool:
        self.webhook = {}
        return True

    def _getWebhookInfo(self, _: dict[str, str]) -> dict[str, Any]:
        return {
            "url": self.webhook.get("url", ""), "has_custom_certificate": False,
            "pending_update_count": len(self._queue),
        }  # fmt: skip

    def _sendMessage(self, fields: dict[str, str]) -> dict[str, Any]:
        chat_id = self._reach(fields)
        text = check_text(fields, self.text_limit)
        keyboard = check_keyboard(fields, chat_id > 0)
        self.flood.check(chat_id)
        self._next_message += 1
        self.sent.append(Sent(chat_id, self._next_message, text, keyboard, fields))
        bot = {"id": 42, "is_bot": True, "first_name": "Fake"}
        return {"message_id": self._next_message, "date": DATE, "chat": chat(chat_id), "from": bot, "text": text}

    def _answerCallbackQuery(self, fields: dict[str, str]) -> bool:
        if not fields.get("callback_query_id", "").isdigit() or len(fields.get("text", "")) > 200:
            raise Refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.answered.append(fields["callback_query_id"])
        return True

    def _leaveChat(self, fields: dict[str, str]) -> bool:
        chat_id = self._reach(fields)
        self.left.append(chat_id)
        self._chats[chat_id] = "left"
        return True

    def _getFile(self, fields: dict[str, str]) -> dict[str, Any]:
        ref = fields.get("file_id", "")
        if ref not in self.files:
            raise Refusal(400, "Bad Request: invalid file_id")
        if len(self.files[ref]) > 20 * 1024 * 1024:
            raise Refusal(400, "Bad Request: file is too big")
        path = self.paths.get(ref, f"documents/file_{ref}")
        size = len(self.files[ref]) if self.claimed_size is None else self.claimed_size
        return {"file_id": ref, "file_unique_id": f"u{ref}", "file_size": size, "file_path": path}

    def _reach(self, fields: dict[str, str]) -> int:
        try:
            chat_id = int(fields.get("chat_id", ""))
        except ValueError:
            raise Refusal(400, "Bad Request: chat not found") from None
        if chat_id in self._moved:
            moved = self._moved[chat_id]
            raise Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=moved)
        state = self._chats.get(chat_id)
        if state is None:
            raise Refusal(400, "Bad Request: chat not found")
        if state != "open":
            reasons = {"blocked": "bot was blocked by the user", "deactivated": "user is deactivated"}
            raise Refusal(403, f"Forbidden: {reasons.get(state, 'bot was kicked from the supergroup chat')}")
        return chat_id

    def _get_updates(self, fields: dict[str, str]) -> list[dict[str, Any]]:
        if self.webhook:
            raise Refusal(
                409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first"
            )
        offset, limit = int(fields.get("offset", 0)), int(fields.get("limit", 100))
        deadline = time.monotonic() + float(fields.get("timeout", 0))
        allowed = json.loads(fields.get("allowed_updates", "[]"))
        with self._arrived:
            while self._queue and self._queue[0]["update_id"] < offset:
                self._queue.popleft()  # asking with an offset confirms what lies before it
            while not self._queue and not self._stopping.is_set():
                left = deadline - time.monotonic()
                if left <= 0 or not self._arrived.wait(left):
                    break
            wanted = [update for update in self._queue if not allowed or set(allowed) & set(update)]
            return wanted[:limit]
