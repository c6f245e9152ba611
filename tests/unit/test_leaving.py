"""Who says that they come back later tells of nothing; who tells of something does not leave."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from actions.leaving import LeaveTalk
from actions.turn_action import Decision
from bot.core.cases.draft import Draft
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.kinds import InputType
from bot.core.phrases import load_phrases
from bot.core.replies import Reply
from bot.core.story import postpones
from nlu.text import strip_accents

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
LEAVING = (
    "để tôi xem lại giấy rồi nhắn sau",
    "để em về tìm lại tờ phiếu rồi em nhắn lại sau",
    "tối tôi kiểm tra lại mã rồi báo",
    "để mai tôi hỏi lại chồng rồi nhắn cho bạn",
    "dạ để cháu lục lại tin nhắn xem có mã không rồi cháu gửi",
    "mai em nhắn tiếp nhé",
    "có gì tôi quay lại sau",
    "chờ tôi tìm lại tờ giấy hẹn đã",
    "thôi để em suy nghĩ thêm rồi em liên hệ sau ạ",
    "để mai tôi ra phường hỏi lại cán bộ rồi tôi báo",
    "lát nữa tôi về nhà lấy giấy rồi gửi ảnh sau nhé",
    "để bác coi lại mấy giấy tờ đã",
    "Để em kiểm tra lại.",
    "vâng để tối em tìm rồi nhắn mã cho ad",
    "ok chiều em rảnh em nhắn lại",
    "để tôi bàn với vợ rồi trả lời sau",
)
TELLING = (
    "tôi ra phường hỏi, cán bộ bảo để xem lại rồi nhắn sau mà ba tuần rồi chưa thấy gì",
    "cán bộ nói để họ xem lại rồi báo sau",
    "tôi nộp hồ sơ rồi họ bảo để xem rồi nhắn sau",
    "để tôi hỏi lập hội ở xã cần giấy tờ gì",
    "để tôi kể cho nghe chuyện ở phường",
    "để tôi xem lại họ làm ăn kiểu gì mà bắt tôi đi ba lần",
    "họ hẹn mai báo lại",
    "mai tôi nộp hồ sơ ở đâu",
    "em xem lại phiếu được không",
    "tôi gửi lại đơn rồi",
    "tôi đi lại ba lần rồi nộp lại hồ sơ",
    "anh cán bộ xem xong rồi trả lại",
    "tôi muốn bổ sung sau",
    "chị ấy xem rồi nói lại",
    "ông xem hồ sơ rồi đưa lại cho tôi",
    "chị xem rồi trả lời tôi",
    "de toi chup anh giay to mat truoc mat sau gui cho",
    "em hỏi rồi chị trả lời cộc lốc",
    "để tôi xem lại rồi nhắn sau, mà hôm nọ tôi bị quát ở quầy 3",
    "",
)


@pytest.mark.parametrize("text", LEAVING)
def test_leaving(text: str) -> None:
    assert postpones(text)


@pytest.mark.parametrize("text", [text for text in LEAVING if text.startswith("để")])
def test_leaving_typed_without_accents(text: str) -> None:
    assert postpones(strip_accents(text))


@pytest.mark.parametrize("text", TELLING)
def test_telling(text: str) -> None:
    assert not postpones(text)


def turn(text: str, state: ConversationState, *, danger: bool = False) -> Decision:
    talk = LeaveTalk(load_phrases(), lambda _: danger)
    decide = talk.around(lambda _, state: Decision(Reply("else", ""), state))
    return decide(Signal(text, "report_staff", 0.9, NOW), state)


def test_whatever_was_asked_still_waits() -> None:
    waiting = ConversationState(awaited="secret:PA-4829-1372", held={"doubt": "x"})
    decision = turn(LEAVING[0], waiting)
    assert decision.reply.act == "come_back"
    assert (decision.state.awaited, decision.state.held, decision.state.draft) == (
        waiting.awaited,
        waiting.held,
        None,
    )
    draft = Draft(InputType.PHAN_ANH_HANH_VI, NOW, NOW, told=("chuyện",))
    told = turn(LEAVING[0], replace(waiting, draft=draft))
    assert told.state.draft == draft
    assert "vẫn giữ" in told.reply.text


def test_who_is_in_danger_is_not_let_go() -> None:
    assert turn(LEAVING[0], ConversationState(), danger=True).reply.act == "else"
