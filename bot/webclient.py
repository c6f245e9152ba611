"""A client of the web channel's public API, for the terminal chat, evaluation and benchmarks."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from bot.core.errors import TiepDanError


class WebClientError(TiepDanError):
    """The service refused a request or could not be reached; the message says which."""


@dataclass
class Session:
    """An open session of the web channel; the token is replaced when it has run out."""

    id: str
    token: str
    renewal: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers that open this session."""
        return {"Authorization": f"Bearer {self.token}"}


class WebClient:
    """Talks to one service. Reads events by polling with a short, growing pause, so that it needs no open stream."""

    def __init__(self, http: httpx.AsyncClient, evaluation_token: str | None = None) -> None:
        self._http = http
        self._evaluation = {"X-Evaluation-Token": evaluation_token} if evaluation_token else {}

    async def open(self) -> Session:
        """Open a session. Raises WebClientError."""
        body = await self._json("POST", "/api/web/sessions")
        return Session(body["session_id"], body["token"], body["renewal"])

    async def post(self, session: Session, text: str, button: str | None = None, now: datetime | None = None) -> int:
        """Post a message and return its sequence. `now` needs the evaluation token."""
        message: dict[str, Any] = {"client_message_id": secrets.token_hex(8), "text": text}
        if button:
            message["button"] = button
        if now:
            message["now"] = now.isoformat()
        path = f"/api/web/sessions/{session.id}/messages"
        body = await self._json("POST", path, session, headers=self._evaluation, json=message)
        return int(body["sequence"])

    async def events(self, session: Session, after: int) -> list[dict[str, Any]]:
        """Return the events after a sequence, in order."""
        path = f"/api/web/sessions/{session.id}/messages"
        found = await self._json("GET", path, session, params={"after": after})
        return list(found)

    async def reply(self, session: Session, after: int, timeout_seconds: float = 60.0) -> dict[str, Any]:
        """Wait for the assistant's next event after a sequence; notices of a disruption are passed over.

        Raises WebClientError when none came in time.
        """
        pause = 0.01
        try:
            async with asyncio.timeout(timeout_seconds):
                while True:
                    for event in await self.events(session, after):
                        if event["kind"] == "assistant" or event["body"].get("act") == "gave_up":
                            return event
                    await asyncio.sleep(pause)
                    pause = min(pause * 1.3, 0.25)
        except TimeoutError:
            raise WebClientError("chưa có câu trả lời; tin nhắn vẫn được lưu") from None

    async def stream(self, session: Session, after: int = 0) -> AsyncIterator[dict[str, Any]]:
        """Yield events as the server pushes them (SSE), from a sequence on; ends when the server closes."""
        headers = {**session.headers, "Last-Event-ID": str(after)}
        path = f"/api/web/sessions/{session.id}/events"
        async with self._http.stream("GET", path, headers=headers, timeout=None) as response:
            kind = "message"
            async for line in response.aiter_lines():
                if line.startswith("event:"):
                    kind = line[6:].strip()
                elif line.startswith("data:") and kind == "message":
                    yield json.loads(line[5:])
                elif not line:
                    kind = "message"

    async def state(self, session: Session) -> dict[str, Any]:
        """Return the conversation's exposed state; only a stack started for evaluation answers."""
        return dict(await self._json("GET", f"/evaluation/conversations/{session.id}", headers=self._evaluation))

    async def _json(
        self,
        method: str,
        path: str,
        session: Session | None = None,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Any:
        for last in (session is None, True):
            try:
                sent = {**(session.headers if session else {}), **(headers or {})}
                response = await self._http.request(method, path, headers=sent, **options)
            except httpx.HTTPError as error:
                raise WebClientError(
                    f"{self._http.base_url} không trả lời ({type(error).__name__}); chạy `make run` trước"
                ) from error
            if response.status_code != 401 or session is None or last:
                break
            renewal = {"Authorization": f"Bearer {session.renewal}"}
            renewed = await self._json("POST", f"/api/web/sessions/{session.id}/token", headers=renewal)
            session.token = renewed["token"]
        if response.status_code >= 400:
            raise WebClientError(f"{method} {path.split('?')[0]}: HTTP {response.status_code}")
        return response.json()
