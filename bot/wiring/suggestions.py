"""Wiring of suggestions to operators: search while typing, drafts, verdicts, quick replies, the review queue."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from fastapi import APIRouter

from actions.drafts import Drafting
from actions.suggestions import Suggestions
from bot.core.calendar import WorkingCalendar
from bot.core.calls.suggesting import Item
from bot.core.cases.people import Principal
from bot.core.clock import SystemClock
from bot.core.phrases import Phrases
from bot.core.procedures import Facet
from bot.core.suggestions.desk import ReviewDesk
from bot.core.suggestions.drafting import DraftDesk
from bot.core.suggestions.items import plain
from bot.core.suggestions.quick_replies import shipped
from bot.core.suggestions.quick_reply_desk import QuickReplyDesk
from bot.core.suggestions.words import SuggestWords
from bot.store import Store
from channels.console.drafts import drafts_router
from channels.console.latest import Latest
from channels.console.quick_replies import quick_replies_router
from channels.console.review import review_router
from channels.console.suggest import suggest_router

if TYPE_CHECKING:
    from knowledge.base import LiveKnowledgeBase

OFFICE = "Sở Nội vụ Hà Nội"
SignedIn = Callable[..., Awaitable[Principal]]


class SpokenSuggester:
    """The suggestions as the hotline asks for them (bot.core.calls.suggesting.Suggester): of whole questions."""

    def __init__(self, suggestions: Suggestions) -> None:
        self._suggestions = suggestions

    def suggest(self, question: str, now: datetime, limit: int = 3, facet: str | None = None) -> Sequence[Item]:
        """Return suggestions as JSON-ready values, best first."""
        found = self._suggestions.suggest(question, now, Facet(facet) if facet else None, limit, finished=True)
        return tuple(plain(item) for item in found.items)


class SuggestionSide:
    """Everything of suggestions over one knowledge base and store. `suggestions` also serves the hotline."""

    def __init__(self, knowledge: "LiveKnowledgeBase", store: Store, phrases: Phrases) -> None:
        from knowledge.likeness import QuestionLikeness

        self._clock = SystemClock()
        words = SuggestWords.load()
        self.suggestions = Suggestions(knowledge, phrases, WorkingCalendar.load(), words)
        drafting = Drafting(knowledge, knowledge, self.suggestions, phrases, words)
        self.drafts = DraftDesk(store, drafting, knowledge, self._clock)
        self.review = ReviewDesk(store, knowledge, QuestionLikeness(knowledge), self._clock)
        self.quick_replies = QuickReplyDesk(store, self._clock, shipped(), OFFICE)
        self._latest = Latest()

    def routers(self, signed_in: SignedIn) -> tuple[APIRouter, ...]:
        """Return the console's routers; `signed_in` gives whoever calls, or refuses them."""
        return (
            suggest_router(self.suggestions, self._clock, self._latest, signed_in=signed_in),
            drafts_router(self.drafts, self.review, self._clock, signed_in=signed_in),
            quick_replies_router(self.quick_replies, signed_in=signed_in),
            review_router(self.review, self._clock, signed_in=signed_in),
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Have ready what the first letter typed would otherwise wait for, while the block runs."""
        # Not waited for: the service answers citizens meanwhile.
        task = asyncio.create_task(asyncio.to_thread(self.suggestions.suggest, "lập hội", self._clock.now()))
        try:
            yield
        finally:
            await asyncio.gather(task, return_exceptions=True)
            self._latest.close()
