"""Sending what a conversation says to its channel, in order, through every way it can go wrong.

The event log is the queue, and a thread's cursor says how far it is sent. The order is: take the thread under a lease
→ render the next event → send a piece → move the cursor. So nothing is lost; a piece is sent twice only where nobody
could know whether it was taken (no answer, or a crash before the cursor moved), and that is counted.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.cases.office_ports import Task
from bot.core.channels.contract import Channel, Failure, SendFailed
from bot.core.channels.ports import DeadLetter, Thread, ThreadStatus
from bot.core.channels.receiving import Counters
from bot.core.channels.unsent import Due, next_due, payload_of
from bot.core.errors import StoreUnavailable
from bot.core.ports import Clock, UnitOfWork, UnitOfWorkFactory

log = logging.getLogger(__name__)
# An attempt ends this long before its lease does, so that its outcome is written while the thread is still its own.
LEASE_MARGIN_SECONDS = 5.0
UNCERTAIN = "out.uncertain"
CLOSED_TASK, ALARM_TASK = "channel_closed", "channel_alarm"
_CLOSES = {Failure.WINDOW: ThreadStatus.WINDOW, Failure.BLOCKED: ThreadStatus.BLOCKED}
_MARK_PAUSES = (0.2, 0.5, 1.0, 2.0)


@dataclass(frozen=True)
class SendingSettings:
    """Times in seconds. `lease_seconds` covers the sending of one piece; a dead letter after `give_up_tries`."""

    lease_seconds: float = 60.0
    first_delay_seconds: float = 1.0
    longest_delay_seconds: float = 900.0
    wait_seconds: float = 30.0
    alarm_seconds: float = 60.0
    give_up_tries: int = 40

    def __post_init__(self) -> None:
        if self.lease_seconds <= LEASE_MARGIN_SECONDS:
            raise ValueError(f"a lease is longer than {LEASE_MARGIN_SECONDS:g} seconds")


class SendingRunner:
    """Sends one thread at a time. Any number of runners may share a store: leases decide.

    `choose` stands above numbered choices. `random` gives numbers from 0 to below 1, which spread retries. `worker`
    is unique among running processes.
    """

    def __init__(
        self,
        *,
        units: UnitOfWorkFactory,
        channel: Channel,
        clock: Clock,
        choose: str,
        worker: str,
        random: Callable[[], float],
        counters: Counters,
        settings: SendingSettings | None = None,
    ) -> None:
        self._units = units
        self._channel = channel
        self._clock = clock
        self._choose = choose
        self._worker = worker
        self._random = random
        self._counters = counters
        self._settings = settings or SendingSettings()
        self._held_until: datetime | None = None

    def due(self, limit: int) -> Sequence[str]:
        """Return conversations with something to send; none while the channel is out of order. Blocking."""
        if self._held():
            return ()
        with self._units() as unit:
            return unit.threads.due_sending(self._channel.name, self._clock.now(), limit)

    def release(self) -> None:
        """Give back this worker's leases. Blocking."""
        with self._units() as unit:
            unit.threads.release_leases_of(self._worker)
            unit.commit()

    async def run(self, conversation_id: str) -> bool:
        """Send what a conversation has to say, until there is no more or it must wait. Never asks to be run again."""
        if self._held():
            return False
        begun = await asyncio.to_thread(self._begin, conversation_id)
        if begun is None:
            return False
        thread, due = begun
        flight = _Flight()
        try:
            while due is not None:
                due = await self._one(thread, due, flight)
        except asyncio.CancelledError:
            await asyncio.shield(asyncio.to_thread(self._interrupted, thread, flight))
            raise
        return False

    def _held(self) -> bool:
        return self._held_until is not None and self._clock.now() < self._held_until

    def _begin(self, conversation_id: str) -> tuple[Thread, Due | None] | None:
        """Take the lease and say what to send first; None where there is nothing, or another sends."""
        with self._units() as unit:
            now = self._clock.now()
            if not unit.threads.is_due_sending(conversation_id, now):
                return None  # the common case, and it costs no writing
            thread = unit.threads.claim_sending(conversation_id, self._worker, now, self._settings.lease_seconds)
            if thread is None:
                return None
            due = self._next(unit, thread)
            if thread.uncertain and due is not None:
                # Whoever let the lease run out may have sent this very piece.
                unit.threads.count(thread.channel, UNCERTAIN)
            unit.commit()
        return thread, due

    def _next(self, unit: UnitOfWork, thread: Thread) -> Due | None:
        """Return the next piece; with none, the cursor stands at the end of the log and the lease is given back."""
        current = unit.threads.thread(thread.id)
        assert current is not None  # noqa: S101 - threads are never deleted
        due, sequence = next_due(unit, current, self._channel.capabilities, self._choose)
        if sequence > current.sent_sequence and not self._move(unit, thread, sequence, 0):
            return None
        if due is None:
            unit.threads.release_sending(thread.id, self._worker)
        return due

    def _move(self, unit: UnitOfWork, thread: Thread, sequence: int, piece: int) -> bool:
        now, seconds = self._clock.now(), self._settings.lease_seconds
        return unit.threads.sent(thread.id, self._worker, sequence, piece, now, seconds)

    async def _one(self, thread: Thread, due: Due, flight: "_Flight") -> Due | None:
        """Send a piece, write down what became of it, and return the next; None: there is none, or it must wait."""
        flight.on_its_way = True
        try:
            self._check_window(thread)
            async with asyncio.timeout(self._settings.lease_seconds - LEASE_MARGIN_SECONDS):
                await self._channel.send(thread.address, due.message)
        except Exception as error:
            # What is no SendFailed is a time-out, or an adapter's mistake: it may have been taken.
            failed = error if isinstance(error, SendFailed) else SendFailed(Failure.UNKNOWN, type(error).__name__)
            following = await self._write(lambda unit, now: self._failed(unit, thread, due, failed, now))
        else:
            self._counters.add("out.sent")
            following = await self._write(lambda unit, now: self._taken(unit, thread, due, now))
        flight.on_its_way = False
        return following

    def _check_window(self, thread: Thread) -> None:
        closed, last = self._channel.capabilities.closed_after, thread.last_inbound_at
        if closed is not None and (last is None or self._clock.now() - last >= closed):
            raise SendFailed(Failure.WINDOW, "window")

    def _taken(self, unit: UnitOfWork, thread: Thread, due: Due, now: datetime) -> Due | None:
        if due.letter_id is None:
            mine = self._move(unit, thread, due.sequence, due.piece)
            if due.notice and mine:
                unit.notices.delivered(due.notice)
        else:
            unit.dead_letters.tried(due.letter_id, now, done=True)
            mine = self._stay(unit, thread)
        return self._next(unit, thread) if mine else None

    def _failed(self, unit: UnitOfWork, thread: Thread, due: Due, failed: SendFailed, now: datetime) -> Due | None:
        kind = failed.failure
        told = {"channel": thread.channel, "failure": kind.value, "code": failed.code, "attempt": thread.attempts}
        log.warning("a message was not sent", extra=told)
        self._counters.add(f"out.{kind.value}")
        if kind is Failure.UNKNOWN:
            unit.threads.count(thread.channel, UNCERTAIN)
        current = unit.threads.thread(thread.id)
        tries = current.attempts + 1 if current else 1
        if status := _CLOSES.get(kind):
            if unit.threads.close(thread.id, self._worker, status):
                if due.notice:
                    unit.notices.refused(due.notice, now)  # it is told in another way, where it is not yet
                else:
                    unit.tasks.add(_closed(thread, due, status, now))
            return None
        if kind is Failure.GIVE_UP or (
            kind in {Failure.RETRY, Failure.UNKNOWN} and tries >= self._settings.give_up_tries
        ):
            return self._give_up(unit, thread, due, failed, now)
        if kind is Failure.ALARM:
            self._held_until = now + (failed.after or timedelta(seconds=self._settings.alarm_seconds))
            unit.tasks.add(_alarm(thread.channel, failed.code, now))
        counts = kind in {Failure.RETRY, Failure.UNKNOWN}
        reason = f"{kind.value} {failed.code}".strip()[:100]
        unit.threads.postpone(thread.id, self._worker, reason, now + self._delay(failed, tries - 1), counts=counts)
        return None

    def _give_up(self, unit: UnitOfWork, thread: Thread, due: Due, failed: SendFailed, now: datetime) -> Due | None:
        if due.letter_id is not None:
            unit.dead_letters.tried(due.letter_id, now, done=False)
            return self._next(unit, thread) if self._stay(unit, thread) else None
        if not self._move(unit, thread, due.sequence, due.piece):
            return None
        letter_id = f"out-{thread.id}-{due.message.key}"
        body = payload_of(due.message)
        kind, code = failed.failure.value, failed.code[:100]
        unit.dead_letters.add(DeadLetter(letter_id, thread.channel, False, thread.id, kind, code, body, now))
        return self._next(unit, thread)

    def _stay(self, unit: UnitOfWork, thread: Thread) -> bool:
        """Keep the lease, with the cursor where it is."""
        current = unit.threads.thread(thread.id)
        return current is not None and self._move(unit, thread, current.sent_sequence, current.sent_piece)

    def _delay(self, failed: SendFailed, tries: int) -> timedelta:
        """Return how long to wait: what the platform says, else a back-off that doubles, half of it chance."""
        settings = self._settings
        if failed.after is not None:
            return failed.after + timedelta(seconds=self._random())
        if failed.failure is Failure.WAIT:
            whole = settings.wait_seconds
        elif failed.failure is Failure.ALARM:
            whole = settings.alarm_seconds
        else:
            whole = min(settings.longest_delay_seconds, settings.first_delay_seconds * 2 ** min(tries, 30))
        return timedelta(seconds=whole * (0.5 + self._random() / 2))

    def _interrupted(self, thread: Thread, flight: "_Flight") -> None:
        try:
            with self._units() as unit:
                if flight.on_its_way:
                    unit.threads.count(thread.channel, UNCERTAIN)
                unit.threads.release_sending(thread.id, self._worker)
                unit.commit()
        except StoreUnavailable:
            log.warning("a lease was not given back", extra={"channel": thread.channel})

    async def _write(self, change: Callable[[UnitOfWork, datetime], Due | None]) -> Due | None:
        """Write down what became of a piece; a store that does not answer is asked again, for the piece is sent."""

        def write() -> Due | None:
            with self._units() as unit:
                result = change(unit, self._clock.now())
                unit.commit()
            return result

        for pause in _MARK_PAUSES:
            try:
                return await asyncio.to_thread(write)
            except StoreUnavailable:
                await asyncio.sleep(pause)
        return await asyncio.to_thread(write)


@dataclass
class _Flight:
    """Whether a piece may have been taken without its being written down."""

    on_its_way: bool = False


def _closed(thread: Thread, due: Due, status: ThreadStatus, now: datetime) -> Task:
    why = {
        ThreadStatus.WINDOW: "đã quá thời gian nền tảng cho nhắn",
        ThreadStatus.BLOCKED: "người dân không nhận tin",
    }[status]
    note = (
        f"Chưa gửi được qua {thread.channel}: {why}. Tin sẽ gửi khi họ nhắn lại. Nội dung: {due.message.text[:500]}"
    )
    task_id = f"{CLOSED_TASK}-{thread.id}-{due.message.key}"
    return Task(task_id, CLOSED_TASK, None, thread.conversation_id, note, now, now)


def _alarm(channel: str, code: str, now: datetime) -> Task:
    note = f"Kênh {channel} không gửi được tin cho ai ({code}): xem tiepdan channels status và test."
    return Task(f"{ALARM_TASK}-{channel}-{now:%Y%m%d}", ALARM_TASK, None, None, note, now, now)
