"""The soak in short (`make soak` is the long one), and proof that its judge sees what is wrong."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.chaos.soak import Plan, run
from tests.chaos.soak_judge import Verdict, _complain, compare, why_double
from tests.chaos.soak_page import page
from tests.chaos.soak_sides import TELEGRAM_FAULTS, ZALO_FAULTS, Taken

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)


@pytest.mark.stack
@pytest.mark.proof
@pytest.mark.timeout(600)
async def test_forty_conversations_survive_kills_and_failing_platforms(tmp_path: Path) -> None:
    plan = Plan(conversations=40, seed=7, arrival_seconds=12, longest_life_seconds=8, most_kills=2)
    outcome = await run(plan, tmp_path)
    verdict = outcome.verdict
    # So few messages say nothing about a share: one that came twice would be too many.
    faults = [fault for fault in verdict.faults if not fault.endswith("% of the messages came twice")]
    assert faults == []
    assert (verdict.conversations, verdict.answered) == (40, 40)
    assert (verdict.lost, verdict.handled_twice, verdict.missing, verdict.unexplained) == (0, 0, 0, 0)
    assert verdict.messages >= 80
    assert verdict.taken == verdict.expected + verdict.doubles
    assert outcome.kills >= 1
    assert sum(outcome.happened["zalo"].values()) + sum(outcome.happened["telegram"].values()) >= 1
    shown = page(outcome, [])
    assert "| **lost** | **0** |" in shown
    assert str(tmp_path) not in shown


def taken(*texts: str, lost: str = "", first: datetime = NOW) -> list[Taken]:
    """Messages a minute apart; those of the text `lost` had no answer."""
    return [Taken("an", text, first + timedelta(minutes=n), text == lost) for n, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("expected", "shown", "doubles", "strays", "missing"),
    [
        ("abc", "abc", [], 0, 0),
        ("abc", "aabcc", [1, 4], 0, 0),
        ("aab", "aab", [], 0, 0),
        ("aab", "aaab", [2], 0, 0),
        ("abc", "ab", [], 0, 1),
        ("abc", "ac", [], 1, 2),
        ("abc", "acbc", [], 1, 0),
        ("abc", "abca", [], 1, 0),
        ("", "x", [], 1, 0),
    ],
)
def test_what_was_shown_is_compared_with_what_was_to_be_shown(
    expected: str, shown: str, doubles: list[int], strays: int, missing: int
) -> None:
    found = compare(list(expected), taken(*shown))
    assert (found.doubles, found.strays, found.missing) == (doubles, strays, missing)


def test_a_double_is_explained_by_a_lost_answer_or_a_kill_and_by_nothing_else() -> None:
    assert why_double(1, taken("a", "a", lost="a"), []) == "answer"
    assert why_double(2, taken("b", "a", "a", lost="b"), []) == ""
    assert why_double(1, taken("a", "a"), [NOW + timedelta(seconds=1)]) == "kill"
    assert why_double(1, taken("a", "a"), [NOW + timedelta(seconds=30)]) == ""
    assert why_double(1, taken("a", "a"), [NOW - timedelta(seconds=30)]) == ""
    assert why_double(1, taken("a", "a"), []) == ""


def test_the_judge_complains_of_each_count_that_is_not_as_promised() -> None:
    right = {"conversations": 2, "answered": 2, "taken": 1_000, "counted_uncertain": 10}
    for wrong in (
        {"answered": 1},
        {"lost": 1},
        {"handled_twice": 1},
        {"misplaced": 1},
        {"missing": 1},
        {"out_of_order": 1},
        {"unexplained": 1},
        {"waiting": 1},
        {"dead": 1},
        {"doubles": 5, "after_lost_answer": 5},
        {"doubles": 3, "counted_uncertain": 2},
    ):
        verdict = Verdict(**right | wrong)
        _complain(verdict)
        assert len(verdict.faults) == 1, wrong
    verdict = Verdict(**right, doubles=4, after_lost_answer=4)
    _complain(verdict)
    assert verdict.faults == []


def test_five_of_a_hundred_calls_fail() -> None:
    for shares in (ZALO_FAULTS, TELEGRAM_FAULTS):
        assert sum(shares.values()) == pytest.approx(5.0)
