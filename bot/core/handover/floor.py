"""What is true at a moment of the people who answer: office hours, who is there, who waits, how it went lately."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.core.handover.attention import Attention, Told
from bot.core.handover.hours import Hours, OpenAt, Span
from bot.core.handover.presence import State, on_duty
from bot.core.handover.queue import History, Standing, Waiting, minutes_until, places
from bot.core.ports import UnitOfWork, UnitOfWorkFactory

# «Lately»: so far back waits still say something of the next one.
LATELY = timedelta(days=7)
SLOTS = 3
# A time that ends so soon is offered to nobody for a call.
_LAST = datetime.max.replace(tzinfo=UTC)
_TOO_SHORT = timedelta(minutes=45)


@dataclass(frozen=True)
class Floor:
    """What is true of everybody. `free`: who is there, takes somebody new, and attends nobody."""

    at: OpenAt
    on_duty: frozenset[str] = frozenset()
    free: int = 0
    waiting: tuple[Waiting, ...] = ()
    history: History = field(default_factory=History)

    def standing(self, conversation_id: str, urgency: int, *, asks: bool = True) -> Standing:
        """Return what one can be told who asks for a person now, or (not `asks`) waits already.

        Who is there counts, whatever the hours say.
        """
        if not self.on_duty:
            return Standing(Told.NOBODY if self.at.open else Told.CLOSED)
        known = next((one for one in self.waiting if one.conversation_id == conversation_id), None)
        if known is None or asks:
            # Who asks again is at the screen now, at the place of their first asking.
            known = Waiting(conversation_id, urgency, known.since if known else _LAST)
        others = [one for one in self.waiting if one.conversation_id != conversation_id]
        place = places([*others, known])[conversation_id]
        minutes = minutes_until(place, on_duty=len(self.on_duty), free=self.free, history=self.history)
        return Standing(Told.QUEUE, place, minutes)


@dataclass(frozen=True)
class Look:
    """What is true of one conversation, and of everybody."""

    attention: Attention
    floor: Floor


class FrontDesk(Protocol):
    """What the dialogue asks of the people who answer."""

    def look(self, conversation_id: str, now: datetime) -> Look:
        """Return what is true now."""
        ...

    def slots(self, now: datetime, *, staffed: bool) -> Sequence[Span]:
        """Return the next times at which somebody can be called; the present one only where somebody is there."""
        ...


def read_floor(unit: UnitOfWork, hours: Hours, now: datetime) -> Floor:
    """Read what is true now. Locks nothing."""
    everybody = unit.switchboard.everybody()
    there = on_duty(everybody, now)
    attending = set(unit.handovers.attended().values())
    free = {each.principal_id for each in everybody if each.state is State.AVAILABLE} & there - attending
    return Floor(
        hours.at(now),
        there,
        len(free),
        tuple(unit.handovers.waiting()),
        unit.handovers.history(now - LATELY),
    )


class StoredFrontDesk:
    """A FrontDesk over the store."""

    def __init__(self, units: UnitOfWorkFactory, hours: Hours) -> None:
        self._units = units
        self._hours = hours

    def look(self, conversation_id: str, now: datetime) -> Look:
        """Return what is true now."""
        with self._units() as unit:
            return Look(unit.handovers.attention(conversation_id), read_floor(unit, self._hours, now))

    def slots(self, now: datetime, *, staffed: bool) -> Sequence[Span]:
        """Return the next times at which somebody can be called."""
        found = self._hours.slots(now, SLOTS + 1)
        return [span for span in found if span.start > now or (staffed and span.end - now >= _TOO_SHORT)][:SLOTS]


class NobodyThere:
    """A FrontDesk where it is office hours and nobody has ever been there."""

    def look(self, conversation_id: str, now: datetime) -> Look:  # noqa: ARG002  (the protocol's signature)
        """Return an empty floor."""
        return Look(Attention(), Floor(OpenAt(True)))

    def slots(self, now: datetime, *, staffed: bool) -> Sequence[Span]:  # noqa: ARG002  (the protocol's signature)
        """Return nothing."""
        return ()
