"""Child processes: each in a group of its own, logged to a file, stopped for certain, ended with its parent."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

EXIT_CONFIGURATION = 78  # EX_CONFIG of sysexits.h: starting again would not help
KEPT_LOGS = 3
_LAUNCHER = Path(__file__).with_name("die_with_parent.py")

Health = Callable[[], Awaitable[bool]]


async def always_healthy() -> bool:
    """The health of a child that has none to ask."""
    return True


@dataclass(frozen=True)
class Child:
    """A process to run. `health` returns False rather than raise; stdout and stderr both go to `log`."""

    name: str
    argv: tuple[str, ...]
    log: Path
    health: Health = always_healthy
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    cwd: Path | None = None


class Process:
    """One run of a child."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path, log_start: int) -> None:
        self._process = process
        self._log = log
        self._log_start = log_start

    @classmethod
    async def start(cls, child: Child) -> "Process":
        """Start the child; its log is appended to."""
        child.log.parent.mkdir(parents=True, exist_ok=True)
        with child.log.open("ab") as log:
            log_start = log.tell()
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-IS",  # isolated, without site-packages: the launcher starts in 20 ms
                str(_LAUNCHER),
                str(os.getpid()),
                *child.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(child.env),
                cwd=child.cwd,
                start_new_session=True,
            )
        return cls(process, child.log, log_start)

    @property
    def pid(self) -> int:
        """The process id, which is also its group's."""
        return self._process.pid

    async def wait(self) -> int:
        """Wait for the end and return the exit code (negative: the signal)."""
        return await self._process.wait()

    async def stop(self, grace_seconds: float) -> None:
        """Ask the whole group to end (SIGTERM), kill what is left after the grace, return when it is gone."""
        try:
            if self._process.returncode is None:
                self._signal(signal.SIGTERM)
                async with asyncio.timeout(grace_seconds):
                    await self._process.wait()
        except TimeoutError:
            pass
        finally:
            self._signal(signal.SIGKILL)  # also what the child started and left behind
        await self._process.wait()

    def last_line(self) -> str:
        """Return the last line that this run wrote, or ""."""
        return last_line(self._log, self._log_start)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)


def last_line(log: Path, start: int = 0) -> str:
    """Return the last non-empty line of a log after the byte `start`, shortened to 300 characters."""
    try:
        with log.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(start, size - 4096))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return ""
    return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")


def rotate(log: Path) -> None:
    """Move name.log to name.log.1, that to name.log.2 …; the oldest goes."""
    for number in range(KEPT_LOGS, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        newer = log if number == 1 else log.with_name(f"{log.name}.{number - 1}")
        if newer.exists():
            newer.replace(older)


def http_health(url: str, timeout_seconds: float = 3.0) -> Health:
    """Return a health that is good when GET `url` (plain HTTP) answers 200 in time."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")

    def ask() -> bool:
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=timeout_seconds)
        try:
            connection.request("GET", target)
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    async def health() -> bool:
        return await asyncio.to_thread(ask)

    return health
