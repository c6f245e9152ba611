"""A client of the web channel for its tests."""

from datetime import UTC, datetime
from typing import Any

import httpx

from bot.core.messages import Event, Turn
from bot.store import Store
from channels.web import WebChannelSettings
from tests.browser.fakes import SettableClock, web_app

EVALUATION_TOKEN = "thu-nghiem-0123456789"
SETTINGS = WebChannelSettings(max_waiting_messages=3, evaluation_token=EVALUATION_TOKEN)
CITIZENS_WORDS = "chuyện riêng của tôi 0912345678"


class Web:
    """A client of one application, and what the application did."""

    def __init__(self, store: Store, settings: WebChannelSettings = SETTINGS) -> None:
        self.clock = SettableClock(datetime(2026, 11, 21, 2, 0, tzinfo=UTC))
        self.store = store
        self.woken: list[str] = []
        self.app = web_app(self.store, self.clock, on_message=self.woken.append, settings=settings)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://test")

    async def open(self) -> tuple[str, dict[str, str]]:
        opened = (await self.client.post("/api/web/sessions")).json()
        return f"/api/web/sessions/{opened['session_id']}", {"Authorization": f"Bearer {opened['token']}"}

    async def send(self, path: str, auth: dict[str, str], body: Any, **headers: str) -> httpx.Response:
        return await self.client.post(f"{path}/messages", json=body, headers={**auth, **headers})

    def conversation_of(self, path: str) -> str:
        with self.store() as uow:
            found = uow.web_session(path.rpartition("/")[2])
        assert found is not None
        return found[0]

    def events(self, path: str) -> list[Event]:
        with self.store() as uow:
            return uow.events_after(self.conversation_of(path), 0)

    def turn(self, path: str) -> Turn:
        """Return the turn that a worker would now be given."""
        with self.store() as uow:
            turn = uow.claim_turn(self.conversation_of(path), "test", self.clock.now(), 30)
        assert turn is not None
        return turn


def problem_of(response: httpx.Response, status: int) -> dict[str, Any]:
    """Check the one shape of errors and return it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:tiepdan:problem:")
    assert problem["detail"]
    assert set(problem) <= {"type", "title", "status", "detail", "errors"}
    return problem
