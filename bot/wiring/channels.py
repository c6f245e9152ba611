"""Wiring of the channels outside the web: their workers, their webhooks, and who is woken when."""

import asyncio
import contextlib
import logging
import os
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI

from bot.core.calendar import WorkingCalendar
from bot.core.cases.noticing import Line as NoticeLine
from bot.core.cases.noticing import NoticeRunner, SendTemplate
from bot.core.cases.office_ports import Task
from bot.core.channels.arriving import Rules
from bot.core.channels.contract import Channel, SendFailed
from bot.core.channels.counting import CountBook
from bot.core.channels.fetching import Fetcher
from bot.core.channels.inbound import InboundRunner, InboundSettings
from bot.core.channels.receiving import Receiver
from bot.core.channels.sending import SendingRunner
from bot.core.channels.voice import NoRecogniser, Recogniser
from bot.core.clock import SystemClock
from bot.core.errors import StoreUnavailable
from bot.core.keeping import Keeper
from bot.core.phrases import Phrases
from bot.core.replies import Reply
from bot.settings import Settings
from bot.store import Store
from channels.files import FileDesk
from channels.hooks import Admit, After, Hook, channel_router
from channels.voice import VoskRecogniser
from channels.web import InProcessNotifier
from channels.zalo.verifier import verifier_router

log = logging.getLogger(__name__)
HOUSEKEEPING_SECONDS = 5.0
START_AGAIN_SECONDS = 60.0
NOTICE_SECONDS = 2.0
TOKENS_TASK = "channel_tokens"
# Webhooks must be acknowledged at once, so their thread is shared with nobody; what comes together goes together.
HOOK_THREADS = 1

Take = Callable[[bytes], Awaitable[object]]


async def _nothing() -> None:
    """Close nothing."""


@dataclass(frozen=True)
class Plug:
    """A configured platform: its channel, and what the common part must know of it beyond that.

    `admit` checks a webhook's body, None where nothing is delivered; `secret` is the last part of its path. `poll`
    fetches bodies and gives them to what it is called with, until it is cancelled. `start` ties the platform to this
    service, and is tried until it succeeds; raises SendFailed. `test` asks the platform about the account and returns
    a line for people; raises SendFailed. `tokens` says how the tokens stand, and `alarm` what people must do about
    them, "" for nothing. `template` sends a message that the platform takes outside its window.
    """

    channel: Channel
    counters: CountBook
    test: Callable[[], Awaitable[str]]
    admit: Admit | None = None
    secret: str = ""
    after: After | None = None
    poll: Callable[[Take], Awaitable[None]] | None = None
    start: Callable[[], Awaitable[None]] | None = None
    tokens: Callable[[], Awaitable[str]] | None = None
    alarm: Callable[[], Awaitable[str]] | None = None
    template: SendTemplate | None = None
    close: Callable[[], Awaitable[None]] = _nothing
    wait_seconds: float = 1.0


class RelayNotifier(InProcessNotifier):
    """Also tells the senders of the channels."""

    def __init__(self) -> None:
        super().__init__()
        self.listeners: list[Callable[[str], None]] = []

    def publish(self, conversation_id: str) -> None:
        """Wake every listener of the conversation. Never blocks; may be called from any thread."""
        super().publish(conversation_id)
        for listener in self.listeners:
            listener(conversation_id)

    def wake_only(self, key: str) -> None:
        """Wake those who listen to a key, and tell nobody else. Never blocks; may be called from any thread."""
        super().publish(key)


class _Line:
    """One channel with its workers."""

    def __init__(self, plug: Plug, receiver: Receiver, inbound: Keeper, sending: Keeper) -> None:
        self.plug = plug
        self.receiver = receiver
        self.inbound = inbound
        self.sending = sending
        self._prefix = f"{plug.channel.name}-"
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Know the loop in which the workers run."""
        self._loop = asyncio.get_running_loop()

    def heard(self, conversation_id: str) -> None:
        """Wake the sender for a conversation of this channel. Any thread may call."""
        if self._loop is not None and conversation_id.startswith(self._prefix):
            # A loop that is closing sends nothing more; the next process will.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self.sending.wake, conversation_id)

    def woken(self, threads: Sequence[str]) -> None:
        """Wake the reader. In the event loop."""
        for thread_id in threads:
            self.inbound.wake(thread_id)

    async def take(self, body: bytes) -> None:
        """Store what polling fetched. Raises StoreUnavailable."""
        taken = await asyncio.to_thread(self.receiver.take, body)
        self.woken(taken.threads)
        if self.plug.after is not None:
            await self.plug.after(body)

    async def keep(self, units: Store) -> None:
        """Write counts and read again what people asked for, now and then."""
        while True:
            try:
                await asyncio.to_thread(self.plug.counters.flush, units)
                self.woken(await asyncio.to_thread(self.receiver.replay))
                if self.plug.alarm is not None and (note := await self.plug.alarm()):
                    await asyncio.to_thread(self._tell, units, note)
            except StoreUnavailable:
                log.warning("counts wait", extra={"channel": self.plug.channel.name})
            except Exception as error:
                log.error("housekeeping failed", extra={"cause": type(error).__name__})
            await asyncio.sleep(HOUSEKEEPING_SECONDS)

    def _tell(self, units: Store, note: str) -> None:
        """Make a task for people, once a day."""
        now = SystemClock().now()
        task_id = f"{TOKENS_TASK}-{self.plug.channel.name}-{now:%Y%m%d}"
        with units() as unit:
            unit.tasks.add(Task(task_id, TOKENS_TASK, None, None, note, now, now))
            unit.commit()


class Channels:
    """The configured channels. `running` runs their workers, and tells citizens what happened to their cases."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        phrases: Phrases,
        greeting: Reply,
        notifier: RelayNotifier,
        wake: Callable[[str], None],
        desk: FileDesk,
        plugs: Sequence[Plug],
        recogniser: Recogniser | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._phrases = phrases
        self._greeting = greeting
        self._notifier = notifier
        self._wake = wake
        self._desk = desk
        self._executor = ThreadPoolExecutor(HOOK_THREADS, thread_name_prefix="hook")
        self._lines = [self._line(plug, recogniser or NoRecogniser()) for plug in plugs]
        notifier.listeners += [line.heard for line in self._lines]
        self._noticing = self._notices(plugs)

    def install(self, app: FastAPI) -> None:
        """Add the webhooks to the application."""
        hooks = [
            Hook(
                name=line.plug.channel.name,
                receiver=line.receiver,
                counters=line.plug.counters,
                admit=line.plug.admit,
                woken=line.woken,
                after=line.plug.after,
                secret=line.plug.secret,
                max_body_bytes=self._settings.channels.max_body_bytes,
            )
            for line in self._lines
            if line.plug.admit is not None
        ]
        if hooks:
            app.include_router(channel_router(hooks, self._executor))
        if self._settings.zalo.verifier_page:  # also before Zalo is switched on: the domain is proven first
            app.include_router(verifier_router(self._settings.zalo.verifier_page))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Read and send while the block runs."""
        tasks: list[asyncio.Future[None]] = [asyncio.ensure_future(self._noticing.run())]
        for line in self._lines:
            line.start()
            works = [line.inbound.run(), line.sending.run(), line.keep(self._store)]
            if line.plug.poll is not None:
                works.append(_polling(line, line.plug.poll))
            if line.plug.start is not None:
                works.append(_starting(line.plug.channel.name, line.plug.start))
            tasks += [asyncio.ensure_future(work) for work in works]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for line in self._lines:
                with contextlib.suppress(Exception):
                    await asyncio.to_thread(line.plug.counters.flush, self._store)
                with contextlib.suppress(Exception):
                    await line.plug.close()
            self._executor.shutdown(wait=False)

    def _notices(self, plugs: Sequence[Plug]) -> Keeper:
        """Return who tells citizens what happened to their cases, on the web too."""
        lines = {plug.channel.name: NoticeLine(plug.channel.capabilities, plug.template) for plug in plugs}
        publish, calendar = self._notifier.publish, WorkingCalendar.load()
        runner = NoticeRunner(self._store, SystemClock(), calendar, self._phrases, lines, publish)
        return Keeper(runner.run, runner.due, runner.release, concurrency=2, poll_seconds=NOTICE_SECONDS)

    def _line(self, plug: Plug, recogniser: Recogniser) -> _Line:
        clock, shared = SystemClock(), self._settings.channels
        worker = f"{socket.gethostname()}-{os.getpid()}-{plug.channel.name}"
        inbound = InboundRunner(
            units=self._store,
            channel=plug.channel,
            fetcher=Fetcher(plug.channel, self._take_file, recogniser, self._settings.max_file_bytes),
            clock=clock,
            phrases=self._phrases,
            greeting=self._greeting,
            notifier=self._notifier,
            wake=self._wake,
            worker=worker,
            settings=InboundSettings(
                wait_seconds=plug.wait_seconds,
                per_minute=shared.messages_per_minute,
                per_second=shared.messages_per_second,
                rules=Rules(timedelta(minutes=shared.officer_pause_minutes), self._settings.max_waiting_messages),
            ),
        )
        sending = SendingRunner(
            units=self._store,
            channel=plug.channel,
            clock=clock,
            choose=self._phrases.word("channel_choose"),
            worker=worker,
            random=random.random,
            counters=plug.counters,
        )
        receiver = Receiver(self._store.urgent, plug.channel, clock, plug.counters)
        reading = Keeper(inbound.run, inbound.due, inbound.release, concurrency=self._settings.workers)
        writing = Keeper(sending.run, sending.due, sending.release, concurrency=self._settings.workers)
        return _Line(plug, receiver, reading, writing)

    def _take_file(self, conversation_id: str, name: str, content: bytes) -> str:
        return self._desk.take(conversation_id, name, content).id


async def _polling(line: _Line, poll: Callable[[Take], Awaitable[None]]) -> None:
    await poll(line.take)


async def _starting(name: str, start: Callable[[], Awaitable[None]]) -> None:
    """Tie the platform to this service, however long it cannot be reached."""
    while True:
        try:
            return await start()
        except SendFailed as failed:
            told = {"channel": name, "failure": failed.failure.value, "code": failed.code}
            log.warning("a channel could not be connected", extra=told)
            await asyncio.sleep(START_AGAIN_SECONDS)


def make_recogniser(settings: Settings) -> Recogniser:
    """Return who hears recordings on every channel. Raises ConfigurationError with one line."""
    model = settings.channels.vosk_model
    return VoskRecogniser(Path(model).expanduser()) if model else NoRecogniser()
