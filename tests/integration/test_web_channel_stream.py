"""The event stream over a real connection."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.core.errors import StoreUnavailable
from bot.core.messages import EventKind
from bot.core.ports import UnitOfWork
from bot.core.replies import Reply
from bot.store import Store
from channels.web import InProcessNotifier, WebChannelSettings
from tests.browser.fakes import SettableClock, serving, web_app

SETTINGS = WebChannelSettings(max_streams_per_session=2, reread_seconds=0.5, keep_alive_seconds=0.2)


class CountingStore:
    """A store that counts its transactions, and can stop answering."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.transactions = 0
        self.available = True

    def __call__(self) -> UnitOfWork:
        self.transactions += 1
        if not self.available:
            raise StoreUnavailable
        return self.store()


class CountingNotifier(InProcessNotifier):
    """A notifier that knows how many listen."""

    def listening(self) -> int:
        return sum(len(wakes) for wakes in self._listeners.values())


@dataclass
class Service:
    """A served application and what it stands on."""

    store: CountingStore
    notify: CountingNotifier
    clock: SettableClock
    address: str


@pytest.fixture
def service(store: Store, request: pytest.FixtureRequest) -> Iterator[Service]:
    """On each kind of database; a parameter is other settings."""
    counting, notify = CountingStore(store), CountingNotifier()
    clock = SettableClock(datetime(2026, 11, 21, 2, 0, tzinfo=UTC))
    settings = getattr(request, "param", SETTINGS)
    with serving(web_app(counting, clock, notify, settings=settings)) as address:
        yield Service(counting, notify, clock, address)


@pytest.fixture
async def client(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=service.address, timeout=30) as client:
        yield client


@dataclass
class Opened:
    """A session as its client knows it."""

    path: str
    auth: dict[str, str]
    conversation_id: str


async def open_session(service: Service, client: httpx.AsyncClient) -> Opened:
    opened = (await client.post("/api/web/sessions")).json()
    with service.store() as uow:
        found = uow.web_session(opened["session_id"])
    assert found is not None
    conversation_id = found[0]
    path = f"/api/web/sessions/{opened['session_id']}"
    return Opened(path, {"Authorization": f"Bearer {opened['token']}"}, conversation_id)


async def events_of(response: httpx.Response) -> AsyncIterator[tuple[str, str, Any]]:
    """Yield (event, id, data) of a stream; comments come as (":", "", text)."""
    name, identity, data = "", "", ""
    async for line in response.aiter_lines():
        if line.startswith(":"):
            yield ":", "", line[1:].strip()
        elif line.startswith("event: "):
            name = line[7:]
        elif line.startswith("id: "):
            identity = line[4:]
        elif line.startswith("data: "):
            data = line[6:]
        elif not line and name:
            yield name, identity, json.loads(data)
            name, identity, data = "", "", ""


async def next_event(events: AsyncIterator[tuple[str, str, Any]], *names: str) -> tuple[str, str, Any]:
    """Return the next event with one of these names."""
    async with asyncio.timeout(30):
        async for event in events:
            if event[0] in names:
                return event
    raise AssertionError("the stream ended")


def reply(service: Service, opened: Opened, text: str, turn_id: str | None = None) -> None:
    """Store a reply as another process would: without a wake-up."""
    with service.store() as uow:
        body = Reply(act="test", text=text).to_payload()
        uow.append_event(opened.conversation_id, EventKind.ASSISTANT, body, turn_id, service.clock.now())
        uow.commit()


async def until(condition: Any, seconds: float = 30) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


# Without a notification the stream would sleep for an hour.
@pytest.mark.parametrize("service", [replace(SETTINGS, reread_seconds=3600)], ids=["woken"], indirect=True)
async def test_stream_gives_history_then_what_comes(service: Service, client: httpx.AsyncClient) -> None:
    opened = await open_session(service, client)
    async with client.stream("GET", f"{opened.path}/events", headers=opened.auth) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-store"
        events = events_of(response)
        name, identity, data = await next_event(events, "message", "typing")
        assert (name, identity, data["sequence"], data["kind"]) == ("message", "1", 1, "assistant")

        await client.post(
            f"{opened.path}/messages", json={"client_message_id": "a", "text": "chào\nbạn"}, headers=opened.auth
        )
        name, identity, data = await next_event(events, "message", "typing")
        assert (identity, data["kind"], data["body"]["text"]) == ("2", "citizen", "chào\nbạn")
        assert (await next_event(events, "message", "typing"))[::2] == ("typing", {"active": True})

        with service.store() as uow:
            turn = uow.claim_turn(opened.conversation_id, "test", service.clock.now(), 30)
            uow.commit()
        assert turn is not None
        reply(service, opened, "Chào anh/chị!", turn.id)
        service.notify.publish(opened.conversation_id)
        name, identity, data = await next_event(events, "message", "typing")
        assert (identity, data["turn_id"], data["body"]["text"]) == ("3", turn.id, "Chào anh/chị!")
        assert set(data) == {"sequence", "kind", "turn_id", "at", "body"}
        assert (await next_event(events, "message", "typing"))[::2] == ("typing", {"active": False})


async def test_event_of_another_replica_is_found_without_a_wake_up(
    service: Service, client: httpx.AsyncClient
) -> None:
    opened = await open_session(service, client)
    async with client.stream("GET", f"{opened.path}/events", headers=opened.auth) as response:
        events = events_of(response)
        await next_event(events, "message")
        reply(service, opened, "từ máy khác")
        assert (await next_event(events, "message"))[1] == "2"


@pytest.mark.parametrize("way", ["header", "query", "both"])
async def test_stream_resumes_after_the_last_event(service: Service, client: httpx.AsyncClient, way: str) -> None:
    opened = await open_session(service, client)
    for text in ("hai", "ba", "bốn"):
        reply(service, opened, text)
    headers = {**opened.auth, **({"Last-Event-ID": "3"} if way != "query" else {})}
    query = {"header": "", "query": "?after=3", "both": "?after=1"}[way]
    async with client.stream("GET", f"{opened.path}/events{query}", headers=headers) as response:
        assert (await next_event(events_of(response), "message"))[1] == "4"


async def test_long_history_is_streamed_whole_and_in_order(service: Service, client: httpx.AsyncClient) -> None:
    opened = await open_session(service, client)
    with service.store() as uow:
        for n in range(450):
            body = Reply(act="test", text=str(n)).to_payload()
            uow.append_event(opened.conversation_id, EventKind.ASSISTANT, body, None, service.clock.now())
        uow.commit()
    async with client.stream("GET", f"{opened.path}/events", headers=opened.auth) as response:
        events = events_of(response)
        sequences = [(await next_event(events, "message"))[2]["sequence"] for _ in range(451)]
    assert sequences == list(range(1, 452))


async def test_reconnecting_while_a_reply_is_awaited_shows_typing(
    service: Service, client: httpx.AsyncClient
) -> None:
    opened = await open_session(service, client)
    await client.post(f"{opened.path}/messages", json={"client_message_id": "a", "text": "a"}, headers=opened.auth)
    async with client.stream("GET", f"{opened.path}/events?after=2", headers=opened.auth) as response:
        assert (await next_event(events_of(response), "typing", "message"))[::2] == ("typing", {"active": True})


async def test_idle_stream_sends_comments_and_hardly_reads(service: Service, client: httpx.AsyncClient) -> None:
    opened = await open_session(service, client)
    async with client.stream("GET", f"{opened.path}/events", headers=opened.auth) as response:
        events = events_of(response)
        await next_event(events, "message")
        before = service.store.transactions
        for _ in range(10):  # two seconds of keep-alive
            assert (await next_event(events, ":"))[2] == "keep-alive"
        assert service.store.transactions - before <= 2 / SETTINGS.reread_seconds + 1


async def test_stream_ends_on_the_server_when_the_client_leaves(service: Service, client: httpx.AsyncClient) -> None:
    opened = await open_session(service, client)
    async with client.stream("GET", f"{opened.path}/events", headers=opened.auth) as response:
        await next_event(events_of(response), "message")
        assert service.notify.listening() == 1
    await until(lambda: service.notify.listening() == 0)


async def test_a_further_stream_replaces_the_oldest(service: Service, client: httpx.AsyncClient) -> None:
    opened = await open_session(service, client)
    url = f"{opened.path}/events"
    async with (
        client.stream("GET", url, headers=opened.auth) as first,
        client.stream("GET", url, headers=opened.auth) as second,
        client.stream("GET", url, headers=opened.auth) as third,
    ):
        oldest, kept, newest = events_of(first), events_of(second), events_of(third)
        assert (await next_event(oldest, "superseded"))[2] == {}
        assert [event async for event in oldest] == []
        reply(service, opened, "còn hai luồng")
        for events in (kept, newest):
            await next_event(events, "message")
            assert (await next_event(events, "message"))[1] == "2"
        assert service.notify.listening() == 2


async def test_stream_ends_when_its_token_expires(service: Service, client: httpx.AsyncClient) -> None:
    opened = await open_session(service, client)
    async with client.stream("GET", f"{opened.path}/events", headers=opened.auth) as response:
        events = events_of(response)
        await next_event(events, "message")
        service.clock.time += SETTINGS.token_lifetime + timedelta(seconds=1)
        async with asyncio.timeout(30):
            assert all(event[0] == ":" for event in [event async for event in events])


async def test_stream_ends_quietly_when_the_store_does_not_answer_and_can_be_resumed(
    service: Service, client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    opened = await open_session(service, client)
    async with client.stream("GET", f"{opened.path}/events", headers=opened.auth) as response:
        events = events_of(response)
        await next_event(events, "message")
        service.store.available = False
        async with asyncio.timeout(30):
            assert all(event[0] == ":" for event in [event async for event in events])
    service.store.available = True
    assert "the store did not answer" in caplog.text
    assert "Traceback" not in caplog.text
    reply(service, opened, "lại có")
    headers = {**opened.auth, "Last-Event-ID": "1"}
    async with client.stream("GET", f"{opened.path}/events", headers=headers) as response:
        assert (await next_event(events_of(response), "message"))[1] == "2"


async def test_malformed_last_event_id_is_a_problem(service: Service, client: httpx.AsyncClient) -> None:
    opened = await open_session(service, client)
    for wrong in ("abc", "-1", str(2**40)):
        response = await client.get(f"{opened.path}/events", headers={**opened.auth, "Last-Event-ID": wrong})
        assert response.status_code == 422
        assert response.headers["content-type"] == "application/problem+json"


async def test_chunked_body_above_the_limit_is_refused_over_a_real_connection(
    service: Service, client: httpx.AsyncClient
) -> None:
    opened = await open_session(service, client)

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b" " * 4096

    response = await client.post(
        f"{opened.path}/messages", content=chunks(), headers={**opened.auth, "Content-Type": "application/json"}
    )
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
