"""Shares with their uncertainty, as reports give them."""

import math
from collections.abc import Sequence


def share(right: Sequence[bool]) -> str:
    """Return the share of True in percent with Wilson's 95 % interval (Wilson 1927); «–» for nothing."""
    if not right:
        return "–"
    n, part, z = len(right), sum(right) / len(right), 1.96
    centre = (part + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(part * (1 - part) / n + z * z / (4 * n * n))
    return f"{100 * part:.1f} ({100 * (centre - reach):.1f}–{100 * (centre + reach):.1f})"
