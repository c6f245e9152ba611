"""Calling a citizen without seeing their number: the switchboard rings the operator and connects them. Blocking."""

from enum import StrEnum
from typing import Protocol

from bot.core.calls.tools import CallTools, held_call, require_caller_role
from bot.core.cases.access import View
from bot.core.cases.desk_tools import DeskTools, require_reason
from bot.core.cases.people import Principal
from bot.core.errors import DialFailed, DialRefused

CALLED, CASE_CALLED, FAILED = "call_dialled", "case_dialled", "dial_failed"


class Dialler(Protocol):
    """A switchboard that connects two telephones."""

    def connect(self, extension: str, number: str) -> None:
        """Have an extension rung, then the number. Raises DialFailed."""
        ...


class CanDial(StrEnum):
    """Whether somebody may have a number dialled."""

    READY = "ready"
    NO_SWITCHBOARD = "no-switchboard"
    NO_EXTENSION = "no-extension"


class Dialling:
    """Has numbers dialled. The number goes to the switchboard alone; every wish is audited before it is passed on."""

    def __init__(self, calls: CallTools, cases: DeskTools, dialler: Dialler | None) -> None:
        self._calls = calls
        self._cases = cases
        self._dialler = dialler

    def ready(self, principal: Principal) -> CanDial:
        """Return whether the principal can have a number dialled."""
        require_caller_role(principal)
        if self._dialler is None:
            return CanDial.NO_SWITCHBOARD
        return CanDial.READY if self._extension(principal) else CanDial.NO_EXTENSION

    def caller(self, principal: Principal, call_id: str, reason: str) -> None:
        """Dial who called; one's own active call needs no reason.

        Raises DialRefused, DialFailed, Incomplete, NotPermitted, UnknownCall.
        """
        self._require_ready(principal)
        with held_call(self._calls, principal, call_id) as (unit, call):
            if not (call.active and call.operator == principal.id):
                require_reason(reason)
            number = unit.calls.number(call.id)
            if number is None:
                raise DialRefused("no-number")
            self._calls.append(unit, principal, CALLED, call.id, reason.strip())
            unit.commit()
        self._connect(principal, number, call.id)

    def citizen(self, principal: Principal, case_id: str, reason: str) -> None:
        """Dial whoever filed a case; open to those who may open the contact, with a reason.

        Raises DialRefused, DialFailed, Incomplete, NotPermitted, UnknownCase.
        """
        self._require_ready(principal)
        require_reason(reason)
        with self._cases.units() as unit:
            case = self._cases.enter(unit, principal, View.REVEAL, case_id, reason, CASE_CALLED)
            number = case.record.contact.phone
            if not number:
                raise DialRefused("no-number")
            unit.commit()
        self._connect(principal, number, case_id)

    def _connect(self, principal: Principal, number: str, subject: str) -> None:
        """Pass the wish on, outside any transaction; that it failed is audited too."""
        assert self._dialler is not None  # noqa: S101 - required before
        try:
            self._dialler.connect(self._extension(principal) or "", number)
        except DialFailed:
            self._cases.note(principal, FAILED, subject, "")
            raise

    def _require_ready(self, principal: Principal) -> None:
        state = self.ready(principal)
        if state is not CanDial.READY:
            raise DialRefused(state.value)

    def _extension(self, principal: Principal) -> str | None:
        mine = (ext for ext, whose in self._calls.rules.extensions.items() if whose == principal.id)
        return next(mine, None)
