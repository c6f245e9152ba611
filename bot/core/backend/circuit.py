"""A circuit breaker: after failures in a row a collaborator is left alone for a while, then tried with one call."""

from datetime import datetime, timedelta


class Circuit:
    """Opens after `failures_to_open` failures in a row; each failed probe doubles the pause, up to the longest.

    For one caller that does one thing at a time: whoever is allowed to call says afterwards how it went.
    """

    def __init__(self, failures_to_open: int, pause_seconds: float, longest_pause_seconds: float) -> None:
        self._failures_to_open = failures_to_open
        self._first = timedelta(seconds=pause_seconds)
        self._longest = timedelta(seconds=longest_pause_seconds)
        self._pause = self._first
        self._failures = 0
        self._probe_at: datetime | None = None

    def wait(self, now: datetime) -> float:
        """Return the seconds until a call is allowed; 0 when one is allowed now."""
        until = self._probe_at
        return max(0.0, (until - now).total_seconds()) if until else 0.0

    def succeeded(self) -> None:
        """Close: the collaborator answered."""
        self._failures, self._pause, self._probe_at = 0, self._first, None

    def failed(self, now: datetime) -> bool:
        """Count a failure; True when it opens the circuit, or keeps it open after a probe."""
        self._failures += 1
        if self._failures < self._failures_to_open:
            return False
        if self._probe_at is not None:
            self._pause = min(self._longest, self._pause * 2)
        self._probe_at = now + self._pause
        return True
