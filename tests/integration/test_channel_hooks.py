"""The webhooks of channels, and the whole of a channel from a delivery to its answer, over real databases."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from bot.core.attachments import FileLimits
from bot.core.channels.contract import Failure
from bot.core.channels.counting import CountBook
from bot.core.clock import SystemClock
from bot.core.errors import StoreUnavailable
from bot.core.messages import DialogueInput
from bot.core.ports import UnitOfWork
from bot.core.replies import Reply
from bot.core.turns import Dispatcher, TurnRunner
from bot.settings import load
from bot.store import KeyRing, Store
from bot.wiring.channels import Channels, Plug, RelayNotifier
from channels.files import FileDesk
from channels.hooks import MAX_BODY_BYTES, Hook, channel_router
from tests.integration.channel_steps import GREETING, PHRASES, RECORD, MemoryChannel, Office, failed

PATH = "/channels/memory/s3cret"


class Desk:
    """An application with one hook over an office."""

    def __init__(self, office: Office, **more: Any) -> None:
        self.office = office
        self.woken: list[str] = []
        self.attended: list[bytes] = []

        async def attend(body: bytes) -> None:
            self.attended.append(body)
            raise ZeroDivisionError

        hook = Hook(
            name="memory",
            receiver=office.receiver,
            counters=office.counts,
            admit=more.pop("admit", lambda body, headers: None),
            woken=self.woken.extend,
            after=attend,
            secret="s3cret",
            **more,
        )
        app = FastAPI()
        self.executor = ThreadPoolExecutor(4)
        app.include_router(channel_router([hook], self.executor))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://x")

    async def post(self, body: bytes, path: str = PATH, **headers: str) -> int:
        return (await self.client.post(path, content=body, headers=headers)).status_code


def said(text: str = "chào", id: str = "") -> bytes:
    return json.dumps({"id": id or uuid.uuid4().hex, "address": "an", "kind": "text", "text": text}).encode()


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    desk = Desk(Office(store))
    async with desk.client:
        yield desk


async def test_a_body_is_stored_before_it_is_acknowledged_and_the_worker_is_woken(desk: Desk) -> None:
    body = said()
    assert await desk.post(body) == 200
    assert desk.woken == [desk.office.thread().id]
    assert await desk.post(body) == 200
    assert len(desk.woken) == 1, "a repetition wakes nobody"
    with desk.office.store() as unit:
        assert unit.channel_inbox.count_waiting(desk.woken[0]) == 1
    await asyncio.sleep(0)
    assert desk.attended == [body, body], "what the platform wants at once is done, and its failure harms nothing"


@pytest.mark.parametrize(
    "path", ["/memory", "/memory/", "/memory/other", "/khac/s3cret", "/memory/s3cret%ED%A0%80", "/memory/bí"]
)
async def test_another_path_is_unknown(desk: Desk, path: str) -> None:
    assert await desk.post(said(), f"/channels{path}") in {404, 307}
    assert desk.office.counts.of == {}


async def test_what_is_not_admitted_is_not_stored(store: Store) -> None:
    def admit(body: bytes, headers: Mapping[str, str]) -> int | None:
        return None if headers.get("x-sign") == "ok" else 401

    desk = Desk(Office(store), admit=admit)
    async with desk.client:
        assert await desk.post(said()) == 401
        assert await desk.post(said(), **{"X-Sign": "ok"}) == 200
        assert len(desk.woken) == 1


async def test_a_body_that_is_too_large_is_refused_and_counted(desk: Desk) -> None:
    assert await desk.post(b"x" * (MAX_BODY_BYTES + 1)) == 413
    assert desk.office.counts.of == {"hook.large": 1}


async def test_a_store_that_does_not_answer_has_the_platform_come_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down() -> UnitOfWork:
        raise StoreUnavailable("x")

    monkeypatch.setattr(desk.office.receiver, "_units", down)
    assert await desk.post(said()) == 503


# Lone surrogates and NUL too, which JSON can write.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)
VALUES = st.none() | st.booleans() | st.integers() | st.text()
HOSTILE = st.one_of(
    st.binary(max_size=400),
    st.recursive(VALUES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)).map(
        lambda value: json.dumps(value).encode()
    ),
    st.fixed_dictionaries(
        {
            "id": ANY_TEXT | st.integers(),
            "address": ANY_TEXT | st.none(),
            "kind": st.sampled_from(["text", "button", "file", "voice", "ignored", "officer", "xyz"]),
            "text": ANY_TEXT | st.integers(),
            "media": st.lists(st.dictionaries(st.sampled_from(["ref", "size", "x"]), st.text())),
        }
    ).map(lambda value: json.dumps(value).encode()),
)


@pytest.fixture(scope="module")
def hostile_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("hostile")
    store = Store(f"sqlite:///{folder}/t.db", KeyRing.load_or_create(folder / "keys"))
    store.migrate()
    return Desk(Office(store))


@given(HOSTILE)
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_body_is_answered_with_500(hostile_desk: Desk, body: bytes) -> None:
    assert asyncio.run(hostile_desk.post(body)) == 200


async def test_acknowledging_costs_the_same_however_many_bodies_wait(desk: Desk) -> None:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(desk.office.store.engine, "before_cursor_execute", note)
    costs = []
    for _ in range(60):
        statements.clear()
        assert await desk.post(said()) == 200
        costs.append(len(statements))
    assert len(set(costs[1:])) == 1, "the first opens the thread"
    assert 0 < costs[-1] < 15


class Echo:
    """A dialogue that commits what it was told, as an action does."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def respond(self, message: DialogueInput) -> None:
        with self._store() as unit:
            unit.record_reply(message.turn_id, Reply("echo", f"«{message.text}»"), RECORD)
            unit.commit()


async def test_a_delivery_is_answered_by_the_running_workers(store: Store, tmp_path: Path) -> None:
    chosen = load(None, data_dir=tmp_path)
    channel, notifier, clock = MemoryChannel(), RelayNotifier(), SystemClock()
    channel.faults = [failed(Failure.RETRY)]
    runner = TurnRunner(
        units=store,
        dialogue=Echo(store),
        clock=clock,
        phrases=PHRASES,
        notifier=notifier,
        worker="turns",
        lease_seconds=60,
        give_up_after_seconds=300,
    )
    dispatcher = Dispatcher(runner, store, clock)
    closed = asyncio.Event()

    async def close() -> None:
        closed.set()

    async def test() -> str:
        return "được"

    book = CountBook("memory")
    plug = Plug(channel, book, test, admit=lambda body, headers: None, close=close, wait_seconds=0.3)
    desk = FileDesk(store, clock, FileLimits())
    channels = Channels(chosen, store, PHRASES, GREETING, notifier, dispatcher.wake, desk, [plug])
    app = FastAPI()
    channels.install(app)
    turns = asyncio.create_task(dispatcher.run())
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x")
    async with client, channels.running():
        for text in ("cho hỏi", "phí hội thảo"):
            assert (await client.post("/channels/memory", content=said(text))).status_code == 200
        async with asyncio.timeout(20):
            while len(channel.sent) < 2:  # noqa: ASYNC110 -- a fake without an event
                await asyncio.sleep(0.05)
    turns.cancel()
    await asyncio.gather(turns, return_exceptions=True)
    assert channel.texts() == [GREETING.text, "«cho hỏi phí hội thảo»"]
    assert closed.is_set()
    with store() as unit:
        counts = unit.threads.counts("memory")
    assert (counts["in.stored"], counts["out.sent"], counts["out.retry"]) == (2, 2, 1)
