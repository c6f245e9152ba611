"""Webhooks that come together: stored together, each once, and one that cannot be stored harms no other."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from bot.core.channels.contract import Incoming
from bot.core.channels.receiving import Taken
from bot.core.errors import StoreUnavailable
from bot.core.ports import UnitOfWork
from bot.store import KeyRing, Store
from tests.integration.channel_steps import Office
from tests.integration.test_channel_hooks import Desk, said


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    desk = Desk(Office(store))
    async with desk.client:
        yield desk
    desk.executor.shutdown()


def batches_of(desk: Desk, monkeypatch: pytest.MonkeyPatch, pause: float = 0.0) -> list[int]:
    """Return a list that grows by the size of each batch that is stored."""
    sizes: list[int] = []
    take_all = desk.office.receiver.take_all

    def counting(bodies: Sequence[bytes]) -> list[Taken]:
        sizes.append(len(bodies))
        time.sleep(pause)
        return take_all(bodies)

    monkeypatch.setattr(desk.office.receiver, "take_all", counting)
    return sizes


def waiting(desk: Desk) -> list[str]:
    with desk.office.store() as unit:
        rows = unit.channel_inbox.waiting(desk.office.thread().id, 500)
    return [json.loads(row.body)["text"] for row in rows]


async def test_what_comes_together_is_stored_together_in_order(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = batches_of(desk, monkeypatch, pause=0.05)
    texts = [f"câu {number}" for number in range(40)]
    assert await asyncio.gather(*(desk.post(said(text)) for text in texts)) == [200] * 40
    assert sum(sizes) == 40
    assert len(sizes) <= 4
    assert waiting(desk) == texts
    assert len(set(desk.woken)) == 1


async def test_the_same_body_twice_in_a_batch_is_stored_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    batches_of(desk, monkeypatch, pause=0.05)
    bodies = [said("một", id="m1"), said("một", id="m1"), said("hai", id="m2")] * 3
    assert await asyncio.gather(*(desk.post(body) for body in bodies)) == [200] * 9
    assert waiting(desk) == ["một", "hai"]
    assert (desk.office.counts.of["in.stored"], desk.office.counts.of["in.repeated"]) == (2, 7)


async def test_one_that_cannot_be_stored_harms_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    store = desk.office.receiver._store

    def failing(unit: UnitOfWork, body: bytes, arrivals: Sequence[Incoming], **more: Any) -> Taken:
        if "xấu" in arrivals[0].text:
            raise ZeroDivisionError
        return store(unit, body, arrivals, **more)

    monkeypatch.setattr(desk.office.receiver, "_store", failing)
    texts = [f"câu {number}" for number in range(9)]
    statuses = await asyncio.gather(*(desk.post(said(text)) for text in [*texts[:5], "xấu", *texts[5:]]))
    assert statuses == [200] * 5 + [503] + [200] * 4
    assert waiting(desk) == texts
    assert desk.office.counts.of["in.stored"] == 9


async def test_a_batch_that_stood_in_anothers_way_is_stored_one_by_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_all = desk.office.receiver.take_all

    def deadlocked(bodies: Sequence[bytes]) -> list[Taken]:
        if len(bodies) > 1:
            raise StoreUnavailable("deadlock detected")
        return take_all(bodies)

    monkeypatch.setattr(desk.office.receiver, "take_all", deadlocked)
    assert set(await asyncio.gather(*(desk.post(said(f"{n}")) for n in range(8)))) == {200}
    assert len(waiting(desk)) == 8


async def test_without_a_store_all_are_asked_to_come_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def down() -> UnitOfWork:
        raise StoreUnavailable("x")

    monkeypatch.setattr(desk.office.receiver, "_units", down)
    assert set(await asyncio.gather(*(desk.post(said()) for _ in range(8)))) == {503}
    assert desk.office.counts.of == {"hook.unavailable": 8}, "nothing is counted that is not stored"


async def test_an_ended_service_asks_to_come_again(desk: Desk) -> None:
    desk.executor.shutdown()
    assert set(await asyncio.gather(*(desk.post(said()) for _ in range(3)))) == {503}


async def test_a_check_that_falls_refuses_its_body_alone(store: Store) -> None:
    def admit(body: bytes, headers: Any) -> int | None:
        return 1 // (b"fall" not in body) - 1 or None

    desk = Desk(Office(store), admit=admit)
    async with desk.client:
        statuses = await asyncio.gather(*(desk.post(said(text)) for text in ("a", "fall", "b")))
    assert statuses == [200, 503, 200]


async def test_a_platform_that_does_not_wait_harms_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    batches_of(desk, monkeypatch, pause=0.1)
    posts = [asyncio.create_task(desk.post(said(f"câu {n}"))) for n in range(6)]
    await asyncio.sleep(0.05)
    posts[1].cancel()
    posts[4].cancel()
    outcomes = await asyncio.gather(*posts, return_exceptions=True)
    assert [outcome for outcome in outcomes if outcome == 200] == [200] * 4
    assert await desk.post(said("sau")) == 200
    assert waiting(desk)[-1] == "sau"


def test_what_is_urgent_is_written_before_what_waits(tmp_path: Any) -> None:
    store = Store(f"sqlite:///{tmp_path}/t.db", KeyRing.load_or_create(tmp_path / "keys"))
    store.migrate()
    order: list[str] = []

    def write(name: str, units: Any) -> None:
        with units() as unit:
            unit.threads.count("memory", name)
            order.append(name)
            unit.commit()

    with store() as first:
        first.threads.count("memory", "first")
        threads = []
        for name, units in (("a", store), ("b", store), ("urgent", store.urgent)):
            threads.append(threading.Thread(target=write, args=(name, units)))
            threads[-1].start()
            time.sleep(0.1)
        first.commit()
    for thread in threads:
        thread.join(10)
    assert order[0] == "urgent"
    assert sorted(order) == ["a", "b", "urgent"]
    store.close()
