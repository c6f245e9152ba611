"""Pieces of a Zalo body, each checked for its type: what is wrong ends as BadBody, never as another error."""

import re
from datetime import UTC, datetime
from typing import Any

from bot.core.channels.contract import BadBody
from channels.objects import object_in

MAX_BODY_BYTES = 256 * 1024
_ID = re.compile(r"[A-Za-z0-9_.\-]{1,100}", re.ASCII)
_DIGITS = re.compile(r"\d{1,20}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,3}(?:\.\d{1,20})?", re.ASCII)
# Halves of surrogate pairs and NUL cannot be stored as text.
_UNSTORABLE = re.compile("[\ud800-\udfff\x00]")
# Clocks of events lie between these; anything else is taken as «not told».
_EARLIEST_MS = 1_400_000_000_000
_LATEST_MS = 4_000_000_000_000


def load_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body. Raises BadBody."""
    return object_in(body, MAX_BODY_BYTES)


def identifier(value: object, what: str) -> str:
    """Return an id as text: ids are larger than 2^53, so whole numbers are taken exactly. Raises BadBody."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**40:
        value = str(value)
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise BadBody(f"bad {what}")
    return value


def inner(event: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an object inside, an empty one where it is absent. Raises BadBody for another type."""
    value = event.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadBody(f"bad {name}")
    return value


def words(holder: dict[str, Any], name: str, longest: int | None = None) -> str:
    """Return a text, empty where it is absent, without characters that cannot be stored. Raises BadBody."""
    value = holder.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or (longest is not None and len(value) > longest):
        raise BadBody(f"bad {name}")
    return _UNSTORABLE.sub("\ufffd", value)


def count(value: object) -> int | None:
    """Return a whole number that came as a number or as text, None for anything else: only claims are read so."""
    if isinstance(value, bool):
        return None
    text = str(value) if isinstance(value, int) and abs(value) < 10**20 else value
    return int(text) if isinstance(text, str) and _DIGITS.fullmatch(text) else None


def milliseconds(event: dict[str, Any]) -> int | None:
    """Return the event's clock in epoch milliseconds, None where it is absent or not plausible. Raises BadBody."""
    value = event.get("timestamp")
    if value is None:
        return None
    number = count(value)
    if number is None:
        raise BadBody("bad timestamp")
    return number if _EARLIEST_MS <= number <= _LATEST_MS else None


def moment(event: dict[str, Any]) -> datetime | None:
    """Return the event's clock in UTC, None where it is absent or not plausible. Raises BadBody."""
    number = milliseconds(event)
    return None if number is None else datetime.fromtimestamp(number / 1000, UTC)


def coordinate(value: object, limit: int) -> str:
    """Return a latitude or longitude as it was written. Raises BadBody."""
    if isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1000):
        value = repr(value)
    if not isinstance(value, str) or not _NUMBER.fullmatch(value) or abs(float(value)) > limit:
        raise BadBody("bad coordinates")
    return value
