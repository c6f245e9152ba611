"""Calls booked and words left for when somebody is there."""

from datetime import UTC, datetime

import pytest

from actions.handover.talk import hint
from bot.core.conversation import Owner
from bot.core.handover.attention import Left
from tests.unit.handover_steps import EVENING, STAFFED, Desk, Talk, ids, waiting


def test_a_call_is_booked_with_leave_to_keep_the_number() -> None:
    talk = waiting(Desk(), EVENING)
    asked = talk.say("Nhờ gọi lại", "h:call")
    assert "Số chỉ dùng cho cuộc gọi này" in asked.text
    assert asked.data == {"asks_phone": True}
    offered = talk.say("0912 345 678")
    assert "số đuôi 678" in offered.text
    assert "0912" not in offered.text
    assert [button.title for button in offered.buttons] == [
        "Sáng mai", "Chiều mai", "Sáng thứ Hai 30/11", "Thôi, không cần"
    ]  # fmt: skip
    assert talk.effects == ()
    booked = talk.say("Chiều mai", offered.buttons[1].id)
    assert "chiều mai" in booked.text
    (left,) = talk.effects
    assert left.left is Left.CALL
    assert left.due_at == datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
    assert "0912345678" in left.note
    assert "Đồng ý lưu" in left.note
    assert talk.state.held == {}
    assert talk.state.owner is Owner.WAITING


@pytest.mark.parametrize(
    ("words", "due"),
    [("được ạ", (27, 1)), ("chiều mai nhé", (27, 6)), ("Sáng thứ Hai 30/11", (30, 1)), ("2", (27, 6))],
)
def test_a_time_can_be_said_in_words(words: str, due: tuple[int, int]) -> None:
    talk = waiting(Desk(), EVENING)
    talk.say("Nhờ gọi lại", "h:call")
    talk.say("gọi số 0912345678 giúp tôi")
    talk.say(words)
    (left,) = talk.effects
    assert left.due_at == datetime(2026, 11, due[0], due[1], 0, tzinfo=UTC)


@pytest.mark.parametrize("words", ["thôi", "không đồng ý", "không lưu đâu"])
def test_without_leave_nothing_is_kept(words: str) -> None:
    talk = waiting(Desk(), EVENING)
    talk.say("Nhờ gọi lại", "h:call")
    talk.say("0912345678")
    assert talk.say(words).act == "callback_dropped"
    assert talk.effects == ()
    assert "0912345678" not in str(talk.state.to_json())


def test_a_number_that_waits_for_leave_is_forgotten_with_the_next_other_thing() -> None:
    talk = waiting(Desk(), EVENING)
    talk.say("Nhờ gọi lại", "h:call")
    talk.say("0912345678")
    assert talk.say("lập hội cần giấy tờ gì").act == "echo"
    assert "0912345678" not in str(talk.state.to_json())
    assert talk.say("Chiều mai", "h:slot:2026-11-27T13:00").act == "handover"


def test_another_number_replaces_the_first() -> None:
    talk = waiting(Desk(), EVENING)
    talk.say("Nhờ gọi lại", "h:call")
    talk.say("0912345678")
    assert "số đuôi 111" in talk.say("à nhầm, số 0987000111").text


def test_a_number_that_cannot_be_one_is_asked_for_again() -> None:
    talk = waiting(Desk(), EVENING)
    talk.say("Nhờ gọi lại", "h:call")
    assert "chưa thấy số" in talk.say("09123456").text
    assert talk.say("0912345678").act == "callback_slot"


@pytest.mark.parametrize("how", [("tôi bị điếc, nhắn tin giúp", None), ("Chỉ nhắn tin được", "h:text")])
def test_who_cannot_listen_is_written_to_and_not_called(how: tuple[str, str | None]) -> None:
    talk = waiting(Desk(), EVENING)
    talk.say("Nhờ gọi lại", "h:call")
    asked = talk.say(*how)
    assert "không gọi" in asked.text
    assert ids(asked) == ["h:here", "h:drop"]
    talk.say("0912345678")
    booked = talk.say("được")
    assert "không gọi" in booked.text
    (left,) = talk.effects
    assert left.left is Left.TEXT
    assert left.note.startswith("Nhắn tin, không gọi, 0912345678")


@pytest.mark.parametrize("how", [("trả lời ở đây nhé", None), ("Trả lời ở đây", "h:here")])
def test_an_answer_in_this_chat_needs_no_number(how: tuple[str, str | None]) -> None:
    talk = waiting(Desk(), EVENING)
    talk.say("Chỉ nhắn tin được", "h:text")
    booked = talk.say(*how)
    assert "sáng mai" in booked.text
    (left,) = talk.effects
    assert (left.left, left.due_at) == (Left.TEXT, datetime(2026, 11, 27, 1, 0, tzinfo=UTC))


def test_an_email_is_written_to() -> None:
    talk = waiting(Desk(), EVENING)
    talk.say("Nhờ gọi lại", "h:call")
    assert "an…@example.com" in talk.say("gửi vào an.nguyen@example.com").text
    talk.say("ok")
    (left,) = talk.effects
    assert left.left is Left.TEXT


def test_words_are_left_for_when_somebody_is_back() -> None:
    talk = waiting(Desk(), EVENING)
    asked = talk.say("Để lại lời nhắn", "h:leave")
    assert "8 giờ sáng mai" in asked.text
    kept = talk.say("nhờ chị xem giúp hồ sơ của bố tôi nộp hôm mùng 5, lập hội cần gì nữa không")
    assert kept.act == "message_left"
    (left,) = talk.effects
    assert (left.left, left.due_at) == (Left.MESSAGE, None)
    # One message; the next is read as ever.
    assert talk.say("lập hội cần giấy tờ gì").act == "echo"


def test_danger_is_no_message_to_be_left() -> None:
    talk = waiting(Desk(), EVENING)
    talk.say("Để lại lời nhắn", "h:leave")
    assert talk.say("cứu tôi với, nó đang đánh").act == "echo"
    talk.say("Nhờ gọi lại", "h:call")
    assert talk.say("cứu tôi 0912345678").act == "echo"


def test_who_waits_may_say_in_words_what_the_buttons_offer() -> None:
    talk = waiting(Desk(), EVENING)
    assert talk.say("gọi lại cho tôi nhé").act == "callback_number"
    talk = waiting(Desk(), EVENING)
    assert talk.say("gọi cho tôi số 0912345678").act == "callback_slot"
    talk = waiting(Desk(), EVENING)
    assert talk.say("cho tôi để lại lời nhắn").act == "message_leave"
    assert Talk(Desk(), EVENING).say("gọi lại cho tôi nhé").act == "echo"


def test_where_somebody_is_there_a_call_may_be_now() -> None:
    talk = waiting(STAFFED)
    talk.say("Nhờ gọi lại", "h:call")
    assert talk.say("0912345678").buttons[0].title == "Sáng nay"
    nobody = waiting(Desk())
    nobody.say("Nhờ gọi lại", "h:call")
    assert nobody.say("0912345678").buttons[0].title == "Chiều nay"


def test_a_contact_is_shown_so_that_only_its_owner_knows_it() -> None:
    assert hint("0912345678") == "số đuôi 678"
    assert hint("an.nguyen@example.com") == "an…@example.com"
