"""What channels add to the talk, through the real service and the real Rasa."""

import pytest

from tests.conversations.test_complaints import STORY
from tests.conversations.test_conversations import talk
from tests.stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]


def test_only_the_question_for_a_number_says_so(running_stack: RunningStack) -> None:
    turns = [STORY, "giấu tên tôi nhé", "đồng ý", "lệ phí lập hội bao nhiêu", "0912345678, chỉ nhắn tin thôi ạ"]
    heard = talk(running_stack, turns)
    asks = [bool(reply["data"].get("asks_phone")) for reply, _ in heard]
    assert asks == [False, False, True, True, False], [reply["act"] for reply, _ in heard]
    review = heard[-1][0]
    told = " ".join(" ".join(block["items"]) for block in review["blocks"])
    assert "chỉ nhắn tin" in told, "how the citizen wants to be told is read back"


@pytest.mark.parametrize(
    ("turns", "acts"),
    [
        (["muon lap hoi o xa can giay to gi", "noi de hieu hon"], ["answer_documents", "plain"]),
        ([STORY, "giải thích lại cho dễ hiểu"], [None, "plain_nothing"]),
        (["lấy mã nối tài khoản", "bỏ nối tài khoản"], ["join_code", "join_none"]),
        (["NT-K7MD-3XPA", "ma la nt k7md 3xpa"], ["join_wrong", "join_wrong"]),
    ],
)
def test_whatever_rasa_makes_of_it_it_is_understood(
    running_stack: RunningStack, turns: list[str], acts: list[str | None]
) -> None:
    heard = [reply["act"] for reply, _ in talk(running_stack, turns)]
    assert [act for act, wanted in zip(heard, acts, strict=True) if wanted] == [act for act in acts if act]


@pytest.mark.parametrize(
    "text",
    [
        "cán bộ phường giải thích khó hiểu quá làm tôi phải đi lại ba lần",
        "liên kết tài khoản VNeID thì làm ở đâu",
        "hỏi cho mình hay cho người khác đều được",
    ],
)
def test_what_only_sounds_like_it_goes_its_own_way(running_stack: RunningStack, text: str) -> None:
    ((reply, _),) = talk(running_stack, [text])
    assert not reply["act"].startswith(("plain", "join_", "news"))


def test_in_the_middle_of_a_complaint_the_story_is_kept(running_stack: RunningStack) -> None:
    *_, (plain, state) = talk(running_stack, [STORY, "noi de hieu hon"])
    assert plain["blocks"][-1]["kind"] == "note"
    assert state["outcome"] == "complaint_step"
    assert plain["buttons"]
