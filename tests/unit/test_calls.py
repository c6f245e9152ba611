"""A call goes only forward, its lines are revised, its numbers masked, its codes known by their shape."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calls.codes import code_of, looks_like_code, new_code
from bot.core.calls.model import Call, CallEvent, CallState, advanced, begun
from bot.core.calls.numbers import masked, standard
from bot.core.calls.transcript import Line, Side, assembled, heard, revised
from bot.core.phrases import load_phrases
from bot.core.privacy import mask

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
EVENTS = (
    CallEvent("pbx", "c1", CallState.RINGING, NOW, number="0912345678", called="19001000", extension="101"),
    CallEvent("pbx", "c1", CallState.ANSWERED, NOW + timedelta(seconds=8), extension="102"),
    CallEvent("pbx", "c1", CallState.ENDED, NOW + timedelta(minutes=3), cause="normal"),
)


def told(events: tuple[CallEvent, ...]) -> Call:
    call = begun("i", "o", events[0], NOW)
    for event in events[1:]:
        call = advanced(call, event, NOW)
    return call


def test_events_in_any_order_and_twice_make_the_same_call() -> None:
    whole = told(EVENTS)
    assert (whole.state, whole.extension, whole.cause) == (CallState.ENDED, "102", "normal")
    assert (whole.started_at, whole.answered_at, whole.ended_at) == tuple(event.at for event in EVENTS)
    assert not whole.missed
    for order in permutations(EVENTS):
        assert told(order) == whole
        assert told((*order, *order)) == whole


def test_a_call_that_nobody_answered_is_missed_and_one_that_rings_is_not() -> None:
    assert told((EVENTS[0], EVENTS[2])).missed
    assert not told((EVENTS[0],)).missed
    assert told((EVENTS[0],)).active


def test_a_clock_that_cannot_be_right_is_not_believed() -> None:
    far = CallEvent("pbx", "c1", CallState.ANSWERED, NOW + timedelta(days=400))
    assert told((EVENTS[0], far)).answered_at == NOW
    assert told((EVENTS[0], EVENTS[1])).answered_at == EVENTS[1].at


def line(order: int, text: str, seconds: float = 0, *, final: bool = True, side: Side = Side.CALLER) -> Line:
    return heard(order, side, text, final=final, at=NOW + timedelta(seconds=seconds))


def test_partial_lines_are_revised_until_the_final_one_which_stays() -> None:
    partial, longer = line(1, "cho em", 1, final=False), line(1, "cho em hỏi", 2, final=False)
    final = line(1, "cho em hỏi thủ tục", 3)
    assert revised(None, partial) == partial
    told_longer = revised(partial, longer)
    assert told_longer is not None
    assert (told_longer.text, told_longer.started_at) == ("cho em hỏi", partial.at)
    told_final = revised(told_longer, final)
    assert told_final is not None
    assert told_final.final
    assert revised(told_final, line(1, "cho", 9, final=False)) is None
    assert revised(told_final, final) is None


def test_what_was_said_before_does_not_replace_what_came_later() -> None:
    later = line(1, "cho em hỏi", 5, final=False)
    assert revised(later, line(1, "cho", 1, final=False)) is None
    assert revised(line(1, "một", 5), line(1, "hai", 4)) is None
    corrected = revised(line(1, "một", 5), line(1, "hai", 6))
    assert corrected is not None
    assert corrected.text == "hai"


def test_lines_stand_in_the_order_of_speech_whatever_their_numbers() -> None:
    said = [
        line(2, "hai", 4),
        line(1, "một", 1),
        line(1, "dạ em nghe", 2, side=Side.OPERATOR),
        line(3, "", 9),
    ]
    assert [each.text for each in assembled(said)] == ["một", "dạ em nghe", "hai"]


@pytest.mark.parametrize(
    ("written", "digits", "shown"),
    [
        ("0912345678", "0912345678", "09•• ••• 678"),
        ("+84 912 345 678", "0912345678", "09•• ••• 678"),
        ("84912345678", "0912345678", "09•• ••• 678"),
        ("0084912345678", "0912345678", "09•• ••• 678"),
        ("024.38253536", "02438253536", "02•• •••• 536"),
        ("+81 90 1234 5678", "00819012345678", None),
        ("113", "113", "•••"),
        ("anonymous", None, None),
        ("", None, None),
        ("9" * 40, None, None),
    ],
)
def test_numbers_are_written_one_way_and_shown_masked(written: str, digits: str | None, shown: str | None) -> None:
    assert standard(written) == digits
    if shown is not None:
        assert masked(digits) == shown or (masked(digits) or "").replace(" ", "") == shown.replace(" ", "")
    elif digits is None:
        assert masked(digits) is None


@given(st.from_regex(r"0[0-9]{8,12}", fullmatch=True))
def test_a_masked_number_never_shows_more_than_its_ends(number: str) -> None:
    shown = (masked(number) or "").replace(" ", "")
    assert len(shown) == len(number)
    assert sum(sign.isdigit() for sign in shown) <= 5
    assert shown[-3:] == number[-3:]


def test_a_code_is_known_however_it_is_typed_and_masking_leaves_it() -> None:
    for _ in range(200):
        code = new_code()
        bare = code.replace(" ", "")
        for typed in (code, code.lower(), bare, code.replace(" ", "-"), f" {code}. ", f"mã {code}", f"tđ{code[2:]}"):
            assert code_of(typed) == code, typed
            assert looks_like_code(mask(typed))


@pytest.mark.parametrize(
    "text",
    [
        "td",
        "TD 48 2917",
        "TD 482 91735",
        "cho tôi hỏi mã TD 482 9173 dùng thế nào",
        "0482 9173",
        "PA-4829-1372",
        "HĐ 482 9173",
        "thủ tục TD",
        "TD 482 917x",
        "",
    ],
)
def test_other_messages_are_no_codes(text: str) -> None:
    assert code_of(text) is None
    assert not looks_like_code(text)


def test_a_slip_has_the_shape_and_is_no_code() -> None:
    code = new_code()
    slip = code[:-1] + str((int(code[-1]) + 1) % 10)
    assert looks_like_code(slip)
    assert code_of(slip) is None


def test_what_is_said_of_a_code_has_it() -> None:
    assert "TD 482 9173" in load_phrases().say("call_code_told", code="TD 482 9173", hours=24)
