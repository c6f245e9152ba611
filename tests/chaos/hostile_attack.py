"""Throws hostile bodies at the real routes of each channel over a real store, and judges by what is stored.

In process: the application is called through ASGI; reading, turns and files run between the batches, a dialogue that
repeats what it hears stands for Rasa. Files are fetched from the fake servers.
"""

import asyncio
import io
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import select

from bot.core.messages import Event, EventKind
from bot.settings import load
from bot.store import KeyRing, Store
from bot.store.tables.channels import inbox as channel_inbox
from bot.store.tables.conversations import conversations, inbox, web_sessions
from bot.wiring.channels import HOOK_THREADS, Plug
from bot.wiring.plugs import configured
from channels.hooks import Hook, channel_router
from channels.web import WebChannelSettings
from channels.web.middleware import ErrorBoundary
from tests.browser.fakes import web_app
from tests.chaos.hostile_bodies import HONEST, STRANGERS, TEXT, Attack, Maker, Shot
from tests.chaos.hostile_makers import PICTURES, TelegramMaker, WebMaker, ZaloMaker
from tests.chaos.hostile_text import MARK_FORM
from tests.fakes.telegram import FakeTelegram
from tests.fakes.zalo import FakeZalo
from tests.integration.channel_steps import Office

CHANNELS = ("zalo", "telegram", "web")
AT_ONCE = 8
_MARK = re.compile(MARK_FORM)
_FOREVER = timedelta(days=3_650)


@dataclass
class Found:
    """What an attack came to; `faults` says what is wrong, in words. `order`: how many people's order was checked."""

    channel: str
    requests: int = 0
    seconds: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    valid: int = 0
    said: int = 0
    ordered: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass
class Target:
    """A channel's routes over a store, with what works behind them. `sorts`: what comes together is put in order."""

    channel: str
    store: Store
    office: Office
    client: httpx.AsyncClient
    maker: Maker
    sorts: bool

    async def settle(self) -> None:
        """Read and answer all that waits."""
        for _ in range(60):
            await self.office.read()
            self.office.answer()
            with self.store() as unit:
                waiting = unit.threads.standing(self.channel, self.office.clock.now())["waiting"]
            if not waiting:
                break
            self.office.clock.advance(2)
        # So that nobody has written too much in a minute.
        self.office.clock.advance(61)


async def attack(target: Target, count: int, seed: int) -> Found:
    """Send `count` shots, some twice at once, and judge."""
    found = Found(target.channel)
    shots: list[Shot] = []
    began = time.perf_counter()
    for batch in Attack(target.maker, count, random.Random(seed)).batches():
        requests = [shot for shot in batch for _ in range(shot.copies)]
        for start in range(0, len(requests), AT_ONCE):
            some = requests[start : start + AT_ONCE]
            statuses = await asyncio.gather(*(_send(target.client, shot) for shot in some))
            for shot, status in zip(some, statuses, strict=True):
                _check_status(found, shot, status)
        shots += batch
        await target.settle()
    found.seconds = time.perf_counter() - began
    await asyncio.to_thread(_judge, target, shots, found)
    return found


async def _send(client: httpx.AsyncClient, shot: Shot) -> int:
    return (await client.post(shot.path, content=shot.body, headers=shot.headers)).status_code


def _check_status(found: Found, shot: Shot, status: int) -> None:
    found.requests += 1
    found.kinds[shot.kind] += 1
    found.statuses[status] += 1
    genuine = bool(shot.platform_id)
    if status >= 500 or (genuine and not 200 <= status < 300) or (shot.kind == "huge" and status != 413):
        found.faults.append(f"«{shot.kind}» was answered with {status}")


def _judge(target: Target, shots: list[Shot], found: Found) -> None:
    said, answered, order = _read(target.store)
    wanted: dict[str, Shot] = {}
    for shot in shots:
        if shot.mark:
            wanted.setdefault(shot.mark, shot)
    for mark, shot in wanted.items():
        for what, counts in (("said", said), ("answered", answered)):
            if not shot.least <= counts[mark] <= shot.most:
                found.faults.append(f"«{shot.kind}» was {what} {counts[mark]} times")
    found.valid = sum(shot.least for shot in wanted.values())
    found.said = sum(said.values())
    expected = {shot.platform_id for shot in shots if shot.platform_id}
    stored = _stored(target)
    if lost := sum(stored.get(platform_id) != "done" for platform_id in expected):
        found.faults.append(f"{lost} genuine bodies are not in the inbox, or not dealt with")
    if left := Counter(stored.values()) - Counter({"done": len(stored)}):
        found.faults.append(f"left in the inbox: {dict(left)}")
    if target.sorts:
        place = {shot.mark: number for number, shot in enumerate(_in_order(wanted.values()))}
        for marks in order:
            places = [place[mark] for mark in marks if wanted[mark].kind == TEXT]
            found.ordered += bool(places)
            if places != sorted(places):
                found.faults.append("somebody's messages were read in another order than they were sent")


def _in_order(shots: Any) -> list[Shot]:
    """Return texts as they were sent: marks grow from their last letter on."""
    return sorted((shot for shot in shots if shot.kind == TEXT), key=lambda shot: shot.mark[::-1])


def _read(store: Store) -> tuple[Counter[str], Counter[str], list[list[str]]]:
    """Return how often each mark was said and answered, and each conversation's marks in order."""
    said: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    order = []
    with store() as unit, store.engine.connect() as connection:
        for conversation_id in connection.execute(select(conversations.c.id)).scalars():
            marks = []
            for event in _events(unit, conversation_id):
                found = _MARK.findall(event.body["text"])
                if event.kind is EventKind.CITIZEN:
                    said.update(found)
                    marks += found
                elif event.kind is EventKind.ASSISTANT:
                    answered.update(found)
            order.append(marks)
    return said, answered, order


def _events(unit: Any, conversation_id: str) -> Iterator[Event]:
    after = 0
    while events := unit.events_after(conversation_id, after):
        yield from events
        after = events[-1].sequence


def _stored(target: Target) -> dict[str, str]:
    """Return the ids in the inbox, as the maker tells them, with what became of each."""
    with target.store.engine.connect() as connection:
        if target.channel != "web":
            wanted = select(channel_inbox.c.platform_id, channel_inbox.c.status)
            return {row.platform_id: row.status for row in connection.execute(wanted)}
        columns = (web_sessions.c.id, inbox.c.channel_message_id, inbox.c.turn_id)
        joined = select(*columns).join(inbox, inbox.c.conversation_id == web_sessions.c.conversation_id)
        rows = connection.execute(joined)
        return {f"{row.id} {row.channel_message_id}": "done" if row.turn_id else "waiting" for row in rows}


@asynccontextmanager
async def target_of(channel: str, folder: Path) -> AsyncIterator[Target]:
    """Give the channel's routes over a new SQLite store in a folder, and the fake server behind them."""
    store = await asyncio.to_thread(_new_store, folder)
    makers = {"zalo": _zalo, "telegram": _telegram, "web": _web}
    try:
        async with makers[channel](store, folder) as target:
            yield target
            await target.client.aclose()
    finally:
        store.close()


@asynccontextmanager
async def _zalo(store: Store, folder: Path) -> AsyncIterator[Target]:
    office = Office(store)
    with FakeZalo(office.clock.now) as fake:
        fake.files = {name: ("image/jpeg", _picture(number)) for number, name in enumerate(PICTURES)}
        state = fake.state
        group = {
            "enabled": True, "app_id": state.app_id, "oa_id": state.oa_id, "app_secret": state.app_secret,
            "oa_secret": state.oa_secret, "api_url": fake.url, "oauth_url": fake.url, "media_origins": fake.url,
        }  # fmt: skip
        [plug] = configured(load(None, data_dir=folder, zalo=group), store, office.clock)
        began = int(office.clock.now().timestamp() * 1000)
        async with _hooked(plug, store, office, ZaloMaker(fake, plug.channel, began)) as target:
            yield target


@asynccontextmanager
async def _telegram(store: Store, folder: Path) -> AsyncIterator[Target]:
    with FakeTelegram() as fake:
        fake.token = "123456789:" + "A" * 35
        for number, name in enumerate(PICTURES):
            fake.file(name, _picture(number))
        file = folder / "token"
        file.write_text(fake.token)
        file.chmod(0o600)
        group = {"token_file": str(file), "base_url": fake.base_url, "file_url": fake.file_url}
        office = Office(store)
        [plug] = configured(load(None, data_dir=folder, telegram=group), store, office.clock)
        async with _hooked(plug, store, office, TelegramMaker(fake.token, plug.channel)) as target:
            yield target


@asynccontextmanager
async def _hooked(plug: Plug, store: Store, office: Office, maker: Maker) -> AsyncIterator[Target]:
    """Give a platform's webhook as bot.wiring.channels installs it, with the workers in our hands."""
    office = Office(store, plug.channel, clock=office.clock)
    hook = Hook(
        name=plug.channel.name,
        receiver=office.receiver,
        counters=office.counts,
        admit=plug.admit or (lambda _body, _headers: None),
        woken=lambda _threads: None,
        secret=plug.secret,
    )
    app = FastAPI()
    with ThreadPoolExecutor(HOOK_THREADS) as executor:
        app.include_router(channel_router([hook], executor))
        app.add_middleware(ErrorBoundary)
        try:
            yield Target(plug.channel.name, store, office, _client(app), maker, sorts=True)
        finally:
            await plug.close()


@asynccontextmanager
async def _web(store: Store, _folder: Path) -> AsyncIterator[Target]:
    office = Office(store)
    # The clock is moved on after each batch.
    settings = WebChannelSettings(session_lifetime=_FOREVER, token_lifetime=_FOREVER)
    client = _client(web_app(store, office.clock, settings=settings))
    sessions = []
    for _ in range(HONEST + STRANGERS):
        opened = (await client.post("/api/web/sessions")).json()
        sessions.append((opened["session_id"], opened["token"]))
    yield Target("web", store, office, client, WebMaker(sessions), sorts=False)


def _new_store(folder: Path) -> Store:
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(f"sqlite:///{folder}/tiepdan.db", KeyRing.load_or_create(folder / "keys"))
    store.migrate()
    return store


def _client(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://x")


def _picture(number: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), (number * 50, 20, 30)).save(out, "JPEG")
    return out.getvalue()
