"""The soak of the channels: conversations on fake platforms that fail, through a real service that is killed.

Run as: python -m tests.chaos.soak [--conversations 2000] [--bodies 10000] [--output docs/channels-reliability.md]
"""

import argparse
import asyncio
import math
import os
import random
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.channels.contract import Capabilities
from bot.core.clock import SystemClock
from bot.main import open_store
from bot.settings import Settings, load
from bot.settings.channels import ChannelsSettings
from bot.settings.telegram import TelegramSettings
from bot.settings.zalo import ZaloSettings
from bot.stack import private_settings, rasa_child, service_child
from bot.store import Store
from bot.wiring.plugs import configured
from tests.chaos.hostile_attack import CHANNELS, Found, attack, target_of
from tests.chaos.roles import Role
from tests.chaos.soak_judge import Verdict, judge
from tests.chaos.soak_page import page
from tests.chaos.soak_people import People
from tests.chaos.soak_sides import Side, TelegramSide, ZaloSide, platforms
from tests.stack import models_ready

SEED = 20261126
START_SECONDS = 120.0


@dataclass(frozen=True)
class Plan:
    """How many conversations, by which seed, and how hard the service has it. Times in seconds."""

    conversations: int = 2_000
    seed: int = SEED
    arrival_seconds: float = 900.0
    longest_life_seconds: float = 60.0
    most_kills: float = math.inf
    settle_seconds: float = 300.0


@dataclass
class Outcome:
    """What was done, and what it came to. `load` are the machine's averages, sampled while it ran."""

    plan: Plan
    verdict: Verdict
    seconds: float
    settled_seconds: float
    kills: int
    people: People
    happened: Mapping[str, Mapping[str, int]]
    calls: Mapping[str, int]
    refreshed: int
    burnt: int
    logins: int
    alive: bool
    load: list[float] = field(default_factory=list)


async def run(plan: Plan, folder: Path) -> Outcome:
    """Carry the plan out in an empty folder."""
    began, chance = time.monotonic(), random.Random(plan.seed)
    with platforms(random.Random(chance.getrandbits(64))) as (zalo, telegram):
        settings = _settings(models_ready(load()), folder, zalo, telegram)
        store = open_store(settings)
        zalo.keep_logged_in(store)
        service = Role(service_child(settings), random.Random(chance.getrandbits(64)))
        rasa = Role(rasa_child(settings), random.Random(0))
        people_chance = random.Random(chance.getrandbits(64))
        people = People(settings.base_url, (zalo, telegram), plan.conversations, plan.arrival_seconds, people_chance)
        load_averages: list[float] = []
        watching = asyncio.create_task(_watch(zalo, store, load_averages))
        try:
            await asyncio.gather(*(role.start(START_SECONDS) for role in (service, rasa)))
            service.torment(plan.longest_life_seconds, fill=False, most_kills=plan.most_kills)
            await people.all()
            service.leave_alone()
            for side in people.sides:
                side.calm()
            settled = await _settle(store, people.sides, plan.settle_seconds)
        finally:
            watching.cancel()
            await asyncio.gather(*(role.stop() for role in (service, rasa)), return_exceptions=True)
        taken = {side.name: side.taken(0) for side in people.sides}
        verdict = judge(store, people.said, taken, _capabilities(settings, store), service.killed_at)
        alive = zalo.alive(store)
        store.close()
        if not alive:
            verdict.faults.append("the token did not survive")
        return Outcome(
            plan,
            verdict,
            time.monotonic() - began,
            settled,
            service.kills,
            people,
            {side.name: side.happened for side in people.sides},
            {side.name: side.calls for side in people.sides},
            zalo.state.calls["token.refresh_token"],
            zalo.state.calls["token.burnt"],
            zalo.logins,
            alive,
            load_averages,
        )


def _settings(settings: Settings, folder: Path, zalo: ZaloSide, telegram: TelegramSide) -> Settings:
    """Return a service's settings that lead to the platforms."""
    private = private_settings(settings, folder)
    groups = {
        "zalo": ZaloSettings(**zalo.settings()),
        "telegram": TelegramSettings(**telegram.settings(folder)),
        "channels": ChannelsSettings(),
    }
    return private.model_copy(update={**groups, "log_level": "warning"})


def _capabilities(settings: Settings, store: Store) -> dict[str, Capabilities]:
    return {plug.channel.name: plug.channel.capabilities for plug in configured(settings, store, SystemClock())}


async def _watch(zalo: ZaloSide, store: Store, load_averages: list[float]) -> None:
    """Log in again where a token was lost, and look how busy the machine is."""
    while True:
        await asyncio.sleep(5)
        await asyncio.to_thread(zalo.keep_logged_in, store)
        load_averages.append(os.getloadavg()[0])


async def _settle(store: Store, sides: Sequence[Side], longest: float) -> float:
    """Wait until nothing is left to read, to answer or to send; return how long it took."""
    began = time.monotonic()
    while time.monotonic() - began < longest:
        if not await asyncio.to_thread(_left, store, sides):
            break
        await asyncio.sleep(1)
    return time.monotonic() - began


def _left(store: Store, sides: Sequence[Side]) -> bool:
    with store() as unit:
        now = SystemClock().now()
        figures = [unit.threads.standing(side.name, now) for side in sides]
        return any(one["waiting"] or one["unsent"] for one in figures) or bool(unit.due_conversations(now, 1))


async def hostile(count: int, seed: int, folder: Path) -> list[Found]:
    """Send `count` hostile bodies at each channel."""
    found = []
    for channel in CHANNELS:
        async with target_of(channel, folder / f"hostile-{channel}") as target:
            found.append(await attack(target, count, seed))
        say(f"{channel}: {found[-1].requests} requests in {found[-1].seconds:.0f} s, {len(found[-1].faults)} faults")
    return found


def say(line: str) -> None:
    """Tell who waits."""
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    """Run, print the result, write the page, and end with 1 where something is not as promised."""
    parser = argparse.ArgumentParser(description="Soak of the channels.")
    parser.add_argument("--conversations", type=int, default=Plan.conversations)
    parser.add_argument("--bodies", type=int, default=10_000, help="Hostile bodies at each channel")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--arrival", type=float, default=Plan.arrival_seconds, metavar="SECONDS")
    parser.add_argument("--life", type=float, default=Plan.longest_life_seconds, metavar="SECONDS")
    parser.add_argument("--output", type=Path, help="Markdown file of the results")
    parser.add_argument("--keep", type=Path, help="Folder in which databases and logs are left")
    arguments = parser.parse_args()
    plan = Plan(arguments.conversations, arguments.seed, arguments.arrival, arguments.life)
    with tempfile.TemporaryDirectory(prefix="tiepdan-soak-") as temporary:
        folder = arguments.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        found = asyncio.run(hostile(arguments.bodies, plan.seed, folder))
        outcome = asyncio.run(run(plan, folder))
    text = page(outcome, found)
    print(text)
    if arguments.output:
        arguments.output.write_text(text, "utf-8")
    sys.exit(1 if outcome.verdict.faults or any(one.faults for one in found) else 0)


if __name__ == "__main__":
    main()
