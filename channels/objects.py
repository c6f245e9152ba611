"""The JSON object that a platform's body is, whoever wrote it. Pure."""

import json
from typing import Any, NoReturn

from bot.core.channels.contract import BadBody


def object_in(body: bytes, limit: int) -> dict[str, Any]:
    """Return the object that a body of at most `limit` bytes holds. Raises BadBody, and nothing but that."""
    if len(body) > limit:
        raise BadBody("too large")
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):  # ValueError: not UTF-8, not JSON, a number of more than 4,300 digits
        raise BadBody("not JSON") from None
    if not isinstance(value, dict):
        raise BadBody("not an object")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
