"""Drafts, verdicts, notes and quick replies in the store, on SQLite and PostgreSQL alike; nothing lies open."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.core.ports import UnitOfWorkFactory
from bot.core.procedures import Facet
from bot.core.suggestions.ports import (
    Action,
    QuickReply,
    RecordNote,
    Scope,
    StoredDrafts,
    Verdict,
)
from bot.core.suggestions.review import Choice, Origin
from bot.store import Store
from bot.store.tables.suggestions import SEALED_SUGGESTIONS, review_items
from tests.contracts.steps import NOW, at, start, together
from tests.contracts.suggest_steps import DRAFT, LATER, SECRET, decide, fresh, judgement, keep, opened, put, refused


@pytest.fixture
def units(store: Store) -> UnitOfWorkFactory:
    return store


class TestDrafts:
    """Drafts are kept once, and what became of them."""

    def test_the_first_drafts_of_a_message_stay(self, units: UnitOfWorkFactory) -> None:
        start(units)
        assert keep(units).drafts == (DRAFT,)
        assert keep(units, "other", drafts=()).id == "s"
        with units() as unit:
            assert unit.suggestions.log.by_id("s") == StoredDrafts("s", "c", 1, NOW, (DRAFT,))
            assert unit.suggestions.log.by_id("other") is None
            assert unit.suggestions.log.of_message("c", 2) is None

    def test_two_who_look_at_once_get_the_same_drafts(self, units: UnitOfWorkFactory) -> None:
        start(units)
        found = together(6, lambda job: keep(units, f"s{job}").id)
        with units() as unit:
            kept = unit.suggestions.log.of_message("c", 1)
        assert kept is not None
        assert set(found) == {kept.id}

    def test_what_was_done_counts_once_a_person(self, units: UnitOfWorkFactory) -> None:
        start(units)
        keep(units)
        noted = []
        for action, by in (
            (Action.DISPLAYED, "a"),
            (Action.DISPLAYED, "a"),
            (Action.DISPLAYED, "b"),
            (Action.SENT, "a"),
        ):
            with units() as unit:
                noted.append(unit.suggestions.log.note("s", "1", action, by, NOW))
                unit.commit()
        assert noted == [True, False, True, True]
        with units() as unit:
            figures = unit.suggestions.log.figures(NOW, LATER)
            assert unit.suggestions.log.figures(LATER, LATER) == dict.fromkeys(Action, 0)
        assert figures == {**dict.fromkeys(Action, 0), Action.DISPLAYED: 2, Action.SENT: 1}

    def test_nothing_is_noted_of_what_there_is_not(self, units: UnitOfWorkFactory) -> None:
        start(units)
        keep(units)
        with units() as unit:
            assert not unit.suggestions.log.note("s", "2", Action.SENT, "a", NOW)
            assert not unit.suggestions.log.note("t", "1", Action.SENT, "a", NOW)


class TestVerdicts:
    """Verdicts, and the notes to editors behind them."""

    def test_a_verdict_counts_once(self, units: UnitOfWorkFactory) -> None:
        start(units)
        for expected in (True, False):
            with units() as unit:
                assert unit.suggestions.verdicts.add(judgement()) is expected
                unit.commit()
        with units() as unit:
            figures = unit.suggestions.verdicts.figures(NOW, LATER)
        assert figures == {**dict.fromkeys(Verdict, 0), Verdict.WRONG: 1}

    def test_the_same_person_on_the_same_thing_is_found_and_changed(self, units: UnitOfWorkFactory) -> None:
        start(units)
        with units() as unit:
            unit.suggestions.verdicts.add(judgement())
            unit.commit()
        again = judgement("other", verdict=Verdict.RIGHT, note="")
        with units() as unit:
            assert unit.suggestions.verdicts.of_person(again, NOW) == judgement()
            for changes in ({"by": "x"}, {"subject_id": "X02"}, {"question": "x"}, {"item": "2"}):
                assert unit.suggestions.verdicts.of_person(replace(again, **changes), NOW) is None
            assert unit.suggestions.verdicts.of_person(again, at(1)) is None
            unit.suggestions.verdicts.change(replace(again, id="j"))
            unit.commit()
        with units() as unit:
            assert unit.suggestions.verdicts.of_person(again, NOW) == replace(again, id="j")
            assert unit.suggestions.verdicts.figures(NOW, LATER)[Verdict.WRONG] == 0

    def test_an_open_note_and_question_can_be_taken_back(self, units: UnitOfWorkFactory) -> None:
        start(units)
        with units() as unit:
            unit.suggestions.verdicts.add(judgement())
            for id in ("j", "done"):
                unit.suggestions.notes.add(RecordNote(id, "X01", None, "wrong", "", "op", NOW))
            unit.suggestions.notes.finish("done", "ed", NOW)
            unit.commit()
        put(units, fresh(units)[0], "g")
        with units() as unit:
            for id in ("j", "done", "unknown"):
                unit.suggestions.notes.drop(id)
                unit.suggestions.review.forget(Origin.VERDICT, id)
            unit.commit()
        assert opened(units) == []
        assert [q.source_id for q in fresh(units)] == ["j"]  # it is still a bad verdict
        with units() as unit:
            assert unit.suggestions.notes.open() == []

    def test_a_note_tells_what_was_asked_and_is_closed_once(self, units: UnitOfWorkFactory) -> None:
        start(units)
        note = RecordNote("j", "X01", Facet.FEE, "wrong", "sai phí", "op", NOW)
        other = RecordNote("n", "X02", None, "review", "thiếu mẫu", "ed", at(1))
        with units() as unit:
            unit.suggestions.verdicts.add(judgement())
            assert unit.suggestions.notes.add(note)
            assert not unit.suggestions.notes.add(note)
            unit.suggestions.notes.add(other)
            unit.commit()
        with units() as unit:
            assert unit.suggestions.notes.open() == [replace(note, question=f"lệ phí của {SECRET}"), other]
            assert unit.suggestions.notes.open("X02") == [other]
            assert unit.suggestions.notes.finish("j", "ed", at(5))
            assert not unit.suggestions.notes.finish("j", "ed", at(6))
            assert not unit.suggestions.notes.finish("unknown", "ed", at(6))
            assert unit.suggestions.notes.open() == [other]


class TestQuickReplies:
    """Shared ones are everybody's, personal ones their owner's."""

    def test_each_sees_the_shared_ones_and_their_own(self, units: UnitOfWorkFactory) -> None:
        shared = QuickReply("q1", "Chào", "Chào {xung_ho}", "chao", Scope.SHARED)
        own = QuickReply("q2", "Của tôi", SECRET, "", Scope.PERSONAL, "op")
        with units() as unit:
            for reply in (shared, own):
                unit.suggestions.quick_replies.put(reply, "op", NOW)
            unit.commit()
        with units() as unit:
            assert unit.suggestions.quick_replies.changed("op") == {"q1": shared, "q2": own}
            assert unit.suggestions.quick_replies.changed("other") == {"q1": shared}

    def test_a_reply_is_changed_and_taken_away(self, units: UnitOfWorkFactory) -> None:
        reply = QuickReply("mau-chao", "Chào", "Chào {xung_ho}", "chao", Scope.SHARED)
        changed = replace(reply, text="Kính chào {xung_ho}")
        with units() as unit:
            unit.suggestions.quick_replies.put(reply, "op", NOW)
            unit.suggestions.quick_replies.put(changed, "sup", at(1))
            unit.commit()
        with units() as unit:
            assert unit.suggestions.quick_replies.changed("x") == {"mau-chao": changed}
            unit.suggestions.quick_replies.remove(changed, "sup", at(2))
            unit.commit()
        with units() as unit:
            assert unit.suggestions.quick_replies.changed("x") == {"mau-chao": None}


def test_no_word_of_anybody_lies_open(units: UnitOfWorkFactory, store: Store) -> None:
    start(units)
    keep(units)
    with units() as unit:
        unit.suggestions.verdicts.add(judgement(note=SECRET))
        unit.suggestions.notes.add(RecordNote("n", "X01", None, "review", SECRET, "op", NOW))
        unit.suggestions.quick_replies.put(QuickReply("q", SECRET, SECRET, "", Scope.SHARED), "op", NOW)
        unit.commit()
    refused(units, SECRET, "m1")
    put(units, fresh(units)[0], "g")
    decide(units, "g", Choice.EXAMPLE)
    with store.engine.connect() as connection:
        tables = {table for table, _ in SEALED_SUGGESTIONS} | {review_items}
        for table in tables:
            rows = connection.execute(select(table)).all()
            assert rows, table.name
            assert SECRET not in str(rows)
            assert SECRET.encode() not in b"".join(v for row in rows for v in row if isinstance(v, bytes))


def test_erasing_a_conversation_takes_its_drafts_and_questions(units: UnitOfWorkFactory) -> None:
    start(units)
    keep(units)
    with units() as unit:
        unit.suggestions.log.note("s", "1", Action.SENT, "op", NOW)
        unit.suggestions.verdicts.add(judgement())
        unit.suggestions.notes.add(RecordNote("j", "X01", None, "wrong", "sai phí", "op", NOW))
        unit.commit()
    refused(units, SECRET, "m1")
    for question in fresh(units):
        put(units, question, "g")
    with units() as unit:
        unit.erase_conversation("c", NOW)
        unit.commit()
    assert [q.text for q in opened(units)] == ["", ""]
    with units() as unit:
        kept = unit.suggestions.log.by_id("s")
        assert kept is not None
        assert kept.drafts == ()
        assert unit.suggestions.log.figures(NOW, LATER)[Action.SENT] == 1
        assert unit.suggestions.notes.open()[0].question == ""
