"""The system's clock."""

from datetime import UTC, datetime


class SystemClock:
    """Tells the real time, aware UTC."""

    def now(self) -> datetime:
        """Return the present moment."""
        return datetime.now(UTC)
