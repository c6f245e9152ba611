"""The crash test: cases are confirmed while service and backend are killed, the network lies and disks fill.

Run as: python -m tests.chaos.run [--cases 200] [--seed 20261121] [--output docs/reliability.md]
"""

import argparse
import asyncio
import os
import random
import socket
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from actions.backends.secret_file import read_or_make_secrets
from bot.processes import Child, http_health
from tests.chaos.judge import Verdict, judge, undelivered
from tests.chaos.proxy import FaultyProxy
from tests.chaos.roles import Role

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Plan:
    """How many cases, by which seed, and how hard the processes have it. Times in seconds."""

    cases: int = 200
    seed: int = 20261121
    arrival_seconds: float = 120.0
    longest_life_seconds: float = 6.0
    settle_seconds: float = 180.0
    with_file_share: float = 0.2
    adding_share: float = 0.25


@dataclass
class Outcome:
    """What was done, and what it came to."""

    plan: Plan
    verdict: Verdict
    seconds: float
    settled_seconds: float
    faults: Counter[str]
    kills: dict[str, int]
    full: dict[str, int]
    repeated: int
    turned_away: int
    backend_turned_away: int


@dataclass
class Citizens:
    """People who confirm and add, and try again until they are told a number."""

    url: str
    plan: Plan
    chance: random.Random
    told: dict[str, str] = field(default_factory=dict)
    added: list[tuple[str, str]] = field(default_factory=list)
    with_files: set[str] = field(default_factory=set)
    repeated: int = 0
    turned_away: int = 0

    async def all(self) -> None:
        """Let everybody come, spread over the time of arrival."""
        people = []
        for number in range(self.plan.cases):
            case_id = f"{self.chance.getrandbits(128):032x}"
            if self.chance.random() < self.plan.with_file_share:
                self.with_files.add(case_id)
            adds = self.chance.random() < self.plan.adding_share
            people.append(self._one(case_id, number, self.chance.uniform(0, self.plan.arrival_seconds), adds))
        async with httpx.AsyncClient(base_url=self.url, timeout=5, trust_env=False) as http:
            self._http = http
            await asyncio.gather(*people)

    async def _one(self, case_id: str, number: int, arrival: float, adds: bool) -> None:
        await asyncio.sleep(arrival)
        with_file = "true" if case_id in self.with_files else "false"
        answer = await self._post(f"/confirm/{case_id}?with_file={with_file}")
        self.told[case_id] = answer.json()["number"]
        if adds:
            await asyncio.sleep(self.chance.uniform(0, 5))
            await self._post(f"/add/{case_id}/{number}")
            self.added.append((case_id, str(number)))

    async def _post(self, path: str) -> httpx.Response:
        while True:
            try:
                answer = await self._http.post(path)
                if answer.status_code == 200:
                    return answer
                self.turned_away += 1
            except httpx.HTTPError:
                pass
            self.repeated += 1
            await asyncio.sleep(self.chance.uniform(0.1, 0.6))


async def run(plan: Plan, folder: Path) -> Outcome:
    """Carry the plan out in an empty folder."""
    began = time.monotonic()
    chance = random.Random(plan.seed)
    read_or_make_secrets(folder / "backend" / "secrets")
    backend_port, service_port = _free_ports(2)
    proxy = FaultyProxy(backend_port, _derived(chance))
    proxy_port = await proxy.start()
    environment = {**os.environ, "TIEPDAN_DATA_DIR": str(folder), "TIEPDAN_LOG_LEVEL": "warning"}
    backend = Role(
        Child(
            "backend",
            (sys.executable, "-m", "bot.cli", "backend", "run", "--port", str(backend_port)),
            folder / "backend.log",
            http_health(f"http://127.0.0.1:{backend_port}/healthz", 1),
            environment,
            ROOT,
        ),
        _derived(chance),
    )
    service = Role(
        Child(
            "service",
            (
                sys.executable,
                "-m",
                "tests.chaos.service",
                str(folder),
                str(service_port),
                f"http://127.0.0.1:{proxy_port}",
            ),
            folder / "service.log",
            http_health(f"http://127.0.0.1:{service_port}/healthz", 1),
            environment,
            ROOT,
        ),
        _derived(chance),
    )
    roles = (backend, service)
    citizens = Citizens(f"http://127.0.0.1:{service_port}", plan, _derived(chance))
    try:
        await asyncio.gather(*(role.start() for role in roles))
        for role in roles:
            role.torment(plan.longest_life_seconds)
        await citizens.all()
        for role in roles:
            role.leave_alone()
        proxy.calm = True
        calmed = time.monotonic()
        while time.monotonic() - calmed < plan.settle_seconds:
            if not await asyncio.to_thread(undelivered, folder):
                break
            await asyncio.sleep(0.5)
        settled = time.monotonic() - calmed
    finally:
        await asyncio.gather(*(role.stop() for role in roles))
        await proxy.stop()
    verdict = judge(folder, citizens.told, citizens.added, citizens.with_files)
    return Outcome(
        plan,
        verdict,
        time.monotonic() - began,
        settled,
        proxy.counts,
        {role.child.name: role.kills for role in roles},
        {role.child.name: role.full for role in roles},
        citizens.repeated,
        citizens.turned_away,
        proxy.turned_away,
    )


def page(outcome: Outcome) -> str:
    """Return the results as a page of the documentation."""
    template = (Path(__file__).parent / "reliability.template.md").read_text("utf-8")
    plan, verdict = outcome.plan, outcome.verdict
    faults = "\n".join(f"| {name} | {count} |" for name, count in sorted(outcome.faults.items()))
    return template.format(
        seed=plan.seed,
        cases=plan.cases,
        seconds=round(outcome.seconds),
        settled=round(outcome.settled_seconds),
        repeated=outcome.repeated,
        turned_away=outcome.turned_away,
        backend_turned_away=outcome.backend_turned_away,
        service_kills=outcome.kills["service"],
        backend_kills=outcome.kills["backend"],
        service_full=outcome.full["service"],
        backend_full=outcome.full["backend"],
        faults=faults,
        calls=sum(outcome.faults.values()),
        verdict=verdict,
        result="as promised" if not verdict.faults else "; ".join(verdict.faults),
    )


def _derived(chance: random.Random) -> random.Random:
    return random.Random(chance.getrandbits(64))


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def main() -> None:
    """Run, print the result, write the page, and end with 1 where something is not as promised."""
    parser = argparse.ArgumentParser(description="Crash test of the hand-over.")
    parser.add_argument("--cases", type=int, default=Plan.cases)
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument("--arrival", type=float, default=Plan.arrival_seconds, metavar="SECONDS")
    parser.add_argument("--output", type=Path, help="Markdown file of the results")
    parser.add_argument("--keep", type=Path, help="Folder in which databases and logs are left")
    arguments = parser.parse_args()
    plan = Plan(arguments.cases, arguments.seed, arguments.arrival)
    with tempfile.TemporaryDirectory(prefix="tiepdan-chaos-") as temporary:
        folder = arguments.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        outcome = asyncio.run(run(plan, folder))
    print(page(outcome))
    if arguments.output:
        arguments.output.write_text(page(outcome), "utf-8")
    sys.exit(1 if outcome.verdict.faults else 0)


if __name__ == "__main__":
    main()
