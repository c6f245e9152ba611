"""What an administrator does with the accounts of others. Every act is audited in the transaction that does it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.cases.conflict import own_name
from bot.core.cases.people import Principal, Role
from bot.core.errors import AccountConflict, NotPermitted, UnknownAccount
from bot.core.ports import UnitOfWork
from bot.core.staff.accounts import CONSOLE_ROLES, Account, Credentials, Mapped, login_of
from bot.core.staff.codes import new_one_time_password, one_time_form
from bot.core.staff.guard import Guard
from bot.core.staff.tools import StaffTools

FIRST_ID, FIRST_NAME = "quantri", "Quản trị hệ thống"
STARTING = Principal("tiepdan", "Khởi động lần đầu", Role.ADMINISTRATOR)
_ID = re.compile(r"[A-Za-z0-9._@-]{2,64}")
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}")
_MIN_NAME_WORDS = 2
MAX_SUBJECT = 255


@dataclass(frozen=True)
class Listed:
    """A principal as the administrators' list shows it; `account` None where they have tokens alone."""

    principal: Principal
    account: Account | None
    locked_until: datetime | None
    mapped: tuple[Mapped, ...]


@dataclass(frozen=True)
class First:
    """The first administrator, with the one-time password that is told this once."""

    id: str
    password: str


class Administration:
    """Acts of administrators, from the console and from the command line. Blocking."""

    def __init__(self, tools: StaffTools, known_unit: Callable[[str], bool]) -> None:
        self._tools = tools
        self._guard = Guard(tools)
        self._known_unit = known_unit

    def people(self, by: Principal) -> list[Listed]:
        """Return everybody who may act, by id."""
        _require(by)
        now, marks = self._tools.clock.now(), self._tools.marks
        with self._tools.units() as unit:
            accounts = {account.principal.id: account for account in unit.staff.accounts.all()}
            mapped = unit.staff.accounts.mapped()
            found = []
            for principal in unit.principals.all():
                account = accounts.get(principal.id)
                held = unit.staff.failures.of(marks.attempts("account", account.login)) if account else None
                until = held.locked_until if held and held.locked_until and held.locked_until > now else None
                own = tuple(each for each in mapped if each.principal_id == principal.id)
                found.append(Listed(principal, account, until, own))
        return found

    def add(self, by: Principal, principal: Principal) -> str:
        """Make an account and return its one-time password, which is told this once.

        A principal who has only tokens so far, of the same name, role and unit, is given the account. Raises
        AccountConflict where there is another, or where id, name, role or unit cannot be used.
        """
        _require(by)
        self._require_fit(principal)
        now = self._tools.clock.now()
        password, held = self._one_time(Credentials(), now)
        with self._tools.units() as unit:
            known = {each.id: each for each in unit.principals.all()}.get(principal.id)
            if known is not None and known != principal:
                raise AccountConflict("exists", f"there is a principal {principal.id} already")
            self._tools.append(unit, by, "user_add", principal.id, "")
            if known is None:
                self._tools.append(unit, by, "principal_add", principal.id, _role_of(principal))
                unit.principals.add(principal, now)
            if not unit.staff.accounts.add(principal.id, login_of(principal.id), held, now):
                raise AccountConflict("exists", f"there is an account {principal.id} already")
            unit.commit()
        return password

    def first(self) -> First | None:
        """Make the first administrator; None where there is any account already."""
        with self._tools.units() as unit:
            if unit.staff.accounts.any():
                return None
            taken = {each.id for each in unit.principals.all()}
        who = next(each for each in (FIRST_ID, *(f"{FIRST_ID}{n}" for n in range(2, 99))) if each not in taken)
        now, first = self._tools.clock.now(), Principal(who, FIRST_NAME, Role.ADMINISTRATOR)
        password, held = self._one_time(Credentials(), now)
        with self._tools.units() as unit:
            # Audited first: of two services that start at once, the second sees what the first did.
            self._tools.append(unit, STARTING, "user_add", who, "")
            self._tools.append(unit, STARTING, "principal_add", who, _role_of(first))
            if unit.staff.accounts.any():
                return None
            unit.principals.add(first, now)
            unit.staff.accounts.add(who, login_of(who), held, now)
            unit.commit()
        return First(who, password)

    def reset(self, by: Principal, principal_id: str, *, totp: bool = False) -> str:
        """Set a new one-time password and return it; sessions end, failures are forgotten.

        `totp` also takes the second step away, for whoever lost telephone and recovery codes.
        """
        _require(by)
        now = self._tools.clock.now()
        account = self._account(principal_id)
        password, held = self._one_time(account.credentials, now)
        if totp:
            held = held.without_totp()
        with self._tools.units() as unit:
            self._guard.clear(unit, account.login)
            self._tools.append(unit, by, "user_reset", principal_id, "cả bước xác nhận thứ hai" if totp else "")
            if not unit.staff.accounts.save(account, held):
                raise AccountConflict("changed-meanwhile", f"the account {principal_id} was changed meanwhile")
            unit.staff.sessions.end_all(principal_id)
            unit.commit()
        return password

    def lock(self, by: Principal, principal_id: str, reason: str) -> None:
        """Close a principal's account and tokens at once. Not one's own, nor the last administrator's."""
        _require(by)
        _require_other(by, principal_id)
        with self._tools.units() as unit:
            if all(each.id != principal_id for each in unit.principals.all()):
                raise UnknownAccount(f"there is no principal {principal_id}")
            self._tools.append(unit, by, "principal_disable", principal_id, reason)
            before = _administrators(unit)
            unit.principals.deactivate(principal_id, self._tools.clock.now())
            unit.staff.sessions.end_all(principal_id)
            _require_administrator_left(unit, before)
            unit.commit()

    def unlock(self, by: Principal, principal_id: str, reason: str) -> None:
        """Open it again, and forget failures; tokens stay gone."""
        _require(by)
        account = self._account(principal_id)
        with self._tools.units() as unit:
            self._guard.clear(unit, account.login)
            self._tools.append(unit, by, "principal_enable", principal_id, reason)
            unit.principals.activate(principal_id)
            unit.commit()

    def change_role(self, by: Principal, principal_id: str, role: Role, unit_id: str | None) -> None:
        """Give a principal another role and unit; sessions end. Not one's own, nor the last administrator's."""
        _require(by)
        _require_other(by, principal_id)
        account = self._account(principal_id)
        new = replace(account.principal, role=role, unit=unit_id or None)
        self._require_fit(new)
        with self._tools.units() as unit:
            self._tools.append(unit, by, "principal_role", principal_id, _role_of(new))
            before = _administrators(unit)
            unit.principals.change(principal_id, role, new.unit)
            unit.staff.sessions.end_all(principal_id)
            _require_administrator_left(unit, before)
            unit.commit()

    def map_identity(self, by: Principal, principal_id: str, kind: str, value: str) -> None:
        """Let an identity of the provider open an account. Raises AccountConflict where it opens one already."""
        _require(by)
        account, value = self._account(principal_id), _identity(kind, value)
        with self._tools.units() as unit:
            self._tools.append(unit, by, "user_sso", account.principal.id, kind)
            mapped = Mapped(kind, value, account.principal.id)
            if not unit.staff.accounts.map(mapped, self._tools.clock.now()):
                raise AccountConflict("identity-taken", "this identity opens an account already")
            unit.commit()

    def unmap_identity(self, by: Principal, principal_id: str, kind: str, value: str) -> None:
        """Take a mapping away; sessions of the account that were made through the provider end with all others."""
        _require(by)
        with self._tools.units() as unit:
            self._tools.append(unit, by, "user_sso_removed", principal_id, kind)
            if not unit.staff.accounts.unmap(kind, _identity(kind, value), principal_id):
                raise UnknownAccount("this identity is not mapped to the account")
            unit.staff.sessions.end_all(principal_id)
            unit.commit()

    def _account(self, principal_id: str) -> Account:
        with self._tools.units() as unit:
            account = unit.staff.accounts.by_id(principal_id)
        if account is None:
            raise UnknownAccount(f"there is no account {principal_id}")
        return account

    def _one_time(self, held: Credentials, now: datetime) -> tuple[str, Credentials]:
        password = new_one_time_password()
        encoded = self._tools.passwords.hash(one_time_form(password))
        return password, held.with_one_time(encoded, now + self._tools.rules.one_time)

    def _require_fit(self, principal: Principal) -> None:
        if not _ID.fullmatch(principal.id):
            raise AccountConflict("bad-id", "an id has 2 to 64 of A-Z a-z 0-9 . _ @ -")
        if principal.role not in CONSOLE_ROLES:
            raise AccountConflict("bad-role", f"the role {principal.role} has no account")
        # Nobody is given a case that names them: that takes a whole name.
        if principal.role is not Role.UNIT and len(own_name(principal.name)) < _MIN_NAME_WORDS:
            raise AccountConflict("bad-name", "a whole name is needed, two words at least")
        if (principal.unit or principal.role is Role.UNIT) and not self._known_unit(principal.unit or ""):
            raise AccountConflict("bad-unit", f"there is no unit {principal.unit or ''}")


def _role_of(principal: Principal) -> str:
    return f"{principal.role.value} {principal.unit or ''}".strip()


def _identity(kind: str, value: str) -> str:
    value = value.strip()
    if kind == "email" and _EMAIL.fullmatch(value):
        return value.casefold()
    if kind == "subject" and 0 < len(value) <= MAX_SUBJECT and value.isprintable():
        return value
    raise AccountConflict("bad-identity", "an e-mail address or a subject is needed")


def _require(by: Principal) -> None:
    if by.role is not Role.ADMINISTRATOR or not by.active:
        raise NotPermitted("accounts are for administrators")


def _require_other(by: Principal, principal_id: str) -> None:
    if by.id == principal_id:
        raise AccountConflict("own-account", "nobody does this to their own account")


def _administrators(unit: UnitOfWork) -> set[str]:
    everybody = [each.principal for each in unit.staff.accounts.all()]
    return {each.id for each in everybody if each.active and each.role is Role.ADMINISTRATOR}


def _require_administrator_left(unit: UnitOfWork, before: set[str]) -> None:
    """Raise AccountConflict where nobody could manage accounts at the console any more."""
    if before and not _administrators(unit):
        raise AccountConflict("last-administrator", "the last administrator stays one")
