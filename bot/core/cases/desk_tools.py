"""What every act and view of the desk works with: transactions, the clock, access, and the audit that each is in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.core.cases import views
from bot.core.cases.access import Access, View
from bot.core.cases.deadlines import Deadlines
from bot.core.cases.lifecycle import Incomplete, Verb, says_something
from bot.core.cases.people import Principal
from bot.core.cases.redaction import hide
from bot.core.cases.state import Case, CaseFilter
from bot.core.ports import Clock, UnitOfWork, UnitOfWorkFactory
from bot.core.units import UnitRegistry

REASON_CHARACTERS = range(3, 501)
PAGE = 500


@dataclass(frozen=True)
class DeskTools:
    """What the desk works with. `via` is added to every audited reason: how the principal came («dòng lệnh …»)."""

    units: UnitOfWorkFactory
    clock: Clock
    access: Access
    deadlines: Deadlines
    registry: UnitRegistry
    via: str = ""

    def today(self) -> date:
        """Return the day in Viet Nam."""
        return self.clock.now().astimezone(views.VIETNAM).date()

    def enter(
        self,
        unit: UnitOfWork,
        principal: Principal,
        act: Verb | View,
        case_id: str,
        reason: str = "",
        action: str | None = None,
    ) -> Case:
        """Audit an act, then return the case, checked for the principal.

        The audit's end is held from here on, so of two who act at once the second sees what the first did. An attempt
        that is refused is audited too. Raises UnknownCase, NotPermitted.
        """
        case = unit.cases.case(case_id)
        if not self.access.may(principal, act, case):
            self.note(principal, f"refused:{act}", case_id, "")
        self.access.require(principal, act, case)
        self.append(unit, principal, action or str(act), case_id, hide(reason, views.names_of(case)))
        case = unit.cases.case(case_id)
        self.access.require(principal, act, case)
        return case

    def note(self, principal: Principal, action: str, subject: str, reason: str) -> None:
        """Audit what is about no single case, or was refused, in a transaction of its own."""
        with self.units() as unit:
            self.append(unit, principal, action, subject, reason)
            unit.commit()

    def append(self, unit: UnitOfWork, principal: Principal, action: str, subject: str, reason: str) -> None:
        """Audit an act inside a transaction."""
        told = " ".join(filter(None, (f"[{self.via}]" if self.via else "", reason)))
        unit.audit.append(principal.id, principal.role.value, action, subject, told, self.clock.now())


def require_reason(reason: str) -> None:
    """Raise Incomplete unless the reason has 3 to 500 characters and says something."""
    if len(reason.strip()) not in REASON_CHARACTERS or not says_something(reason):
        raise Incomplete(("reason",))


def every(unit: UnitOfWork, wanted: CaseFilter) -> list[Case]:
    """Return all cases that a filter lets through, latest first."""
    found: dict[str, Case] = {}
    before: datetime | None = None
    while True:
        # Linked cases were received at the same moment: the last one of a page is read again with the next.
        page = unit.cases.list(wanted, PAGE, before)
        fresh = [case for case in page if case.id not in found]
        found.update({case.id: case for case in fresh})
        if len(page) < PAGE or not fresh:
            return list(found.values())
        before = page[-1].record.received_at + timedelta(microseconds=1)
