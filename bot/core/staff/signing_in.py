"""Signing in with a password and a code, or through an identity provider; and the sessions that follow."""

import unicodedata
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.core.errors import CodeNeeded, LoginRefused, StoreUnavailable
from bot.core.ports import UnitOfWork
from bot.core.staff.accounts import (
    CONSOLE_ROLES,
    Account,
    ConsoleSession,
    Credentials,
    Mapped,
    Way,
    login_of,
)
from bot.core.staff.codes import one_time_form, spend
from bot.core.staff.guard import UNKNOWN, Attempt, Guard
from bot.core.staff.tools import StaffTools

_FORGET_FAILURES = timedelta(days=2)
# A sign of life is written down at most so often; the store is not asked to write at each request.
TOUCH_EVERY = timedelta(seconds=60)


@dataclass(frozen=True)
class Entered:
    """A session just made. `token` is known here only; `totp`: the account has a second step."""

    token: str
    session: ConsoleSession
    totp: bool


class SigningIn:
    """Lets people in and knows who is in. Blocking; safe between threads and processes."""

    def __init__(self, tools: StaffTools) -> None:
        self._tools = tools
        self._guard = Guard(tools)

    def with_password(self, user: str, password: str, code: str | None, address: str) -> Entered:
        """Let somebody in. Raises LoginLocked, LoginRefused, CodeNeeded.

        For a name without an account the same work is done as for a wrong password.
        """
        login = login_of(user)
        attempt = self._guard.begin(login, address)
        with self._tools.units() as unit:
            account = unit.staff.accounts.by_login(login)
        if account is None or not self.proves(account, password):
            if account is None:
                self._tools.passwords.verify(None, password)
            self._guard.refuse(attempt, account)
            raise LoginRefused("name, password or code is wrong")
        if account.credentials.totp is not None and not code:
            self._guard.give_back(attempt)
            raise CodeNeeded("the code of the second step is missing")
        entered = self._enter(account, password, code or "", attempt)
        if entered is None:
            self._guard.refuse(attempt, account)
            raise LoginRefused("name, password or code is wrong")
        self._forget()
        return entered

    def proves(self, account: Account, password: str) -> bool:
        """True when the password opens the account now; the same work is done where none could."""
        held = account.credentials
        usable = account.principal.active and account.principal.role in CONSOLE_ROLES
        usable = usable and held.usable(self._tools.clock.now())
        typed = one_time_form(password) if held.one_time_until else unicodedata.normalize("NFC", password)
        return self._tools.passwords.verify(held.password if usable else None, typed)

    def with_single_sign_on(self, subject: str, email: str | None) -> Entered:
        """Let in whom an administrator mapped to an account, by subject or by verified e-mail. Raises LoginRefused.

        Who is first seen with an e-mail keeps it: another subject with the same address is refused.
        """
        with self._tools.units() as unit:
            found = self._mapped(unit, subject, email)
            account = unit.staff.accounts.by_id(found.principal_id) if found else None
            usable = account is not None and account.principal.active and account.principal.role in CONSOLE_ROLES
            if account is None or not usable:
                who = account.principal.id if account else UNKNOWN
                role = account.principal.role.value if account else ""
                told = "không có tài khoản đang mở nào được gán cho người này"
                unit.audit.append(who, role, "sso_refused", who, told, self._tools.clock.now())
                unit.commit()
                raise LoginRefused("nobody is mapped to this identity")
            self._tools.append(unit, account.principal, "login", account.principal.id, "đăng nhập một lần")
            entered = self.open(unit, account, Way.SSO)
            unit.commit()
        self._forget()
        return entered

    def current(self, token: str) -> ConsoleSession | None:
        """Return the session of a token while it is alive."""
        now = self._tools.clock.now()
        with self._tools.units() as unit:
            session = unit.staff.sessions.find(self._tools.marks.session(token), now)
        return session if session and session.alive(now, self._tools.rules.idle) else None

    def touch(self, token: str, session: ConsoleSession) -> None:
        """Note a sign of the session's user."""
        now = self._tools.clock.now()
        if now - session.seen_at < min(TOUCH_EVERY, self._tools.rules.idle / 4):
            return
        with self._tools.units() as unit:
            unit.staff.sessions.touch(self._tools.marks.session(token), now)
            unit.commit()

    def leave(self, token: str, session: ConsoleSession) -> None:
        """End a session."""
        with self._tools.units() as unit:
            self._tools.append(unit, session.principal, "logout", session.principal.id, "")
            unit.staff.sessions.end(self._tools.marks.session(token))
            unit.commit()

    def open(self, unit: UnitOfWork, account: Account, way: Way) -> Entered:
        """Make a session with a token that nobody had before, inside a unit; the others go on."""
        now, token = self._tools.clock.now(), self._tools.marks.new_token()
        limited = way is Way.PASSWORD and account.credentials.must_change
        session = ConsoleSession(account.principal, way, now, now, now + self._tools.rules.lifetime, limited)
        unit.staff.sessions.add(self._tools.marks.session(token), session)
        unit.staff.accounts.entered(account.principal.id, now)
        return Entered(token, session, account.credentials.totp is not None)

    def _enter(self, account: Account, password: str, code: str, attempt: Attempt) -> Entered | None:
        """Make the session; None for a wrong code, and where the credentials were changed or used meanwhile."""
        tools, held = self._tools, account.credentials
        left: Credentials | None = held
        told = "mật khẩu"
        if held.totp is not None:
            left = spend(held, code, tools.codes, tools.clock.now())
            if left is None:
                return None
            spent = len(left.recovery) < len(held.recovery)
            told = f"mật khẩu và mã dự phòng, còn {len(left.recovery)} mã" if spent else "mật khẩu và mã"
        elif held.password is not None and tools.passwords.outdated(held.password) and not held.must_change:
            left = replace(held, password=tools.passwords.hash(unicodedata.normalize("NFC", password)))
        assert left is not None  # noqa: S101  (narrowing for the type checker)
        with tools.units() as unit:
            failed = self._guard.succeed(unit, attempt)
            told += f", sau {failed} lần sai" if failed else ""
            tools.append(unit, account.principal, "login", account.principal.id, told)
            if not unit.staff.accounts.save(account, left):
                return None
            entered = self.open(unit, account, Way.PASSWORD)
            unit.commit()
        return entered

    def _mapped(self, unit: UnitOfWork, subject: str, email: str | None) -> Mapped | None:
        accounts = unit.staff.accounts
        found = accounts.find_mapped("subject", subject)
        if found is not None or not email:
            return found
        found = accounts.find_mapped("email", email.strip().casefold())
        if found is None or found.subject == subject:
            return found
        return found if found.subject is None and accounts.bind(found, subject) else None

    def _forget(self) -> None:
        """Drop what is of no more use; that it cannot be done now harms nobody."""
        now = self._tools.clock.now()
        with suppress(StoreUnavailable), self._tools.units() as unit:
            unit.staff.sessions.purge(now)
            unit.staff.failures.purge(now - _FORGET_FAILURES)
            unit.commit()
