"""Taking what a platform delivers: read as far as needed to know whose it is, stored sealed, and no more."""

import base64
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.channels.contract import Arrival, BadBody, Channel, Incoming
from bot.core.channels.ports import DeadLetter
from bot.core.ports import Clock, UnitOfWork, UnitOfWorkFactory

log = logging.getLogger(__name__)
# What waits of one citizen beyond this is not kept: nobody writes so much, and somebody's disk would fill.
MAX_WAITING = 500
# Bodies that nobody could read are kept for people and a later version to see; as many as this of a channel.
MAX_UNREAD = 1_000
UNREAD = "unread"
MAX_ID = 512


class Counters(Protocol):
    """Where occurrences are counted."""

    def add(self, name: str, amount: int = 1) -> None:
        """Add to a counter; never blocks, never raises."""
        ...


@dataclass(frozen=True)
class Taken:
    """What became of a body: threads with something new, how much was new or known, whether it could be read."""

    threads: tuple[str, ...] = ()
    stored: int = 0
    repeated: int = 0
    readable: bool = True


class Receiver:
    """Stores bodies of one channel. Blocking; callers use a thread pool."""

    def __init__(self, units: UnitOfWorkFactory, channel: Channel, clock: Clock, counters: Counters) -> None:
        self._units = units
        self._channel = channel
        self._clock = clock
        self._counters = counters

    def take(self, body: bytes) -> Taken:
        """Store what a body says, once per thing, before it returns. Raises StoreUnavailable, and nothing but that.

        A body that cannot be read is kept among the dead letters.
        """
        return self.take_all([body])[0]

    def take_all(self, bodies: Sequence[bytes]) -> list[Taken]:
        """Store bodies in order, as `take` does each, all in one transaction: of one that fails none is stored."""
        read = [self._read(body) for body in bodies]
        taken = [Taken(readable=not isinstance(found, str)) for found in read]
        if any(read):
            with self._units() as unit:
                for place, (body, found) in enumerate(zip(bodies, read, strict=True)):
                    if isinstance(found, str):
                        self._keep_unread(unit, body, found)
                    elif found:
                        taken[place] = self._store(unit, body, found)
                unit.commit()
        for found, one in zip(read, taken, strict=True):
            self._count(found, one)
        return taken

    def _read(self, body: bytes) -> Sequence[Incoming] | str:
        """Return what a body says, or why it cannot be read."""
        try:
            return _sound(self._channel.read(body))
        except BadBody as error:
            return str(error) or "unreadable"
        except Exception as error:
            # An adapter's mistake must neither lose the body nor have the platform send it for ever.
            cause = type(error).__name__
            log.error("a body could not be read", extra={"channel": self._channel.name, "cause": cause})
            return cause

    def _count(self, found: Sequence[Incoming] | str, taken: Taken) -> None:
        """Count what became of a body, once that is sure."""
        for name, amount in (
            ("in.unread", int(not taken.readable)),
            ("in.silent", int(not found)),
            ("in.stored", taken.stored),
            ("in.repeated", taken.repeated),
        ):
            if amount:
                self._counters.add(name, amount)

    def replay(self) -> tuple[str, ...]:
        """Read again what people asked for; return the threads with something new. Raises StoreUnavailable."""
        with self._units() as unit:
            letters = unit.dead_letters.to_replay(self._channel.name, inbound=True)
        woken: list[str] = []
        for letter in letters:
            body = base64.b64decode(letter.body["body"])
            try:
                arrivals = _sound(self._channel.read(body))
            except Exception:
                arrivals = ()
                done = False
            else:
                with self._units() as unit:
                    woken += self._store(unit, body, arrivals, revive=True).threads
                    unit.commit()
                done = True
            with self._units() as unit:
                unit.dead_letters.tried(letter.id, self._clock.now(), done=done)
                unit.commit()
        return tuple(woken)

    def _store(self, unit: UnitOfWork, body: bytes, arrivals: Sequence[Incoming], *, revive: bool = False) -> Taken:
        now, channel = self._clock.now(), self._channel.name
        threads: list[str] = []
        stored = repeated = 0
        for part, arrival in enumerate(arrivals):
            if arrival.kind is Arrival.IGNORED:
                continue
            if unit.channel_inbox.known(channel, arrival.platform_id):
                # Looked for before anything is locked: a redelivery costs a read.
                repeated += 1
                if revive and unit.channel_inbox.again(channel, arrival.platform_id):
                    threads.append(unit.threads.enter(channel, arrival.address, now).id)
                continue
            thread = unit.threads.enter(channel, arrival.address, now)
            if unit.channel_inbox.count_waiting(thread.id) >= MAX_WAITING:
                self._counters.add("in.flooded")
                continue
            new = unit.channel_inbox.store(thread.id, channel, arrival.platform_id, arrival.kind, part, body, now)
            stored, repeated = stored + new, repeated + (not new)
            threads += [thread.id] if new else []
        return Taken(tuple(dict.fromkeys(threads)), stored, repeated)

    def _keep_unread(self, unit: UnitOfWork, body: bytes, reason: str) -> None:
        digest = hashlib.sha256(body).hexdigest()[:40]
        if unit.dead_letters.count_open(self._channel.name) < MAX_UNREAD:
            unit.dead_letters.add(self._letter(f"in-{self._channel.name}-{digest}", body, reason))

    def _letter(self, letter_id: str, body: bytes, reason: str) -> DeadLetter:
        return unread_letter(letter_id, self._channel.name, None, body, reason, self._clock)


def _sound(arrivals: Sequence[Incoming]) -> Sequence[Incoming]:
    """Return arrivals whose ids every database can keep. Raises BadBody."""
    for arrival in arrivals:
        for name, value in (("id", arrival.platform_id), ("address", arrival.address)):
            if not 1 <= len(value) <= MAX_ID or not all(character.isprintable() for character in value):
                raise BadBody(f"unusable {name}")
    return arrivals


def unread_letter(
    letter_id: str, channel: str, thread_id: str | None, body: bytes, reason: str, clock: Clock
) -> DeadLetter:
    """Return the dead letter of something that arrived."""
    kept = {"body": base64.b64encode(body).decode()}
    return DeadLetter(letter_id, channel, True, thread_id, UNREAD, reason[:100], kept, clock.now())
