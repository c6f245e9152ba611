"""The runner as a loop: woken, stopped, its leases given back."""

import asyncio

import pytest

from bot.core.backend.delivery import DeliverySettings, Step
from bot.store import Store
from tests.integration.delivery_steps import NOW, FakeBackend, SetClock, counts, file_case, runner, stuck

A = "a" * 32


async def test_a_stop_in_the_middle_gives_the_row_back_at_once_as_uncertain(store: Store) -> None:
    file_case(store, A)
    backend, clock = FakeBackend(gate=asyncio.Event()), SetClock()
    settings = DeliverySettings(stop_seconds=0.1)
    task = asyncio.create_task(runner(store, backend, clock, settings=settings).run())
    await asyncio.wait_for(backend.called.wait(), 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    row = stuck(store)[0]
    assert (row["uncertain"], row["next_attempt_at"]) == (True, NOW)
    backend.gate = None
    assert await runner(store, backend, clock, worker="next").run_once() is Step.DELIVERED
    assert backend.calls == [("file", A), ("find", A), ("file", A)]


async def test_a_stop_lets_the_attempt_in_hand_end(store: Store) -> None:
    file_case(store, A)
    backend, gate = FakeBackend(gate=asyncio.Event()), asyncio.Event()
    backend.gate = gate
    task = asyncio.create_task(runner(store, backend, SetClock()).run())
    await asyncio.wait_for(backend.called.wait(), 30)
    task.cancel()
    await asyncio.sleep(0.05)
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert counts(store) == {"delivered": 1}


async def test_a_wake_up_delivers_at_once(store: Store) -> None:
    backend = FakeBackend()
    run = runner(store, backend, SetClock(), settings=DeliverySettings(idle_seconds=60))
    task = asyncio.create_task(run.run())
    await asyncio.sleep(0.2)
    await asyncio.to_thread(file_case, store, A)
    run.wake()
    await asyncio.wait_for(backend.called.wait(), 30)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert counts(store) == {"delivered": 1}
