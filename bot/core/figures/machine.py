"""The figures for a machine that asks every few seconds: totals that only grow, and those of today and this week.

A machine sees the moment at which a number changes. So cases by unit and by behaviour are those of the last whole
week, in groups that are large enough; of the running day and week only how many cases there are.
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.core.cases.people import Principal, Role
from bot.core.figures.counting import HOTLINE, Counts, by_outcome, by_reason, count
from bot.core.figures.desk import FiguresDesk
from bot.core.figures.small_groups import grouped
from bot.core.figures.span import VIETNAM, Period, SpanKind, midnight, span_of
from bot.core.ports import Clock, UnitOfWork, UnitOfWorkFactory

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
# What began before yesterday changes no more.
_SETTLED = timedelta(days=1)
# A reading that took long is kept so many times as long, so that asking often costs a twentieth of one core at most.
_REST = 20
# Sees of cases what an auditor of no unit sees: none that is restricted.
_MACHINE = Principal("metrics", "Số liệu cho máy", Role.AUDITOR)


@dataclass(frozen=True)
class Totals:
    """Counts that only grow, by channel, outcome, reason, why and action."""

    conversations: Mapping[str, int]
    turns: Mapping[str, int]
    refused: Mapping[str, int]
    called: Mapping[str, int]
    suggestions: Mapping[str, int]
    cases: int

    def __add__(self, other: "Totals") -> "Totals":
        """Return both together."""
        return Totals(
            conversations=_sum(self.conversations, other.conversations),
            turns=_sum(self.turns, other.turns),
            refused=_sum(self.refused, other.refused),
            called=_sum(self.called, other.called),
            suggestions=_sum(self.suggestions, other.suggestions),
            cases=self.cases + other.cases,
        )


@dataclass(frozen=True)
class Running:
    """Figures of the running day or week; `cases` are all that were filed."""

    counts: Counts
    cases: int


@dataclass(frozen=True)
class Snapshot:
    """All of it at one moment; the groups are of the last whole week."""

    totals: Totals
    running: Mapping[SpanKind, Running]
    behaviours: Mapping[str, int]
    units: Mapping[str, int]


class NotCountedYet(Exception):
    """The first reading is still under way."""


class MachineFigures:
    """Reads them at most once in so many seconds. Blocking for the one who reads; others get what was read last."""

    def __init__(
        self, units: UnitOfWorkFactory, clock: Clock, desk: FiguresDesk, seconds: float, ticks: Callable[[], float]
    ) -> None:
        """Keep a reading for `seconds` of `ticks`, a clock that is never put back."""
        self._units = units
        self._clock = clock
        self._desk = desk
        self._seconds = seconds
        self._ticks = ticks
        self._lock = threading.Lock()
        self._fresh_until = float("-inf")
        self._snapshot: Snapshot | None = None
        self._settled: tuple[datetime, Totals] | None = None
        self._groups: tuple[date, Mapping[str, int], Mapping[str, int]] | None = None

    def snapshot(self) -> Snapshot:
        """Return the figures, as old as they may be, or older while they are read anew. Raises NotCountedYet."""
        # Whoever asks meanwhile does not wait: those who ask every few seconds would fill the threads of the service.
        if self._lock.acquire(blocking=False):
            try:
                if self._snapshot is None or self._ticks() >= self._fresh_until:
                    began = self._ticks()
                    self._snapshot = self._read()
                    ended = self._ticks()
                    self._fresh_until = max(began + self._seconds, ended + _REST * (ended - began))
            finally:
                self._lock.release()
        if self._snapshot is None:
            raise NotCountedYet("the first reading is still under way")
        return self._snapshot

    def _read(self) -> Snapshot:
        now = self._clock.now()
        today = now.astimezone(VIETNAM).date()
        behaviours, units = self._last_week(today)
        with self._units() as unit:
            running = {kind: _running(unit, span_of(kind, today, now).now) for kind in SpanKind}
            return Snapshot(self._totals(unit, today, now), running, behaviours, units)

    def _totals(self, unit: UnitOfWork, today: date, now: datetime) -> Totals:
        since = midnight(today - _SETTLED)
        if self._settled is None:
            self._settled = (since, _counted(unit, Period(BEGINNING, since)))
        until, settled = self._settled
        if until < since:
            self._settled = (since, settled + _counted(unit, Period(until, since)))
        return self._settled[1] + _counted(unit, Period(self._settled[0], now))

    def _last_week(self, today: date) -> tuple[Mapping[str, int], Mapping[str, int]]:
        if self._groups is None or self._groups[0] != today:
            cases = self._desk.figures(_MACHINE, SpanKind.WEEK, today - timedelta(days=7)).now.cases
            found = (cases.by_behaviour, cases.by_unit) if cases else ({}, {})
            behaviours, units = ({g.code: g.now or 0 for g in grouped(counts, {}).shown} for counts in found)
            self._groups = (today, behaviours, units)
        return self._groups[1:]


def _running(unit: UnitOfWork, period: Period) -> Running:
    return Running(count(unit.figures, unit.suggestions.log, period, None), unit.figures.cases(period))


def _counted(unit: UnitOfWork, period: Period) -> Totals:
    records, log = unit.figures, unit.suggestions.log
    outcomes, conversations = records.outcomes(period), dict(records.begun(period))
    if calls := records.calls(period):
        conversations[HOTLINE] = conversations.get(HOTLINE, 0) + calls
    return Totals(
        conversations=conversations,
        turns=by_outcome(outcomes),
        refused=by_reason(outcomes),
        called=records.asks(period),
        suggestions={action.value: n for action, n in log.figures(period.since, period.until).items()},
        cases=records.cases(period),
    )


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return dict(Counter(one) + Counter(other))
