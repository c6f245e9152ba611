"""What is said in a call, line by line, as a recogniser hears it: partial lines change, final ones stay. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Side(StrEnum):
    """Who speaks; UNKNOWN where the recogniser hears one channel alone."""

    CALLER = "caller"
    OPERATOR = "operator"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Line:
    """One line: (side, order) names it through all its revisions. `started_at` is when it was first heard of.

    `at` is the moment of the revision, `confidence` the recogniser's, 0–1.
    """

    order: int
    side: Side
    text: str
    final: bool
    at: datetime
    started_at: datetime
    confidence: float | None = None


def heard(order: int, side: Side, text: str, *, final: bool, at: datetime, confidence: float | None = None) -> Line:
    """Return a line that is heard of for the first time."""
    return Line(order, side, " ".join(text.split()), final, at, at, confidence)


def revised(old: Line | None, new: Line) -> Line | None:
    """Return what a line is after a revision; None where the revision changes nothing.

    A final line is never made partial again, and what was said later is not replaced by what was said before.
    """
    if old is None:
        return new
    if (old.final and not new.final) or (old.final == new.final and new.at < old.at):
        return None
    revision = replace(new, started_at=min(old.started_at, new.started_at))
    return None if revision == old else revision


def assembled(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return the lines in the order in which they were said; recognisers may count each side's apart."""
    said = sorted(lines, key=lambda line: (line.started_at, line.order, line.side))
    return tuple(line for line in said if line.text)
