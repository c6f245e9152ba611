"""Stores for tests of the Zalo channel: in memory, and in a file that several processes share."""

import fcntl
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from channels.zalo.tokens import TokenState


class MemoryTokenStore:
    """One process's tokens."""

    def __init__(self, state: TokenState | None = None) -> None:
        self.state = state
        self._lock = threading.Lock()

    def load(self) -> TokenState | None:
        return self.state

    def swap(self, expected: int, state: TokenState) -> bool:
        with self._lock:
            if (self.state.version if self.state else 0) != expected:
                return False
            self.state = state
            return True


class FileTokenStore:
    """Tokens in a file under a lock, for tests with several processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = path.with_suffix(".lock")

    def load(self) -> TokenState | None:
        with self._locked():
            return self._read()

    def swap(self, expected: int, state: TokenState) -> bool:
        with self._locked():
            stored = self._read()
            if (stored.version if stored else 0) != expected:
                return False
            fields = {
                name: value.isoformat() if isinstance(value, datetime) else value
                for name, value in vars(state).items()
            }
            fresh = self._path.with_suffix(".new")
            fresh.write_text(json.dumps(fields), "utf-8")
            fresh.replace(self._path)
            return True

    def _read(self) -> TokenState | None:
        if not self._path.exists():
            return None
        fields = json.loads(self._path.read_text("utf-8"))
        for name in ("expires_at", "since", "claimed_until"):
            fields[name] = datetime.fromisoformat(fields[name]) if fields[name] else None
        return TokenState(**fields)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._lock.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class MemoryCounters:
    """Counts in memory."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def add(self, name: str, amount: int = 1) -> None:
        self.counts[name] += amount


class MemoryUploads:
    """Uploads remembered in memory."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, datetime]] = {}

    def get(self, digest: str, now: datetime) -> str | None:
        found = self.known.get(digest)
        return found[0] if found and now < found[1] else None

    def put(self, digest: str, ref: str, until: datetime) -> None:
        self.known[digest] = (ref, until)

    def forget(self, digest: str) -> None:
        self.known.pop(digest, None)


class SetClock:
    """A clock that tests set."""

    def __init__(self, now: datetime) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment
