"""Who of the staff is there: what they say of themselves counts only while their page is open. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# An open page shows itself every 30 seconds.
SEEN = timedelta(seconds=90)


class State(StrEnum):
    """What somebody says of themselves."""

    AVAILABLE = "available"
    BUSY = "busy"  # there, but takes nobody new
    LUNCH = "lunch"
    AWAY = "away"


ON_DUTY = frozenset({State.AVAILABLE, State.BUSY})


@dataclass(frozen=True)
class Presence:
    """What somebody of the staff said last, since when, and when their page was last seen."""

    principal_id: str
    state: State
    since: datetime
    seen_at: datetime

    def seen(self, now: datetime) -> bool:
        """True while their page is open."""
        return now - self.seen_at < SEEN

    def on_duty(self, now: datetime) -> bool:
        """True while they are there to answer, if only when they are done with somebody else."""
        return self.state in ON_DUTY and self.seen(now)

    def shown(self, now: datetime) -> State:
        """Return what others are shown: who is not seen is away."""
        return self.state if self.seen(now) else State.AWAY


def on_duty(everybody: Iterable[Presence], now: datetime) -> frozenset[str]:
    """Return who is there to answer."""
    return frozenset(each.principal_id for each in everybody if each.on_duty(now))
