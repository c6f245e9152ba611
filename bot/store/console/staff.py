"""SQL of the console's accounts, of their sessions, and of failures of signing in."""

from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, exists, insert, or_, select, true, update

from bot.core.cases.people import Principal, Role
from bot.core.errors import StoreUnavailable
from bot.core.staff.accounts import Account, ConsoleSession, Credentials, Mapped, Way
from bot.core.staff.lockout import Attempts
from bot.store.parts import AnyRow, Part, insert_once
from bot.store.sealing import context
from bot.store.tables.cases import principals
from bot.store.tables.staff import account_identities as identities
from bot.store.tables.staff import accounts, console_sessions, login_failures

_WHO = (principals.c.id, principals.c.name, principals.c.role, principals.c.unit, principals.c.active)
_OF_ACCOUNT = tuple(accounts.c[name] for name in ("login", "version", "created_at", "last_login_at", "credentials"))
_OF_SESSION = tuple(console_sessions.c[n] for n in ("way", "limited", "created_at", "seen_at", "expires_at"))
_ACCOUNTS = select(*_WHO, *_OF_ACCOUNT).join(accounts, accounts.c.principal_id == principals.c.id)
_SAVE = (
    update(accounts)
    .where(accounts.c.principal_id == bindparam("who"), accounts.c.version == bindparam("expected"))
    .values(credentials=bindparam("sealed"), version=bindparam("new"))
)
_ENTERED = update(accounts).where(accounts.c.principal_id == bindparam("who")).values(last_login_at=bindparam("at"))
_MAPPED = select(identities.c.kind, identities.c.value, identities.c.principal_id, identities.c.subject)
_ONE_MAPPED = (identities.c.kind == bindparam("of_kind")) & (identities.c.value == bindparam("of_value"))
_BIND = update(identities).where(_ONE_MAPPED, identities.c.subject.is_(None)).values(subject=bindparam("seen"))
_UNMAP = delete(identities).where(_ONE_MAPPED, identities.c.principal_id == bindparam("who"))

_SESSION = (
    select(*_WHO, *_OF_SESSION)
    .join(console_sessions, console_sessions.c.principal_id == principals.c.id)
    .where(
        console_sessions.c.mark == bindparam("of"),
        console_sessions.c.expires_at > bindparam("now"),
        principals.c.active == true(),
    )
)
_TOUCH = update(console_sessions).where(console_sessions.c.mark == bindparam("of")).values(seen_at=bindparam("at"))

_FAILURES = select(
    login_failures.c.failures, login_failures.c.since, login_failures.c.locked_until, login_failures.c.counted
).where(login_failures.c.key == bindparam("of"))
_SET = (
    update(login_failures)
    .where(login_failures.c.key == bindparam("of"))
    .values(
        failures=bindparam("new_failures"),
        since=bindparam("new_since"),
        locked_until=bindparam("until"),
        counted=bindparam("new_counted"),
    )
)
# Rows that are forgotten at once.
_AT_ONCE = 500
_TRIES = 5


class SqlAccounts(Part):
    """Implements bot.core.staff.ports.Accounts."""

    def add(self, principal_id: str, login: str, credentials: Credentials, now: datetime) -> bool:
        """Give a principal an account."""
        row = {"principal_id": principal_id, "login": login, "version": 1, "created_at": now, "last_login_at": None}
        return insert_once(self._write(), accounts, {**row, "credentials": self._seal(principal_id, credentials)})

    def by_login(self, login: str) -> Account | None:
        """Return the account of a login."""
        return self._first(accounts.c.login == login)

    def by_id(self, principal_id: str) -> Account | None:
        """Return the account of a principal."""
        return self._first(accounts.c.principal_id == principal_id)

    def all(self) -> list[Account]:
        """Return every account, by id."""
        return [self._account(row) for row in self._read().execute(_ACCOUNTS.order_by(accounts.c.principal_id))]

    def any(self) -> bool:
        """True when there is an account."""
        return bool(self._read().execute(select(exists(select(accounts.c.principal_id)))).scalar())

    def any_used(self) -> bool:
        """True when somebody has signed in once."""
        used = select(accounts.c.principal_id).where(accounts.c.last_login_at.is_not(None))
        return bool(self._read().execute(select(exists(used))).scalar())

    def save(self, account: Account, credentials: Credentials) -> bool:
        """Replace the credentials if nobody else did since."""
        who = account.principal.id
        values = {"who": who, "expected": account.version, "new": account.version + 1}
        return self._write().execute(_SAVE, {**values, "sealed": self._seal(who, credentials)}).rowcount == 1

    def entered(self, principal_id: str, now: datetime) -> None:
        """Note that somebody signed in."""
        self._write().execute(_ENTERED, {"who": principal_id, "at": now})

    def mapped(self) -> list[Mapped]:
        """Return every mapping."""
        return [Mapped(*row) for row in self._read().execute(_MAPPED.order_by(identities.c.kind, identities.c.value))]

    def find_mapped(self, kind: str, value: str) -> Mapped | None:
        """Return one mapping."""
        row = self._read().execute(_MAPPED.where(_ONE_MAPPED), {"of_kind": kind, "of_value": value}).first()
        return None if row is None else Mapped(*row)

    def map(self, mapped: Mapped, now: datetime) -> bool:
        """Add a mapping."""
        return insert_once(self._write(), identities, {**vars(mapped), "created_at": now})

    def unmap(self, kind: str, value: str, principal_id: str) -> bool:
        """Take a mapping away."""
        given = {"of_kind": kind, "of_value": value, "who": principal_id}
        return self._write().execute(_UNMAP, given).rowcount == 1

    def bind(self, mapped: Mapped, subject: str) -> bool:
        """Note who was first seen with an e-mail."""
        given = {"of_kind": mapped.kind, "of_value": mapped.value, "seen": subject}
        return self._write().execute(_BIND, given).rowcount == 1

    def _first(self, wanted: ColumnElement[bool]) -> Account | None:
        row = self._read().execute(_ACCOUNTS.where(wanted)).first()
        return None if row is None else self._account(row)

    def _account(self, row: AnyRow) -> Account:
        held = self._keys.open_json(row.credentials, _context(row.id))
        return Account(
            _principal(row), row.login, Credentials.from_json(held), row.version, row.created_at, row.last_login_at
        )

    def _seal(self, principal_id: str, credentials: Credentials) -> bytes:
        return self._keys.seal_json(credentials.to_json(), _context(principal_id))


class SqlConsoleSessions(Part):
    """Implements bot.core.staff.ports.ConsoleSessions."""

    def add(self, mark: str, session: ConsoleSession) -> None:
        """Store a session."""
        row = {name: getattr(session, name) for name in ("created_at", "seen_at", "expires_at", "limited")}
        known = {"mark": mark, "principal_id": session.principal.id, "way": session.way.value}
        self._write().execute(insert(console_sessions), {**known, **row})

    def find(self, mark: str, now: datetime) -> ConsoleSession | None:
        """Return a session of an active principal."""
        row = self._read().execute(_SESSION, {"of": mark, "now": now}).first()
        if row is None:
            return None
        return ConsoleSession(_principal(row), Way(row.way), row.created_at, row.seen_at, row.expires_at, row.limited)

    def touch(self, mark: str, now: datetime) -> None:
        """Note a sign of its user."""
        self._write().execute(_TOUCH, {"of": mark, "at": now})

    def end(self, mark: str) -> None:
        """End a session."""
        self._write().execute(delete(console_sessions).where(console_sessions.c.mark == mark))

    def end_all(self, principal_id: str, but: str | None = None) -> int:
        """End a principal's sessions."""
        wanted = delete(console_sessions).where(console_sessions.c.principal_id == principal_id)
        if but is not None:
            wanted = wanted.where(console_sessions.c.mark != but)
        return self._write().execute(wanted).rowcount

    def purge(self, now: datetime) -> None:
        """Forget what is over."""
        mark = console_sessions.c.mark
        over = select(mark).where(console_sessions.c.expires_at <= now).limit(_AT_ONCE)
        self._write().execute(delete(console_sessions).where(mark.in_(over.with_for_update(skip_locked=True))))


class SqlLoginFailures(Part):
    """Implements bot.core.staff.ports.LoginFailures."""

    def hold(self, key: str) -> Attempts:
        """Return how guessing stands, with the row held until the unit ends."""
        write = self._write()
        for _ in range(_TRIES):
            insert_once(write, login_failures, {"key": key, "failures": 0, "counted": 0})
            if (row := write.execute(_FAILURES.with_for_update(), {"of": key}).first()) is not None:
                return Attempts(*row)
            # It was there, and was purged just now.
        raise StoreUnavailable("failures of signing in are being purged; try again")

    def set(self, key: str, state: Attempts) -> None:
        """Replace it."""
        values = {"new_failures": state.failures, "new_since": state.since, "new_counted": state.counted}
        self._write().execute(_SET, {"of": key, **values, "until": state.locked_until})

    def of(self, key: str) -> Attempts:
        """Return how guessing stands."""
        row = self._read().execute(_FAILURES, {"of": key}).first()
        return Attempts() if row is None else Attempts(*row)

    def purge(self, before: datetime) -> None:
        """Forget what is old."""
        key = login_failures.c.key
        old = or_(login_failures.c.since.is_(None), login_failures.c.since < before)
        # Whoever signs in holds two rows, one after the other: waiting for one while having the other is a knot.
        free = select(key).where(old).limit(_AT_ONCE).with_for_update(skip_locked=True)
        self._write().execute(delete(login_failures).where(key.in_(free)))


class SqlStaff(Part):
    """Implements bot.core.staff.ports.Staff."""

    @property
    def accounts(self) -> SqlAccounts:
        """Accounts and what opens them."""
        return SqlAccounts(self._read, self._write, self._keys)

    @property
    def sessions(self) -> SqlConsoleSessions:
        """Who is signed in."""
        return SqlConsoleSessions(self._read, self._write, self._keys)

    @property
    def failures(self) -> SqlLoginFailures:
        """Wrong guesses."""
        return SqlLoginFailures(self._read, self._write, self._keys)


def _principal(row: AnyRow) -> Principal:
    return Principal(row.id, row.name, Role(row.role), row.unit, row.active)


def _context(principal_id: str) -> bytes:
    return context("accounts", "credentials", principal_id)
