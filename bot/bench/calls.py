"""Scripted calls replayed line by line through the hotline's own endpoints: what is suggested, and how soon.

Each line comes as a recogniser sends it: growing partial lines, wrong ones among them, then the final one. After
every one the page asks for suggestions; what counts is the moment at which the caller's question is complete.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from bot.bench.machine import Machine
from bot.bench.shares import share
from bot.core.attachments import FileLimits
from bot.core.cases.people import Principal, Role
from bot.core.clock import SystemClock
from bot.core.errors import TiepDanError
from bot.core.phrases import load_phrases
from bot.core.ports import KnowledgeBase
from bot.settings import Settings
from bot.settings.hotline import HotlineSettings
from bot.store import KeyRing, Store
from bot.wiring.hotline import Hotline
from channels.files import FileDesk
from channels.web.problems import install_problem_handlers

TOP = 3
WITHIN_MS = 1_000.0
TARGET = 0.85
OPERATOR = Principal("bench", "Người trực", Role.OPERATOR)
_EXTENSION = "101"
_TOKEN = "bench-" + "x" * 24
# A recogniser sends what it has about so often while somebody speaks.
_PARTIAL_WORDS = 3


@dataclass(frozen=True)
class Call:
    """A scripted call: `right` are the procedures that fit its question, complete with line `complete`."""

    id: str
    half: str
    sector: str
    right: frozenset[str]
    complete: int
    lines: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Replayed:
    """What came of a call. `first` is the place of the first fitting procedure when the question was complete
    (None: not among the suggested), `milliseconds` from the line to the answer; `early`: it was there before;
    `stays`: it still is when the call is over. `each` are the times of all requests."""

    call: Call
    first: int | None
    milliseconds: float
    early: bool
    stays: bool
    each: tuple[float, ...]

    @property
    def right(self) -> bool:
        """True when a fitting procedure was among the first three within a second of the question."""
        return self.first is not None and self.first < TOP and self.milliseconds <= WITHIN_MS


class _NoBehaviours:
    """Nothing is filed in the benchmark."""

    def codes(self, text: str) -> tuple[()]:  # noqa: ARG002  (the protocol's signature)
        return ()

    def happened(self, text: str) -> float:  # noqa: ARG002  (the protocol's signature)
        return 0.0


def read_calls(path: Path) -> list[Call]:
    """Read the scripts. Raises TiepDanError for an unusable file."""
    try:
        raw = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        return [
            Call(
                each["id"],
                each["half"],
                each["sector"],
                frozenset({each["procedure"], *each["also"]}),
                each["complete"],
                tuple(each["lines"]),
            )
            for each in raw
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TiepDanError(f"{path}: {error!r}") from None


async def replay_all(
    settings: Settings, knowledge: KnowledgeBase, calls: Sequence[Call], report: Callable[[str], None]
) -> list[Replayed]:
    """Replay calls one after the other, on a database of their own."""
    with TemporaryDirectory(prefix="tiepdan-calls-") as folder:
        store = Store(f"sqlite:///{folder}/calls.db", KeyRing.load_or_create(Path(folder) / "keys"))
        store.migrate()
        try:
            with store() as unit:
                unit.principals.add(OPERATOR, datetime.now(UTC))
                unit.commit()
            transport = httpx.ASGITransport(_app(settings, store, knowledge))
            async with httpx.AsyncClient(transport=transport, base_url="http://bench", timeout=60) as client:
                await _warm(client)
                found = []
                for number, call in enumerate(calls, 1):
                    found.append(await _replay(client, call))
                    report(f"{number}/{len(calls)} calls")
                return found
        finally:
            store.close()


def _app(settings: Settings, store: Store, knowledge: KnowledgeBase) -> FastAPI:
    async def signed_in() -> Principal:
        return OPERATOR

    chosen = HotlineSettings(token=SecretStr(_TOKEN), extensions=f"{_EXTENSION}={OPERATOR.id}")
    app = FastAPI()
    install_problem_handlers(app)
    files = FileDesk(store, SystemClock(), FileLimits())
    settings = settings.model_copy(update={"hotline": chosen})
    hotline = Hotline(settings, store, knowledge, load_phrases(), _NoBehaviours(), files)
    hotline.install(app, signed_in)
    return app


async def _warm(client: httpx.AsyncClient) -> None:
    """The first search loads and compiles what all the others use."""
    await _ring(client, "warm")
    line = {"ma": "warm", "ben": "cong_dan", "thu_tu": 1, "chu": "tôi muốn hỏi thủ tục thì làm thế nào", "cuoi": True}
    await _post(client, "/api/hotline/transcripts", line)
    await _suggestions(client, "warm")


async def _ring(client: httpx.AsyncClient, name: str) -> str:
    event = {"loai": "cuoc_goi", "ma": name, "tu": "84900000000", "den": "19001000", "may_nhanh": _EXTENSION}
    await _post(client, "/api/hotline/events/generic", {**event, "su_kien": "do_chuong"})
    told = await _post(client, "/api/hotline/events/generic", {**event, "su_kien": "nghe_may"})
    return str(told["ma"])


async def _replay(client: httpx.AsyncClient, call: Call) -> Replayed:
    opaque = await _ring(client, call.id)
    began = datetime.now(UTC) - timedelta(minutes=3)
    first: int | None = None
    early, taken, each = False, 0.0, []
    found: list[str] = []
    for line in call.lines:
        for text, share_of_line, final in _hearings(line):
            at = began + timedelta(seconds=line["bat_dau"] + (line["het"] - line["bat_dau"]) * share_of_line)
            body = {
                "loai": "dong_thoai",
                "ma": call.id,
                "ben": line["ben"],
                "thu_tu": line["thu_tu"],
                "chu": text,
                "cuoi": final,
                "luc": at.isoformat(),
            }
            started = time.perf_counter()
            await _post(client, "/api/hotline/transcripts", body)
            found = await _suggestions(client, opaque)
            each.append((time.perf_counter() - started) * 1000)
        place = next((at for at, name in enumerate(found) if name in call.right), None)
        if line["thu_tu"] < call.complete:
            early = early or place is not None
        elif line["thu_tu"] == call.complete:
            first, taken = place, each[-1]
    stays = any(name in call.right for name in found)
    await _post(client, "/api/hotline/events/generic", {"ma": call.id, "su_kien": "ket_thuc"})
    return Replayed(call, first, taken, early, stays, tuple(each))


def _hearings(line: dict[str, Any]) -> Iterator[tuple[str, float, bool]]:
    """Yield (text, share of the line's time, final): growing beginnings, wrong hearings, then the whole."""
    words = line["chu"].split()
    for count in range(_PARTIAL_WORDS, len(words), _PARTIAL_WORDS):
        yield " ".join(words[:count]), count / len(words) * 0.9, False
    for wrong in line.get("nghe_do", ()):
        yield wrong, 0.95, False
    yield line["chu"], 1.0, True


async def _post(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(path, json=body, headers={"X-Hotline-Token": _TOKEN})
    answer.raise_for_status()
    told: dict[str, Any] = answer.json()
    return told


async def _suggestions(client: httpx.AsyncClient, name: str) -> list[str]:
    opened = name
    if name == "warm":
        live = (await client.get("/api/console/calls")).raise_for_status().json()
        opened = live["items"][0]["id"]
    answer = await client.get(f"/api/console/calls/{opened}/suggestions", params={"limit": TOP})
    answer.raise_for_status()
    return [str(item["procedure_id"]) for item in answer.json()["items"]]


def measure(
    settings: Settings, knowledge: KnowledgeBase, calls: Sequence[Call], report: Callable[[str], None]
) -> list[Replayed]:
    """Replay calls. Blocking."""
    return asyncio.run(replay_all(settings, knowledge, calls, report))


def page(replayed: Sequence[Replayed], machine: Machine, day: str, load: float) -> str:
    """Return the page; of the held-out half only aggregates are shown, whatever it gives."""
    halves = list(dict.fromkeys(each.call.half for each in replayed))
    of = {half: [each for each in replayed if each.call.half == half] for half in halves}
    rows = [
        ["calls", *(str(len(of[half])) for half in halves)],
        [f"right in the first {TOP} within 1 s", *(share([e.right for e in of[half]]) for half in halves)],
        ["right one first", *(share([e.first == 0 for e in of[half]]) for half in halves)],
        ["there before the question was complete", *(share([e.early for e in of[half]]) for half in halves)],
        ["still there at the end of the call", *(share([e.stays for e in of[half]]) for half in halves)],
        ["at the question: median ms", *(f"{statistics.median(_at(of[half])):.0f}" for half in halves)],
        ["… slowest ms", *(f"{max(_at(of[half])):.0f}" for half in halves)],
        ["all requests: p95 ms", *(f"{_p95([ms for e in of[half] for ms in e.each]):.0f}" for half in halves)],
        ["… requests", *(str(sum(len(e.each) for e in of[half])) for half in halves)],
    ]
    held = share([each.right for each in replayed])
    ok = sum(each.right for each in replayed) >= TARGET * len(replayed)
    return _PAGE.format(
        day=day,
        processor=machine.processor,
        cores=machine.cores,
        load=load,
        table=_table(["", *halves], rows),
        all=held,
        count=len(replayed),
        held="held" if ok else "**not held**",
    )


_PAGE = """# Calls: what is suggested while somebody calls

Written by `tiepdan bench calls` ({day}, {processor}, {cores} cores, load {load:.1f} at the start).

{count} scripted calls of about three minutes, written for the project before anything was tuned: spoken Vietnamese
as a recogniser gives it, without punctuation and capitals, with fillers, mishearings and both sides' words. Each line
is sent to `/api/hotline/transcripts` as growing partial lines and then as a whole; after each the suggestions are
asked for. Times are from sending the line to having the suggestions, the store's writing included. The held-out half
was looked at as a whole alone.

{table}

Target: the right procedure in the first three within 1 s of the question in 85 % of the calls.
All calls: {all}; {held}.
"""


def _at(replayed: Sequence[Replayed]) -> list[float]:
    return [each.milliseconds for each in replayed]


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[max(0, round(len(times) * 0.95) - 1)] if times else 0.0


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
