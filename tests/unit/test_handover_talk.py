"""What is said to who asks for a person or waits for one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from actions.handover.action import HandOverAction
from bot.core.conversation import ConversationState, Owner
from bot.core.enquiry.signals import Signal
from bot.core.handover.attention import Attention, Left, Why, ask
from bot.core.handover.effects import DANGER, NOBODY, SEVERITY, GoBack
from bot.core.handover.queue import History, Waiting
from bot.core.routes import Outcome
from tests.unit.handover_steps import EVENING, MORNING, PHRASES, STAFFED, Desk, Talk, ids, waiting


def test_who_asks_is_told_their_place_and_the_time_and_waits() -> None:
    talk = Talk(replace(STAFFED, waiting=(Waiting("x", 1, MORNING), Waiting("y", 1, MORNING))))
    reply = talk.say("gặp người", intent="talk_to_human")
    assert "vị trí thứ 3" in reply.text
    assert "khoảng 10 phút" in reply.text
    assert talk.state.owner is Owner.WAITING
    assert talk.state.outcome is Outcome.HANDED_OVER
    (asked,) = talk.effects
    assert (asked.why, asked.standing.place, asked.alarm) == (Why.ASKED, 3, "")
    assert ids(reply) == ["h:back", "h:call"]


def test_without_history_no_time_is_made_up() -> None:
    reply = Talk(replace(STAFFED, history=History())).say("gặp người", intent="talk_to_human")
    assert "vị trí thứ 1" in reply.text
    assert "chưa ước được" in reply.text
    assert "phút" not in reply.text


def test_in_office_hours_with_nobody_there_it_is_said_and_an_alarm_raised() -> None:
    talk = Talk(Desk())
    reply = talk.say("gặp người", intent="talk_to_human")
    assert "chưa có người trực" in reply.text
    assert PHRASES.contacts.hotline in reply.text
    assert "vị trí" not in reply.text
    assert talk.effects[0].alarm == NOBODY
    assert ids(reply) == ["h:call", "h:leave", "h:back"]


@pytest.mark.parametrize(
    ("now", "why", "when"),
    [
        (EVENING, "đang ngoài giờ làm việc", "8 giờ sáng mai"),
        (datetime(2026, 11, 26, 5, 30, tzinfo=UTC), "đang giờ nghỉ trưa", "13 giờ chiều nay"),
        (datetime(2026, 11, 28, 3, 0, tzinfo=UTC), "đang ngày nghỉ cuối tuần", "8 giờ sáng thứ Hai 30/11"),
        (datetime(2026, 11, 24, 3, 0, tzinfo=UTC), "đang nghỉ Ngày Văn hóa", "8 giờ sáng mai"),
    ],
)
def test_out_of_hours_it_is_said_why_and_when_somebody_is_back(now: datetime, why: str, when: str) -> None:
    talk = Talk(Desk(), now)
    reply = talk.say("gặp người", intent="talk_to_human")
    assert why in reply.text
    assert when in reply.text
    assert talk.effects[0].alarm == ""
    assert talk.state.owner is Owner.WAITING


def test_who_is_there_out_of_hours_is_there() -> None:
    assert "vị trí thứ 1" in Talk(STAFFED, EVENING).say("gặp người", intent="talk_to_human").text


@pytest.mark.parametrize(
    ("button", "why", "alarm"),
    [
        ("human", Why.ASKED, ""),
        ("human:failed", Why.FAILED, ""),
        ("human:anger", Why.ANGER, ""),
        ("human:severity", Why.SEVERITY, SEVERITY),
        # A button that nobody was given says no more than that a person is wanted.
        ("human:danger", Why.ASKED, ""),
        ("human:x", Why.ASKED, ""),
    ],
)
def test_the_button_says_why_a_person_was_offered(button: str, why: Why, alarm: str) -> None:
    talk = Talk(STAFFED)
    talk.say("Gặp cán bộ", button)
    (asked,) = talk.effects
    assert (asked.why, asked.alarm) == (why, alarm)


def test_after_abuse_was_ended_no_person_is_called_and_the_citizen_is_told_where_else() -> None:
    barred = replace(Attention(), barred_until=MORNING + timedelta(hours=3))
    talk = Talk(replace(STAFFED, attention=barred))
    for button in ("human", "h:call", "h:leave", "h:here"):
        reply = talk.say("x", button)
        assert PHRASES.contacts.hotline in reply.text
        assert talk.effects == ()
        assert talk.state.owner is Owner.BOT
    assert talk.say("lập hội cần gì").act == "echo"


def test_danger_goes_before_all_and_says_whether_somebody_reads() -> None:
    signal = Signal("x", "emergency", 0.9, EVENING, conversation_id="c")
    for desk, there in ((STAFFED, True), (Desk(), False)):
        staffed, state, asked = HandOverAction(PHRASES, desk).in_danger(signal, ConversationState())
        assert staffed is there
        assert state.owner is Owner.WAITING
        assert (asked.why, asked.alarm) == (Why.DANGER, DANGER)


def test_while_waiting_questions_are_answered_as_ever() -> None:
    talk = waiting()
    assert talk.say("lập hội cần giấy tờ gì").act == "echo"
    assert talk.state.owner is Owner.WAITING
    assert talk.effects == ()


@pytest.mark.parametrize("how", [("gặp trợ lý tự động", None), ("Thôi, không chờ nữa", "h:back")])
def test_who_waits_may_go_back_to_the_assistant(how: tuple[str, str | None]) -> None:
    talk = waiting()
    assert talk.say(*how).act == "handover_back"
    assert talk.effects == (GoBack(),)
    assert talk.state.owner is Owner.BOT
    assert talk.say("gặp trợ lý tự động").act == "echo"


def test_who_booked_a_call_may_call_it_off() -> None:
    talk = waiting(Desk(), EVENING)
    talk.say("Nhờ gọi lại", "h:call")
    talk.say("0912345678")
    booked = talk.say("được")
    assert ids(booked) == ["h:cancel"]
    talk.desk.attention = replace(ask(Attention(), Why.ASKED, EVENING), left=Left.CALL)
    assert "bỏ lời hẹn" in talk.say("không cần gọi nữa").text
    assert talk.effects == (GoBack(),)


def test_who_waits_may_ask_where_they_stand() -> None:
    talk = waiting()
    talk.desk.attention = ask(Attention(), Why.ANGER, MORNING)
    assert "vị trí thứ 1" in talk.say("còn mấy người nữa").text
    assert Talk(STAFFED).say("còn mấy người nữa").act == "echo"
