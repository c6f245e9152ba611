"""How wrong guesses are counted, and for how long guessing is stopped: a pure state machine.

An attempt counts as failed from its beginning, and is taken back when it turns out right: so attempts that are made
at once are each counted before the first has its answer.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Attempts:
    """How guessing at one account, or from one address, stands.

    `failures` since `since`, less what was forgiven; `counted` since the last success, of which nothing is forgiven.
    """

    failures: int = 0
    since: datetime | None = None
    locked_until: datetime | None = None
    counted: int = 0


@dataclass(frozen=True)
class Lockout:
    """After `allowed` failures nothing is looked at for `first`; each further one doubles that, up to `longest`.

    One failure is forgiven for every `forgive` that passes outside a lock.
    """

    allowed: int = 5
    first: timedelta = timedelta(minutes=1)
    longest: timedelta = timedelta(hours=1)
    forgive: timedelta = timedelta(hours=1)

    def wait(self, state: Attempts, now: datetime) -> timedelta:
        """Return for how long nothing is looked at; zero when an attempt may be made."""
        if state.locked_until is None:
            return timedelta(0)
        return max(state.locked_until - now, timedelta(0))

    def begun(self, state: Attempts, now: datetime) -> Attempts:
        """Count an attempt as failed. Not to be called while `wait` is not zero."""
        failures, since = self._forgiven(state, now)
        failures += 1
        counted = state.counted + 1
        if failures < self.allowed:
            return Attempts(failures, since, None, counted)
        doublings = min(failures - self.allowed, 30)
        until = now + min(self.first * 2**doublings, self.longest)
        return Attempts(failures, until, until, counted)

    def taken_back(self, state: Attempts) -> Attempts:
        """Undo one `begun` of an attempt that was neither wrong nor a success.

        A lock that stands can only be that attempt's own, or was reached by counting it.
        """
        return replace(
            state, failures=max(state.failures - 1, 0), locked_until=None, counted=max(state.counted - 1, 0)
        )

    def _forgiven(self, state: Attempts, now: datetime) -> tuple[int, datetime]:
        if state.since is None or state.failures == 0:
            return 0, now
        periods = max((now - state.since) // self.forgive, 0)
        if periods >= state.failures:
            return 0, now
        return state.failures - periods, state.since + periods * self.forgive
