"""Wiring of the case side: the complaint backend with its workers, the officers' desk, the public register."""

import asyncio
import logging
import os
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request

from actions.backends.client import HttpBackend, HttpBackendSettings
from actions.backends.local import LocalBackend
from actions.backends.secret_file import read_or_make_secrets, read_secrets
from bot.core.backend.delivery import DeliveryRunner, DeliverySettings
from bot.core.backend.signing import MemoryNonces, SigningKey, Verifier
from bot.core.backend.status_poller import PollSettings, StatusPoller
from bot.core.calendar import WorkingCalendar
from bot.core.cases.access import Access, same_house
from bot.core.cases.deadlines import Deadlines
from bot.core.cases.desk import CaseDesk
from bot.core.cases.desk_tools import DeskTools
from bot.core.cases.desk_views import DeskViews
from bot.core.cases.people import Principal
from bot.core.clock import SystemClock
from bot.core.errors import ConfigurationError, StoreUnavailable
from bot.core.kinds.input_types import InputTypes
from bot.core.phrases import Phrases
from bot.core.taxonomy import Taxonomy
from bot.core.units import UnitRegistry
from bot.settings import Settings
from bot.settings.nested import BackendSettings
from bot.store import KeyRing, Store
from channels.backend_events import backend_events_router
from channels.console.directory import Directory
from channels.desk import Gate, desk_router, install_desk
from channels.register import register_router
from channels.register.labels import Labels

log = logging.getLogger(__name__)
RISE_SECONDS = 3600.0
# Our own office: a case about it is not handled by its own people.
OWN_UNITS = frozenset({"HN-SNV"})


class Casework:
    """The workers and pages of filed cases. Make it at start (it may raise ConfigurationError); `running` runs it."""

    def __init__(self, settings: Settings, store: Store, phrases: Phrases) -> None:
        clock = SystemClock()
        self._settings = settings
        self._store = store
        self._phrases = phrases
        self._secrets = _secrets(settings)
        self.backend = _backend(settings, self._secrets)
        self.delivery = DeliveryRunner(
            units=store,
            backend=self.backend,
            clock=clock,
            worker=f"{socket.gethostname()}-{os.getpid()}",
            random=random.random,
            settings=DeliverySettings(),
        )
        poll = PollSettings(interval_seconds=settings.backend.poll_seconds)
        self._poller = StatusPoller(store, self.backend, clock, poll)
        registry = UnitRegistry.load()
        self._registry = registry
        access = Access(own_units=OWN_UNITS, alike=same_house(registry))
        self._tools = DeskTools(store, clock, access, Deadlines.load(WorkingCalendar.load()), registry)

    def install(self, app: FastAPI, console: Callable[[Request], Awaitable[Principal | None]] | None = None) -> None:
        """Add the officers' desk, the register and the backend's webhook to the application.

        `console` admits who is signed in at the console to the desk.
        """
        clock, taxonomy, registry = self._tools.clock, Taxonomy.load(), self._registry

        labels = Labels(registry, self._phrases.word, taxonomy.label)
        gate = Gate(self._store, clock)
        desk = desk_router(self._tools, gate, unit_name=labels.unit, label=taxonomy.label, console=console)
        install_desk(app, desk, self._settings.max_body_bytes)
        app.include_router(register_router(self._store, clock, labels))
        app.include_router(backend_events_router(self._store, Verifier(self._secrets, MemoryNonces()), clock))

    @property
    def tools(self) -> DeskTools:
        """What the desk works with: who may know of which case is decided in one place."""
        return self._tools

    def directory(self) -> Directory:
        """Return the words, people and numbers that the console's pages ask for."""
        taxonomy, types, views = Taxonomy.load(), InputTypes.load(), DeskViews(self._tools)

        def people() -> list[Principal]:
            with self._store() as unit:
                return [principal for principal in unit.principals.all() if principal.active]

        return Directory(
            units=[(unit.id, unit.name, unit.in_remit) for unit in self._registry.units],
            behaviours={code: taxonomy.label(code) for code in taxonomy.codes},
            kinds={kind.value: types.facts(kind).label for kind in types.order},
            people=people,
            case_id=views.by_number,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Deliver, poll and watch deadlines while the block runs."""
        workers: tuple[Callable[[], Awaitable[None]], ...] = (self.delivery.run, self._poller.run, self._rise)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.backend.aclose)
            tasks = [asyncio.ensure_future(work()) for work in workers]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _rise(self) -> None:
        """Bring overdue and unreleased cases before the supervisor, once a day each."""
        desk = CaseDesk(self._tools)
        while True:
            try:
                await asyncio.to_thread(desk.rise)
            except StoreUnavailable as error:
                log.warning("overdue cases were not looked for", extra={"cause": str(error)})
            await asyncio.sleep(RISE_SECONDS)


def _secrets(settings: Settings) -> dict[str, SigningKey]:
    backend = settings.backend
    if backend.secret_file:
        return read_secrets(Path(backend.secret_file))
    if backend.kind == "http":
        raise ConfigurationError("TIEPDAN_BACKEND__SECRET_FILE is needed for an http backend; see docs/backend.md")
    settings.backend_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return read_or_make_secrets(settings.backend_dir / "secrets")


def _backend(settings: Settings, secrets: dict[str, SigningKey]) -> HttpBackend | LocalBackend:
    clock, chosen = SystemClock(), settings.backend
    if chosen.kind == "local":
        folder = settings.backend_dir
        return LocalBackend.open(folder, KeyRing.load_or_create(folder / "keys"), clock)
    if not chosen.url:
        raise ConfigurationError("TIEPDAN_BACKEND__URL is needed for an http backend")
    return HttpBackend(_http(chosen, next(iter(secrets.values()))), clock)


def _http(chosen: BackendSettings, key: SigningKey) -> HttpBackendSettings:
    def path(text: str) -> Path | None:
        return Path(text) if text else None

    return HttpBackendSettings(
        url=chosen.url,
        key=key,
        ca_file=path(chosen.ca_file),
        client_cert=path(chosen.client_cert),
        client_key=path(chosen.client_key),
        allow_plain=chosen.allow_plain,
        request_seconds=chosen.request_seconds,
    )
