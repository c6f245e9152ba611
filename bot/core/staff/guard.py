"""What stands before every look at a password or code: failures are counted, and too many stop all guessing."""

import math
from dataclasses import dataclass

from bot.core.errors import LoginLocked
from bot.core.ports import UnitOfWork
from bot.core.staff.accounts import Account
from bot.core.staff.lockout import Attempts
from bot.core.staff.tools import StaffTools

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Attempt:
    """One look at a password, counted as failed until it is `Guard.succeed`."""

    account_key: str
    address_key: str
    account: Attempts


class Guard:
    """Counts for a login as it was typed, whether or not it has an account, and for an address. Blocking.

    Rows are always held in this order: account, address, the audit's end, anything else.
    """

    def __init__(self, tools: StaffTools) -> None:
        self._tools = tools

    def begin(self, login: str, address: str) -> Attempt:
        """Count an attempt. Raises LoginLocked while guessing is stopped; then nothing is counted."""
        tools, now = self._tools, self._tools.clock.now()
        account_key, address_key = tools.marks.attempts("account", login), tools.marks.attempts("address", address)
        with tools.units() as unit:
            failures = unit.staff.failures
            account, at = failures.hold(account_key), failures.hold(address_key)
            wait = max(tools.rules.account.wait(account, now), tools.rules.address.wait(at, now))
            if wait:
                raise LoginLocked(max(1, math.ceil(wait.total_seconds())))
            account = tools.rules.account.begun(account, now)
            failures.set(account_key, account)
            failures.set(address_key, tools.rules.address.begun(at, now))
            unit.commit()
        return Attempt(account_key, address_key, account)

    def give_back(self, attempt: Attempt) -> None:
        """Count an attempt that was neither wrong nor a success as if it had not been made."""
        rules = self._tools.rules
        with self._tools.units() as unit:
            failures = unit.staff.failures
            account = rules.account.taken_back(failures.hold(attempt.account_key))
            address = rules.address.taken_back(failures.hold(attempt.address_key))
            failures.set(attempt.account_key, account)
            failures.set(attempt.address_key, address)
            unit.commit()

    def refuse(self, attempt: Attempt, account: Account | None) -> None:
        """Audit the lock that a wrong attempt led to; of names without an account too, but without the name.

        What somebody typed as a name may be their password.
        """
        if attempt.account.locked_until is None:
            return
        who = account.principal.id if account else UNKNOWN
        role = account.principal.role.value if account else ""
        reason = f"sau {attempt.account.counted} lần sai"
        with self._tools.units() as unit:
            unit.audit.append(who, role, "login_locked", who, reason, self._tools.clock.now())
            unit.commit()

    def succeed(self, unit: UnitOfWork, attempt: Attempt) -> int:
        """Clear what is counted against the account, inside the unit that lets its user in.

        Returns how many attempts had failed since the last success. Against the address only this one is taken back:
        who has one account there does not clear it for guessing at others.
        """
        failures, rules = unit.staff.failures, self._tools.rules
        before = failures.hold(attempt.account_key)
        address = rules.address.taken_back(failures.hold(attempt.address_key))
        failures.set(attempt.account_key, Attempts())
        failures.set(attempt.address_key, address)
        return max(before.counted - 1, 0)

    def clear(self, unit: UnitOfWork, login: str) -> None:
        """Clear what is counted against an account, as its administrator wishes; before anything else of the unit."""
        key = self._tools.marks.attempts("account", login)
        unit.staff.failures.hold(key)
        unit.staff.failures.set(key, Attempts())
