"""The review queue in the store, on SQLite and PostgreSQL alike."""

from datetime import timedelta

import pytest

from bot.core.ports import UnitOfWorkFactory
from bot.core.procedures import Facet
from bot.core.suggestions.ports import (
    Verdict,
)
from bot.core.suggestions.review import Choice, Gap
from bot.store import Store
from tests.contracts.steps import NOW, at, claimed, post, start
from tests.contracts.suggest_steps import SECRET, decide, fresh, judgement, opened, put, refused


@pytest.fixture
def units(store: Store) -> UnitOfWorkFactory:
    return store


class TestReview:
    """Turns and verdicts come into the queue once and leave it by a decision."""

    def test_refused_and_clarified_turns_come_masked_and_answered_ones_do_not(self, units: UnitOfWorkFactory) -> None:
        start(units)
        first = refused(units, "số tôi 0912345678, làm hộ khẩu ở đâu", "m1", route="other_agency")
        second = refused(units, "làm lại thẻ", "m2", "clarification", route="ask_procedure")
        refused(units, "cán bộ quát tôi", "m3", "clarification", route="report_staff")
        refused(units, "chào", "m4", "small_talk", route="greeting")
        refused(units, "lệ phí", "m5", "answered", route="ask_procedure")
        found = fresh(units)
        assert [(q.source_id, q.gap, q.text) for q in found] == [
            (first, Gap.REFUSED, "số tôi [số điện thoại], làm hộ khẩu ở đâu"),
            (second, Gap.CLARIFIED, "làm lại thẻ"),
        ]
        assert len(fresh(units, 1)) == 1

    def test_bad_verdicts_come_and_good_ones_do_not(self, units: UnitOfWorkFactory) -> None:
        start(units)
        with units() as unit:
            for number, verdict in enumerate(Verdict):
                unit.suggestions.verdicts.add(judgement(f"j{number}", verdict=verdict))
            unit.commit()
        found = fresh(units)
        assert {q.gap for q in found} == {Gap.WRONG, Gap.OUTDATED, Gap.MISSING}
        assert all((q.procedure_id, q.facet) == ("X01", Facet.FEE) for q in found)

    def test_a_question_is_in_the_queue_once(self, units: UnitOfWorkFactory) -> None:
        start(units)
        refused(units, "làm hộ khẩu", "m1")
        question = fresh(units)[0]
        for group in ("g", "h"):
            put(units, question, group)
        assert fresh(units) == []
        assert [(q.group_id, q.text) for q in opened(units)] == [("g", "làm hộ khẩu")]

    def test_a_decision_closes_the_group_once_and_is_kept(self, units: UnitOfWorkFactory) -> None:
        start(units)
        for number in range(3):
            refused(units, f"câu {number}", f"m{number}")
        asked = fresh(units)
        for question, group in zip(asked, ("g", "g", "h"), strict=True):
            put(units, question, group)
        assert decide(units, "g", Choice.ALIAS) == 2
        assert decide(units, "g", Choice.ALIAS, "again") == 0
        assert decide(units, "unknown", Choice.ALIAS, "again") == 0
        assert [q.group_id for q in opened(units)] == ["h"]
        with units() as unit:
            kept = unit.suggestions.review.decisions()
            assert [(d.id, d.choice, d.procedure_id, d.facet) for d in kept] == [
                ("d", Choice.ALIAS, "X01", Facet.FEE)
            ]
            assert kept[0].text == f"lời của {SECRET}"
            assert unit.suggestions.review.decisions((Choice.EXAMPLE,)) == []
            assert unit.suggestions.review.dismissed(NOW - timedelta(days=9)) == []

    def test_a_dismissed_group_keeps_one_question_that_stands_for_it(self, units: UnitOfWorkFactory) -> None:
        start(units)
        for number in range(2):
            refused(units, f"câu {number}", f"m{number}")
        for question in fresh(units):
            put(units, question, "g")
        decide(units, "g", Choice.DISMISS)
        with units() as unit:
            found = unit.suggestions.review.dismissed(NOW - timedelta(days=9))
        assert {q.group_id for q in found} == {"g"}
        assert found[0].text == "câu 0"

    def test_what_was_to_be_learned_can_be_withdrawn_and_nothing_else(self, units: UnitOfWorkFactory) -> None:
        start(units)
        for number, choice in enumerate((Choice.EXAMPLE, Choice.NOTE)):
            refused(units, f"câu {number}", f"m{number}")
            put(units, fresh(units)[0], f"g{number}")
            decide(units, f"g{number}", choice, f"d{number}")
        with units() as unit:
            assert unit.suggestions.review.withdraw("d0")
            assert not unit.suggestions.review.withdraw("d0")
            assert not unit.suggestions.review.withdraw("d1")
            assert [d.id for d in unit.suggestions.review.decisions()] == ["d1"]

    def test_several_messages_of_a_turn_are_one_question(self, units: UnitOfWorkFactory) -> None:
        start(units)
        post(units, "m1", "bố tôi")
        refused(units, "mất thẻ", "m2")
        assert fresh(units)[0].text == "bố tôi mất thẻ"

    def test_many_questions_are_read_in_order(self, units: UnitOfWorkFactory, store: Store) -> None:
        start(units)
        with units() as unit:
            for number in range(450):
                unit.suggestions.verdicts.add(judgement(f"j{number:03}", question=f"câu {number}", at=at(number)))
            unit.commit()
        asked = fresh(units, 1000)
        with units() as unit:
            for question in asked:
                unit.suggestions.review.add(question, "g")
            unit.commit()
        with units() as unit:
            assert [q.text for q in unit.suggestions.review.open(1000)] == [f"câu {n}" for n in range(450)]


def test_turns_without_an_outcome_are_no_questions(units: UnitOfWorkFactory) -> None:
    start(units)
    post(units, "m1")
    claimed(units)
    assert fresh(units) == []
