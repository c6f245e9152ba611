"""Steps of the delivery tests: cases filed in a real store, a clock that is set, a backend that fails on demand."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from bot.core.backend.delivery import DeliveryRunner, DeliverySettings, FileTakingBackend
from bot.core.cases.number import new_number, new_secret
from bot.core.cases.ports import Attachment, Receipt
from bot.core.cases.record import CaseRecord, Filing
from bot.core.cases.state import Case, CaseEvent
from bot.core.story import Identity
from bot.store import Store

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
SETTINGS = DeliverySettings(lease_seconds=60, failures_to_open=3, pause_seconds=15, longest_pause_seconds=100)


@dataclass
class SetClock:
    """Tells the time that it was set to."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class FakeBackend:
    """Keeps what it is given once per key, in memory; `before` and `after` keeping it raises what it is told to."""

    kept: dict[str, Receipt] = field(default_factory=dict)
    files: dict[tuple[str, str], bytes] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    before: list[BaseException] = field(default_factory=list)
    after: list[BaseException] = field(default_factory=list)
    refuses_files: BaseException | None = None
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    gate: asyncio.Event | None = None
    called: asyncio.Event = field(default_factory=asyncio.Event)

    async def file(self, payload: dict[str, Any], key: str) -> Receipt:
        return await self._keep("file", key, lambda: f"R{len(self.kept) + 1}")

    async def add_event(self, reference: str, payload: dict[str, Any], key: str) -> Receipt:
        return await self._keep("event", key, lambda: reference)

    async def find(self, key: str) -> Receipt | None:
        self.calls.append(("find", key))
        if self.before:
            raise self.before.pop(0)
        return self.kept.get(key)

    async def state(self, reference: str) -> dict[str, Any]:
        self.calls.append(("state", reference))
        if self.before:
            raise self.before.pop(0)
        return self.states[reference]

    async def attach(self, reference: str, attachment: Attachment, content: bytes) -> None:
        self.calls.append(("attach", attachment.id))
        if self.refuses_files:
            raise self.refuses_files
        self.files[reference, attachment.id] = content

    async def _keep(self, verb: str, key: str, reference: Callable[[], str]) -> Receipt:
        self.calls.append((verb, key))
        self.called.set()
        if self.before:
            raise self.before.pop(0)
        if self.gate:
            await self.gate.wait()
        receipt = self.kept.setdefault(key, Receipt(reference(), key, NOW))
        if self.after:
            raise self.after.pop(0)
        return receipt


def runner(
    store: Store,
    backend: FileTakingBackend,
    clock: SetClock,
    worker: str = "w",
    settings: DeliverySettings = SETTINGS,
    chance: float = 0.5,
) -> DeliveryRunner:
    return DeliveryRunner(
        units=store, backend=backend, clock=clock, worker=worker, random=lambda: chance, settings=settings
    )


def file_case(store: Store, case_id: str, now: datetime = NOW, **record: Any) -> str:
    """File a case in a conversation of its own and return its number."""
    filing = Filing(
        case_id=case_id,
        number=new_number(),
        secret=new_secret(),
        conversation_id=f"conversation of {case_id}",
        record=CaseRecord(
            **{
                "input_type": "PHAN_ANH_HANH_VI",
                "behaviours": ("TD-XUCPHAM",),
                "severity": 3,
                "narrative": "Nhân viên một cửa quát tôi.",
                "narrative_raw": "nv 1 cua quat toi",
                "identity": Identity.ANONYMOUS,
                "channel": "web",
                "received_at": now,
                **record,
            }
        ),
        due_on=date(2026, 12, 5),
        clock_basis="10 ngày làm việc",
    )
    with store() as unit:
        if not unit.conversation_exists(filing.conversation_id):
            unit.create_conversation(filing.conversation_id, "web", now)
        unit.cases.file(filing, now)
        unit.commit()
    return filing.number


def add_file(store: Store, case_id: str, content: bytes, clean: bytes) -> str:
    """Store a file of a conversation for a case that is filed next."""
    file_id = f"file-{sha256(content).hexdigest()[:12]}"
    conversation = f"conversation of {case_id}"
    with store() as unit:
        if not unit.conversation_exists(conversation):
            unit.create_conversation(conversation, "web", NOW)
        digest = sha256(content).hexdigest()
        attachment = Attachment(file_id, conversation, None, "image/png", "anh.png", len(content), digest, NOW)
        unit.attachments.add(attachment, content, clean)
        unit.commit()
    return file_id


def change(store: Store, case_id: str, kind: str, **fields: Any) -> None:
    with store() as unit:
        unit.cases.change(case_id, kind, "citizen", NOW, {"text": "thêm"}, notify_backend=True, **fields)
        unit.commit()


def case(store: Store, case_id: str) -> Case:
    with store() as unit:
        return unit.cases.case(case_id)


def timeline(store: Store, case_id: str) -> list[CaseEvent]:
    with store() as unit:
        return unit.cases.timeline(case_id)


def counts(store: Store) -> dict[str, int]:
    with store() as unit:
        return {status: count for status, count in unit.outbox.counts().items() if count}


def stuck(store: Store) -> list[dict[str, Any]]:
    with store() as unit:
        return unit.outbox.stuck()
