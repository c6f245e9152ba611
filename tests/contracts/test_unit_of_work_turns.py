"""What bot.core.ports.UnitOfWork promises of the inbox and of turns, on SQLite and PostgreSQL alike."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.core.conversation import ConversationState
from bot.core.errors import ConversationBusy
from bot.core.messages import EventKind, InboundMessage, TurnRecord
from bot.core.ports import UnitOfWorkFactory
from bot.core.procedures import Facet
from bot.core.replies import Reply
from bot.core.routes import Outcome, Route
from bot.store import Store
from tests.contracts.steps import NOW, RECORD, REPLY, at, claim, claimed, due, finish, post, start, together


@pytest.fixture
def units(store: Store) -> UnitOfWorkFactory:
    return store


def test_a_message_is_known_again_after_its_turn(units: UnitOfWorkFactory) -> None:
    start(units)
    post(units, "m1")
    finish(units, claimed(units))
    assert post(units, "m1") == 1
    assert due(units) == []


def test_events_show_personal_numbers_masked_and_the_turn_does_not(units: UnitOfWorkFactory) -> None:
    start(units)
    post(units, "m1", "gọi tôi 0912 345 678 nhé")
    with units() as unit:
        assert unit.events_after("c", 0)[0].body == {"text": "gọi tôi [số điện thoại] nhé"}
    assert claimed(units).text == "gọi tôi 0912 345 678 nhé"


def test_too_many_waiting_messages_are_refused(units: UnitOfWorkFactory) -> None:
    start(units)
    post(units, "m1")
    post(units, "m2")
    with units() as unit:
        with pytest.raises(ConversationBusy):
            unit.store_inbound(InboundMessage("c", "m3", "ba", NOW), 2)
        assert unit.store_inbound(InboundMessage("c", "m2", "hai", NOW), 2).duplicate
    claimed(units)
    with units() as unit:
        assert not unit.store_inbound(InboundMessage("c", "m3", "ba", NOW), 2).duplicate


def test_waiting_messages_make_one_turn_in_order(units: UnitOfWorkFactory) -> None:
    start(units)
    clock = datetime(2027, 1, 2, tzinfo=UTC)
    post(units, "m1", "dạ", now=NOW)
    post(units, "m2", "")
    post(units, "m3", "cho hỏi", now=clock)
    turn = claimed(units, seconds=5)
    assert (turn.text, turn.button, turn.now) == ("dạ\ncho hỏi", None, clock)
    assert (turn.conversation_id, turn.created_at, turn.attempts) == ("c", at(5), 0)
    with units() as unit:
        assert unit.turn(turn.id) == turn


def test_pressed_button_is_a_turn_of_its_own(units: UnitOfWorkFactory) -> None:
    start(units)
    post(units, "m1", "dạ")
    post(units, "m2", "Lệ phí", button="b1")
    post(units, "m3", "", button="b2")
    post(units, "m4", "còn thời hạn")
    taken = []
    for _ in range(4):
        turn = claimed(units)
        taken.append((turn.text, turn.button))
        with units() as unit:
            unit.finish_turn(turn.id, "answered", NOW)
            unit.commit()
    assert taken == [("dạ", None), ("Lệ phí", "b1"), ("", "b2"), ("còn thời hạn", None)]


def test_a_turn_has_the_time_of_its_claim(units: UnitOfWorkFactory) -> None:
    start(units)
    post(units, "m1")
    assert claimed(units, seconds=7).now == at(7)


def test_times_in_other_zones_are_the_same_moment(units: UnitOfWorkFactory) -> None:
    start(units)
    hanoi = NOW.astimezone(timezone(timedelta(hours=7)))
    post(units, "m1", now=hanoi)
    turn = claimed(units)
    assert turn.now == NOW
    assert turn.now.utcoffset() == timedelta(0)


def test_a_leased_conversation_is_left_alone_until_the_lease_ends(units: UnitOfWorkFactory) -> None:
    start(units)
    post(units, "m1")
    turn = claimed(units)
    post(units, "m2", seconds=1)
    assert claim(units, worker="v", seconds=59) is None
    assert due(units, 59) == []
    assert due(units, 61) == ["c"]
    again = claim(units, worker="v", seconds=61)
    assert again == turn
    assert claim(units, worker="w", seconds=62) is None


def test_messages_that_arrive_during_a_turn_make_the_next_one(units: UnitOfWorkFactory) -> None:
    start(units)
    post(units, "m1", "một")
    first = claimed(units)
    post(units, "m2", "hai")
    assert finish(units, first)
    second = claimed(units, seconds=1)
    assert (second.text, second.id != first.id) == ("hai", True)
    finish(units, second)
    assert claim(units, seconds=2) is None
    assert due(units, 2) == []


def test_nothing_to_do_takes_no_lease(units: UnitOfWorkFactory) -> None:
    start(units)
    assert claim(units) is None
    post(units, "m1")
    assert claim(units, worker="v") is not None


def test_racing_workers_never_get_the_same_turn(units: UnitOfWorkFactory) -> None:
    names = [f"c{number}" for number in range(12)]
    start(units, *names)
    for name in names:
        post(units, "m", conversation=name)

    def work(job: int) -> list[str]:
        turns = [claim(units, name, f"w{job}") for name in names]
        return [turn.id for turn in turns if turn is not None]

    got = [id for ids in together(6, work) for id in ids]  # type: ignore[attr-defined]
    assert len(got) == len(set(got))
    # On PostgreSQL a row that is locked for a moment is passed over; the next look finds it.
    rest = [turn.id for name in due(units, limit=100) if (turn := claim(units, name)) is not None]
    assert len({*got, *rest}) == len(got) + len(rest) == len(names)


def test_a_postponed_turn_waits_and_counts(units: UnitOfWorkFactory) -> None:
    start(units)
    post(units, "m1", "một")
    turn = claimed(units)
    with units() as unit:
        unit.postpone_turn(turn.id, at(10))
        unit.commit()
    post(units, "m2", "hai", seconds=1)
    assert due(units, 9) == []
    assert claim(units, seconds=9) is None
    assert due(units, 10) == ["c"]
    again = claimed(units, seconds=10)
    assert (again.id, again.text, again.attempts, again.created_at) == (turn.id, "một", 1, NOW)


def test_due_conversations_come_longest_waiting_first(units: UnitOfWorkFactory) -> None:
    start(units, "a", "b", "c", "idle")
    post(units, "m1", conversation="b", seconds=1)
    post(units, "m1", conversation="c", seconds=2)
    post(units, "m1", conversation="a", seconds=3)
    post(units, "m2", conversation="b", seconds=9)
    assert due(units, 10) == ["b", "c", "a"]
    assert due(units, 10, limit=2) == ["b", "c"]
    turn = claimed(units, "b", seconds=10)
    with units() as unit:
        unit.postpone_turn(turn.id, at(11))
        unit.commit()
    assert due(units, 10) == ["c", "a"]
    assert due(units, 11) == ["c", "a", "b"]


def test_released_leases_let_turns_be_taken_up(units: UnitOfWorkFactory) -> None:
    start(units)
    post(units, "m1")
    turn = claimed(units)
    with units() as unit:
        unit.release_all_leases()
        unit.commit()
    assert due(units, 1) == ["c"]
    assert claim(units, seconds=1) == turn


def test_a_reply_is_recorded_once(units: UnitOfWorkFactory) -> None:
    start(units)
    post(units, "m1")
    turn = claimed(units)
    with units() as unit:
        assert unit.stored_reply(turn.id) is None
        assert unit.record_reply(turn.id, REPLY, RECORD)
        unit.commit()
    with units() as unit:
        assert not unit.record_reply(turn.id, Reply("other", "khác"), RECORD)
        unit.commit()
    with units() as unit:
        assert unit.stored_reply(turn.id) == REPLY


def test_racing_actions_record_one_reply(units: UnitOfWorkFactory) -> None:
    start(units)
    post(units, "m1")
    turn = claimed(units)

    def record(job: int) -> bool:
        with units() as unit:
            won = unit.record_reply(turn.id, Reply("fee", f"lần {job}"), RECORD)
            if won:
                unit.save_state("c", ConversationState(procedure=f"{job}"), NOW)
            unit.commit()
        return won

    won = together(8, record)
    assert won.count(True) == 1
    with units() as unit:
        assert unit.stored_reply(turn.id) == Reply("fee", f"lần {won.index(True)}")
        assert unit.state("c").procedure == f"{won.index(True)}"


def test_a_closed_turn_takes_no_reply_and_is_not_closed_again(units: UnitOfWorkFactory) -> None:
    start(units)
    post(units, "m1")
    turn = claimed(units)
    assert finish(units, turn, "expired", 1)
    post(units, "m2")
    later = claimed(units, seconds=2)
    with units() as unit:
        assert not unit.record_reply(turn.id, REPLY, RECORD)
        unit.postpone_turn(turn.id, at(99))
        unit.commit()
    assert not finish(units, turn, "answered", 3)
    assert claim(units, seconds=4) is None, "a stale worker must not free the lease of the next turn"
    assert finish(units, later, seconds=5)


def test_a_turn_ends_in_one_of_two_ways(units: UnitOfWorkFactory) -> None:
    start(units)
    post(units, "m1")
    with pytest.raises(ValueError, match="expired"):
        finish(units, claimed(units), "forgotten")


def test_an_answer_is_published_once(units: UnitOfWorkFactory) -> None:
    start(units)
    post(units, "m1")
    turn = claimed(units)

    def publish(_: int) -> int:
        with units() as unit:
            sequence = unit.append_event("c", EventKind.ASSISTANT, REPLY.to_payload(), turn.id, NOW)
            unit.commit()
        return sequence

    assert set(together(4, publish)) == {2}
    with units() as unit:
        answer = unit.events_after("c", 1)
        unit.append_event("c", EventKind.ASSISTANT, {"text": "chào"}, None, NOW)
        assert unit.append_event("c", EventKind.ASSISTANT, {"text": "chào"}, None, NOW) == 4
    assert [(event.kind, event.turn_id, Reply.from_payload(event.body)) for event in answer] == [
        (EventKind.ASSISTANT, turn.id, REPLY)
    ]


def test_missing_facts_are_counted_most_asked_first(units: UnitOfWorkFactory) -> None:
    asked = [("NV-2", "fee", True), ("NV-1", "time", True), ("NV-2", "fee", True), ("NV-3", "fee", False)]
    start(units)
    for number, (procedure, facet, missing) in enumerate(asked):
        post(units, f"m{number}")
        turn = claimed(units)
        record = TurnRecord(
            "ask_procedure", 0.9, Route.ASK_PROCEDURE, Outcome.ANSWERED, 1.0, None, procedure, Facet(facet), missing
        )
        with units() as unit:
            unit.record_reply(turn.id, REPLY, record)
            unit.finish_turn(turn.id, "answered", NOW)
            unit.commit()
    with units() as unit:
        assert list(unit.missing_facts_asked()) == [("NV-2", "fee", 2), ("NV-1", "time", 1)]
