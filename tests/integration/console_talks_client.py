"""The console's application with a dependency that believes who the caller says they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, FastAPI, Header, Request

from bot.core.cases.people import Principal
from channels.console.conversations import DESK, PREFIX, conversations_router
from channels.console.hand_over_problems import install_hand_over_problems
from channels.console.stream import StreamSettings, stream_router
from channels.desk import install_desk
from channels.web import BodyLimit, InProcessNotifier
from channels.web.problems import Problem, install_problem_handlers
from tests.browser.fakes import serving
from tests.integration.console_steps import EVERYBODY, PHRASES, Office

QUICK = StreamSettings(reread_seconds=0.3, gather_seconds=0.01, seen_seconds=0.5, keep_alive_seconds=0.2)


class Believed:
    """Takes the principal that the header names; their session goes on for ever."""

    async def __call__(self, x_user: Annotated[str, Header()] = "") -> Principal:
        """Return the principal."""
        found = next((person for person in EVERYBODY if person.id == x_user), None)
        if found is None:
            raise Problem(401)
        return found

    async def alive(self, _request: Request) -> bool:
        """Return True."""
        return True


believed = Believed()


class Console:
    """An application over an office; `published` and `woken` are what it told others."""

    def __init__(self, office: Office, settings: StreamSettings = QUICK) -> None:
        self.office = office
        self.notify = InProcessNotifier()
        self.published: list[str] = []
        self.woken: list[str] = []
        self.app = FastAPI()
        install_problem_handlers(self.app)
        install_desk(self.app, APIRouter(prefix="/api/desk"), 64_000)
        names = {person.id: person.name for person in EVERYBODY}
        install_hand_over_problems(self.app, lambda id: names.get(id, id))
        self.app.include_router(
            conversations_router(office.desk, office.views, believed, published=self._publish, wake=self.woken.append)
        )
        self.app.include_router(
            stream_router(
                office.store,
                office.desk,
                believed,
                notify=self.notify,
                alarm_text=lambda code: PHRASES.word(f"alarm_{code}"),
                settings=settings,
            )
        )
        self.app.add_middleware(BodyLimit, max_bytes=64_000, prefix=PREFIX)

    def _publish(self, conversation_id: str) -> None:
        self.published.append(conversation_id)
        self.notify.publish(DESK)

    def client(self, user: str) -> httpx.AsyncClient:
        """Return a client that is signed in."""
        transport = httpx.ASGITransport(self.app)
        return httpx.AsyncClient(transport=transport, base_url=f"http://test{PREFIX}", headers={"X-User": user})

    @contextmanager
    def served(self) -> Iterator[str]:
        """Serve on a real port; gives the address."""
        with serving(self.app) as address:
            yield f"{address}{PREFIX}"


async def call(client: httpx.AsyncClient, method: str, path: str, status: int = 200, **options: Any) -> Any:
    """Call and check the status; return the body."""
    response = await client.request(method, path, **options)
    assert response.status_code == status, response.text
    if status < 400:
        assert response.headers["cache-control"] == "no-store"
    if status == 204:
        return None
    kind = "application/json" if status < 400 else "application/problem+json"
    assert response.headers["content-type"].startswith(kind)
    return response.json()
