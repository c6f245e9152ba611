"""What bot.core.calls.ports and bot.core.filing.ports promise, on both databases."""

import pytest
from sqlalchemy import text

from bot.core.calls.model import Call, CallEvent, CallState, Outcome
from bot.core.calls.ports import LookedUp, WrapUp
from bot.core.calls.transcript import Line, Side, heard
from bot.core.errors import CallClaimed, UnknownCall
from bot.core.filing.ports import Confirmed
from bot.store import Store
from bot.store.rotation import rotate
from bot.store.tables.calls import SEALED_CALLS
from tests.contracts.steps import NOW, at, together

PHONE = "0912345678"


def event(state: CallState, seconds: float = 0, name: str = "c1", **more: str) -> CallEvent:
    return CallEvent("pbx", name, state, at(seconds), **more)  # type: ignore[arg-type]  # texts of the caller


def record(store: Store, told: CallEvent, seconds: float = 0) -> Call:
    with store() as unit:
        call = unit.calls.record(told, at(seconds))
        unit.commit()
    return call


def a_call(store: Store, name: str = "c1", **more: str) -> Call:
    return record(store, event(CallState.RINGING, name=name, **{"number": PHONE, **more}))


def read(store: Store, call: Call) -> Call:
    with store() as unit:
        return unit.calls.call(call.id)


def say(store: Store, call: Call, *lines: Line, most: int = 100) -> int:
    with store() as unit:
        changed = unit.calls.hear(call.id, lines, most, NOW)
        unit.commit()
    return changed


def line(order: int, words: str, seconds: float = 0, *, final: bool = True, side: Side = Side.CALLER) -> Line:
    return heard(order, side, words, final=final, at=at(seconds))


def test_a_call_is_made_once_and_goes_on_with_every_event(store: Store) -> None:
    first = a_call(store)
    again = record(store, event(CallState.RINGING, number=PHONE))
    assert (again.id, again.opaque) == (first.id, first.opaque)
    assert first.masked == "09•• ••• 678"
    answered = record(store, event(CallState.ANSWERED, 5, extension="101"), 5)
    assert (answered.state, answered.extension, answered.answered_at) == (CallState.ANSWERED, "101", at(5))
    over = record(store, event(CallState.ENDED, 65, cause="normal"), 65)
    assert (over.state, over.ended_at, over.cause, over.missed) == (CallState.ENDED, at(65), "normal", False)
    with store() as unit:
        assert unit.calls.call(first.opaque) == over
        assert unit.calls.by_provider("c1") == over
        assert unit.calls.by_provider("c2") is None
        with pytest.raises(UnknownCall):
            unit.calls.call("nothing")


def test_events_of_many_at_once_make_one_call(store: Store) -> None:
    states = [CallState.RINGING, CallState.ANSWERED, CallState.ENDED] * 2

    def tell(which: int) -> str:
        return record(store, event(states[which], which, number=PHONE)).id

    assert len(set(together(len(states), tell))) == 1
    with store() as unit:
        only = unit.calls.recent()
    assert [call.state for call in only] == [CallState.ENDED]
    assert only[0].masked is not None


def test_of_two_who_take_a_call_one_has_it(store: Store) -> None:
    call = a_call(store)

    def take(who: str) -> str:
        try:
            with store() as unit:
                taken = unit.calls.claim(call.id, who, at(1))
                unit.commit()
        except CallClaimed as refused:
            return refused.by
        return str(taken.operator)

    winners = {str(who) for who in together(2, lambda who: take(("lan", "mai")[who]))}
    assert len(winners) == 1
    assert read(store, call).operator in winners
    assert take(winners.pop()) == read(store, call).operator
    assert read(store, call).state is CallState.ANSWERED


def test_live_and_recent_calls_are_listed(store: Store) -> None:
    rings = a_call(store, "c1")
    over = a_call(store, "c2")
    record(store, event(CallState.ENDED, 60, name="c2"), 60)
    with store() as unit:
        assert [call.id for call in unit.calls.live()] == [rings.id]
        assert {call.id for call in unit.calls.recent()} == {rings.id, over.id}
        assert unit.calls.recent(before=NOW) == []
        assert len(unit.calls.recent(limit=1)) == 1


def test_numbers_and_words_are_sealed_and_go_in_time(store: Store) -> None:
    call = a_call(store)
    other = a_call(store, "c2")
    say(store, call, line(1, "tôi tên Bích Ngọc"))
    with store() as unit:
        unit.calls.wrap(call.id, WrapUp("việc riêng", Outcome.OTHER, "ghi chú kín", "tóm tắt"), at(1))
        unit.commit()
    with store.engine.connect() as connection:
        whole = "".join(
            str(row) for table, _ in SEALED_CALLS for row in connection.execute(text(f"SELECT * FROM {table.name}"))
        )
    for secret in (PHONE, "Bích Ngọc", "B\\xedch", "ghi chú kín", "việc riêng"):
        assert secret not in whole
    with store() as unit:
        assert unit.calls.number(call.id) == PHONE
        assert unit.calls.same_caller(call.id) == unit.calls.same_caller(other.id)
        record(store, event(CallState.ENDED, 60), 60)
        record(store, event(CallState.ENDED, 60, name="c2"), 60)
    with store() as unit:
        assert unit.calls.forget_lines(at(60)) == 0
        assert unit.calls.forget_lines(at(61)) == 1
        assert unit.calls.forget_numbers(at(61), [other.id]) == 1
        unit.commit()
    with store() as unit:
        assert unit.calls.lines(call.id) == ()
        assert (unit.calls.number(call.id), unit.calls.number(other.id)) == (None, PHONE)
        assert unit.calls.same_caller(call.id) is None
        assert unit.calls.call(call.id).summary == "tóm tắt"


def test_what_is_sealed_is_sealed_anew_with_another_key(store: Store) -> None:
    call = a_call(store)
    say(store, call, line(1, "một"), line(1, "hai", side=Side.OPERATOR))
    with store() as unit:
        assert unit.filed.begin("k", "lan", "x", NOW)
        unit.filed.keep("k", Confirmed(("PA-1",), None, secrets=("S",)))
        unit.commit()
    assert rotate(store) >= 5
    with store() as unit:
        assert sorted(each.text for each in unit.calls.lines(call.id)) == ["hai", "một"]
        assert unit.calls.number(call.id) == PHONE
        kept = unit.filed.find("k", "x", NOW)
    assert kept is not None
    assert kept.confirmed.secrets == ("S",)


def test_lines_are_revised_once_however_often_they_come(store: Store) -> None:
    call = a_call(store)
    partial = line(1, "cho em", 1, final=False)
    assert say(store, call, partial) == 1
    assert say(store, call, partial) == 0
    assert say(store, call, line(1, "cho em hỏi", 2)) == 1
    assert say(store, call, line(1, "cho", 3, final=False)) == 0
    assert say(store, call, line(1, "dạ nghe", 1, side=Side.OPERATOR), line(2, "thủ tục", 3)) == 2
    with store() as unit:
        found = [(each.side, each.order, each.text, each.final) for each in unit.calls.lines(call.id)]
    assert sorted(found) == [
        (Side.CALLER, 1, "cho em hỏi", True),
        (Side.CALLER, 2, "thủ tục", True),
        (Side.OPERATOR, 1, "dạ nghe", True),
    ]


def test_a_recogniser_cannot_fill_the_disk(store: Store) -> None:
    call = a_call(store)
    assert say(store, call, *(line(order, "a") for order in range(10)), most=4) == 4
    assert say(store, call, line(3, "b", 1), line(99, "c"), most=4) == 1


def test_lines_of_many_at_once_are_all_there(store: Store) -> None:
    call = a_call(store)
    together(6, lambda at: say(store, call, line(at + 1, f"dòng {at + 1}"), line(0, f"chung {at + 1}", at + 1)))
    with store() as unit:
        found = {each.order: each.text for each in unit.calls.lines(call.id)}
    assert set(found) == set(range(7))
    assert found[0] == "chung 6"


def test_what_was_looked_up_is_noted_once(store: Store) -> None:
    call = a_call(store)
    with store() as unit:
        assert unit.calls.look_up(call.id, LookedUp("X01", "fee", at(1)), "lan")
        assert not unit.calls.look_up(call.id, LookedUp("X01", "fee", at(2)), "lan")
        assert unit.calls.look_up(call.id, LookedUp("X01", "time", at(3)), "lan")
        unit.commit()
    with store() as unit:
        assert [(each.facet, each.at) for each in unit.calls.looked_up(call.opaque)] == [
            ("fee", at(1)),
            ("time", at(3)),
        ]


def test_calls_whose_end_was_lost_are_found(store: Store) -> None:
    rings, answered = a_call(store, "c1"), a_call(store, "c2")
    record(store, event(CallState.ANSWERED, 1, name="c2"), 1)
    with store() as unit:
        assert [call.id for call in unit.calls.lost(at(1), at(1))] == [rings.id]
        assert {call.id for call in unit.calls.lost(at(2), at(2))} == {rings.id, answered.id}
        assert unit.calls.lost(NOW, NOW) == []
