"""Counts of cases that do not point at whoever complained. Pure.

A unit that one citizen visited would know who its one complaint is from. So cases are counted by unit and by
behaviour, never by both at once, and a group of fewer than FEWEST is not shown by itself but among the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass

FEWEST = 3


@dataclass(frozen=True)
class Group:
    """A group of cases now and before; None where there were fewer than FEWEST, which may be none."""

    code: str
    now: int | None
    before: int | None


@dataclass(frozen=True)
class Groups:
    """Groups, the largest first; `rest_…` are the cases of those that are not shown with a number."""

    shown: tuple[Group, ...]
    rest_now: int
    rest_before: int


def grouped(now: Mapping[str, int], before: Mapping[str, int], fewest: int = FEWEST) -> Groups:
    """Return the groups that are large enough in either period."""
    large = {code for counts in (now, before) for code, amount in counts.items() if amount >= fewest}
    found = [Group(code, _told(now, code, fewest), _told(before, code, fewest)) for code in large]
    return Groups(
        tuple(sorted(found, key=lambda group: (-(group.now or 0), -(group.before or 0), group.code))),
        sum(now.values()) - sum(group.now or 0 for group in found),
        sum(before.values()) - sum(group.before or 0 for group in found),
    )


def _told(counts: Mapping[str, int], code: str, fewest: int) -> int | None:
    amount = counts.get(code, 0)
    return amount if amount >= fewest else None
