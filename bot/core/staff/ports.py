"""What signing in needs from the store and from cryptography: Protocols."""

from datetime import datetime
from typing import Protocol

from bot.core.staff.accounts import Account, ConsoleSession, Credentials, Mapped
from bot.core.staff.lockout import Attempts


class Passwords(Protocol):
    """Hashes of passwords. Blocking, and slow on purpose."""

    def hash(self, password: str) -> str:
        """Return a hash with a salt of its own."""
        ...

    def verify(self, encoded: str | None, password: str) -> bool:
        """Return whether a password fits a hash. With None the same work is done, and the answer is False."""
        ...

    def outdated(self, encoded: str) -> bool:
        """True when the hash was made with other parameters than today's."""
        ...


class TimeCodes(Protocol):
    """Codes of the second step that change with time (RFC 6238)."""

    def new_secret(self) -> str:
        """Return a new shared secret in base32."""
        ...

    def uri(self, secret: str, login: str) -> str:
        """Return the otpauth:// address that a telephone's program reads."""
        ...

    def step(self, secret: str, code: str, now: datetime) -> int | None:
        """Return the time step of a code, the present one or one of its neighbours; None for any other code."""
        ...


class Accounts(Protocol):
    """Accounts of the console, inside a unit of work; credentials are sealed."""

    def add(self, principal_id: str, login: str, credentials: Credentials, now: datetime) -> bool:
        """Give a principal an account; False where the principal or the login has one."""
        ...

    def by_login(self, login: str) -> Account | None:
        """Return the account of a login, in lower case."""
        ...

    def by_id(self, principal_id: str) -> Account | None:
        """Return the account of a principal."""
        ...

    def all(self) -> list[Account]:
        """Return every account, by id."""
        ...

    def any(self) -> bool:
        """True when there is an account."""
        ...

    def any_used(self) -> bool:
        """True when somebody has signed in once."""
        ...

    def save(self, account: Account, credentials: Credentials) -> bool:
        """Replace the credentials where they are still the ones that `account` was read with."""
        ...

    def entered(self, principal_id: str, now: datetime) -> None:
        """Note that somebody signed in."""
        ...

    def mapped(self) -> list[Mapped]:
        """Return what of an identity provider stands for which account."""
        ...

    def find_mapped(self, kind: str, value: str) -> Mapped | None:
        """Return the mapping of an e-mail (in lower case) or a subject."""
        ...

    def map(self, mapped: Mapped, now: datetime) -> bool:
        """Add a mapping; False where the value stands for an account already."""
        ...

    def unmap(self, kind: str, value: str, principal_id: str) -> bool:
        """Take a mapping away; False where there was none."""
        ...

    def bind(self, mapped: Mapped, subject: str) -> bool:
        """Note who was first seen with an e-mail; False where somebody else was."""
        ...


class ConsoleSessions(Protocol):
    """Sessions of the console under hashes of their tokens, inside a unit of work."""

    def add(self, mark: str, session: ConsoleSession) -> None:
        """Store a session."""
        ...

    def find(self, mark: str, now: datetime) -> ConsoleSession | None:
        """Return the session of an active principal that has not reached the end of its life."""
        ...

    def touch(self, mark: str, now: datetime) -> None:
        """Note a sign of its user."""
        ...

    def end(self, mark: str) -> None:
        """End a session; nothing where there is none."""
        ...

    def end_all(self, principal_id: str, but: str | None = None) -> int:
        """End a principal's sessions, all or all but one, and return how many."""
        ...

    def purge(self, now: datetime) -> None:
        """Forget sessions whose life is over."""
        ...


class LoginFailures(Protocol):
    """Failures of signing in, shared by all processes, inside a unit of work."""

    def hold(self, key: str) -> Attempts:
        """Return how guessing under a key stands, and let nobody else change it before this unit ends."""
        ...

    def set(self, key: str, state: Attempts) -> None:
        """Replace it; to be called after `hold`."""
        ...

    def of(self, key: str) -> Attempts:
        """Return how guessing under a key stands, without holding it."""
        ...

    def purge(self, before: datetime) -> None:
        """Forget what was last counted before a moment."""
        ...


class Staff(Protocol):
    """Everything about the console's people, inside a unit of work."""

    @property
    def accounts(self) -> Accounts: ...
    @property
    def sessions(self) -> ConsoleSessions: ...
    @property
    def failures(self) -> LoginFailures: ...
