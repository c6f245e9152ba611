"""Fields of a body that anybody may have written: each is taken with its type, or the body is bad. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.core.channels.contract import BadBody
from channels.objects import object_in

MAX_BODY = 1_048_576  # an update is a few kilobytes; with a quoted message, entities and photo sizes a hundred
MAX_NUMBER = 2**53  # Telegram's ids have at most 52 significant bits
_YEAR_2100 = 4_102_444_800
# Neither can be stored as UTF-8 text; no keyboard makes them.
_UNSTORABLE = re.compile("[\ud800-\udfff]")

Fields = Mapping[str, Any]


def parse(body: bytes) -> Fields:
    """Return the object that a body holds. Raises BadBody."""
    return object_in(body, MAX_BODY)


def part(fields: Fields, name: str) -> Fields:
    """Return the object in a field."""
    value = fields.get(name)
    if not isinstance(value, dict):
        raise BadBody(f"{name} is not an object")
    return value


def number(fields: Fields, name: str) -> int:
    """Return a whole number, of either sign, as large as Telegram's ids get."""
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not -MAX_NUMBER < value < MAX_NUMBER:
        raise BadBody(f"{name} is not a whole number")
    return value


def count(fields: Fields, name: str) -> int | None:
    """Return a whole number that is not negative, None where the field is absent."""
    if name not in fields:
        return None
    value = number(fields, name)
    if value < 0:
        raise BadBody(f"{name} is negative")
    return value


def string(fields: Fields, name: str) -> str:
    """Return a text that can be stored: half characters become U+FFFD, NUL is dropped."""
    value = fields.get(name)
    if not isinstance(value, str):
        raise BadBody(f"{name} is not a text")
    return _UNSTORABLE.sub("\ufffd", value).replace("\0", "")


def optional_string(fields: Fields, name: str) -> str:
    """Return a text, empty where the field is absent."""
    return string(fields, name) if name in fields else ""


def moment(fields: Fields, name: str) -> datetime:
    """Return a Unix time as aware UTC."""
    value = number(fields, name)
    if not 0 < value < _YEAR_2100:
        raise BadBody(f"{name} is not a time")
    return datetime.fromtimestamp(value, UTC)


def degrees(fields: Fields, name: str, limit: float) -> float:
    """Return a coordinate between -limit and limit."""
    value = fields.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not -limit <= value <= limit:
        raise BadBody(f"{name} is not a coordinate")
    return float(value)
