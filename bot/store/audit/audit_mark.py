"""How far the audit log had got, noted sealed in a file beside the keys: outside the database.

Whoever can write to the database alone can put back an old end of the log, or empty it with its key as if it had
never begun; the mark tells of both. It is a lower bound: it is written after the commit that it is about, and never
goes back, so that a crash between the two raises no false alarm. Each machine that shares a database has its own.
"""

import contextlib
import fcntl
import logging
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.core.errors import ConfigurationError
from bot.store.sealing import KeyRing, context

log = logging.getLogger(__name__)
# A folder of its own: a change in the key folder itself makes every process read its keys again.
FOLDER, NAME, _LOCK = "audit", "mark", "lock"
_PLACE = context("audit_mark", "mark")


@dataclass(frozen=True)
class Mark:
    """The log had at least `count` entries, the last of them with this hash."""

    count: int
    hash: str


def read(keys: KeyRing) -> Mark | None:
    """Return the mark, None before the first. Raises ConfigurationError for one that cannot be read."""
    path = _folder(keys) / NAME
    try:
        sealed = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigurationError(f"the audit's mark {path} cannot be read ({error.strerror})") from error
    try:
        told = keys.open_json(sealed, _PLACE)
    except ConfigurationError as error:
        raise ConfigurationError(f"the audit's mark {path} is not as it was written ({error})") from error
    return Mark(told["count"], told["hash"])


def advance(keys: KeyRing, mark: Mark) -> None:
    """Note that the log has got this far, unless it is known to have got farther.

    What was appended stays so: where the mark cannot be written that is logged, and the next one makes up for it.
    """
    try:
        with _locked(keys):
            known = read(keys)
            if known is None or known.count < mark.count:
                _write(keys, mark)
    except (OSError, ConfigurationError) as error:
        log.warning("the audit's mark could not be written", extra={"cause": str(error)})


def replace(keys: KeyRing, mark: Mark) -> None:
    """Put this mark in the place of whatever was there: after a restored backup. Raises ConfigurationError."""
    try:
        with _locked(keys):
            _write(keys, mark)
    except OSError as error:
        raise ConfigurationError(f"the audit's mark in {_folder(keys)} cannot be written ({error})") from error


def _folder(keys: KeyRing) -> Path:
    return keys.folder / FOLDER


@contextlib.contextmanager
def _locked(keys: KeyRing) -> Iterator[None]:
    """Hold the mark against other threads and processes of this machine."""
    _folder(keys).mkdir(mode=0o700, exist_ok=True)
    handle = os.open(_folder(keys) / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(keys: KeyRing, mark: Mark) -> None:
    """Write the file whole or not at all."""
    handle, draft = tempfile.mkstemp(dir=_folder(keys), prefix=".draft-")  # made with mode 600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(keys.seal_json({"count": mark.count, "hash": mark.hash}, _PLACE))
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, _folder(keys) / NAME)
    except BaseException:
        os.unlink(draft)
        raise
