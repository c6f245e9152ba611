"""The day's figures as somebody of the staff may see them. Cases that one may not know of are not counted for one."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.core.cases.access import Access, Office, View, may_office
from bot.core.cases.desk_tools import every
from bot.core.cases.people import Principal
from bot.core.cases.state import CaseFilter, Status
from bot.core.enquiry.titles import plain_name
from bot.core.figures.counting import CaseCounts, Figures, count, count_cases
from bot.core.figures.report import Names, Report, Reporter
from bot.core.figures.span import VIETNAM, Period, SpanKind, span_of
from bot.core.ports import Clock, KnowledgeBase, UnitOfWork, UnitOfWorkFactory
from bot.core.taxonomy import Taxonomy
from bot.core.units import UnitRegistry


@dataclass(frozen=True)
class FigureTools:
    """What figures are made with."""

    units: UnitOfWorkFactory
    clock: Clock
    access: Access
    knowledge: KnowledgeBase
    taxonomy: Taxonomy
    registry: UnitRegistry


class FiguresDesk:
    """Counts and lays out. Blocking; callers use a thread."""

    def __init__(self, tools: FigureTools, reporter: Reporter) -> None:
        self._tools = tools
        self._reporter = reporter

    def report(self, who: Principal, kind: SpanKind, day: date | None = None) -> Report:
        """Return the figures of a day, today by default, or of the week that it is in. Raises NoSuchDay."""
        figures, now = self.figures(who, kind, day), self._tools.clock.now()
        return self._reporter.report(figures, self.names(now))

    def figures(self, who: Principal, kind: SpanKind, day: date | None = None) -> Figures:
        """Return the same as numbers. Raises NoSuchDay."""
        now = self._tools.clock.now()
        span = span_of(kind, day or now.astimezone(VIETNAM).date(), now)
        with self._tools.units() as unit:
            counted = [
                count(unit.figures, unit.suggestions.log, period, self._cases(unit, who, period))
                for period in (span.now, span.before)
            ]
        return Figures(span, *counted)

    def names(self, now: datetime) -> Names:
        """Return the names of today; what is unknown or withdrawn keeps its code."""

        def procedure(code: str) -> str:
            found = self._tools.knowledge.procedure(code, now)
            return plain_name(found) if found else code

        def behaviour(code: str) -> str:
            return self._tools.taxonomy.label(code) if code in self._tools.taxonomy.codes else code

        def unit(code: str) -> str:
            found = self._tools.registry.unit(code)
            return found.name if found else code

        return Names(procedure, behaviour, unit)

    def _cases(self, unit: UnitOfWork, who: Principal, period: Period) -> CaseCounts | None:
        if not may_office(who, Office.STATS):
            return None
        wanted = CaseFilter(received_from=period.since, received_to=period.until)
        return count_cases(
            [
                case
                for case in every(unit, wanted)
                if case.status is not Status.PARKED and self._tools.access.may(who, View.LIST, case)
            ]
        )
