"""The console's live stream over a real connection: nothing is lost or doubled, whoever wrote it."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from bot.core.conversation import ConversationState
from bot.core.handover.attention import Told, Why
from bot.core.handover.effects import DANGER, AskPerson
from bot.core.handover.ports import Change, Signal
from bot.core.handover.presence import State
from bot.core.handover.queue import Standing
from bot.core.messages import Turn
from bot.store import KeyRing, Store
from channels.console.stream import newest_of
from tests.integration.console_steps import LAN, MINH, SEP, Office
from tests.integration.console_talks_client import QUICK, Console
from tests.integration.test_web_channel_stream import events_of

SIGNALS = ("changed", "presence", "alarm")


@pytest.fixture
def console(store: Store) -> Console:
    office = Office(store)
    office.hire()
    return Console(office)


@pytest.fixture
def address(console: Console) -> Iterator[str]:
    with console.served() as address:
        yield address


class Reader:
    """Reads a stream in the background, and comes back where it was."""

    def __init__(self, address: str, user: str = "lan") -> None:
        self._address, self._user = address, user
        self.heard: list[tuple[str, int, dict[str, object]]] = []
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Reader":
        opened = asyncio.Event()
        self._task = asyncio.create_task(self._read(opened))
        async with asyncio.timeout(10):
            await opened.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _read(self, opened: asyncio.Event) -> None:
        headers = {"X-User": self._user}
        if self.heard:
            headers["Last-Event-ID"] = str(self.heard[-1][1])
        async with (
            httpx.AsyncClient(timeout=30) as client,
            client.stream("GET", f"{self._address}/stream", headers=headers) as response,
        ):
            assert response.status_code == 200
            assert response.headers["cache-control"] == "no-store"
            events = events_of(response)
            opened.set()
            async for name, identity, data in events:
                if name in SIGNALS:
                    self.heard.append((name, int(identity), data))

    async def until(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.heard) < count:  # noqa: ASYNC110 - the stream is read by another task
                await asyncio.sleep(0.01)

    @property
    def conversations(self) -> list[object]:
        return [data["conversation_id"] for name, _, data in self.heard if name == "changed"]


async def quiet(seconds: float = QUICK.reread_seconds * 2) -> None:
    """Let what would come, come."""
    await asyncio.sleep(seconds)


async def test_whoever_waits_is_told_of_and_later_words_too(console: Console, address: str) -> None:
    office = console.office
    office.open("web-bot")
    async with Reader(address) as lan:
        await quiet()
        # What citizens say to the assistant is nobody else's business.
        await asyncio.to_thread(office.says, "lập hội cần gì", "web-bot")
        await asyncio.to_thread(office.answers, "web-bot")
        await quiet()
        assert lan.conversations == []
        await asyncio.to_thread(office.waiting, "web-1")
        await lan.until(1)
        await asyncio.to_thread(office.says, "có ai không", "web-1")
        await lan.until(2)
        assert set(lan.conversations) == {"web-1"}
        versions = [data["version"] for _, _, data in lan.heard]
        assert versions == sorted(set(versions))
        summary = await asyncio.to_thread(office.views.summary, LAN, "web-1")
        assert versions[-1] == summary.version


async def test_the_stream_says_only_look_again(console: Console, address: str) -> None:
    async with Reader(address) as lan:
        await asyncio.to_thread(console.office.waiting, "web-1")
        await asyncio.to_thread(console.office.says, "chuyện riêng 0912345678", "web-1")
        await lan.until(1)
        await quiet()
        assert all(set(data) == {"conversation_id", "version"} for _, _, data in lan.heard)


async def test_who_writes_on_another_replica_is_seen_without_a_wake_up(
    console: Console, address: str, keys: KeyRing, migrated_url: str
) -> None:
    other = Store(migrated_url, keys)
    replica = Office(other)
    async with Reader(address) as lan:
        await asyncio.to_thread(replica.waiting, "web-1")
        await asyncio.to_thread(replica.desk.claim, MINH, "web-1")
        await lan.until(1)
        await quiet()
    other.close()
    assert set(lan.conversations) == {"web-1"}


async def test_nothing_is_lost_or_doubled_across_reconnects(console: Console, address: str) -> None:
    office = console.office
    await asyncio.to_thread(office.waiting, "web-1")
    lan = Reader(address)
    done = asyncio.Event()

    async def alarms() -> None:
        for n in range(40):
            await asyncio.to_thread(_alarm, office, f"t{n}")
            if n % 3 == 0:
                console.notify.publish("desk")
            await asyncio.sleep(0.01)
        done.set()

    async with lan:
        await quiet(0.1)
        writing = asyncio.create_task(alarms())
        await lan.until(1)
    while not done.is_set():
        async with lan:
            await asyncio.sleep(0.05)
    await writing
    async with lan:
        await quiet(1.0)
    ids = [identity for name, identity, _ in lan.heard if name == "alarm"]
    assert len(ids) == len(set(ids)) == 40
    assert [identity for _, identity, _ in lan.heard] == sorted({identity for _, identity, _ in lan.heard})


def _alarm(office: Office, turn_id: str) -> None:
    now = office.clock.now()
    with office.store() as unit:
        turn = Turn(turn_id, "web-1", "x", None, now, now, 0)
        AskPerson(Why.DANGER, Standing(Told.CLOSED), DANGER).apply(unit, turn)
        unit.commit()


async def test_danger_is_an_alarm_in_words(console: Console, address: str) -> None:
    await asyncio.to_thread(console.office.open, "web-1", state=ConversationState())
    async with Reader(address, "sep") as sep:
        await asyncio.to_thread(_alarm, console.office, "t")
        await sep.until(2)
    (alarm,) = [data for name, _, data in sep.heard if name == "alarm"]
    assert alarm == {"text": "Có người báo đang gặp nguy hiểm", "conversation_id": "web-1"}


async def test_who_comes_and_goes_is_told(console: Console, address: str) -> None:
    async with Reader(address) as lan:
        await asyncio.to_thread(console.office.desk.be, MINH, State.AVAILABLE)
        await lan.until(1)
        await asyncio.to_thread(console.office.desk.be, MINH, State.AVAILABLE)
        await asyncio.to_thread(console.office.desk.be, MINH, State.LUNCH)
        await lan.until(2)
        await quiet()
    assert [name for name, _, _ in lan.heard] == ["presence", "presence"]


async def test_an_open_page_is_seen_and_a_closed_one_is_not(console: Console, address: str) -> None:
    office = console.office
    office.desk.be(LAN, State.AVAILABLE)
    office.clock.move(10)
    assert office.views.hours().on_duty == 0
    async with Reader(address):
        await quiet(0.2)
        assert office.views.hours().on_duty == 1
        office.clock.move(10)
        await quiet(1.2)
        assert office.views.hours().on_duty == 1
    office.clock.move(10)
    assert office.views.hours().on_duty == 0


async def test_a_page_that_says_nothing_of_itself_is_away(console: Console, address: str) -> None:
    async with Reader(address, "sep"):
        await quiet(0.2)
    (sep,) = console.office.views.colleagues(SEP)
    assert (sep.id, sep.state) == ("sep", State.AWAY)


async def test_a_stream_ends_and_its_page_comes_back(store: Store) -> None:
    office = Office(store)
    office.hire()
    console = Console(office, replace(QUICK, life_seconds=0.3))
    with console.served() as address:
        async with (
            httpx.AsyncClient(timeout=10) as client,
            client.stream("GET", f"{address}/stream", headers={"X-User": "lan"}) as response,
        ):
            async with asyncio.timeout(30):
                async for _ in events_of(response):
                    pass


async def test_a_page_that_knows_more_than_the_store_begins_anew(console: Console, address: str) -> None:
    lan = Reader(address)
    lan.heard.append(("changed", 10_000, {"conversation_id": "web-x", "version": 1}))
    async with lan:
        await asyncio.to_thread(console.office.waiting, "web-1")
        await lan.until(2)
    assert lan.conversations[-1] == "web-1"


def entries(*told: tuple[Signal, str | None]) -> list[Change]:
    return [Change(n, signal, conversation, n, "") for n, (signal, conversation) in enumerate(told, 1)]


def test_a_burst_is_one_look_and_alarms_are_all_told() -> None:
    changed, alarm, presence = Signal.CHANGED, Signal.ALARM, Signal.PRESENCE
    burst = entries(
        (changed, "a"), (alarm, "a"), (changed, "b"), (changed, "a"), (alarm, "a"), (presence, None), (presence, None)
    )
    assert [change.sequence for change in newest_of(burst)] == [2, 3, 4, 5, 7]
    assert newest_of([]) == []
