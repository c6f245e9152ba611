"""A telephone call and what happens to it. Pure.

What a switchboard sends comes late, twice or in the wrong order: a call only ever goes forward, and each moment is
kept once.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class CallState(StrEnum):
    """Where a call stands."""

    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


class Outcome(StrEnum):
    """How a call ended, as the operator says."""

    ANSWERED = "answered"
    FILED = "filed"
    CALL_BACK = "call_back"
    REFERRED = "referred"
    DROPPED = "dropped"
    OTHER = "other"


_PLACE = {state: place for place, state in enumerate(CallState)}
# A switchboard's clock may be wrong by so much; a moment further off is taken as now.
_MAX_SKEW = timedelta(hours=12)
BY_HAND = "hand"
# A line of a transcript may come before the switchboard tells of its call.
UNTOLD = "transcript"


@dataclass(frozen=True)
class CallEvent:
    """What a switchboard says of a call. `line` names the switchboard, `provider_id` the call there.

    `number` is the caller's as it was sent, `called` the number that was called, `extension` who rang or answered.
    """

    line: str
    provider_id: str
    state: CallState
    at: datetime
    number: str | None = None
    called: str | None = None
    extension: str | None = None
    cause: str | None = None


@dataclass(frozen=True)
class Call:
    """A call as it stands. `opaque` is its name in addresses, which tells nothing; the number is kept apart, sealed.

    `answered_at` None with `ended_at`: nobody answered. `operator` is who has it. `masked` is the number as it is
    shown, None where it was withheld or is no longer kept. `topic`, `note` and `summary` are there once wrapped up.
    """

    id: str
    opaque: str
    line: str
    provider_id: str
    state: CallState
    started_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    called: str | None = None
    extension: str | None = None
    cause: str | None = None
    operator: str | None = None
    masked: str | None = None
    wrapped_at: datetime | None = None
    topic: str | None = None
    outcome: Outcome | None = None
    note: str = ""
    summary: str = ""

    @property
    def active(self) -> bool:
        """True while somebody may be on the line."""
        return self.state is not CallState.ENDED

    @property
    def missed(self) -> bool:
        """True when it ended and nobody had answered."""
        return self.state is CallState.ENDED and self.answered_at is None


def begun(call_id: str, opaque: str, event: CallEvent, now: datetime) -> Call:
    """Return the call of which an event is the first that is heard."""
    at = sane(event.at, now)
    fresh = Call(call_id, opaque, event.line, event.provider_id, CallState.RINGING, started_at=at)
    return advanced(fresh, event, now)


def advanced(call: Call, event: CallEvent, now: datetime) -> Call:
    """Return the call after an event; again, late or out of order it changes nothing that is known better."""
    at = sane(event.at, now)
    call = replace(
        call,
        line=event.line if call.line == UNTOLD else call.line,
        started_at=min(call.started_at, at),
        called=call.called or event.called,
        cause=call.cause or event.cause,
        extension=_extension(call, event),
        state=max(call.state, event.state, key=_PLACE.__getitem__),
    )
    if event.state is CallState.ANSWERED:
        return replace(call, answered_at=min(filter(None, (call.answered_at, at))))
    if event.state is CallState.ENDED:
        return replace(call, ended_at=call.ended_at or max(at, call.started_at))
    return call


def sane(at: datetime, now: datetime) -> datetime:
    """Return the moment that a switchboard names, or now where its clock cannot be right."""
    return at if abs(at - now) <= _MAX_SKEW else now


def _extension(call: Call, event: CallEvent) -> str | None:
    """Who answered counts before whose telephone only rang."""
    if event.extension and (call.extension is None or event.state is CallState.ANSWERED):
        return event.extension
    return call.extension
