"""Fields of what strangers send: texts, numbers and moments, taken where they can be and left out where not. Pure."""

import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.core.story import VIETNAM

MAX_ID = 128
_ID = re.compile(r"[\x21-\x7e]{1,128}")
_EPOCH_FROM, _EPOCH_TO = 946_684_800, 4_102_444_800  # the years 2000 and 2100


class BadShape(Exception):
    """A body is not what was agreed."""


def load(body: bytes) -> Any:
    """Return what a JSON body holds. Raises BadShape for any other, however deep or large its parts."""
    try:
        return json.loads(body.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadShape(type(error).__name__) from None


def mapping(value: Any) -> Mapping[str, Any]:
    """Return an object. Raises BadShape."""
    if not isinstance(value, Mapping):
        raise BadShape("no object")
    return value


def text_of(fields: Mapping[str, Any], names: Iterable[str], most: int = 200) -> str | None:
    """Return the first of these fields that is a text or a number, without what no database keeps; None for none."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, bool):
            continue
        if isinstance(value, int) and abs(value) < 10**30:
            return str(value)
        if isinstance(value, str):
            plain = value.encode("utf-8", "replace").decode().replace("\0", "").strip()
            if plain:
                return plain[:most]
    return None


def id_of(fields: Mapping[str, Any], names: Iterable[str]) -> str:
    """Return an id of printable characters. Raises BadShape without one."""
    found = text_of(fields, names, MAX_ID + 1)
    if found is None or not _ID.fullmatch(found):
        raise BadShape("no usable id")
    return found


def whole_of(fields: Mapping[str, Any], names: Iterable[str], most: int) -> int | None:
    """Return the first of these fields that is a whole number from 0 to `most`, written as one or as a text."""
    found = text_of(fields, names, 20)
    if found is None or not found.isascii() or not found.isdecimal():
        return None
    return int(found) if int(found) <= most else None


def share_of(fields: Mapping[str, Any], names: Iterable[str]) -> float | None:
    """Return a share from 0 to 1, or None."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return float(value) if 0 <= value <= 1 else None
    return None


def moment_of(fields: Mapping[str, Any], names: Iterable[str], now: datetime) -> datetime:
    """Return the first of these fields that tells a moment: ISO 8601, or seconds or milliseconds; else now.

    A moment without an offset is Viet Nam's.
    """
    for name in names:
        found = _moment(fields.get(name))
        if found is not None:
            return found
    return now


def _moment(value: Any) -> datetime | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdecimal() and len(value) < 20:
        value = int(value)
    if isinstance(value, int | float):
        if not math.isfinite(value):
            return None
        seconds = value / 1000 if value > _EPOCH_TO else value
        return datetime.fromtimestamp(seconds, UTC) if _EPOCH_FROM <= seconds <= _EPOCH_TO else None
    if isinstance(value, str) and len(value) <= 40:
        try:
            told = datetime.fromisoformat(value.strip())
            return (told if told.tzinfo else told.replace(tzinfo=VIETNAM)).astimezone(UTC)
        except (ValueError, OverflowError):
            return None
    return None
