"""Who answers a conversation: one at a time, whatever is done in whatever order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.core.conversation import Owner
from bot.core.errors import ClaimedByAnother, HandOverError, NotAttended, OutOfOrder
from bot.core.handover.attention import (
    BARRED,
    URGENCY,
    Attention,
    Ending,
    Told,
    Why,
    acted,
    ask,
    claim,
    close,
    end,
    erased,
    go_back,
    hand_back,
    release,
    returned,
    told,
    transfer,
    warn,
)

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
WAITS = ask(Attention(), Why.ASKED, NOW)
HELD = claim(WAITS, "lan", NOW + timedelta(minutes=4))


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_who_asks_again_keeps_their_place_and_only_becomes_more_urgent() -> None:
    assert ask(WAITS, Why.ASKED, later(5)) == WAITS
    angry = ask(WAITS, Why.ANGER, later(5))
    assert (angry.waiting_since, angry.urgency, angry.why) == (NOW, URGENCY[Why.ANGER], Why.ANGER)
    assert ask(angry, Why.FAILED, later(6)) == angry


def test_only_one_attends_and_the_second_is_told_who() -> None:
    with pytest.raises(ClaimedByAnother) as refused:
        claim(HELD, "minh", later(5))
    assert refused.value.by == "lan"
    assert claim(HELD, "lan", later(5)) == HELD


@pytest.mark.parametrize(
    "act",
    [
        lambda a, by: release(a, by),
        lambda a, by: transfer(a, by, "hoa", NOW),
        lambda a, by: hand_back(a, by, NOW),
        lambda a, by: close(a, by, Ending.ANSWERED, NOW),
        lambda a, by: warn(a, by, NOW),
        lambda a, by: acted(a, by, NOW),
    ],
    ids=["release", "transfer", "hand back", "close", "warn", "act"],
)
def test_nobody_else_does_anything_with_it(act) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ClaimedByAnother):
        act(HELD, "minh")
    with pytest.raises(NotAttended):
        act(Attention(), "lan")
    assert act(HELD, "lan").moves >= HELD.moves


def test_released_or_returned_it_waits_at_its_old_place() -> None:
    for waits in (release(HELD, "lan"), returned(HELD), release(HELD, "sep", force=True)):
        assert (waits.owner, waits.waiting_since, waits.by, waits.last_by) == (Owner.WAITING, NOW, None, "lan")


def test_transferred_it_is_the_others_alone() -> None:
    moved = transfer(HELD, "lan", "minh", later(6))
    assert (moved.owner, moved.by, moved.since) == (Owner.OPERATOR, "minh", later(6))
    with pytest.raises(ClaimedByAnother):
        acted(moved, "lan", later(7))
    with pytest.raises(OutOfOrder):
        transfer(moved, "minh", "minh", later(7))


def test_handed_back_it_is_closed_for_people_and_may_be_asked_for_anew() -> None:
    back = hand_back(HELD, "lan", later(9))
    assert (back.owner, back.ending, back.closed_at, back.urgency) == (Owner.BOT, Ending.HANDED_BACK, later(9), 0)
    again = ask(back, Why.FAILED, later(20))
    assert (again.owner, again.waiting_since, again.closed_at, again.last_by) == (
        Owner.WAITING,
        later(20),
        None,
        "lan",
    )


def test_who_waits_may_go_back_and_nobody_else_may() -> None:
    assert go_back(WAITS, later(1)).owner is Owner.BOT
    for not_waiting in (Attention(), HELD):
        with pytest.raises(OutOfOrder):
            go_back(not_waiting, later(1))


def test_a_waiting_conversation_is_closed_by_anybody_an_attended_one_by_its_own() -> None:
    assert close(WAITS, "minh", Ending.CALLED_BACK, later(3)).ending is Ending.CALLED_BACK
    with pytest.raises(ClaimedByAnother):
        close(HELD, "minh", Ending.ANSWERED, later(3))


def test_abuse_is_ended_only_after_one_warning_and_bars_people_but_not_danger() -> None:
    with pytest.raises(OutOfOrder):
        end(HELD, later(5))
    warned = warn(HELD, "lan", later(5))
    with pytest.raises(OutOfOrder):
        warn(warned, "lan", later(6))
    over = end(warned, later(7))
    assert (over.owner, over.ending) == (Owner.BOT, Ending.ABUSE)
    assert over.barred(later(8))
    assert not over.barred(later(7) + BARRED)
    assert ask(over, Why.ASKED, later(8)) == over
    assert ask(over, Why.DANGER, later(8)).owner is Owner.WAITING
    assert ask(over, Why.ASKED, later(7) + BARRED).owner is Owner.WAITING


def test_a_warning_of_long_ago_is_no_warning_of_now() -> None:
    warned = hand_back(warn(HELD, "lan", later(5)), "lan", later(6))
    anew = claim(ask(warned, Why.ASKED, later(600)), "lan", later(601))
    with pytest.raises(OutOfOrder):
        end(anew, later(602))


def test_cleared_nobody_waits_or_attends() -> None:
    for before in (WAITS, HELD):
        assert erased(before, later(9)).owner is Owner.BOT
    untouched = Attention()
    assert erased(untouched, later(9)) == untouched


def test_what_was_told_is_forgotten_with_the_wait() -> None:
    informed = told(WAITS, Told.QUEUE, 3, 10, later(1))
    assert (informed.told_place, informed.told_minutes, informed.told_times) == (3, 10, 1)
    ended = go_back(informed, later(2))
    assert (ended.told, ended.told_at, ended.told_times) == (None, None, 0)


PEOPLE = ("lan", "minh", "hoa")
ACTS = {
    "ask": lambda a, by, to, now: ask(a, Why.ASKED, now),
    "danger": lambda a, by, to, now: ask(a, Why.DANGER, now),
    "claim": lambda a, by, to, now: claim(a, by, now),
    "release": lambda a, by, to, now: release(a, by),
    "force": lambda a, by, to, now: release(a, by, force=True),
    "returned": lambda a, by, to, now: returned(a),
    "transfer": lambda a, by, to, now: transfer(a, by, to, now),
    "hand_back": lambda a, by, to, now: hand_back(a, by, now),
    "close": lambda a, by, to, now: close(a, by, Ending.ANSWERED, now),
    "go_back": lambda a, by, to, now: go_back(a, now),
    "warn": lambda a, by, to, now: warn(a, by, now),
    "end": lambda a, by, to, now: end(a, now),
    "act": lambda a, by, to, now: acted(a, by, now),
    "erase": lambda a, by, to, now: erased(a, now),
}


class Conversation(RuleBasedStateMachine):
    """Anybody does anything at any time; what is refused changes nothing."""

    @initialize()
    def begin(self) -> None:
        self.attention, self.now = Attention(), NOW
        self.warned = False

    @rule(
        act=st.sampled_from(sorted(ACTS)),
        by=st.sampled_from(PEOPLE),
        to=st.sampled_from(PEOPLE),
        minutes=st.integers(0, 2000),
    )
    def do(self, act: str, by: str, to: str, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        before = self.attention
        try:
            after = ACTS[act](before, by, to, self.now)
        except HandOverError:
            return
        mine = {"release", "transfer", "hand_back", "warn", "act"}
        if act in mine:
            assert before.by == by
        if before.owner is Owner.OPERATOR and act in {"ask", "danger"}:
            assert after == before
        if act == "end":
            assert before.warned_at is not None
        if act == "close" and before.owner is Owner.OPERATOR:
            assert before.by == by
        assert after.moves in (before.moves, before.moves + 1)
        assert (after.moves == before.moves) == (replace(after, acted_at=None) == replace(before, acted_at=None))
        self.attention = after

    @invariant()
    def somebody_attends_exactly_where_a_person_answers(self) -> None:
        a = self.attention
        assert (a.owner is Owner.OPERATOR) == (a.by is not None) == (a.since is not None)
        assert (a.waiting_since is not None) == (a.owner is not Owner.BOT)
        if a.owner is Owner.WAITING:
            assert a.urgency in URGENCY.values()
        if a.owner is Owner.BOT:
            assert a.urgency == 0
            assert a.told_at is None
        else:
            assert a.closed_at is None


TestConversation = Conversation.TestCase
TestConversation.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
