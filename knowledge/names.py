"""Names of procedures as people say them."""

import re

_PREFIX = re.compile(r"^\s*thủ tục(?: hành chính)?\s+", re.IGNORECASE)
_LEVEL_SUFFIX = re.compile(r"\s*\(\s*(?:ở\s+)?cấp [^)]*\)\s*$", re.IGNORECASE)


def short_name(name: str) -> str:
    """Return the name without «Thủ tục» in front and the level in brackets behind."""
    return _LEVEL_SUFFIX.sub("", _PREFIX.sub("", name)).strip()
