"""Who of the staff may read and attend which conversation. Pure.

An operator reads what waits, what they attend and what they attended; not what others attend, nor what citizens say
to the assistant. Supervisors and complaint officers read all that was handed over, supervisors also the rest. Nobody
reads a conversation that holds a case which names them or is about their unit; one with a case about this hotline is
the supervisor's.
"""

from collections.abc import Iterable

from bot.core.cases.access import Access
from bot.core.cases.conflict import about_hotline, names
from bot.core.cases.people import Principal, Role
from bot.core.cases.state import Case
from bot.core.conversation import Owner
from bot.core.errors import NotPermitted
from bot.core.handover.attention import Attention

ATTENDING = frozenset({Role.OPERATOR, Role.OFFICER, Role.SUPERVISOR})
_READ_ALL = frozenset({Role.OFFICER, Role.SUPERVISOR})


def may_use(principal: Principal) -> bool:
    """True for those who attend conversations."""
    return principal.active and principal.role in ATTENDING


def require_use(principal: Principal) -> None:
    """Raise NotPermitted unless the principal attends conversations."""
    if not may_use(principal):
        raise NotPermitted(f"{principal.role} attends no conversations")


def may_read(principal: Principal, attention: Attention) -> bool:
    """True when the principal may read the words of a conversation, as far as who answers it goes."""
    if principal.role is Role.SUPERVISOR:
        return True
    handed_over = attention.owner is not Owner.BOT or attention.closed_at is not None
    if principal.role in _READ_ALL:
        return handed_over
    if attention.owner is Owner.OPERATOR:
        return attention.by == principal.id
    return attention.owner is Owner.WAITING or attention.last_by == principal.id


def may_claim(principal: Principal, attention: Attention) -> bool:
    """True when the principal may take it: what waits; what they attended last; a supervisor anything."""
    if attention.owner is not Owner.BOT:
        return True
    return principal.role is Role.SUPERVISOR or attention.last_by == principal.id


def may_force(principal: Principal) -> bool:
    """True for who may give away what others attend, and end it for abuse."""
    return principal.role is Role.SUPERVISOR


def in_conflict(principal: Principal, cases: Iterable[Case], access: Access) -> bool:
    """True where a case of the conversation keeps the principal away from it."""
    return any(_keeps_away(principal, case, access) for case in cases)


def _keeps_away(principal: Principal, case: Case, access: Access) -> bool:
    if names(principal, case) or (principal.unit is not None and access.accuses(principal.unit, case)):
        return True
    return about_hotline(case) and principal.role is not Role.SUPERVISOR
