"""Who is served next when more want to be served than can be: lanes take turns."""

import asyncio
import itertools
from collections import Counter

from bot.core.keeping import Keeper
from bot.core.lanes import Lanes
from bot.core.turns import channel_of


async def served(keys: list[str], *, concurrency: int = 1, rounds: int = 1, lanes: bool = True) -> list[str]:
    """Wake `keys` at once; return the order in which a Keeper served them, each `rounds` times."""
    order: list[str] = []
    done = asyncio.Event()

    async def step(key: str) -> bool:
        order.append(key)
        await asyncio.sleep(0)
        if len(order) == len(keys) * rounds:
            done.set()
        return Counter(order)[key] < rounds

    lane = channel_of if lanes else (lambda _key: "")
    keeper = Keeper(step, lambda _limit: (), lambda: None, concurrency=concurrency, lane=lane)
    for key in keys:
        keeper.wake(key)
    async with asyncio.timeout(30):
        await done.wait()
    return order


CROWD = [f"zalo-{number}" for number in range(40)]


async def test_a_web_page_does_not_wait_for_a_crowd_of_another_channel() -> None:
    order = await served([*CROWD, "web-1", "web-2"])
    assert order[:6] == ["zalo-0", "zalo-1", "web-1", "zalo-2", "web-2", "zalo-3"]
    assert [key for key in order if key in CROWD] == CROWD, "within a lane who came first is first"


async def test_without_lanes_it_would_wait_for_all_of_them() -> None:
    assert (await served([*CROWD, "web-1"], lanes=False))[-1] == "web-1"


async def test_three_channels_take_turns() -> None:
    order = await served([*CROWD, *(f"telegram-{n}" for n in range(40)), "web-1", "web-2", "web-3"])
    places = [order.index(f"web-{n}") for n in (1, 2, 3)]
    assert places[0] <= 3
    assert [b - a for a, b in itertools.pairwise(places)] == [3, 3]


async def test_one_who_always_has_more_lets_others_of_the_lane_in() -> None:
    assert await served(["web-1", "web-2"], rounds=3) == ["web-1", "web-2"] * 3


async def test_several_slots_are_shared_out_likewise() -> None:
    order = await served([*CROWD, "web-1"], concurrency=8)
    assert order.index("web-1") <= 9


async def test_whoever_gives_up_waiting_takes_no_slot_along() -> None:
    lanes, entered = Lanes(1), []

    async def hold(name: str, lane: str) -> None:
        async with lanes.slot(lane):
            entered.append(name)
            await asyncio.sleep(0)

    first, second, third = (asyncio.create_task(hold(name, "web")) for name in ("first", "second", "third"))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(first, second, third, return_exceptions=True)
    # One is given the slot and cancelled before it could run.
    async with lanes.slot("web"):
        fourth = asyncio.create_task(hold("fourth", "web"))
        await asyncio.sleep(0)
    fourth.cancel()
    await asyncio.gather(fourth, return_exceptions=True)
    await hold("last", "zalo")
    assert entered == ["first", "third", "last"]
