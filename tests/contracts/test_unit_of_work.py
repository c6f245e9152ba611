"""What bot.core.ports.UnitOfWork promises of conversations, events, sessions and withdrawals, on both databases."""

from dataclasses import replace

import pytest

from bot.core.conversation import Choice, ConversationState, Owner
from bot.core.errors import UnknownConversation, UnknownTurn
from bot.core.handover.attention import Why, ask, claim
from bot.core.messages import EventKind, InboundMessage
from bot.core.ports import UnitOfWorkFactory
from bot.core.procedures import Facet
from bot.core.routes import Outcome, Reason, Route
from bot.store import Store
from tests.contracts.steps import LEASE, MANY, NOW, RECORD, REPLY, at, post, start, together


@pytest.fixture
def units(store: Store) -> UnitOfWorkFactory:
    return store


def test_nothing_is_kept_without_commit(units: UnitOfWorkFactory) -> None:
    with units() as unit:
        unit.create_conversation("c", "web", NOW)
    with units() as unit:
        assert not unit.conversation_exists("c")


def test_nothing_is_kept_of_a_unit_that_fails(units: UnitOfWorkFactory) -> None:
    start(units)

    def fail() -> None:
        with units() as unit:
            unit.append_event("c", EventKind.NOTICE, {}, None, NOW)
            unit.state("nobody")

    with pytest.raises(UnknownConversation):
        fail()
    with units() as unit:
        assert unit.events_after("c", 0) == []


def test_state_comes_back_as_saved(units: UnitOfWorkFactory) -> None:
    start(units)
    state = ConversationState(
        Owner.WAITING,
        "NV-1",
        "mất",
        Facet.FEE,
        (Choice("NV-1", "Cấp lại"), Choice("NV-2", "Gia hạn", "rách")),
        Facet.TIME,
        "cháu",
        Route.ASK_PROCEDURE,
        Outcome.REFUSED,
        Reason.NEEDS_FILE,
        "cong_an",
        2,
        {"pii_masked": True},
    )
    with units() as unit:
        assert unit.state("c") == ConversationState()
        unit.handovers.save("c", ask(unit.handovers.hold("c"), Why.ASKED, NOW), NOW)
        unit.save_state("c", state, NOW)
        unit.commit()
    with units() as unit:
        assert unit.state("c") == state


def test_a_state_that_is_saved_does_not_say_who_answers(units: UnitOfWorkFactory) -> None:
    start(units)
    with units() as unit:
        read = unit.state("c")
    with units() as unit:  # meanwhile a person takes the conversation
        unit.handovers.save("c", claim(unit.handovers.hold("c"), "lan", NOW), NOW)
        unit.commit()
    with units() as unit:
        unit.save_state("c", replace(read, procedure="NV-1"), NOW)
        unit.commit()
    with units() as unit:
        assert unit.state("c") == replace(read, procedure="NV-1", owner=Owner.OPERATOR)


def test_an_unknown_conversation_is_named(units: UnitOfWorkFactory) -> None:
    with units() as unit:
        assert not unit.conversation_exists("nobody")
        assert unit.events_after("nobody", 0) == []
        assert unit.claim_turn("nobody", "w", NOW, LEASE) is None
        with pytest.raises(UnknownConversation):
            unit.state("nobody")
        with pytest.raises(UnknownConversation):
            unit.save_state("nobody", ConversationState(), NOW)
        with pytest.raises(UnknownConversation):
            unit.append_event("nobody", EventKind.NOTICE, {}, None, NOW)
        with pytest.raises(UnknownConversation):
            unit.store_inbound(InboundMessage("nobody", "m", "xin chào", NOW), MANY)


def test_an_unknown_turn_is_named(units: UnitOfWorkFactory) -> None:
    with units() as unit:
        assert unit.turn("nothing") is None
        assert unit.stored_reply("nothing") is None
        with pytest.raises(UnknownTurn):
            unit.record_reply("nothing", REPLY, RECORD)
        with pytest.raises(UnknownTurn):
            unit.finish_turn("nothing", "answered", NOW)
        with pytest.raises(UnknownTurn):
            unit.postpone_turn("nothing", NOW)


def test_events_are_numbered_from_one_and_read_in_order(units: UnitOfWorkFactory) -> None:
    start(units, "c", "other")
    with units() as unit:
        for number in range(5):
            assert unit.append_event("c", EventKind.NOTICE, {"n": number}, None, at(number)) == number + 1
        assert unit.append_event("other", EventKind.NOTICE, {}, None, NOW) == 1
        unit.commit()
    with units() as unit:
        read = unit.events_after("c", 2, limit=2)
    assert [(event.sequence, event.body, event.created_at) for event in read] == [
        (3, {"n": 2}, at(2)),
        (4, {"n": 3}, at(3)),
    ]
    assert read[0].kind is EventKind.NOTICE


def test_events_appended_at_once_leave_no_gap_and_no_double(units: UnitOfWorkFactory) -> None:
    start(units)

    def append(job: int) -> list[int]:
        mine = []
        for number in range(10):
            with units() as unit:
                sequence = unit.append_event("c", EventKind.NOTICE, {"job": job}, None, NOW)
                if number % 3:  # some roll back, and their numbers are given again
                    unit.commit()
                    mine.append(sequence)
        return mine

    taken = [sequence for mine in together(8, append) for sequence in mine]  # type: ignore[attr-defined]
    assert sorted(taken) == list(range(1, 8 * 6 + 1))
    with units() as unit:
        assert [event.sequence for event in unit.events_after("c", 0)] == sorted(taken)


def test_a_message_sent_again_is_stored_once(units: UnitOfWorkFactory) -> None:
    start(units, "c", "other")
    assert post(units, "m1", "một") == 1
    with units() as unit:
        again = unit.store_inbound(InboundMessage("c", "m1", "một, sửa", at(9)), MANY)
        unit.commit()
    assert (again.sequence, again.duplicate) == (1, True)
    assert post(units, "m1", conversation="other") == 1
    with units() as unit:
        assert [(event.kind, event.body) for event in unit.events_after("c", 0)] == [
            (EventKind.CITIZEN, {"text": "một"})
        ]


def test_a_message_sent_many_times_at_once_is_stored_once(units: UnitOfWorkFactory) -> None:
    start(units)
    sequences = together(8, lambda job: post(units, f"m{job % 2}"))
    assert sorted(set(sequences)) == [1, 2]  # type: ignore[type-var]
    with units() as unit:
        assert len(unit.events_after("c", 0)) == 2


def test_a_web_session_is_found_by_id(units: UnitOfWorkFactory) -> None:
    start(units)
    with units() as unit:
        unit.create_web_session("s", "c", "hash", at(3600), NOW)
        unit.commit()
    with units() as unit:
        assert unit.web_session("s") == ("c", "hash", at(3600))
        assert unit.web_session("t") is None


def test_a_withdrawn_procedure_stays_hidden_until_restored(units: UnitOfWorkFactory) -> None:
    def change(method: str, id: str) -> bool:
        with units() as unit:
            changed: bool = getattr(unit, method)(id, "quyết định mới", "lan", NOW)
            unit.commit()
        return changed

    assert not change("restore", "NV-1")
    assert change("withdraw", "NV-1")
    assert change("withdraw", "NV-2")
    assert not change("withdraw", "NV-1")
    with units() as unit:
        assert unit.withdrawn() == {"NV-1", "NV-2"}
    assert change("restore", "NV-1")
    assert not change("restore", "NV-1")
    with units() as unit:
        assert unit.withdrawn() == {"NV-2"}
    assert sum(map(bool, together(6, lambda _: change("withdraw", "NV-1")))) == 1
