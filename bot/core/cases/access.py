"""Who may do what with which case. Pure: a principal, an act and a case give yes or no.

Nobody handles a case about their own unit or this hotline, or one that names them. An accused unit sees nothing
before release; then its role sees the redacted view of what is assigned to it, and of restricted cases nothing ever.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from bot.core.cases.conflict import about_hotline, names
from bot.core.cases.lifecycle import HANDLERS, RULES, Verb
from bot.core.cases.people import Principal, Role
from bot.core.cases.record import AccessClass
from bot.core.cases.state import Case, Status
from bot.core.errors import NotPermitted, UnknownCase
from bot.core.units import UnitKind, UnitRegistry

# The department that runs the hotline (id of bot/core/data/units_hanoi.json).
OWN_UNITS = frozenset({"HN-SNV"})


class View(StrEnum):
    """What may be looked at."""

    LIST = "list"
    SHOW = "show"
    TIMELINE = "timeline"
    FILES = "files"
    REVEAL = "reveal"
    EXPORT = "export"


class Level(StrEnum):
    """How much of a case a principal sees."""

    NOTHING = "nothing"
    STATUS = "status"  # number, kind, state and dates: no words, no names
    OWN = "own"  # the citizen's own case: its state and the answer
    REDACTED = "redacted"  # the unit's: identity and identifying details removed
    MASKED = "masked"  # the story without names
    FULL = "full"  # with the accused's name; the words as typed and the contact only by REVEAL


class Office(StrEnum):
    """What may be done that is about no single case."""

    TASKS = "tasks"
    EXPORT = "export"
    STATS = "stats"
    AUDIT = "audit"
    OVERDUE = "overdue"


_VIEWS: Mapping[Level, frozenset[View]] = {
    Level.NOTHING: frozenset(),
    Level.STATUS: frozenset({View.LIST, View.SHOW, View.TIMELINE}),
    Level.OWN: frozenset({View.LIST, View.SHOW, View.TIMELINE}),
    Level.REDACTED: frozenset({View.LIST, View.SHOW, View.TIMELINE, View.FILES}),
    Level.MASKED: frozenset({View.LIST, View.SHOW, View.TIMELINE}),
    Level.FULL: frozenset(View),
}
# An administrator acts on the command line for an office without officers' accounts.
_ADMINISTRATOR_ALSO = frozenset({View.FILES, View.REVEAL, View.EXPORT})
_OFFICE: Mapping[Office, frozenset[Role]] = {
    Office.TASKS: HANDLERS | {Role.OPERATOR},
    Office.EXPORT: HANDLERS,
    Office.STATS: HANDLERS | {Role.AUDITOR},
    Office.AUDIT: frozenset({Role.AUDITOR}),
    Office.OVERDUE: HANDLERS,
}
_LEVELS: Mapping[Role, Level] = {
    Role.OFFICER: Level.FULL,
    Role.SUPERVISOR: Level.FULL,
    Role.ADMINISTRATOR: Level.MASKED,
    Role.OPERATOR: Level.MASKED,
    Role.AUDITOR: Level.STATUS,
}
# INSPECTION is not among them: whom a team looks into is not told.
SEEN_BY_UNIT = frozenset({Status.ASSIGNED, Status.EXPLAINED, Status.ANSWERED, Status.CLOSED})
# With a case about this hotline its own supervisors do no more than hand it to somebody outside.
PASSING_ON = frozenset({Verb.INSPECT, Verb.REFER, Verb.PUBLISH, Verb.CLOSE})

SameHouse = Callable[[str, str], bool]


def same_unit(one: str, other: str) -> bool:
    """True for one and the same id."""
    return one == other


def same_house(registry: UnitRegistry) -> SameHouse:
    """Return a test whether two units are colleagues: one's desk stands in the other, or is run by it."""

    def alike(one: str, other: str) -> bool:
        if one == other:
            return True
        for inner, outer in ((one, other), (other, one)):
            unit = registry.unit(inner)
            if unit is None or unit.kind is not UnitKind.ONE_STOP:
                continue
            parent = registry.unit(unit.parent) if unit.parent else None
            if outer == unit.located_in or (
                parent is not None and parent.kind is UnitKind.ONE_STOP and outer == parent.id
            ):
                return True
        return False

    return alike


class Access:
    """Decides; immutable. `own_units` run this hotline; `alike` says which units are one house."""

    def __init__(self, own_units: frozenset[str] = OWN_UNITS, alike: SameHouse = same_unit) -> None:
        self._own_units = own_units
        self._alike = alike

    def may(self, principal: Principal, act: Verb | View, case: Case) -> bool:
        """True when the principal may do this with the case, whatever state the case is in."""
        level = self.level(principal, case)
        if isinstance(act, View):
            also = _ADMINISTRATOR_ALSO if level is Level.MASKED and principal.role is Role.ADMINISTRATOR else ()
            return act in _VIEWS[level] or act in also
        if level in {Level.NOTHING, Level.OWN} or principal.role not in RULES[act].roles:
            return False
        return act in PASSING_ON if level is Level.STATUS else True

    def require(self, principal: Principal, act: Verb | View, case: Case) -> None:
        """Raise UnknownCase where the principal may not know of the case, NotPermitted where they may not do this."""
        if self.may(principal, act, case):
            return
        if not self.may(principal, View.LIST, case):
            raise UnknownCase(f"case {case.id} does not exist")
        raise NotPermitted(f"{principal.role} may not {act} this case")

    def level(self, principal: Principal, case: Case) -> Level:
        """Return how much of the case the principal sees."""
        if not principal.active:
            return Level.NOTHING
        if principal.role is Role.CITIZEN:
            return Level.OWN if principal.id == case.conversation_id else Level.NOTHING
        if principal.role is Role.UNIT:
            return self._unit_level(principal, case)
        if names(principal, case):
            return Level.NOTHING
        restricted = case.access is AccessClass.RESTRICTED
        if restricted and principal.role not in {Role.OFFICER, Role.SUPERVISOR}:
            return Level.NOTHING
        if self.about_us(case) and (principal.unit is None or self._of_hotline(principal.unit)):
            return Level.STATUS if principal.role in {Role.SUPERVISOR, Role.AUDITOR} else Level.NOTHING
        if principal.unit is not None and self.accuses(principal.unit, case):
            return Level.NOTHING
        return _LEVELS.get(principal.role, Level.NOTHING)

    def accuses(self, unit: str, case: Case) -> bool:
        """True when the case is, or may be, about this unit or one of the same house."""
        record = case.record
        return any(self._alike(unit, other) for other in (record.unit, *record.unit_options) if other)

    def _unit_level(self, principal: Principal, case: Case) -> Level:
        unit = principal.unit
        seen = (
            unit is not None
            and case.assigned_unit == unit
            and case.access is not AccessClass.RESTRICTED
            and case.status in SEEN_BY_UNIT
            and not names(principal, case)
        )
        return Level.REDACTED if seen else Level.NOTHING

    def about_us(self, case: Case) -> bool:
        """True when the case is about the Department that runs this hotline, or about the hotline."""
        return any(self.accuses(unit, case) for unit in self._own_units) or about_hotline(case)

    def _of_hotline(self, unit: str) -> bool:
        return any(self._alike(unit, own) for own in self._own_units)


def may_office(principal: Principal, what: Office) -> bool:
    """True when the principal may use this part of the office."""
    return principal.active and principal.role in _OFFICE[what]


def require_office(principal: Principal, what: Office) -> None:
    """Raise NotPermitted unless `may_office`."""
    if not may_office(principal, what):
        raise NotPermitted(f"{principal.role} may not use {what}")
