"""Wiring of conversations that people attend: endpoints in the console, the live stream, the keeper of waits."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI

from bot.core.calendar import WorkingCalendar
from bot.core.cases.access import Access, same_house
from bot.core.clock import SystemClock
from bot.core.conversation import Owner
from bot.core.handover.desk import OperatorDesk
from bot.core.handover.floor import StoredFrontDesk
from bot.core.handover.hours import Hours
from bot.core.handover.keeper import HandOverKeeper
from bot.core.handover.views import ConversationViews
from bot.core.phrases import Phrases
from bot.core.units import UnitRegistry
from bot.settings import Settings
from bot.store import Store
from bot.wiring.casework import OWN_UNITS
from bot.wiring.channels import RelayNotifier
from channels.console import SignedIn
from channels.console.conversations import DESK, conversations_router
from channels.console.hand_over_problems import install_hand_over_problems
from channels.console.stream import StreamSettings, stream_router

# Where nobody else writes the database, the notifier misses nothing.
ALONE_REREAD_SECONDS = 30.0


class AttendedConversations:
    """What people do in conversations. Make it at start (it may raise ConfigurationError)."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        phrases: Phrases,
        notifier: RelayNotifier,
        wake: Callable[[str], None],
    ) -> None:
        clock, hours = SystemClock(), Hours.load(WorkingCalendar.load())
        access = Access(own_units=OWN_UNITS, alike=same_house(UnitRegistry.load()))
        self._settings = settings
        self._store = store
        self._phrases = phrases
        self._notifier = notifier
        self._wake = wake
        self.front_desk = StoredFrontDesk(store, hours)
        self._desk = OperatorDesk(store, clock, phrases, access)
        self._views = ConversationViews(store, clock, hours, access)
        self._keeper = HandOverKeeper(store, clock, hours, phrases, notifier.publish, wake)
        # Whatever is said anywhere, the console's streams look whether it concerns them.
        notifier.listeners.append(lambda _conversation: notifier.wake_only(DESK))

    def install(self, app: FastAPI, signed_in: SignedIn) -> None:
        """Add what errors mean to people, and the endpoints."""
        install_hand_over_problems(app, self._name)
        conversations = conversations_router(
            self._desk, self._views, signed_in, published=self._notifier.publish, wake=self._wake
        )
        reread = ALONE_REREAD_SECONDS if self._store.single_process else StreamSettings.reread_seconds
        stream = stream_router(
            self._store,
            self._desk,
            signed_in,
            notify=self._notifier,
            alarm_text=lambda code: self._phrases.word(f"alarm_{code}"),
            settings=StreamSettings(reread_seconds=reread),
        )
        app.include_router(conversations)
        app.include_router(stream)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look after waits while the block runs."""
        task = asyncio.create_task(self._keeper.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def attended(self, conversation_id: str) -> bool:
        """True while a person answers the conversation. Blocking."""
        with self._store() as unit:
            return unit.handovers.attention(conversation_id).owner is Owner.OPERATOR

    def _name(self, principal_id: str) -> str:
        with self._store() as unit:
            return next((p.name for p in unit.principals.all() if p.id == principal_id), principal_id)
