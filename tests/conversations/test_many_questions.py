"""Several questions, comparisons, corrections and earlier matters, through the real service and the real Rasa."""

import pytest

from tests.conversations.test_conversations import talk
from tests.stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]


def test_facets_of_one_question_are_all_answered(running_stack: RunningStack) -> None:
    ((reply, state),) = talk(running_stack, ["thành lập hội ở xã lệ phí bao nhiêu và nộp ở đâu?"])
    assert (state["procedure"], state["facet"], state["outcome"]) == ("NV025", "fee", "answered")
    assert reply["data"]["facets"] == ["fee", "where"]
    assert any(b["title"] == "Nơi nộp hồ sơ" for b in reply["blocks"])


def test_two_matters_are_answered_and_then_compared(running_stack: RunningStack) -> None:
    (first, _), (second, state) = talk(
        running_stack,
        ["đổi tên hội ở xã thì cần gì, còn giải thể hội ở xã thì sao?", "hai cái đó khác nhau chỗ nào"],
    )
    assert [a["procedure"] for a in first["data"]["answers"]] == ["NV027", "NV029"]
    assert (second["act"], state["outcome"]) == ("compare", "answered")
    assert "Khác nhau: " in second["text"]


def test_correction_in_context_keeps_the_facet(running_stack: RunningStack) -> None:
    (first, _), (_, state) = talk(
        running_stack,
        ["trợ cấp một lần cho thanh niên xung phong cần giấy tờ gì", "nhầm, hỏi cái trợ cấp hàng tháng cơ"],
    )
    assert first["data"]["procedure"] == "NV061"
    assert (state["procedure"], state["facet"]) == ("NV062", "documents")


def test_earlier_matter_and_other_level(running_stack: RunningStack) -> None:
    *_, (_, back), (_, other) = talk(
        running_stack,
        [
            "thành lập hội ở xã nộp ở đâu",
            "trợ cấp thất nghiệp mất bao lâu",
            "quay lại cái thành lập hội lúc nãy",
            "vậy ở cấp tỉnh thì sao",
        ],
    )
    assert (back["procedure"], other["procedure"]) == ("NV025", "NV113")


def test_own_file_is_not_guessed(running_stack: RunningStack) -> None:
    ((_, state),) = talk(running_stack, ["hồ sơ của tôi sao mãi chưa duyệt"])
    assert (state["outcome"], state["reason"]) == ("refused", "needs_file")
