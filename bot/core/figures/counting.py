"""The figures of one period, counted from what the store holds. Pure but for the reading."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.core.cases.state import Case
from bot.core.figures.ports import Counted, FigureRecords
from bot.core.figures.span import Period, Span
from bot.core.figures.waits import answers, called, episodes, middle, waits
from bot.core.routes import Outcome
from bot.core.suggestions.ports import SuggestionLog

#: A conversation that was with people for longer is not followed back to when it began.
LEAD = timedelta(days=14)
HOTLINE = "hotline"
NO_REASON = "other"


@dataclass(frozen=True)
class CaseCounts:
    """Cases of a period: a case has up to three behaviours or none, one unit or none; none is «»."""

    total: int
    by_behaviour: Mapping[str, int]
    by_unit: Mapping[str, int]


@dataclass(frozen=True)
class Counts:
    """The figures of one period. Times are medians in seconds, None where nobody waited. `cases` None: not shown."""

    conversations: Mapping[str, int]
    answered_alone: int
    called: Mapping[str, int]
    waiting: int | None
    person_answer: int | None
    assistant_answer: int | None
    turns: Mapping[str, int]
    refused: Mapping[str, int]
    asked: Mapping[str, int]
    suggestions: Mapping[str, int]
    cases: CaseCounts | None


@dataclass(frozen=True)
class Figures:
    """A span's figures beside those before."""

    span: Span
    now: Counts
    before: Counts


def count(records: FigureRecords, log: SuggestionLog, period: Period, cases: CaseCounts | None) -> Counts:
    """Count a period. Blocking."""
    longer = Period(period.since - LEAD, period.until)
    moves = records.moves(longer)
    found = episodes(moves, records.said(longer))
    conversations, outcomes = dict(records.conversations(period)), records.outcomes(period)
    if calls := records.calls(period):
        conversations[HOTLINE] = conversations.get(HOTLINE, 0) + calls
    return Counts(
        conversations=conversations,
        answered_alone=records.answered_alone(period),
        called=called(found, period),
        waiting=middle(waits(moves, period)),
        person_answer=middle(answers(found, period)),
        assistant_answer=middle(records.first_answers(period)),
        turns=by_outcome(outcomes),
        refused=by_reason(outcomes),
        asked=records.asked(period),
        suggestions={action.value: n for action, n in log.figures(period.since, period.until).items()},
        cases=cases,
    )


def by_outcome(outcomes: Sequence[Counted]) -> dict[str, int]:
    """Return turns by how they ended."""
    counts: Counter[str] = Counter()
    for each in outcomes:
        counts[each.outcome] += each.turns
    return dict(counts)


def by_reason(outcomes: Sequence[Counted]) -> dict[str, int]:
    """Return refused turns by reason."""
    counts: Counter[str] = Counter()
    for each in outcomes:
        if each.outcome == Outcome.REFUSED.value:
            counts[each.reason or NO_REASON] += each.turns
    return dict(counts)


def count_cases(cases: Sequence[Case]) -> CaseCounts:
    """Count cases by behaviour and by unit, never by both."""
    return CaseCounts(
        len(cases),
        Counter(str(code) for case in cases for code in case.record.behaviours or ("",)),
        Counter(case.record.unit or "" for case in cases),
    )
