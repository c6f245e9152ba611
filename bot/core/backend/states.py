"""What a complaint backend reports about a case, kept once whether it was pushed or asked for."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.core.cases.state import CaseEvent
from bot.core.errors import CaseConflict, TiepDanError
from bot.core.ports import UnitOfWorkFactory
from bot.core.privacy import mask

KIND = "backend_state"
ACTOR = "backend"
MAX_STATE, MAX_TEXT = 100, 4_000
# How far a backend's clock may be ahead; a later report would make every true one after it «late».
SKEW = timedelta(minutes=5)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_TRIES = 5
# Control, format, surrogate and private characters, and separators of lines: nothing that a state is written with.
_NOT_SHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# Letters to Unicode, blanks to whoever reads: Hangul fillers and the empty Braille cell.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_NO_MARKUP = str.maketrans("<>", "‹›")


class UnusableReport(TiepDanError):
    """A report without a word for its state, or of a moment that cannot be; the message repeats nothing of it."""


@dataclass(frozen=True)
class StateReport:
    """A state as the backend names it: any word. `event_id` is its id of a pushed report."""

    state: str
    text: str
    updated_at: datetime
    event_id: str | None = None


class Recorded(StrEnum):
    """What became of a report."""

    NEW = "new"  # it is the case's state there now
    LATE = "late"  # kept in the timeline; a newer one stays the case's state
    KNOWN = "known"  # it was there


def record_state(units: UnitOfWorkFactory, case_id: str, report: StateReport, now: datetime) -> Recorded:
    """Keep a report in the case's timeline and, unless a newer one is known, as the case's state. Blocking.

    Kept is what can be shown to anybody: see `shown`. The same report again changes nothing, whoever brings it.
    Raises UnusableReport, UnknownCase, StoreUnavailable, and CaseConflict when others kept changing the case
    meanwhile.
    """
    report = _usable(report, now)
    for _ in range(_TRIES):
        with units() as unit:
            entries = unit.cases.timeline(case_id)
            earlier = [entry for entry in entries if entry.kind == KIND]
            if any(_same(entry, report) for entry in earlier):
                return Recorded.KNOWN
            # What an earlier version took from the future makes nothing late.
            late = any(report.updated_at < _moment(entry) <= now + SKEW for entry in earlier)
            entry = unit.cases.change(
                case_id,
                KIND,
                ACTOR,
                now,
                {
                    "state": report.state,
                    "text": report.text,
                    "updated_at": report.updated_at.isoformat(),
                    **({"event_id": report.event_id} if report.event_id else {}),
                    **({"late": True} if late else {}),
                },
                backend_state=None if late else report.state,
            )
            # The timeline was read before the change locked it: a gap shows that somebody wrote in between.
            if entry.sequence == (entries[-1].sequence if entries else 0) + 1:
                unit.commit()
                return Recorded.LATE if late else Recorded.NEW
    raise CaseConflict("the case was changed by others again and again")


def shown(text: str, limit: int) -> str:
    """Return a backend's words as they are kept: numbers of people masked, in one line, no control characters and no
    angle brackets, at most `limit` characters."""
    plain = "".join(" " if c in _BLANKS or unicodedata.category(c) in _NOT_SHOWN else c for c in text)
    return mask(" ".join(plain.split())).translate(_NO_MARKUP)[:limit].rstrip()


def _usable(report: StateReport, now: datetime) -> StateReport:
    if report.updated_at.tzinfo is None or not EARLIEST <= report.updated_at <= now + SKEW:
        raise UnusableReport("the state's moment cannot be")
    state = shown(report.state, MAX_STATE)
    if not any(character.isalnum() for character in state):
        raise UnusableReport("the state has no word")
    # Only a moment within the bounds has a place in UTC.
    moment = report.updated_at.astimezone(UTC)
    return replace(report, state=state, text=shown(report.text, MAX_TEXT), updated_at=moment)


def _same(entry: CaseEvent, report: StateReport) -> bool:
    if report.event_id and entry.body.get("event_id") == report.event_id:
        return True
    return entry.body.get("state") == report.state and _moment(entry) == report.updated_at


def _moment(entry: CaseEvent) -> datetime:
    return datetime.fromisoformat(entry.body["updated_at"]).astimezone(UTC)
