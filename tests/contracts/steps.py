"""Steps of the contract tests: what a channel, a worker and an action do with units of work."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from bot.core.messages import InboundMessage, Turn, TurnRecord
from bot.core.ports import UnitOfWorkFactory
from bot.core.replies import Block, Button, Reply, Source

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
MANY = 1_000
LEASE = 60.0
REPLY = Reply(
    "fee",
    "Không mất phí ạ.",
    (Block("list", items=("Đơn", "Ảnh")),),
    (Source("decision", "QĐ 1"),),
    (Button("b1", "Giấy tờ"),),
    {"n": 1},
)
RECORD = TurnRecord("ask_procedure", 0.9, "ask_procedure", "answered", 12.5, procedure_id="NV-1", facet="fee")


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def start(units: UnitOfWorkFactory, *names: str) -> None:
    with units() as unit:
        for name in names or ("c",):
            unit.create_conversation(name, "web", NOW)
        unit.commit()


def post(
    units: UnitOfWorkFactory,
    id: str,
    text: str = "xin chào",
    conversation: str = "c",
    seconds: float = 0,
    button: str | None = None,
    now: datetime | None = None,
) -> int:
    with units() as unit:
        message = InboundMessage(conversation, id, text, at(seconds), button, now)
        stored = unit.store_inbound(message, MANY)
        unit.commit()
    return stored.sequence


def claim(units: UnitOfWorkFactory, conversation: str = "c", worker: str = "w", seconds: float = 0) -> Turn | None:
    with units() as unit:
        turn = unit.claim_turn(conversation, worker, at(seconds), LEASE)
        unit.commit()
    return turn


def claimed(units: UnitOfWorkFactory, conversation: str = "c", seconds: float = 0) -> Turn:
    turn = claim(units, conversation, seconds=seconds)
    assert turn is not None
    return turn


def finish(units: UnitOfWorkFactory, turn: Turn, status: str = "answered", seconds: float = 0) -> bool:
    with units() as unit:
        changed = unit.finish_turn(turn.id, status, at(seconds))
        unit.commit()
    return changed


def due(units: UnitOfWorkFactory, seconds: float = 0, limit: int = 10) -> list[str]:
    with units() as unit:
        return unit.due_conversations(at(seconds), limit)


def together(jobs: int, work: Callable[[int], object]) -> list[object]:
    """Run `work(0…jobs-1)` in as many threads, all let go at once."""
    gate = threading.Barrier(jobs)

    def run(job: int) -> object:
        gate.wait()
        return work(job)

    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(run, range(jobs)))
