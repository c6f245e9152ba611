"""The conformance suite of channels, run on the web's own routes as a page uses them."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from starlette.testclient import TestClient

from bot.core.attachments import FileLimits
from bot.core.channels.contract import Arrival, BadBody, Incoming
from bot.core.channels.voice import NoRecogniser
from bot.core.messages import Event
from bot.store import KeyRing, Store
from channels.files import FileDesk
from channels.listening import Listener
from channels.web import BodyLimit, WebChannelSettings, WebSessions
from channels.web.files import PREFIX, files_router
from tests.browser.fakes import web_app
from tests.contracts.channel_rig import Trait
from tests.contracts.channel_suite import PullSuite, ReadingSuite, UploadSuite, WholeSuite
from tests.integration.channel_steps import GREETING, Office, SetClock

MAX_FILE = 100_000


@dataclass
class Page:
    """A person's page: its session, and the events that it was given."""

    session_id: str
    token: str
    conversation_id: str
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def url(self) -> str:
        return f"/api/web/sessions/{self.session_id}/messages"


class WebPlace:
    """The web's routes over a store, with turns that are answered, and people's pages."""

    def __init__(self, store: Store, clock: SetClock) -> None:
        self.store, self._chance, self.rate, self._troubles = store, random.Random(7), 0.0, 0
        self._office = Office(store, clock=clock)
        self.answers = self._office.answers
        settings = WebChannelSettings()
        app = web_app(store, clock, settings=settings, greeting=GREETING)
        desk = FileDesk(store, clock, FileLimits(MAX_FILE, 10))
        sessions = WebSessions(store, clock, GREETING, settings)
        app.include_router(files_router(desk, sessions, Listener(store, NoRecogniser())))
        app.add_middleware(BodyLimit, max_bytes=MAX_FILE, prefix=PREFIX)
        self.client = TestClient(app, raise_server_exceptions=False)
        self._pages: dict[str, Page] = {}

    def page(self, address: str) -> Page:
        """Return somebody's page, opened when it is first asked for."""
        if address not in self._pages:
            opened = self.client.post("/api/web/sessions").json()
            with self.store() as unit:
                found = unit.web_session(opened["session_id"])
            assert found is not None
            self._pages[address] = Page(opened["session_id"], opened["token"], found[0])
        return self._pages[address]

    def post(self, address: str, body: bytes, page: Page | None = None) -> httpx.Response:
        """Post a body once, with the key of `page`."""
        headers = (page or self.page(address)).auth | {"Content-Type": "application/json"}
        return self.client.post(self.page(address).url, content=body, headers=headers)

    def upload(self, address: str, content: bytes, page: Page | None = None) -> httpx.Response:
        """Send a file once, with the key of `page`."""
        of = self.page(address)
        return self.client.post(f"{PREFIX}/{of.session_id}", content=content, headers=(page or of).auth)

    def said(self, address: str, serial: int, text: str, button: str | None = None) -> None:
        """Post a message as the page does: again until it is acknowledged."""
        more = {"button": button} if button else {}
        body = json.dumps({"client_message_id": f"m{serial}", "text": text, **more}).encode()
        while True:
            on_its_way = not self._fails()
            if on_its_way:
                assert self.post(address, body).status_code == 202
            if on_its_way and not self._fails():
                return
            self._troubles += 1

    def fetched(self, address: str, after: int) -> list[dict[str, Any]]:
        """Return what a GET of the history gives."""
        page = self.page(address)
        found = self.client.get(page.url, params={"after": after}, headers=page.auth)
        assert found.status_code == 200
        return list(found.json())

    async def opens(self, address: str, serial: int) -> None:
        self.page(address)

    async def says(self, address: str, text: str, serial: int) -> None:
        self.said(address, serial, text)
        self._office.answer()

    async def picks(self, address: str, sequence: int, number: int, serial: int) -> None:
        await self.presses(address, sequence, number - 1, serial)

    async def presses(self, address: str, sequence: int, index: int, serial: int) -> None:
        button = self.fetched(address, sequence - 1)[0]["body"]["buttons"][index]
        self.said(address, serial, button["title"], button["id"])
        self._office.answer()

    async def sends(self, address: str, content: bytes, serial: int) -> None:
        self.said(address, serial, "", f"file:{self.upload(address, content).json()['id']}")
        self._office.answer()

    def deliver(self, address: str, text: str, serial: int) -> None:
        self.said(address, serial, text)

    async def settle(self) -> None:
        self._office.answer()
        for address in self._pages:
            self._refresh(address)

    def shown(self, address: str) -> list[str]:
        self._refresh(address)
        told = [event["body"] for event in self.page(address).events if event["kind"] != "citizen"]
        return ["\n".join((body["text"], *(button["title"] for button in body["buttons"]))) for body in told]

    def log(self, address: str) -> Sequence[Event]:
        with self.store() as unit:
            return unit.events_after(self.page(address).conversation_id, 0)

    def troubles(self) -> int:
        return self._troubles

    def uncertain(self) -> int:
        return 0  # who fetches knows what came

    def given_up(self) -> int:
        return 0

    def _refresh(self, address: str) -> None:
        """Fetch what follows the last event that the page has; an answer that is lost is fetched again later."""
        page = self.page(address)
        fresh = self.fetched(address, page.events[-1]["sequence"] if page.events else 0)
        if self._fails():
            self._troubles += 1
        else:
            page.events += fresh

    def _fails(self) -> bool:
        return self._chance.random() < self.rate


class WebRig:
    """The web. `read` is a message posted to the real route, and what is then stored."""

    name = "web"
    traits: ClassVar[frozenset[Trait]] = frozenset({Trait.PULLS, Trait.TAKES_FILES})

    def __init__(self, store: Store) -> None:
        self.clock = SetClock()
        self._whose: dict[str, str] = {}
        self._places = [WebPlace(store, self.clock)]

    def place(self, store: Store) -> WebPlace:
        self._places.append(WebPlace(store, self.clock))
        return self._now

    @property
    def _now(self) -> WebPlace:
        return self._places[-1]

    def person(self, number: int) -> str:
        return f"person-{number}"

    def _body(self, address: str, serial: int, **fields: str) -> bytes:
        self._whose[f"m{serial}"] = address
        return json.dumps({"client_message_id": f"m{serial}", **fields}, ensure_ascii=False).encode()

    def text(self, address: str, text: str, serial: int) -> bytes:
        return self._body(address, serial, text=text)

    def button(self, address: str, token: str, serial: int) -> bytes:
        return self._body(address, serial, text="Nút", button=token)

    def read(self, body: bytes) -> tuple[Incoming, ...]:
        address = self._address(body)
        answer = self._now.post(address, body)
        if 400 <= answer.status_code < 500:
            raise BadBody(str(answer.status_code))
        assert answer.status_code == 202, answer.text
        with self._now.store() as unit:
            conversation = self._now.page(address).conversation_id
            turn = unit.claim_turn(conversation, "rig", self.clock.now(), 60)
            if turn is not None:
                unit.finish_turn(turn.id, "answered", self.clock.now())
            unit.commit()
        button = turn.button if turn else None
        kind = Arrival.BUTTON if button else Arrival.TEXT
        message_id = f"{conversation}:{answer.json()['sequence']}"
        return (Incoming(self.name, message_id, address, kind, text=turn.text if turn else "", button=button),)

    def _address(self, body: bytes) -> str:
        try:
            return self._whose[json.loads(body)["client_message_id"]]
        except (ValueError, KeyError, TypeError, RecursionError):
            return self.person(1)

    def unreliable(self, rate: float) -> None:
        self._now.rate = rate

    def fetched(self, address: str, after: int) -> list[dict[str, Any]]:
        return self._now.fetched(address, after)

    def refused(self, address: str, other: str) -> Sequence[int]:
        place, key = self._now, self._now.page(other)
        read = place.client.get(place.page(address).url, headers=key.auth)
        wrote = place.post(address, self.text(address, "tôi đây", 99), key)
        return [read.status_code, wrote.status_code, place.upload(address, b"%PDF-1.4", key).status_code]

    def uploaded(self, address: str, content: bytes) -> tuple[int, bytes]:
        answer = self._now.upload(address, content)
        if answer.status_code >= 400:
            return answer.status_code, b""
        with self._now.store() as unit:
            return answer.status_code, unit.attachments.read(answer.json()["id"], original=True)

    def close(self) -> None:
        for place in self._places:
            place.client.close()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[WebRig]:
    store = Store(f"sqlite:///{tmp_path}/web.db", KeyRing.load_or_create(tmp_path / "web-keys"))
    store.migrate()
    rig = WebRig(store)
    yield rig
    rig.close()
    store.close()


class TestReading(ReadingSuite):
    """Reading."""


class TestPulling(PullSuite):
    """Fetching what was said."""


class TestUploads(UploadSuite):
    """Files."""


class TestWhole(WholeSuite):
    """All of it."""
