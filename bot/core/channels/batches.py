"""Batches of arrivals: their order, their pace, and what became of them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.core.channels.arriving import Arrived
from bot.core.channels.contract import Incoming
from bot.core.channels.ports import InboxRow


def as_sent(arrived: list[Arrived]) -> list[Arrived]:
    """Put what came together in the order in which it was sent; what does not tell stays behind its predecessor."""
    last = (datetime.min.replace(tzinfo=UTC), 0)
    moments = [last := _moment(one.incoming, last) for one in arrived]
    return [arrived[place] for place in sorted(range(len(arrived)), key=moments.__getitem__)]


def _moment(incoming: Incoming, last: tuple[datetime, int]) -> tuple[datetime, int]:
    return last if incoming.sent_at is None else (incoming.sent_at, incoming.order)


class Pace:
    """Spreads what is read so that it does not exceed a rate, apart from one second's worth at once."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._free_at: datetime | None = None

    def wait(self, now: datetime) -> float:
        """Return how many seconds to wait before more is read."""
        return max(0.0, (self._free_at - now).total_seconds() - 1.0) if self._free_at else 0.0

    def used(self, amount: int, now: datetime) -> None:
        """Take note of what was read."""
        self._free_at = max(self._free_at or now, now) + timedelta(seconds=amount / self._per_second)


# A row, how long it waits, and why.
PutOff = tuple[InboxRow, timedelta, str]


@dataclass(frozen=True)
class Dealt:
    """How many arrivals are done, and whether there is a turn to run."""

    count: int = 0
    wakes: bool = False
