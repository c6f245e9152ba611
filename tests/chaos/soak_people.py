"""The citizens of the soak: they write on a platform, wait for what is shown to them, and write again.

The platform delivers a message until it is acknowledged, with pauses that grow as Zalo's do, and now and then once
more after that.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

from bot.bench.scripts import SCRIPTS
from tests.chaos.soak_sides import Mail, Side

# The beginning of Zalo's ladder (30 s, 5 min, 15 min), in a sixtieth of its time; the last step repeats until the
# service is back, where Zalo would go on to an hour and then stop.
LADDER_SECONDS = (0.5, 5.0, 15.0)
ACKNOWLEDGE_SECONDS = 2.0
Key = tuple[str, str]


@dataclass(frozen=True)
class Habits:
    """What people and platforms do, in shares and seconds. `patience`: so long an answer is waited for."""

    telegram: float = 0.15
    three_messages: float = 0.5
    writes_on: float = 0.15
    delivered_again: float = 0.03
    longest_pause: float = 2.0
    patience: float = 120.0


@dataclass
class People:
    """`said` is what each person wrote, in order, by platform and address; `late`: answers not there in time."""

    url: str
    sides: Sequence[Side]
    count: int
    arrival_seconds: float
    chance: random.Random
    habits: Habits = Habits()
    said: dict[Key, list[str]] = field(default_factory=dict)
    late: int = 0
    deliveries: int = 0
    repeated: int = 0
    again: int = 0
    acknowledged: list[float] = field(default_factory=list)
    _shown: Counter[Key] = field(default_factory=Counter)
    _read: Counter[str] = field(default_factory=Counter)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def all(self) -> None:
        """Let everybody come, spread over the time of arrival."""
        watching = asyncio.create_task(self._watch())
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=50)
        try:
            async with httpx.AsyncClient(
                base_url=self.url, timeout=ACKNOWLEDGE_SECONDS, trust_env=False, limits=limits
            ) as http:
                self._http = http
                async with asyncio.TaskGroup() as group:
                    for number in range(self.count):
                        group.create_task(self._one(number, random.Random(self.chance.getrandbits(64))))
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _one(self, number: int, chance: random.Random) -> None:
        await asyncio.sleep(chance.uniform(0, self.arrival_seconds))
        zalo, telegram = self.sides
        side = telegram if chance.random() < self.habits.telegram else zalo
        key = (side.name, side.person(number))
        script = chance.choice(SCRIPTS)[: 3 if chance.random() < self.habits.three_messages else 2]
        said = self.said.setdefault(key, [])
        for place, text in enumerate(script):
            mail = side.mail(key[1], text, number * 10 + place + 1)
            before = self._shown[key]
            said.append(text)
            await self._deliver(mail, chance)
            last = place + 1 == len(script)
            if not last and chance.random() < self.habits.writes_on:
                continue
            await self._until_shown(key, before)
            await asyncio.sleep(chance.uniform(0.1, self.habits.longest_pause))

    async def _deliver(self, mail: Mail, chance: random.Random) -> None:
        await self._until_acknowledged(mail)
        if chance.random() < self.habits.delivered_again:
            self.again += 1
            await self._until_acknowledged(mail)

    async def _until_acknowledged(self, mail: Mail) -> None:
        attempt = 0
        while not await self._acknowledged(mail):
            self.repeated += 1
            await asyncio.sleep(LADDER_SECONDS[min(attempt, len(LADDER_SECONDS) - 1)])
            attempt += 1

    async def _acknowledged(self, mail: Mail) -> bool:
        self.deliveries += 1
        began = time.perf_counter()
        try:
            answer = await self._http.post(mail.path, content=mail.body, headers=mail.headers)
        except httpx.HTTPError:
            return False
        if answer.status_code == 200:
            self.acknowledged.append(time.perf_counter() - began)
        return answer.status_code == 200

    async def _until_shown(self, key: Key, before: int) -> None:
        """Wait until the platform shows the person more than before."""
        try:
            async with asyncio.timeout(self.habits.patience):
                while self._shown[key] <= before:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            self.late += 1

    async def _watch(self) -> None:
        while True:
            for side in self.sides:
                fresh = side.taken(self._read[side.name])
                self._read[side.name] += len(fresh)
                self._shown.update((side.name, one.address) for one in fresh)
            self._news.set()
            await asyncio.sleep(0.1)
