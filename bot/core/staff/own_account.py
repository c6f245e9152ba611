"""What people do with their own account: change the password, set up and take away the second step."""

import unicodedata
from dataclasses import dataclass, replace

from bot.core.errors import AccountConflict, LoginRefused, UnknownAccount, WeakPassword
from bot.core.ports import UnitOfWork
from bot.core.staff.accounts import Account, ConsoleSession, Credentials
from bot.core.staff.codes import new_recovery_codes, recovery_hash
from bot.core.staff.guard import Attempt, Guard
from bot.core.staff.policy import Weakness
from bot.core.staff.signing_in import Entered, SigningIn
from bot.core.staff.tools import StaffTools, require_strength


@dataclass(frozen=True)
class Enrolment:
    """A second step that is not confirmed yet: the secret, and the address that a telephone reads."""

    secret: str
    uri: str


class OwnAccount:
    """Acts on the account of a session. Blocking."""

    def __init__(self, tools: StaffTools, signing_in: SigningIn) -> None:
        self._tools = tools
        self._signing_in = signing_in
        self._guard = Guard(tools)

    def account(self, session: ConsoleSession) -> Account:
        """Return the account of a session. Raises UnknownAccount."""
        with self._tools.units() as unit:
            return _account(unit, session)

    def change_password(self, session: ConsoleSession, old: str, new: str, address: str) -> Entered:
        """Set a new password and end every session of the account, this one too; return a new one.

        Raises LoginRefused for a wrong old one (counted like signing in), LoginLocked, WeakPassword.
        """
        account = self.account(session)
        typed = unicodedata.normalize("NFC", new)
        require_strength(typed, account.principal)
        if typed == unicodedata.normalize("NFC", old):
            raise WeakPassword(Weakness.SAME.value)
        attempt = self._prove(account, old, address)
        held = account.credentials.with_password(self._tools.passwords.hash(typed))
        with self._tools.units() as unit:
            self._change(unit, attempt, account, held, "password_change")
            unit.staff.sessions.end_all(account.principal.id)
            entered = self._signing_in.open(unit, replace(account, credentials=held), session.way)
            unit.commit()
        return entered

    def start_totp(self, session: ConsoleSession) -> Enrolment:
        """Make a secret for the second step, which is asked for only once it is confirmed. Raises AccountConflict."""
        account = self.account(session)
        if account.credentials.totp is not None:
            raise AccountConflict("totp-on", "the second step is set up already")
        secret = self._tools.codes.new_secret()
        with self._tools.units() as unit:
            _save(unit, account, replace(account.credentials, pending=secret))
            unit.commit()
        return Enrolment(secret, self._tools.codes.uri(secret, account.principal.id))

    def confirm_totp(self, token: str, session: ConsoleSession, code: str) -> tuple[str, ...]:
        """Ask for the second step from now on and return the recovery codes, which are told this once.

        The account's other sessions end. Raises AccountConflict where none was begun, LoginRefused for a wrong code.
        """
        account, tools = self.account(session), self._tools
        pending = account.credentials.pending
        if pending is None or account.credentials.totp is not None:
            raise AccountConflict("totp-not-started", "no second step was begun")
        step = tools.codes.step(pending, code.strip(), tools.clock.now())
        if step is None:
            raise LoginRefused("the code is wrong")
        codes = new_recovery_codes()
        hashes = tuple(recovery_hash(each) for each in codes)
        held = replace(account.credentials, totp=pending, pending=None, step=step, recovery=hashes)
        with tools.units() as unit:
            tools.append(unit, session.principal, "totp_on", account.principal.id, "")
            _save(unit, account, held)
            unit.staff.sessions.end_all(account.principal.id, but=tools.marks.session(token))
            unit.commit()
        return codes

    def remove_totp(self, session: ConsoleSession, password: str, address: str) -> None:
        """Take the second step away. Raises LoginRefused for a wrong password, LoginLocked, AccountConflict."""
        account = self.account(session)
        if account.credentials.totp is None:
            raise AccountConflict("totp-off", "there is no second step")
        attempt = self._prove(account, password, address)
        with self._tools.units() as unit:
            self._change(unit, attempt, account, account.credentials.without_totp(), "totp_off")
            unit.commit()

    def _prove(self, account: Account, password: str, address: str) -> Attempt:
        """Raise LoginRefused for a wrong password; it counts as when signing in."""
        attempt = self._guard.begin(account.login, address)
        if not self._signing_in.proves(account, password):
            self._guard.refuse(attempt, account)
            raise LoginRefused("the password is wrong")
        return attempt

    def _change(
        self, unit: UnitOfWork, attempt: Attempt, account: Account, credentials: Credentials, action: str
    ) -> None:
        self._guard.succeed(unit, attempt)
        self._tools.append(unit, account.principal, action, account.principal.id, "")
        _save(unit, account, credentials)


def _account(unit: UnitOfWork, session: ConsoleSession) -> Account:
    account = unit.staff.accounts.by_id(session.principal.id)
    if account is None:
        raise UnknownAccount(f"there is no account {session.principal.id}")
    return account


def _save(unit: UnitOfWork, account: Account, credentials: Credentials) -> None:
    """Raise AccountConflict where somebody else changed them meanwhile."""
    if not unit.staff.accounts.save(account, credentials):
        raise AccountConflict("changed-meanwhile", "the account was changed meanwhile")
