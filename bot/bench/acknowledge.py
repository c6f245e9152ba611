"""Measures how fast a platform's webhooks are acknowledged while conversations run: the real service, over loopback.

A server that takes every message stands for Zalo. Webhooks are sent at a fixed rate, whether or not the ones before
were answered, by as many connections as that needs.
"""

import asyncio
import contextlib
import itertools
import json
import math
import os
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.bench.product import web_conversation
from bot.bench.scripts import SCRIPTS
from bot.bench.turns import Assistant, Measurement, measure, pooled
from bot.settings import Settings
from bot.settings.zalo import ZaloSettings
from bot.stack import PrivateStack, private_stack
from bot.steps import Report
from bot.store import KeyRing, Store
from bot.store.channels.tokens import SealedTokens
from bot.store.tables.channels import inbox
from bot.webclient import WebClient
from channels.zalo.signature import mac
from channels.zalo.tokens import TokenState

APP, ACCOUNT, SECRET = "1000000000000000001", "3000000000000000003", "secret-of-the-benchmark"
# What the platform takes to answer one of our messages.
PLATFORM_SECONDS = 0.05


@dataclass(frozen=True)
class Plan:
    """`rate` webhooks a second for `seconds`; `clients` talk on the web meanwhile. `people` write on the platform."""

    rate: float = 50.0
    seconds: float = 30.0
    clients: int = 4
    people: int = 500
    drain_seconds: float = 180.0


QUICK = Plan(seconds=8.0)


@dataclass(frozen=True)
class Load:
    """A mix of webhooks: one in `texts_in` is a citizen's text, the others tell what became of our messages."""

    name: str
    texts_in: int


# To each answer Zalo sends an echo, «received» and «seen»; so about a fifth of what comes is something to answer.
LOADS = (Load("one in five is a text, as Zalo delivers", 5), Load("all are texts, each to be answered", 1))


@dataclass(frozen=True)
class Acknowledged:
    """What was measured under one load. `drained`: seconds after the last webhook until nothing waited, None: not."""

    load: Load
    latencies: tuple[float, ...]
    statuses: Counter[int]
    stored: int
    texts: int
    drained: float | None
    web: Measurement
    load_average: float

    @property
    def refused(self) -> int:
        """Webhooks that were not answered with 200."""
        return sum(times for status, times in self.statuses.items() if status != 200)

    def percentile_ms(self, percent: float) -> float:
        """Return the latency that so many percent did not exceed (nearest rank); infinite where none was answered."""
        if not self.latencies:
            return math.inf
        rank = math.ceil(percent / 100 * len(self.latencies))
        return 1000 * sorted(self.latencies)[max(rank, 1) - 1]


class Platform:
    """A server that takes every message, after a moment."""

    def __init__(self, seconds: float = PLATFORM_SECONDS) -> None:
        self._seconds = seconds
        self.taken = 0

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """Listen while the block runs; gives the address."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError, asyncio.LimitOverrunError):
            head = await reader.readuntil(b"\r\n\r\n")
            lines = (line.partition(b":") for line in head.lower().split(b"\r\n"))
            length = next((int(value) for name, _, value in lines if name == b"content-length"), 0)
            await reader.readexactly(length)
            await asyncio.sleep(self._seconds)
            self.taken += 1
            body = json.dumps({"error": 0, "message": "Success", "data": {"message_id": f"m{self.taken}"}}).encode()
            kind = b"Content-Type: application/json\r\nConnection: close\r\n"
            writer.write(b"HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s" % (kind, len(body), body))
            await writer.drain()
        writer.close()


class Webhooks:
    """The platform's webhooks, signed."""

    def __init__(self, people: int) -> None:
        self._people = people
        self._first = secrets.token_hex(6)  # no id comes twice, however often this is run on one database
        self._serial = itertools.count(1)
        self._words = itertools.cycle([text for script in SCRIPTS for text in script])

    def of(self, load: Load) -> Iterator[tuple[bytes, dict[str, str]]]:
        """Yield bodies with their headers, without end."""
        marks = itertools.cycle(("oa_send_text", "user_received_message", "user_seen_message"))
        for number in itertools.count():
            yield self._text() if number % load.texts_in == 0 else self._mark(next(marks))

    def _text(self) -> tuple[bytes, dict[str, str]]:
        serial = next(self._serial)
        said = {"msg_id": f"in-{self._first}-{serial}", "text": next(self._words)}
        return self._signed("user_send_text", self._person(serial), ACCOUNT, said)

    def _mark(self, name: str) -> tuple[bytes, dict[str, str]]:
        serial = next(self._serial)
        person, sent = self._person(serial), f"out-{self._first}-{serial}"
        if name == "oa_send_text":
            return self._signed(name, ACCOUNT, person, {"msg_id": sent, "text": next(self._words)})
        ids = {"msg_ids": [sent]} if name == "user_seen_message" else {"msg_id": sent}
        return self._signed(name, person, ACCOUNT, ids)

    def _person(self, serial: int) -> str:
        return f"25000000000000{serial % self._people:05}"

    def _signed(self, name: str, sender: str, to: str, message: object) -> tuple[bytes, dict[str, str]]:
        stamp = str(int(datetime.now(UTC).timestamp() * 1000))
        fields = {"app_id": APP, "event_name": name, "sender": {"id": sender}, "recipient": {"id": to}}
        body = json.dumps(fields | {"message": message, "timestamp": stamp}, ensure_ascii=False).encode()
        return body, {"X-ZEvent-Signature": mac(APP, body, stamp, SECRET), "Content-Type": "application/json"}


async def acknowledge(settings: Settings, plan: Plan, report: Report) -> list[Acknowledged]:
    """Run the product privately and measure it under each load.

    Raises ConfigurationError or StepFailed when it cannot be started.
    """
    async with Platform().running() as address:
        secret = SecretStr(SECRET)
        zalo = ZaloSettings(
            enabled=True, app_id=APP, oa_id=ACCOUNT, app_secret=secret, oa_secret=secret, api_url=address,
            oauth_url=address,
        )  # fmt: skip
        async with private_stack(settings.model_copy(update={"zalo": zalo}), report) as stack:
            store = Store(stack.settings.database_url, KeyRing.load_or_create(stack.settings.keys_dir))
            try:
                _log_in(store)
                report("warming up …")
                await _measured(stack, store, LOADS[0], Plan(rate=20, seconds=4, people=plan.people))
                return [await _told(stack, store, load, plan, report) for load in LOADS]
            finally:
                store.close()


def _log_in(store: Store) -> None:
    now = datetime.now(UTC)
    state = TokenState(1, "access", "refresh", now + timedelta(hours=25), now)
    SealedTokens(store, "zalo", TokenState).swap(0, state)


async def _told(stack: PrivateStack, store: Store, load: Load, plan: Plan, report: Report) -> Acknowledged:
    found = await _measured(stack, store, load, plan)
    report(
        f"{load.name}: p50 {found.percentile_ms(50):.0f} ms, p95 {found.percentile_ms(95):.0f} ms, "
        f"max {found.percentile_ms(100):.0f} ms, statuses {dict(found.statuses)}"
    )
    return found


async def _measured(stack: PrivateStack, store: Store, load: Load, plan: Plan) -> Acknowledged:
    before = await asyncio.to_thread(_stored, store)
    web: list[Measurement] = []
    over = asyncio.Event()
    async with (
        httpx.AsyncClient(base_url=stack.base_url, timeout=30, trust_env=False) as talk,
        httpx.AsyncClient(
            base_url=stack.base_url, timeout=10, trust_env=False, limits=httpx.Limits(max_connections=None)
        ) as http,
    ):
        client = WebClient(talk)
        assistant = Assistant("Tiếp Dân", lambda: web_conversation(client), stack.process_groups)
        talking = asyncio.create_task(_talk(assistant, plan.clients, over, web))
        await asyncio.sleep(1)
        load_average = os.getloadavg()[0]
        latencies, statuses = await _send(http, Webhooks(plan.people).of(load), plan)
        over.set()
        drained = await _drained(store, plan.drain_seconds)
        await talking
    stored = await asyncio.to_thread(_stored, store) - before
    texts = math.ceil(len(latencies) / load.texts_in)
    return Acknowledged(load, tuple(latencies), statuses, stored, texts, drained, pooled(web), load_average)


async def _talk(assistant: Assistant, clients: int, over: asyncio.Event, into: list[Measurement]) -> None:
    """Let people talk on the web, one round of conversations after another, until it is over."""
    while not over.is_set():
        into.append(await measure(assistant, SCRIPTS, clients, clients))


async def _send(
    http: httpx.AsyncClient, webhooks: Iterator[tuple[bytes, dict[str, str]]], plan: Plan
) -> tuple[Sequence[float], Counter[int]]:
    """Send webhooks at the plan's rate and return how long each answer took, with the statuses (0: none)."""
    latencies: list[float] = []
    statuses: Counter[int] = Counter()

    async def one(body: bytes, headers: dict[str, str]) -> None:
        began = time.perf_counter()
        try:
            status = (await http.post("/channels/zalo", content=body, headers=headers)).status_code
        except httpx.HTTPError:
            status = 0
        statuses[status] += 1
        latencies.append(time.perf_counter() - began)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(round(plan.rate * plan.seconds)):
            await asyncio.sleep(max(0.0, began + number / plan.rate - time.perf_counter()))
            group.create_task(one(*next(webhooks)))
    return latencies, statuses


async def _drained(store: Store, longest: float) -> float | None:
    """Wait until nothing waits to be read, answered or sent; None where it takes too long."""
    began = time.perf_counter()
    while await asyncio.to_thread(_waits, store):
        if time.perf_counter() - began > longest:
            return None
        await asyncio.sleep(0.25)
    return time.perf_counter() - began


def _waits(store: Store) -> bool:
    now = datetime.now(UTC)
    with store() as unit:
        figures = unit.threads.standing("zalo", now)
        return bool(figures["waiting"] or figures["unsent"] or unit.due_conversations(now, 1))


def _stored(store: Store) -> int:
    """Return how many bodies with something to answer are in the inbox."""
    with store.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(inbox)).scalar_one())
