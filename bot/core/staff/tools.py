"""What everything about the console's people works with, and how it is audited."""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.core.cases.people import Principal
from bot.core.errors import WeakPassword
from bot.core.ports import Clock, UnitOfWork, UnitOfWorkFactory
from bot.core.staff.lockout import Lockout
from bot.core.staff.marks import Marks
from bot.core.staff.policy import weakness
from bot.core.staff.ports import Passwords, TimeCodes


@dataclass(frozen=True)
class StaffRules:
    """How long things hold. From one address more failures are allowed: a whole office may share it."""

    idle: timedelta = timedelta(minutes=30)
    lifetime: timedelta = timedelta(hours=12)
    one_time: timedelta = timedelta(hours=72)
    account: Lockout = field(default_factory=Lockout)
    address: Lockout = field(default_factory=lambda: Lockout(allowed=20, forgive=timedelta(minutes=10)))


@dataclass(frozen=True)
class StaffTools:
    """Transactions, the clock, hashing, codes, derived marks and the rules.

    `via` is added to every audited reason: how the acting person came («dòng lệnh …»).
    """

    units: UnitOfWorkFactory
    clock: Clock
    passwords: Passwords
    codes: TimeCodes
    marks: Marks
    rules: StaffRules = field(default_factory=StaffRules)
    via: str = ""

    def append(self, unit: UnitOfWork, who: Principal, action: str, subject: str, reason: str) -> None:
        """Audit an act inside a transaction."""
        told = " ".join(filter(None, (f"[{self.via}]" if self.via else "", reason)))
        unit.audit.append(who.id, who.role.value, action, subject, told, self.clock.now())


def require_strength(password: str, principal: Principal) -> None:
    """Raise WeakPassword for one that is not taken from this user."""
    found = weakness(password, principal.name, principal.id)
    if found is not None:
        raise WeakPassword(found.value)
