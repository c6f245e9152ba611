"""What acting on calls works with, who may, and what is kept how long."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from bot.core.calls.model import Call
from bot.core.calls.suggesting import Suggester
from bot.core.cases.people import Principal, Role
from bot.core.errors import NotPermitted
from bot.core.handover.ports import Signal
from bot.core.phrases import Phrases
from bot.core.ports import Calendar, Clock, KnowledgeBase, UnitOfWork, UnitOfWorkFactory

# Who answers calls. Officers call back; a supervisor sees every call.
CALL_ROLES = frozenset({Role.OPERATOR, Role.OFFICER, Role.SUPERVISOR})


@dataclass(frozen=True)
class CallRules:
    """How long calls, lines, numbers and codes live, and whose extension is whose.

    `keep_lines`: what was said is deleted so long after the call; `keep_numbers` likewise. A call of which nothing is
    heard for `ringing_lost` or `answered_lost` is taken for ended. `extensions` maps an extension to a principal.
    """

    keep_lines: timedelta = timedelta(days=30)
    keep_numbers: timedelta = timedelta(days=90)
    ringing_lost: timedelta = timedelta(minutes=5)
    answered_lost: timedelta = timedelta(hours=3)
    late_lines: timedelta = timedelta(hours=1)
    most_lines: int = 3_000
    code_life: timedelta = timedelta(hours=24)
    code_tries: int = 5
    code_tries_of_all: int = 300
    missed_tasks: bool = True
    extensions: Mapping[str, str] = field(default_factory=dict)


def _nobody_listens() -> None:
    """Stands for pages where there are none."""


@dataclass(frozen=True)
class CallTools:
    """What acting on calls works with. `wake` has operators' pages look for what was told to them."""

    units: UnitOfWorkFactory
    clock: Clock
    knowledge: KnowledgeBase
    suggester: Suggester
    phrases: Phrases
    calendar: Calendar
    rules: CallRules = field(default_factory=CallRules)
    wake: Callable[[], None] = _nobody_listens

    def append(self, unit: UnitOfWork, principal: Principal, action: str, subject: str, reason: str = "") -> None:
        """Audit an act inside a transaction."""
        unit.audit.append(principal.id, principal.role.value, action, subject, reason, self.clock.now())

    def commit(self, unit: UnitOfWork, *changed: Call) -> None:
        """Commit, and have operators' pages look again at the calls that changed. Lock nothing more in the unit."""
        for call in changed:
            unit.switchboard.signal(Signal.CALL, self.clock.now(), call.opaque)
        unit.commit()
        if changed:
            self.wake()


def require_caller_role(principal: Principal) -> None:
    """Raise NotPermitted for who does not answer calls."""
    if not principal.active or principal.role not in CALL_ROLES:
        raise NotPermitted(f"{principal.role} does not answer calls")


@contextmanager
def held_call(tools: CallTools, principal: Principal, call_id: str) -> Iterator[tuple[UnitOfWork, Call]]:
    """Hold the principal's own call in a transaction. Raises NotPermitted, UnknownCall."""
    require_caller_role(principal)
    with tools.units() as unit:
        call = unit.calls.lock(call_id)
        require_own(principal, call)
        if call.operator is None and principal.role is Role.OPERATOR:
            raise NotPermitted("a call is taken before anything is done with it")
        yield unit, call


def require_own(principal: Principal, call: Call) -> None:
    """Raise NotPermitted unless the call is the principal's, or nobody's, or theirs to supervise."""
    if principal.role is not Role.SUPERVISOR and call.operator not in {None, principal.id}:
        raise NotPermitted("the call is somebody else's")
