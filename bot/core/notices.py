"""Notices that the office shows above the chat between two moments."""

import logging
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

from bot.core.errors import ConfigurationError

log = logging.getLogger(__name__)
_VIET_NAM = timezone(timedelta(hours=7))
MAX_CHARS = 400


@dataclass(frozen=True)
class Notice:
    """One notice: shown from `start` until before `end`."""

    text: str
    english: str
    start: datetime
    end: datetime


class Notices:
    """The notices of a file, read anew when it changes; a broken edit keeps the last good ones and is logged."""

    def __init__(self, path: Path) -> None:
        """Raises ConfigurationError when the file cannot be read."""
        self._path = path
        self._stamp = self._look()
        self._notices = read_notices(path)

    def at(self, now: datetime) -> Sequence[Notice]:
        """Return what is to be shown at a moment, in the file's order."""
        stamp = self._look()
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._notices = read_notices(self._path)
            except ConfigurationError as error:
                log.error("the notices stay as they were: %s", error)
        return [notice for notice in self._notices if notice.start <= now < notice.end]

    def _look(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_size)


def read_notices(path: Path) -> Sequence[Notice]:
    """Read the file. Raises ConfigurationError, which names the notice that is wrong."""
    try:
        entries = tomllib.loads(path.read_text("utf-8")).get("notice", [])
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
    try:
        return [_notice(entry) for entry in entries]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigurationError(f"{path}: a notice needs `from`, `until` and `text`: {error}") from error


def _notice(entry: dict[str, Any]) -> Notice:
    text, english = entry["text"].strip(), entry.get("english", "").strip()
    start, end = _moment(entry["from"]), _moment(entry["until"])
    if not text or max(len(text), len(english)) > MAX_CHARS:
        raise ValueError(f"the text must have 1 to {MAX_CHARS} characters")
    if end <= start:
        raise ValueError(f"«{text[:40]}» ends before it begins")
    return Notice(text, english, start, end)


def _moment(value: date | datetime) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return (value if value.tzinfo else value.replace(tzinfo=_VIET_NAM)).astimezone(UTC)
