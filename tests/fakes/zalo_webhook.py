"""The fake Zalo's webhook: signed events to an address, repeated by the documented ladder, off at its end."""

import hashlib
import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.fakes.zalo_state import ZaloState

LADDER_SECONDS = (30, 300, 900, 1_800, 3_600)
ACKNOWLEDGE_SECONDS = 2.0


@dataclass
class Delivery:
    """How one event fared: a status for each attempt, 0 where no answer came in time."""

    body: bytes
    statuses: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def taken(self) -> bool:
        """Whether it was acknowledged."""
        return bool(self.statuses) and self.statuses[-1] == 200


class ZaloWebhook:
    """Sends events. `pause` is called with the ladder's seconds; tests give one that does not wait."""

    def __init__(
        self,
        state: ZaloState,
        url: str,
        variant: str = "app_id-body-oa",
        pause: Callable[[float], None] = lambda _seconds: None,
    ) -> None:
        self._state = state
        self._url = url
        self._pause = pause
        self._serial = itertools.count(1)
        self.variant = variant
        self.off = False
        self.notices = 0

    def save(self) -> bool:
        """Send the unsigned `{}` of saving the address; whether it was answered 200."""
        return httpx.post(self._url, content=b"{}", timeout=ACKNOWLEDGE_SECONDS, trust_env=False).status_code == 200

    def headers(self, body: bytes, timestamp: str) -> dict[str, str]:
        """Return the headers that sign a body."""
        first, clock, secret = self.variant.split("-")
        term = self._state.app_id if first == "app_id" else self._state.oa_id
        key = self._state.oa_secret if secret == "oa" else self._state.app_secret
        # Its own clock, so that the two can be told apart.
        timestamp = str(int(timestamp) + 7) if clock == "header" else timestamp
        digest = hashlib.sha256(term.encode() + body + timestamp.encode() + key.encode()).hexdigest()
        headers = {"Content-Type": "application/json", "X-ZEvent-Signature": f"mac={digest}"}
        return headers | ({"X-ZEvent-Timestamp": timestamp} if clock == "header" else {})

    def deliver(self, event: dict[str, Any]) -> Delivery:
        """Send an event until it is acknowledged or the ladder ends; the body is the same each time."""
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        delivery, headers = Delivery(body), self.headers(body, event["timestamp"])
        for attempt, wait in enumerate((0, *LADDER_SECONDS)):
            if attempt:
                self._pause(wait)
                headers["num_retry"] = str(attempt)
            begun = time.monotonic()
            try:
                answer = httpx.post(
                    self._url, content=body, headers=headers, timeout=ACKNOWLEDGE_SECONDS, trust_env=False
                )
                delivery.statuses.append(answer.status_code)
            except httpx.HTTPError:
                delivery.statuses.append(0)
            delivery.seconds.append(time.monotonic() - begun)
            if delivery.taken:
                return delivery
            self.notices += 1
        self.off = True
        return delivery

    def event(self, name: str, user_id: str, /, **fields: Any) -> dict[str, Any]:
        """Return an event of a citizen, who has interacted by it."""
        self._state.interact(user_id)
        stamp = str(int(self._state.now().timestamp() * 1000))
        base = {
            "app_id": self._state.app_id,
            "event_name": name,
            "sender": {"id": user_id},
            "recipient": {"id": self._state.oa_id},
            "user_id_by_app": "4000000000000000004",
        }
        return base | fields | {"timestamp": stamp}

    def text(self, user_id: str, text: str, msg_id: str = "") -> dict[str, Any]:
        """Return the event of a text."""
        message = {"msg_id": msg_id or f"m-in-{next(self._serial)}", "text": text}
        return self.event("user_send_text", user_id, message=message)
