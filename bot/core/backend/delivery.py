"""Handing cases over exactly once: from the outbox to the complaint backend, through every way it can go wrong.

The order is: take the row under a lease → ask by key wherever an earlier attempt may have been accepted → send → hand
over the files → mark. A crash between any two steps leaves a row that is taken up again under the same key, marked as
uncertain; the backend gives the same key the same receipt. So nothing is lost and nothing is doubled.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from bot.core.backend.circuit import Circuit
from bot.core.cases.office_ports import Task
from bot.core.cases.ports import Attachment, ComplaintBackend, OutboxRow, Receipt
from bot.core.errors import BackendRefused, BackendUnavailable
from bot.core.ports import Clock, UnitOfWork, UnitOfWorkFactory

log = logging.getLogger(__name__)
# An attempt ends this long before its lease does, so that its outcome is written while the row is still its own.
LEASE_MARGIN_SECONDS = 5.0


class FileTakingBackend(ComplaintBackend, Protocol):
    """A complaint backend that also takes the files of a case."""

    async def attach(self, reference: str, attachment: Attachment, content: bytes) -> None:
        """Hand over a file; again with the same bytes it changes nothing. Raises as ComplaintBackend does."""
        ...


@dataclass(frozen=True)
class DeliverySettings:
    """Times in seconds. `lease_seconds` covers a whole attempt: question, case and files."""

    lease_seconds: float = 300.0
    first_delay_seconds: float = 1.0
    longest_delay_seconds: float = 900.0
    failures_to_open: int = 5
    pause_seconds: float = 15.0
    longest_pause_seconds: float = 300.0
    idle_seconds: float = 2.0
    stop_seconds: float = 3.0
    alarm_after_seconds: float = 3600.0

    def __post_init__(self) -> None:
        if self.lease_seconds <= LEASE_MARGIN_SECONDS:
            raise ValueError(f"a lease is longer than {LEASE_MARGIN_SECONDS:g} seconds")


class Step(StrEnum):
    """What one look at the outbox came to."""

    IDLE = "idle"  # nothing is due
    HELD = "held"  # the circuit is open
    DELIVERED = "delivered"
    POSTPONED = "postponed"
    REFUSED = "refused"


@dataclass
class _Attempt:
    """A row in hand: the receipt once there is one, and the files that were refused, with the reason."""

    row: OutboxRow
    receipt: Receipt | None = None
    refused: dict[str, str] = field(default_factory=dict)


class DeliveryRunner:
    """Hands over one row at a time. Any number of runners may share an outbox: leases decide.

    `random` gives numbers from 0 to below 1, which spread retries. `worker` is unique among running processes.
    """

    def __init__(
        self,
        *,
        units: UnitOfWorkFactory,
        backend: FileTakingBackend,
        clock: Clock,
        worker: str,
        random: Callable[[], float],
        settings: DeliverySettings | None = None,
    ) -> None:
        self._units = units
        self._backend = backend
        self._clock = clock
        self._worker = worker
        self._random = random
        self._settings = settings = settings or DeliverySettings()
        self._circuit = Circuit(settings.failures_to_open, settings.pause_seconds, settings.longest_pause_seconds)
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Look at the outbox now: a case was filed. Call from the event loop."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver until cancelled; then the attempt in hand gets a moment to end, and leases are given back."""
        try:
            while True:
                self._wake.clear()
                step = await self._one_to_its_end()
                if step in {None, Step.IDLE, Step.HELD}:
                    await self._pause(self._settings.idle_seconds if step is Step.IDLE else self._held_seconds())
        finally:
            try:
                await asyncio.to_thread(self._release)
            except Exception as error:
                log.warning("leases were not given back", extra={"cause": type(error).__name__})

    async def run_once(self) -> Step:
        """Take the next due row, if any and if the circuit allows it, and hand it over.

        Raises StoreUnavailable when the store did not answer; a row that was taken is then taken up again when its
        lease has run out.
        """
        if self._circuit.wait(self._clock.now()) > 0:
            return Step.HELD
        row = await asyncio.to_thread(self._claim)
        if row is None:
            return Step.IDLE
        attempt = _Attempt(row)
        try:
            async with asyncio.timeout(self._settings.lease_seconds - LEASE_MARGIN_SECONDS):
                await self._hand_over(attempt)
        except BackendRefused as refusal:
            self._circuit.succeeded()
            return await self._refuse(row, str(refusal))
        except BackendUnavailable as failure:
            self._fail()
            return await self._postpone(row, str(failure), uncertain=failure.uncertain)
        except TimeoutError:
            self._fail()
            return await self._postpone(row, "hệ thống xử lý trả lời quá lâu", uncertain=True)
        except asyncio.CancelledError:
            await self._postpone(row, "dịch vụ dừng giữa lúc bàn giao", uncertain=True, at_once=True)
            raise
        except Exception as error:
            # Whatever it was, the case must not be lost, and the others must not wait for it.
            log.error("delivery failed", extra={"row_id": row.id, "cause": type(error).__name__}, exc_info=error)
            return await self._postpone(row, f"lỗi nội bộ ({type(error).__name__})", uncertain=True)
        self._circuit.succeeded()
        return await self._finish(attempt)

    async def _hand_over(self, attempt: _Attempt) -> None:
        row = attempt.row
        # Whoever let a lease run out (a crash, a store that could not write) left the row uncertain.
        known = await self._backend.find(row.key) if row.uncertain or row.attempts else None
        if row.kind == "case":
            attempt.receipt = known or await self._backend.file(row.payload, row.key)
        else:
            reference = await asyncio.to_thread(self._reference, row.case_id)
            if reference is None:
                raise BackendRefused("vụ việc chưa có mã ở hệ thống xử lý")
            attempt.receipt = known or await self._backend.add_event(reference, row.payload, row.key)
        for file_id in _file_ids(row.payload):
            found = await asyncio.to_thread(self._file, row.case_id, file_id)
            if found is None:
                attempt.refused[file_id] = "tệp không còn trong kho"
                continue
            try:
                await self._backend.attach(attempt.receipt.reference, *found)
            except BackendRefused as refusal:
                # The case is there; a file it does not take must not hold the case back.
                attempt.refused[file_id] = str(refusal)

    async def _finish(self, attempt: _Attempt) -> Step:
        row, receipt = attempt.row, attempt.receipt
        assert receipt is not None  # noqa: S101 - _hand_over raised otherwise
        told = {
            "reference": receipt.reference,
            "key": receipt.key,
            "received_at": receipt.received_at.isoformat(),
        }

        def mark(unit: UnitOfWork, now: datetime) -> None:
            unit.outbox.delivered(row.id, told, now)
            for file_id, reason in attempt.refused.items():
                note = f"Hệ thống xử lý đã nhận vụ việc nhưng không nhận một tệp: {reason}."
                unit.tasks.add(_task(f"file-{row.id}-{file_id}", "file_refused", row, note, now))

        await self._write(mark)
        log.info("handed over", extra={"row_id": row.id, "kind": row.kind, "attempt": row.attempts})
        return Step.DELIVERED

    async def _refuse(self, row: OutboxRow, reason: str) -> Step:
        log.warning("delivery refused", extra={"row_id": row.id, "kind": row.kind, "cause": reason})
        await self._write(lambda unit, now: unit.outbox.refused(row.id, reason, now))
        return Step.REFUSED

    async def _postpone(self, row: OutboxRow, cause: str, *, uncertain: bool, at_once: bool = False) -> Step:
        delay = timedelta(0) if at_once else self._delay(row.attempts)
        log.warning(
            "delivery postponed",
            extra={"row_id": row.id, "kind": row.kind, "attempt": row.attempts, "cause": cause},
        )

        def mark(unit: UnitOfWork, now: datetime) -> None:
            unit.outbox.retry(row.id, cause, now + delay, uncertain=row.uncertain or uncertain)
            if now - row.created_at >= timedelta(seconds=self._settings.alarm_after_seconds):
                note = f"Chưa bàn giao được từ lúc tiếp nhận: {cause}. Hệ thống vẫn tiếp tục thử."
                unit.tasks.add(_task(f"delivery-{row.id}", "delivery_stuck", row, note, now))

        await self._write(mark)
        return Step.POSTPONED

    def _delay(self, attempts: int) -> timedelta:
        """Return the back-off: it doubles from the first to the longest, and half of it is chance."""
        settings = self._settings
        whole = min(settings.longest_delay_seconds, settings.first_delay_seconds * 2 ** min(attempts, 30))
        return timedelta(seconds=whole * (0.5 + self._random() / 2))

    def _fail(self) -> None:
        if self._circuit.failed(self._clock.now()):
            log.warning("backend left alone", extra={"seconds": round(self._held_seconds(), 1)})

    def _held_seconds(self) -> float:
        return self._circuit.wait(self._clock.now()) or self._settings.idle_seconds

    async def _one_to_its_end(self) -> Step | None:
        """Run one step; a cancellation lets it end first, for as long as the settings allow. None: it failed."""
        step = asyncio.create_task(self.run_once())
        try:
            return await asyncio.shield(step)
        except asyncio.CancelledError:
            await asyncio.wait({step}, timeout=self._settings.stop_seconds)
            step.cancel()
            await asyncio.gather(step, return_exceptions=True)
            raise
        except Exception as error:
            log.error("delivery step failed", extra={"cause": type(error).__name__})
            return None

    async def _pause(self, seconds: float) -> None:
        """Sleep, shorter when a case is filed; but never shorter than the circuit wants."""
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return
        await asyncio.sleep(self._circuit.wait(self._clock.now()))

    def _claim(self) -> OutboxRow | None:
        with self._units() as unit:
            row = unit.outbox.claim(self._worker, self._clock.now(), self._settings.lease_seconds)
            unit.commit()
        return row

    def _reference(self, case_id: str) -> str | None:
        with self._units() as unit:
            return unit.cases.case(case_id).backend_reference

    def _file(self, case_id: str, file_id: str) -> tuple[Attachment, bytes] | None:
        with self._units() as unit:
            found = next((a for a in unit.attachments.of_case(case_id) if a.id == file_id), None)
            return (found, unit.attachments.read(file_id)) if found else None

    async def _write(self, change: Callable[[UnitOfWork, datetime], None]) -> None:
        def write() -> None:
            with self._units() as unit:
                change(unit, self._clock.now())
                unit.commit()

        await asyncio.to_thread(write)

    def _release(self) -> None:
        with self._units() as unit:
            unit.outbox.release_leases_of(self._worker)
            unit.commit()


def _file_ids(payload: dict[str, Any]) -> list[str]:
    return [str(file["id"]) for file in payload.get("attachments") or []]


def _task(task_id: str, kind: str, row: OutboxRow, note: str, now: datetime) -> Task:
    return Task(task_id, kind, row.case_id, None, note, due_at=now, created_at=now)
