"""Logs: one JSON object a line, without any citizen's words or numbers, and without what opens anything.

Fields whose name says that they hold words or contacts are dropped, strings are masked, and of an exception only its
type and the lines of code are kept: its message may quote what a citizen wrote.
"""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO

from bot.core.errors import TiepDanError
from bot.core.privacy import mask

# Any field with one of these words in its name (split at «_») is dropped.
DROPPED = frozenset(
    {
        "text", "texts", "body", "narrative", "content", "question", "answer", "reply", "utterance", "transcript",
        "message", "messages", "phone", "mobile", "contact", "email", "address", "fullname", "person",
        "token", "secret", "password", "authorization", "cookie", "key",
    }
)  # fmt: skip
OWN = ("bot", "channels", "actions", "knowledge", "nlu", "__main__")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message", "taskName"}
_LONGEST = 500
HIDDEN = "…"
# What opens something: a bot's token, a webhook's secret path, a web session and its tokens, keys of any header.
_SECRETS = re.compile(
    r"(?P<bot>(?<!\d)\d{2,20}(?::|%3[Aa])[A-Za-z0-9_-]{20,})"
    r"|(?P<hook>(?<=/channels/)[^/\s?\"']+/[^\s?\"']+)"
    r"|(?P<session>\bs_[A-Za-z0-9_-]{16,64})"
    r"|(?P<token>\bv1\.[1-9]\d{0,11}\.[A-Za-z0-9_-]{20,})"
    r"|(?P<bearer>(?<=[Bb]earer )\S+)"
    r"|(?P<query>(?<=[?&])[^\s&=]*(?:token|secret|key|code|password)[^\s&=]*=[^\s&]+)"
)


class JsonLines(logging.Formatter):
    """Formats a record as one JSON line: at (UTC), level, logger, message, then the record's `extra` fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its line feed."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        line |= _access(record) or {"message": _message(record)}
        for name, value in vars(record).items():
            if name not in _STANDARD and name not in line and not _speaks(name):
                line[name] = _clean(name, value)
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def configure_logging(level: str = "info", stream: TextIO | None = None) -> None:
    """Send every log of this process to `stream` (standard error) as JSON lines; other libraries from warnings on."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    chosen = logging.getLevelNamesMapping()[level.upper()]
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
        logger.setLevel(logging.NOTSET)
    for name in (*OWN, "uvicorn"):
        logging.getLogger(name).setLevel(chosen)


def _access(record: logging.LogRecord) -> dict[str, Any] | None:
    """Return the fields of uvicorn's access log: no address, and no query, which may hold a token."""
    if record.name != "uvicorn.access" or not isinstance(record.args, tuple) or len(record.args) != 5:
        return None
    _, method, path, _, status = record.args
    shown = hide_secrets(str(path).split("?")[0])
    return {"message": "request", "method": method, "path": mask(shown)[:_LONGEST], "status": status}


def hide_secrets(text: str) -> str:
    """Return a text without tokens, sessions and secret paths; of a webhook its channel is left to read."""

    def hidden(found: re.Match[str]) -> str:
        return f"{found[0].partition('/')[0]}/{HIDDEN}" if found["hook"] else HIDDEN

    return _SECRETS.sub(hidden, text)


def _message(record: logging.LogRecord) -> str:
    """Return the first line, masked: libraries put the text of exceptions below it."""
    try:
        text = record.getMessage()
    except (TypeError, ValueError):
        text = str(record.msg)
    return _masked(text.strip().split("\n", 1)[0])


def _masked(text: str) -> str:
    # Secrets first: cut off or masked in the middle, the rest of one would stay. Nothing is read at any length.
    return mask(hide_secrets(text[: 4 * _LONGEST])[:_LONGEST], dossier_codes=True)


def _speaks(name: str) -> bool:
    return not DROPPED.isdisjoint(name.lower().split("_"))


def _clean(name: str, value: Any) -> Any:
    """Return a JSON-ready value; ids of our own making are not taken for personal numbers."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {str(key): _clean(str(key), inner) for key, inner in value.items() if not _speaks(str(key))}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(name, inner) for inner in value]
    text = str(value)
    return hide_secrets(text[: 4 * _LONGEST])[:_LONGEST] if name.endswith("_id") else _masked(text)


def _error(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    described: dict[str, Any] = {
        "type": type(error).__name__,
        "where": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
    }
    if isinstance(error, TiepDanError):
        # Composed by this project, and never of a citizen's words.
        described["cause"] = _masked(str(error))
    if error.__cause__ is not None:
        described["from"] = type(error.__cause__).__name__
    return described
