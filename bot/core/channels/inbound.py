"""Reading what arrived on a channel, in order per thread, through every way it can be interrupted.

The order is: take the thread under a lease → fetch the files → do what the arrivals ask for and mark them, in one
transaction. A crash between any two steps leaves arrivals that are read again; nothing of them was done.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core.channels.arriving import WORDLESS, Arrived, Reading, Rules
from bot.core.channels.batches import Dealt, Pace, PutOff, as_sent
from bot.core.channels.contract import Arrival, Channel, Incoming
from bot.core.channels.fetching import FETCHED, Fetcher, NotYet
from bot.core.channels.ports import InboxRow, Thread
from bot.core.channels.receiving import unread_letter
from bot.core.errors import ConversationBusy, StoreUnavailable
from bot.core.phrases import Phrases
from bot.core.ports import Clock, UnitOfWork, UnitOfWorkFactory
from bot.core.replies import Reply
from bot.core.turns import Notifier

log = logging.getLogger(__name__)
BATCH = 20
MAX_TRIES = 5
_RETRY = timedelta(seconds=2)
_BUSY = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)
# What comes in several messages, and is corrected while it does.
_WORDS = frozenset({Arrival.TEXT, Arrival.EDITED})


@dataclass(frozen=True)
class InboundSettings:
    """`wait_seconds`: so long after a message more are waited for, four times as long at most (0: never).

    `per_minute`: messages of one citizen that are read in a minute; the others wait. `per_second`: likewise of the
    channel, in this process.
    """

    wait_seconds: float = 1.0
    per_minute: int = 30
    per_second: float = 50.0
    lease_seconds: float = 180.0
    rules: Rules = field(default_factory=Rules)


class InboundRunner:
    """Reads one thread at a time. Any number of runners may share a store: leases decide.

    `wake` is called with the conversation when there is a turn to run. `worker` is unique among running processes.
    """

    def __init__(
        self,
        *,
        units: UnitOfWorkFactory,
        channel: Channel,
        fetcher: Fetcher,
        clock: Clock,
        phrases: Phrases,
        greeting: Reply,
        notifier: Notifier,
        wake: Callable[[str], None],
        worker: str,
        settings: InboundSettings | None = None,
    ) -> None:
        self._units = units
        self._channel = channel
        self._fetcher = fetcher
        self._clock = clock
        self._phrases = phrases
        self._greeting = greeting
        self._notifier = notifier
        self._wake = wake
        self._worker = worker
        self._settings = settings or InboundSettings()
        self._pace = Pace(self._settings.per_second)

    def due(self, limit: int) -> Sequence[str]:
        """Return threads with something to read. Blocking."""
        with self._units() as unit:
            return unit.threads.due_inbound(self._channel.name, self._clock.now(), limit)

    def release(self) -> None:
        """Give back this worker's leases. Blocking."""
        with self._units() as unit:
            unit.threads.release_leases_of(self._worker)
            unit.commit()

    async def run(self, thread_id: str) -> bool:
        """Read what waits in a thread, a batch at most. True when there may be more to read at once."""
        await asyncio.sleep(self._pace.wait(self._clock.now()))
        begun = await asyncio.to_thread(self._begin, thread_id)
        if begun is None:
            return False
        thread, rows, dealt = begun
        if dealt is None:
            try:
                arrived, put_off = await self._prepare(thread, rows)
                dealt = await asyncio.to_thread(self._deal, thread, arrived, put_off)
            except BaseException:
                # Cancelled, or no store: the rows wait, and the lease must not outlive the attempt.
                await asyncio.shield(asyncio.to_thread(self._give_back, thread_id))
                raise
        self._pace.used(dealt.count, self._clock.now())
        if dealt.count:
            self._notifier.publish(thread.conversation_id)
        if dealt.wakes:
            self._wake(thread.conversation_id)
        return dealt.count == len(rows)

    def _begin(self, thread_id: str) -> tuple[Thread, list[InboxRow], Dealt | None] | None:
        """Take the lease and the batch; where nothing is to be fetched, deal with it at once, in one transaction."""
        now = self._clock.now()
        try:
            with self._units() as unit:
                # The common case of a message that waits for the next costs no writing.
                if self._later(unit.channel_inbox.moments(thread_id, BATCH), now):
                    return None
                thread = unit.threads.claim_inbound(thread_id, self._worker, now, self._settings.lease_seconds)
                if thread is None:
                    return None
                (thread, rows), dealt = self._batch(unit, thread, now), None
                if rows and not any(row.kind in FETCHED for row in rows):
                    arrived, put_off = self._read(rows)
                    dealt = self._apply(unit, thread, arrived, put_off, [0])
                unit.commit()
            return (thread, rows, dealt) if rows else None
        except StoreUnavailable:
            raise
        except Exception as error:
            # Nothing of it is kept; the slower way finds out which of them it was.
            log.warning("a batch failed", extra={"channel": self._channel.name, "cause": type(error).__name__})
        with self._units() as unit:
            thread = unit.threads.claim_inbound(thread_id, self._worker, now, self._settings.lease_seconds)
            thread, rows = self._batch(unit, thread, now) if thread else (None, [])
            unit.commit()
        return (thread, rows, None) if thread and rows else None

    def _batch(self, unit: UnitOfWork, thread: Thread, now: datetime) -> tuple[Thread, list[InboxRow]]:
        """Return the thread as it is now, and what may be read; with nothing, the lease is given back."""
        done = unit.channel_inbox.done_since(thread.id, now - _MINUTE)
        room = self._settings.per_minute - len(done)
        rows = unit.channel_inbox.waiting(thread.id, min(max(room, 1), BATCH))
        worded = any(row.kind not in WORDLESS for row in rows)
        reading = self._reading(unit, thread, now)
        if worded:
            # Before files are fetched, which may take a while; an officer among them is dealt with first.
            reading.open(greets=not any(row.kind is Arrival.OFFICER for row in rows))
            thread = replace(thread, greeted_at=reading.greeted_at)
        if rows and room > 0:
            return thread, rows
        if worded and (thread.slowed_at is None or now - thread.slowed_at > _MINUTE):
            reading.slow_down()
        unit.threads.release_inbound(thread.id, self._worker, done[0] + _MINUTE if rows else None)
        return thread, []

    def _later(self, waiting: Sequence[tuple[Arrival, datetime]], now: datetime) -> bool:
        """Say whether more is waited for, or nothing is there: only words come in several messages."""
        wait = timedelta(seconds=self._settings.wait_seconds)
        if any(kind not in _WORDS for kind, _ in waiting):
            return False
        return not waiting or min(waiting[-1][1] + wait, waiting[0][1] + wait * 4) > now

    def _read(self, rows: Sequence[InboxRow]) -> tuple[list[Arrived], PutOff | None]:
        """Read bodies up to the first that cannot be read."""
        arrived: list[Arrived] = []
        for row in rows:
            try:
                arrived.append(Arrived(row, self._incoming(row)))
            except Exception as error:
                log.error("an arrival failed", extra={"channel": row.channel, "cause": type(error).__name__})
                return arrived, (row, _RETRY * 2**row.attempts, type(error).__name__)
        return as_sent(arrived), None

    def _incoming(self, row: InboxRow) -> Incoming:
        incoming = self._channel.read(row.body)[row.part]
        # JSON can write halves of characters, which nothing else can.
        return replace(incoming, text=incoming.text.encode("utf-8", "replace").decode())

    async def _prepare(self, thread: Thread, rows: Sequence[InboxRow]) -> tuple[list[Arrived], PutOff | None]:
        """Read bodies and fetch files up to the first that must be put off."""
        arrived: list[Arrived] = []
        for row in rows:
            try:
                incoming = self._incoming(row)
                last = row.attempts + 1 >= MAX_TRIES
                files = await self._fetcher.fetch(incoming, thread.conversation_id, last_try=last)
            except NotYet as waiting:
                return arrived, (row, waiting.after or _RETRY * 2**row.attempts, waiting.code)
            except StoreUnavailable:
                raise
            except Exception as error:
                log.error("an arrival failed", extra={"channel": row.channel, "cause": type(error).__name__})
                return arrived, (row, _RETRY * 2**row.attempts, type(error).__name__)
            arrived.append(Arrived(row, incoming, files))
        return as_sent(arrived), None

    def _deal(self, thread: Thread, arrived: Sequence[Arrived], put_off: PutOff | None) -> Dealt:
        """Do and mark them, all at once; of those that fail, what stands before."""
        while True:
            at = [0]
            try:
                with self._units() as unit:
                    if not unit.threads.holds_inbound(thread.id, self._worker):
                        return Dealt()  # the lease ran out: another has read them
                    dealt = self._apply(unit, thread, arrived, put_off, at)
                    unit.commit()
                return dealt
            except StoreUnavailable:
                raise
            except Exception as error:
                if not arrived:
                    raise
                row = arrived[at[0]].row
                log.error("an arrival failed", extra={"channel": row.channel, "cause": type(error).__name__})
                put_off = (row, _RETRY * 2**row.attempts, type(error).__name__)
                arrived = arrived[: at[0]]

    def _apply(
        self, unit: UnitOfWork, thread: Thread, arrived: Sequence[Arrived], put_off: PutOff | None, at: list[int]
    ) -> Dealt:
        """Do and mark arrivals and give the lease back; `at[0]` tells which one was in hand when this fails."""
        now = self._clock.now()
        reading, next_at = self._reading(unit, thread, now), None
        for place, one in enumerate(arrived):
            at[0] = place
            try:
                reading.deal(one)
            except ConversationBusy:
                unit.threads.release_inbound(thread.id, self._worker, now + _BUSY)
                return Dealt(place, reading.wakes)
            unit.channel_inbox.done(one.row, now)
        if put_off is not None:
            next_at = self._failed(unit, put_off, now)
        unit.threads.release_inbound(thread.id, self._worker, next_at)
        return Dealt(len(arrived), reading.wakes)

    def _failed(self, unit: UnitOfWork, put_off: PutOff, now: datetime) -> datetime | None:
        """Count a failure, or give up: people see it, and the thread goes on. Return when to try again."""
        row, delay, code = put_off
        if row.attempts + 1 < MAX_TRIES:
            unit.channel_inbox.failed(row)
            return now + delay
        digest = hashlib.sha256(row.platform_id.encode()).hexdigest()[:40]
        letter_id = f"in-{row.channel}-{digest}"
        unit.dead_letters.add(unread_letter(letter_id, row.channel, row.thread_id, row.body, code, self._clock))
        unit.channel_inbox.dead(row)
        return None

    def _give_back(self, thread_id: str) -> None:
        try:
            with self._units() as unit:
                unit.threads.release_inbound(thread_id, self._worker, self._clock.now() + _BUSY)
                unit.commit()
        except StoreUnavailable:
            log.warning("a lease was not given back", extra={"channel": self._channel.name})

    def _reading(self, unit: UnitOfWork, thread: Thread, now: datetime) -> Reading:
        return Reading(
            unit,
            thread,
            self._channel.capabilities,
            self._phrases,
            self._greeting,
            self._settings.rules,
            now,
            self._incoming,
        )
