"""Where a citizen sits in the comparison of channels: the web, Telegram or Zalo, each over the real stack."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import select

from bot.core.channels.contract import Capabilities
from bot.core.channels.rendering import is_numbered
from bot.core.messages import Event, EventKind
from bot.store import Store
from bot.store.tables.channels import threads
from bot.store.tables.conversations import turns
from channels.evaluation import exposed_state
from channels.telegram.webhook import SECRET_HEADER, derived_secret
from tests.fakes import telegram_updates as updates
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo import FakeZalo
from tests.fakes.zalo_webhook import ZaloWebhook

TURN_SECONDS = 60.0
_FIGURES = ("intent", "route", "outcome", "reason", "procedure_id", "facet", "fact_missing")


@dataclass(frozen=True)
class Heard:
    """What a turn came to: its reply, what the citizen is taken to have said, and its figures."""

    said: str
    reply: dict[str, Any]
    figures: dict[str, Any]


@dataclass
class Seat:
    """A conversation on a channel. `write` and `press` deliver, and return nothing: all is read from the store."""

    channel: str
    store: Store
    conversation_id: str = ""
    heard: list[Heard] = field(default_factory=list)

    def says(self, text: str) -> Heard:
        """Write, and return what came of it."""
        self.write(text)
        return self._answered()

    def chooses(self, which: int | str) -> Heard:
        """Choose what the last reply offered, by its number from 1 or by its title."""
        event = self._log()[-1]
        titles = [button["title"] for button in event.body["buttons"]]
        index = titles.index(which) if isinstance(which, str) else which - 1
        self.choose(event, index)
        return self._answered()

    def state(self) -> dict[str, Any]:
        """Return what evaluation sees of the conversation's state."""
        with self.store() as unit:
            state = unit.state(self.conversation_id)
            return exposed_state(state, unit.cases.case(state.case_id) if state.case_id else None)

    def write(self, text: str) -> None:
        """Deliver a text."""
        raise NotImplementedError

    def choose(self, event: Event, index: int) -> None:
        """Deliver a choice, as it is made on this channel."""
        raise NotImplementedError

    def known(self) -> bool:
        """Say whether the conversation is known."""
        return bool(self.conversation_id)

    def shown(self) -> bool:
        """Say whether all that was said has reached the citizen."""
        return True

    def _answered(self) -> Heard:
        """Wait until the turn is answered and shown."""
        wanted = len(self.heard) + 1
        _until(lambda: self.known() and self._turns_done() >= wanted and self.shown(), self.channel)
        log = self._log()
        said = [event.body["text"] for event in log if event.kind is EventKind.CITIZEN][-1]
        reply = [event for event in log if event.kind is EventKind.ASSISTANT][-1]
        self.heard.append(Heard(said, reply.body, self._figures()[-1]))
        return self.heard[-1]

    def _log(self) -> Sequence[Event]:
        with self.store() as unit:
            return unit.events_after(self.conversation_id, 0)

    def _turns_done(self) -> int:
        return sum(event.kind is EventKind.ASSISTANT and event.turn_id is not None for event in self._log())

    def _figures(self) -> list[dict[str, Any]]:
        columns = [turns.c[name] for name in _FIGURES]
        wanted = select(*columns).where(turns.c.conversation_id == self.conversation_id).order_by(turns.c.created_at)
        with self.store.engine.connect() as connection:
            return [dict(row._mapping) for row in connection.execute(wanted)]


@dataclass
class WebSeat(Seat):
    """The web: choices are buttons, all of them."""

    http: httpx.Client = field(default_factory=httpx.Client)

    def __post_init__(self) -> None:
        opened = self.http.post("/api/web/sessions").json()
        self._url = f"/api/web/sessions/{opened['session_id']}/messages"
        self._auth = {"Authorization": f"Bearer {opened['token']}"}
        with self.store() as unit:
            session = unit.web_session(opened["session_id"])
        assert session is not None
        self.conversation_id = session[0]

    def write(self, text: str, button: str | None = None) -> None:
        body = {"client_message_id": f"m{len(self.heard)}", "text": text, "button": button}
        assert self.http.post(self._url, json=body, headers=self._auth).status_code == 202

    def choose(self, event: Event, index: int) -> None:
        button = event.body["buttons"][index]
        self.write(button["title"], button["id"])


@dataclass
class PlatformSeat(Seat):
    """A platform: `address` is the person there."""

    address: str = ""
    capabilities: Capabilities | None = None

    def known(self) -> bool:
        if not self.conversation_id:
            ours = select(threads.c.id).where(threads.c.channel == self.channel)
            with self.store() as unit, self.store.engine.connect() as connection:
                for thread_id in connection.execute(ours).scalars():
                    thread = unit.threads.thread(thread_id)
                    if thread and thread.address == self.address and unit.conversation_exists(thread.conversation_id):
                        self.conversation_id = thread.conversation_id
        return bool(self.conversation_id)

    def shown(self) -> bool:
        with self.store() as unit:
            thread = unit.threads.of_conversation(self.conversation_id)
        return thread is not None and thread.sent_sequence >= self._log()[-1].sequence


@dataclass
class TelegramSeat(PlatformSeat):
    """Telegram: choices are buttons as far as they go."""

    http: httpx.Client = field(default_factory=httpx.Client)
    fake: FakeTelegram | None = None
    token: str = ""
    first: int = 0

    def write(self, text: str) -> None:
        said = updates.message(int(self.address), self._number(), text=text)
        self._post(updates.update("message", said, self._number()))

    def choose(self, event: Event, index: int) -> None:
        pressed = updates.pressed(int(self.address), f"{event.sequence}.{index}")
        self._post(pressed | {"update_id": self._number()})

    def _number(self) -> int:
        return self.first + len(self.heard)

    def _post(self, update: dict[str, Any]) -> None:
        path = f"/channels/telegram/{derived_secret(self.token, 'path')}"
        secret = {SECRET_HEADER: derived_secret(self.token, "header")}
        assert self.http.post(path, content=updates.body(update), headers=secret).status_code == 200


@dataclass
class ZaloSeat(PlatformSeat):
    """Zalo, as people use it who do not press: the number where there are numbers, else the title."""

    http: httpx.Client = field(default_factory=httpx.Client)
    fake: FakeZalo | None = None

    def write(self, text: str) -> None:
        assert self.fake
        webhook = ZaloWebhook(self.fake.state, "")
        event = webhook.text(self.address, text, f"m-{self.address}-{len(self.heard)}")
        body = json.dumps(event).encode()
        headers = webhook.headers(body, event["timestamp"])
        assert self.http.post("/channels/zalo", content=body, headers=headers).status_code == 200

    def choose(self, event: Event, index: int) -> None:
        assert self.capabilities
        titles = [button["title"] for button in event.body["buttons"]]
        self.write(str(index + 1) if is_numbered(titles, self.capabilities) else titles[index])


def _until(done: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + TURN_SECONDS
    while not done():
        assert time.monotonic() < deadline, f"{what}: no answer"
        time.sleep(0.03)
