"""Who is calling: bearer tokens, looked up by their hash, with a limit on wrong ones."""

import hashlib
import threading
from collections import OrderedDict

from bot.core.cases.people import Principal
from bot.core.ports import Clock, UnitOfWorkFactory

MAX_TOKEN_CHARACTERS = 200
_REMEMBERED = 1_000


class TooManyFailures(Exception):
    """Too many wrong tokens came from one address; `retry_after` seconds are left."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many wrong tokens")
        self.retry_after = retry_after


def token_hash(token: str) -> str:
    """Return the hash under which a token is stored. Tokens are random, so that a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


class Gate:
    """Admits principals by token. Blocking; safe between threads.

    A right token is admitted whatever else comes from its address. After `max_failures` wrong ones within
    `window_seconds` further wrong ones are told to wait. Kept per process, on purpose: it slows down what floods the
    log and is misconfigured; the tokens themselves cannot be guessed (256 bits).
    """

    def __init__(
        self, units: UnitOfWorkFactory, clock: Clock, max_failures: int = 10, window_seconds: float = 60.0
    ) -> None:
        self._units = units
        self._clock = clock
        self._max_failures = max_failures
        self._window = window_seconds
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, list[float]] = OrderedDict()

    def admit(self, token: str, address: str) -> Principal | None:
        """Return the active principal of an unexpired token, None for a wrong one. Raises TooManyFailures."""
        if not token:
            return None  # nobody guesses by saying nothing
        now = self._clock.now()
        if len(token) <= MAX_TOKEN_CHARACTERS:
            with self._units() as unit:
                principal = unit.principals.by_token(token_hash(token), now)
            if principal is not None:
                return principal
        self._count_failure(address, now.timestamp())
        return None

    def _count_failure(self, address: str, moment: float) -> None:
        with self._lock:
            recent = [at for at in self._failures.get(address, ()) if moment - at < self._window]
            if len(recent) >= self._max_failures:
                raise TooManyFailures(max(1, round(self._window - (moment - recent[0]))))
            self._failures[address] = [*recent, moment]
            self._failures.move_to_end(address)
            while len(self._failures) > _REMEMBERED:
                self._failures.popitem(last=False)
