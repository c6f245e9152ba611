"""Grouping of questions that were not answered well."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from bot.core.suggestions.desk import text_problem
from bot.core.suggestions.review import Choice, Gap, Group, Grouping, Origin, Question, groups, titles_of

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)


class SharedWords:
    """Likeness by the share of common words: enough to see who goes with whom."""

    def nearest(self, text: str, others: Mapping[str, str]) -> tuple[str, float] | None:
        scored = {key: _share(text, other) for key, other in others.items()}
        best = max(scored, key=lambda key: scored[key], default=None)
        return (best, scored[best]) if best is not None else None


def _share(one: str, other: str) -> float:
    left, right = set(one.split()), set(other.split())
    return len(left & right) / max(len(left | right), 1)


def asked(text: str, minutes: int = 0, gap: Gap = Gap.REFUSED, group: str | None = None, **more: str) -> Question:
    return Question(
        Origin.TURN, f"{text}{minutes}", gap, NOW + timedelta(minutes=minutes), text, group_id=group, **more
    )


def test_alike_questions_share_a_group_and_others_get_their_own() -> None:
    numbers = count(1)
    grouping = Grouping(SharedWords(), lambda: f"g{next(numbers)}", {"old": "mất thẻ thương binh"})
    assert grouping.group(asked("mất thẻ thương binh rồi")) == "old"
    assert grouping.group(asked("làm hộ chiếu ở đâu")) == "g1"
    assert grouping.group(asked("làm hộ chiếu ở đâu vậy")) == "g1"
    assert grouping.group(asked("lập hội ở xã")) == "g2"


def test_the_first_question_with_words_stands_for_its_group() -> None:
    found = titles_of([asked("", group="g"), asked("một hai", 1, group="g"), asked("ba bốn", 2, group="g")])
    assert found == {"g": "một hai"}


def test_most_frequent_first_then_the_latest_and_erased_ones_count_for_nothing() -> None:
    questions = [
        asked("một hai", 0, group="a"),
        asked("một hai ba", 9, Gap.CLARIFIED, group="a"),
        asked("bốn", 5, group="b"),
        asked("năm", 7, group="c"),
        asked("", 8, group="b"),
        asked("", 8, group="d"),
    ]
    found = groups(questions)
    assert [(g.id, g.count) for g in found] == [("a", 2), ("c", 1), ("b", 1)]
    assert found[0] == Group(
        "a", "một hai", 2, ("một hai ba", "một hai"), (Gap.REFUSED, Gap.CLARIFIED), NOW + timedelta(minutes=9)
    )


def test_a_kind_narrows_to_groups_that_have_it() -> None:
    questions = [asked("một", 0, Gap.WRONG, "a"), asked("hai", 1, Gap.REFUSED, "a"), asked("ba", 2, group="b")]
    assert [g.id for g in groups(questions, Gap.WRONG)] == ["a"]
    assert groups(questions, Gap.WRONG)[0].count == 2
    assert groups(questions, Gap.MISSING) == []


def test_a_group_is_about_what_most_of_its_questions_are_about() -> None:
    questions = [asked(f"câu {n}", n, group="a", procedure_id=p) for n, p in enumerate(["X1", "X2", "X2"])]
    assert groups(questions)[0].procedure_id == "X2"
    assert groups([asked("một", group="a")])[0].procedure_id is None


def test_the_same_words_are_shown_once_and_only_so_many() -> None:
    same = [asked("mất thẻ", n, group="a") for n in range(5)]
    assert groups(same)[0].questions == ("mất thẻ",)
    assert groups(same)[0].count == 5
    many = [asked(f"câu số {n}", n, group="a") for n in range(40)]
    assert len(groups(many)[0].questions) == 10


@pytest.mark.parametrize(
    ("choice", "text"),
    [
        (Choice.ALIAS, "mất thẻ thương binh"),
        (Choice.EXAMPLE, "thẻ thương binh của bố em mất rồi làm lại ở đâu"),
        (Choice.EXAMPLE, "theo Quyết định 131/2021/NĐ-CP thì làm lại thẻ ở đâu"),
        (Choice.NOTE, "x"),
        (Choice.NOTE, "gọi lại 0912345678"),
    ],
)
def test_what_may_be_learned_or_told(choice: Choice, text: str) -> None:
    assert text_problem(choice, text) is None


@pytest.mark.parametrize(
    ("choice", "text"),
    [
        (Choice.ALIAS, ""),
        (Choice.ALIAS, "thẻ"),
        (Choice.ALIAS, "x " * 100),
        (Choice.EXAMPLE, "x " * 200),
        (Choice.EXAMPLE, "gọi em số 0912 345 678 nhé"),
        (Choice.EXAMPLE, "căn cước 001088012345 của tôi sai"),
        (Choice.EXAMPLE, "số của em là [số điện thoại]"),
        (Choice.NOTE, ""),
    ],
)
def test_what_may_not(choice: Choice, text: str) -> None:
    assert text_problem(choice, text)
