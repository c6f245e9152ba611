"""Tiếp Dân itself as a measured assistant, reached as the chat page reaches it: POST a message, read the stream."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx

from bot.bench.turns import Assistant, Conversation, TurnFailed
from bot.settings import Settings
from bot.stack import private_stack
from bot.steps import Report
from bot.webclient import Session, WebClient, WebClientError

Event = dict[str, Any]


class WebConversation:
    """A session of the web channel with its stream of events open."""

    def __init__(self, client: WebClient, session: Session, events: "asyncio.Queue[Event | None]") -> None:
        self._client = client
        self._session = session
        self._events = events

    async def turn(self, text: str) -> None:
        """Post a message and return when the stream has brought its reply.

        Raises TurnFailed, also for a notice of a disruption: the citizen would see it.
        """
        try:
            sequence = await self._client.post(self._session, text)
        except WebClientError as error:
            raise TurnFailed(f"POST refused or unanswered: {error}") from error
        while True:
            event = await self._events.get()
            if event is None:
                raise TurnFailed("the event stream ended")
            if event["sequence"] > sequence and event["kind"] == "notice":
                raise TurnFailed(f"notice {event['body'].get('act')}")
            if event["sequence"] > sequence and event["kind"] == "assistant":
                return


@contextlib.asynccontextmanager
async def web_conversation(client: WebClient) -> AsyncIterator[Conversation]:
    """Open a session and its stream, which has brought the greeting when this returns. Raises TurnFailed."""
    try:
        session = await client.open()
    except WebClientError as error:
        raise TurnFailed(f"no session: {error}") from error
    events: asyncio.Queue[Event | None] = asyncio.Queue()
    reading = asyncio.create_task(_read(client, session, events))
    try:
        if await events.get() is None:
            raise TurnFailed("the event stream ended")
        yield WebConversation(client, session, events)
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


@contextlib.asynccontextmanager
async def product(settings: Settings, report: Report) -> AsyncIterator[Assistant]:
    """Run Tiếp Dân privately, as `tiepdan run` would, with a database of its own."""
    async with (
        private_stack(settings, report) as stack,
        httpx.AsyncClient(base_url=stack.base_url, timeout=30) as http,
    ):
        client = WebClient(http)
        yield Assistant("Tiếp Dân", lambda: web_conversation(client), stack.process_groups)


async def _read(client: WebClient, session: Session, events: "asyncio.Queue[Event | None]") -> None:
    """Put the stream's events into a queue, and None at its end."""
    try:
        async for event in client.stream(session):
            events.put_nowait(event)
    except httpx.HTTPError:
        pass
    finally:
        events.put_nowait(None)
