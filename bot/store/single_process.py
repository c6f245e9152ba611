"""One service process on one SQLite file: a lock that the operating system frees when its holder dies."""

import fcntl
import os
from pathlib import Path
from types import TracebackType

from bot.core.errors import ConfigurationError


class SingleProcessLock:
    """Holds `path` locked for the length of its `with` block.

    Entering raises ConfigurationError, one line, when another process holds it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def __enter__(self) -> "SingleProcessLock":
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise ConfigurationError(f"lock {self._path} cannot be written ({error.strerror})") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(handle, 20).decode(errors="replace").strip() or "unknown"
            os.close(handle)
            raise ConfigurationError(
                f"another service (process {holder}) serves {self._path.parent} already; SQLite allows one: stop it,"
                " or use PostgreSQL"
            ) from None
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        self._handle = handle
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handle is not None:
            os.close(self._handle)  # frees the lock; the file stays, for removing it would race with another start
            self._handle = None
