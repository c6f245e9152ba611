"""Steps of the channel tests: a platform in memory, workers over a real store, a dialogue that repeats."""

import asyncio
import json
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.attachments import FileLimits
from bot.core.channels.contract import (
    Arrival,
    BadBody,
    Capabilities,
    Failure,
    Incoming,
    Media,
    MediaRefused,
    Outgoing,
    SendFailed,
)
from bot.core.channels.fetching import Fetcher
from bot.core.channels.inbound import InboundRunner, InboundSettings
from bot.core.channels.ports import Thread
from bot.core.channels.receiving import Receiver, Taken
from bot.core.channels.sending import SendingRunner, SendingSettings
from bot.core.channels.voice import NoRecogniser, Recogniser
from bot.core.messages import Event, EventKind, TurnRecord
from bot.core.phrases import load_phrases
from bot.core.replies import Button, Reply
from bot.store import Store
from channels.files import FileDesk

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
GREETING = Reply("greeting", "Chào anh/chị, tôi là trợ lý tự động.")
PHRASES = load_phrases()
RECORD = TurnRecord("ask_procedure", 0.9, "ask_procedure", "answered", 12.5)
INBOUND = InboundSettings(wait_seconds=0, per_minute=1_000, per_second=10_000)
SENDING = SendingSettings(lease_seconds=60)


@dataclass
class SetClock:
    """Tells the time that it was set to."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class Counts:
    """Counts in memory."""

    def __init__(self) -> None:
        self.of: Counter[str] = Counter()

    def add(self, name: str, amount: int = 1) -> None:
        self.of[name] += amount


@dataclass
class MemoryChannel:
    """A platform: takes what is sent, unless `faults` says otherwise; `after` fails once it has taken it."""

    capabilities: Capabilities = field(default_factory=lambda: Capabilities(200, 3, 20))
    sent: list[tuple[str, Outgoing]] = field(default_factory=list)
    faults: list[SendFailed | BaseException | None] = field(default_factory=list)
    after: list[BaseException] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    fetch_faults: list[Exception] = field(default_factory=list)
    gate: asyncio.Event | None = None
    sending: asyncio.Event = field(default_factory=asyncio.Event)
    name: str = "memory"

    def read(self, body: bytes) -> tuple[Incoming, ...]:
        try:
            said = json.loads(body)
            kinds = said if isinstance(said, list) else [said]
            read = tuple(self._incoming(one) for one in kinds)
            for one in read:
                if not isinstance(one.text, str) or not (one.platform_id + one.address).isprintable():
                    raise BadBody("not ours")
            return read
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise BadBody("not ours") from None

    def _incoming(self, said: dict[str, Any]) -> Incoming:
        return Incoming(
            self.name,
            str(said["id"]),
            str(said["address"]),
            Arrival(said["kind"]),
            text=said.get("text", ""),
            button=said.get("button"),
            media=tuple(Media(**one) for one in said.get("media", ())),
            phone=said.get("phone"),
            sent_at=datetime.fromisoformat(said["sent_at"]) if "sent_at" in said else None,
            ref=said.get("ref", ""),
        )

    async def send(self, address: str, message: Outgoing) -> str | None:
        self.sending.set()
        if self.gate:
            await self.gate.wait()
        await asyncio.sleep(0)
        if self.faults and (fault := self.faults.pop(0)):
            raise fault
        self.sent.append((address, message))
        if self.after:
            raise self.after.pop(0)
        return str(len(self.sent))

    async def fetch(self, media: Media, limit: int) -> bytes:
        if self.fetch_faults:
            raise self.fetch_faults.pop(0)
        if media.ref not in self.files:
            raise MediaRefused("gone")
        return self.files[media.ref]

    def texts(self, address: str = "an") -> list[str]:
        return [message.text for to, message in self.sent if to == address]


@dataclass
class Heard:
    """A recogniser that hears what it is told."""

    text: str | None = None

    def hear(self, audio: bytes) -> str | None:
        return self.text


class Office:
    """Receiver and workers of a channel over a store. `answers` are what the dialogue says, else it repeats."""

    def __init__(
        self,
        store: Store,
        channel: Any = None,
        *,
        inbound: InboundSettings = INBOUND,
        sending: SendingSettings = SENDING,
        recogniser: Recogniser | None = None,
        worker: str = "w",
        clock: SetClock | None = None,
    ) -> None:
        self.store = store
        self.channel = channel or MemoryChannel()
        self.clock = clock or SetClock()
        self.counts = Counts()
        self.answers: list[Reply] = []
        self.woken: list[str] = []
        self.receiver = Receiver(store, self.channel, self.clock, self.counts)
        desk = FileDesk(store, self.clock, FileLimits(10_000, 10))

        def take(conversation_id: str, name: str, content: bytes) -> str:
            return desk.take(conversation_id, name, content).id

        self.inbound = InboundRunner(
            units=store,
            channel=self.channel,
            fetcher=Fetcher(self.channel, take, recogniser or NoRecogniser(), 10_000),
            clock=self.clock,
            phrases=PHRASES,
            greeting=GREETING,
            notifier=self,
            wake=self.woken.append,
            worker=worker,
            settings=inbound,
        )
        self.sender = SendingRunner(
            units=store,
            channel=self.channel,
            clock=self.clock,
            choose=PHRASES.word("channel_choose"),
            worker=worker,
            random=lambda: 0.5,
            counters=self.counts,
            settings=sending,
        )

    def publish(self, conversation_id: str) -> None:
        """Take the notifier's place."""

    def deliver(self, kind: str = "text", text: str = "", address: str = "an", id: str = "", **more: Any) -> Taken:
        said = {"id": id or uuid.uuid4().hex, "address": address, "kind": kind, "text": text, **more}
        return self.receiver.take(json.dumps(said).encode())

    async def read(self) -> None:
        """Read all that is due."""
        for thread_id in self.inbound.due(100):
            while await self.inbound.run(thread_id):
                pass

    def answer(self) -> None:
        """Run all turns that are due."""
        while True:
            with self.store() as unit:
                due = unit.due_conversations(self.clock.now(), 100)
            if not due:
                return
            for conversation_id in due:
                self._turn(conversation_id)

    def _turn(self, conversation_id: str) -> None:
        now = self.clock.now()
        with self.store() as unit:
            turn = unit.claim_turn(conversation_id, "turns", now, 60)
            if turn is None:
                unit.commit()  # what a person answers is left to them
                return
            said = f"[{turn.button}] {turn.text}" if turn.button else turn.text
            reply = self.answers.pop(0) if self.answers else Reply("echo", f"«{said}»")
            unit.record_reply(turn.id, reply, RECORD)
            unit.append_event(conversation_id, EventKind.ASSISTANT, reply.to_payload(), turn.id, now)
            unit.finish_turn(turn.id, "answered", now)
            unit.commit()

    async def send(self) -> None:
        """Send all that is due."""
        for conversation_id in self.sender.due(100):
            await self.sender.run(conversation_id)

    async def pump(self) -> None:
        await self.read()
        self.answer()
        await self.send()

    async def says(self, text: str, **more: Any) -> list[str]:
        """Deliver a text, let everything run, and return what was sent since."""
        before = len(self.channel.sent)
        self.deliver(text=text, **more)
        await self.pump()
        return [message.text for _, message in self.channel.sent[before:]]

    def thread(self, address: str = "an") -> Thread:
        with self.store() as unit:
            return unit.threads.enter(self.channel.name, address, self.clock.now())

    def say(self, text: str, address: str = "an", kind: EventKind = EventKind.ASSISTANT, **more: Any) -> None:
        """Put something into the log, as an action or a desk does."""
        with self.store() as unit:
            reply = Reply("said", text, **more)
            unit.append_event(self.thread(address).conversation_id, kind, reply.to_payload(), None, self.clock.now())
            unit.commit()

    def log(self, address: str = "an") -> Sequence[Event]:
        with self.store() as unit:
            return unit.events_after(self.thread(address).conversation_id, 0)

    def said(self, address: str = "an") -> list[str]:
        """Return what the log holds of the citizen."""
        return [event.body["text"] for event in self.log(address) if event.kind is EventKind.CITIZEN]

    def tasks(self) -> list[str]:
        with self.store() as unit:
            return [task.kind for task in unit.tasks.open()]

    def counted(self, name: str) -> int:
        with self.store() as unit:
            return unit.threads.counts(self.channel.name).get(name, 0)


def failed(failure: Failure, after: float | None = None) -> SendFailed:
    return SendFailed(failure, "x", None if after is None else timedelta(seconds=after))


def buttons(*titles: str) -> tuple[Button, ...]:
    return tuple(Button(f"b{place}", title) for place, title in enumerate(titles))
