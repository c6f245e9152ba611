"""Figures laid out to be read: headline numbers, then tables of rows with names. Pure.

The page, its print and the CSV file all show this, so that none says what another does not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.core.figures.counting import CaseCounts, Counts, Figures
from bot.core.figures.small_groups import FEWEST, grouped
from bot.core.figures.span import Span
from bot.core.figures.words import FigureWords

MOST_ASKED = 10
REST = "rest"


class Kind(StrEnum):
    """What a value is: a number of things, or seconds."""

    COUNT = "count"
    SECONDS = "seconds"


@dataclass(frozen=True)
class Line:
    """One figure now and before. None: of a count that it is fewer than FEWEST, of seconds that nobody waited."""

    code: str
    label: str
    now: int | None
    before: int | None
    kind: Kind = Kind.COUNT
    hint: str = ""


@dataclass(frozen=True)
class Section:
    """One table; `empty` is what is said where there is no line. `fewest`: smaller groups are in its last line."""

    code: str
    title: str
    empty: str
    note: str
    lines: tuple[Line, ...]
    fewest: int | None = None


@dataclass(frozen=True)
class Names:
    """Names of what is known by a code."""

    procedure: Callable[[str], str]
    behaviour: Callable[[str], str]
    unit: Callable[[str], str]


@dataclass(frozen=True)
class Report:
    """All of it; parts about cases are missing for who may not know of cases."""

    span: Span
    tiles: tuple[Line, ...]
    sections: tuple[Section, ...]


class Reporter:
    """Lays figures out; immutable."""

    def __init__(self, words: FigureWords) -> None:
        self._words = words

    def report(self, figures: Figures, names: Names) -> Report:
        """Return the report of figures."""
        now, before = figures.now, figures.before
        sections = [
            self._listed("channels", now.conversations, before.conversations),
            self._fixed("turns", now.turns, before.turns),
            self._fixed("refused", now.refused, before.refused),
            self._fixed("called", now.called, before.called),
            self._fixed("suggestions", now.suggestions, before.suggestions, all_lines=True),
            self._asked(now, before, names),
        ]
        if now.cases is not None and before.cases is not None:
            sections += self._cases(now.cases, before.cases, names)
        return Report(figures.span, self._tiles(now, before), tuple(sections))

    def _tiles(self, now: Counts, before: Counts) -> tuple[Line, ...]:
        counts: list[tuple[str, int, int]] = [
            ("conversations", sum(now.conversations.values()), sum(before.conversations.values())),
            ("answered_alone", now.answered_alone, before.answered_alone),
            ("handed_over", sum(now.called.values()), sum(before.called.values())),
        ]
        seconds = [
            ("waiting", now.waiting, before.waiting),
            ("person_answer", now.person_answer, before.person_answer),
            ("assistant_answer", now.assistant_answer, before.assistant_answer),
        ]
        if now.cases is not None and before.cases is not None:
            counts.append(("cases", now.cases.total, before.cases.total))
        lines = [self._tile(code, one, other, Kind.COUNT) for code, one, other in counts]
        lines[3:3] = [self._tile(code, one, other, Kind.SECONDS) for code, one, other in seconds]
        return tuple(lines)

    def _tile(self, code: str, now: int | None, before: int | None, kind: Kind) -> Line:
        return Line(code, self._words.say("tiles", code), now, before, kind, self._words.say("hints", code))

    def _listed(self, section: str, now: Mapping[str, int], before: Mapping[str, int]) -> Section:
        """Return a table with the largest first."""
        codes = [code for code in {**now, **before} if now.get(code) or before.get(code)]
        return self._section(section, now, before, sorted(codes, key=lambda code: _size(code, now, before)))

    def _fixed(
        self, section: str, now: Mapping[str, int], before: Mapping[str, int], *, all_lines: bool = False
    ) -> Section:
        """Return a table in the order of its words; `all_lines` shows noughts too where there is anything."""
        codes = [*self._words.of(section), *sorted((set(now) | set(before)) - set(self._words.of(section)))]
        there = [code for code in codes if now.get(code) or before.get(code)]
        return self._section(section, now, before, codes if all_lines and there else there)

    def _asked(self, now: Counts, before: Counts, names: Names) -> Section:
        codes = sorted(now.asked, key=lambda code: _size(code, now.asked, before.asked))[:MOST_ASKED]
        return self._section("procedures", now.asked, before.asked, codes, names.procedure)

    def _cases(self, now: CaseCounts, before: CaseCounts, names: Names) -> list[Section]:
        return [
            self._grouped("behaviours", now.by_behaviour, before.by_behaviour, names.behaviour),
            self._grouped("units", now.by_unit, before.by_unit, names.unit),
        ]

    def _grouped(
        self, section: str, now: Mapping[str, int], before: Mapping[str, int], name: Callable[[str], str]
    ) -> Section:
        found = grouped(now, before)
        none = self._words.say(section, "none")
        lines = [Line(g.code, name(g.code) if g.code else none, g.now, g.before) for g in found.shown]
        if found.rest_now or found.rest_before:
            lines.append(Line(REST, self._words.say("rest", section), found.rest_now, found.rest_before))
        return self._made(section, lines, FEWEST)

    def _section(
        self,
        section: str,
        now: Mapping[str, int],
        before: Mapping[str, int],
        codes: list[str],
        name: Callable[[str], str] | None = None,
    ) -> Section:
        said = name or (lambda code: self._words.say(section, code))
        return self._made(section, [Line(code, said(code), now.get(code, 0), before.get(code, 0)) for code in codes])

    def _made(self, section: str, lines: list[Line], fewest: int | None = None) -> Section:
        note = self._words.of("notes").get(section, "")
        title, empty = self._words.say("sections", section), self._words.say("empty", section)
        return Section(section, title, empty, note, tuple(lines), fewest)


def _size(code: str, now: Mapping[str, int], before: Mapping[str, int]) -> tuple[int, int, str]:
    return -now.get(code, 0), -before.get(code, 0), code
