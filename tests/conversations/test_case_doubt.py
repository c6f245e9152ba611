"""Words that may tell or only ask, through the real service and Rasa: nothing is opened before the answer."""

import pytest

from tests.conversations.test_conversations import talk
from tests.stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

# Of nobody in particular, at no time and no place: it may have happened to the writer or not.
EITHER = "có chuyện cán bộ thu tiền mà không đưa biên lai"


@pytest.mark.parametrize("text", ["Tôi chỉ hỏi cho biết thôi", ("Tôi chỉ hỏi", "k:doubt:asks")])
def test_who_only_asks_gets_an_answer_and_no_draft(running_stack: RunningStack, text: str | tuple[str, str]) -> None:
    (asked, first), (answer, second) = talk(running_stack, [EITHER, text])
    assert asked["act"] == "case_doubt"
    assert first["no_case"] is True
    assert second["no_case"] is True
    assert answer["text"] != asked["text"]


@pytest.mark.parametrize("text", ["rồi, xảy ra thật đấy", ("Đã xảy ra", "k:doubt:happened")])
def test_what_happened_is_taken_up_with_the_first_words(
    running_stack: RunningStack, text: str | tuple[str, str]
) -> None:
    (asked, _), (_, second) = talk(running_stack, [EITHER, text])
    assert asked["act"] == "case_doubt"
    assert second["no_case"] is False
    assert second["outcome"] == "complaint_step"
    assert "TC-THUPHI" in second["behaviour"]


@pytest.mark.parametrize(
    "text",
    [
        "Trước tôi ngại ra xã vì nghe đồn hay bị hành, ai dè hôm qua mấy cô làm nhanh, chẳng đòi chi, cảm ơn nhé.",
        "Tôi ghi nhầm số căn cước nên hồ sơ bị trả, lỗi do tôi. Giờ nộp lại thì cần những giấy gì?",
        "Hôm trước đọc báo thấy có nơi cán bộ vòi tiền dân rồi bị kỷ luật, đáng đời.",
    ],
)
def test_praise_own_mistakes_and_news_open_nothing(running_stack: RunningStack, text: str) -> None:
    ((_, state),) = talk(running_stack, [text])
    assert state["no_case"] is True


def test_a_yes_to_something_else_opens_nothing(running_stack: RunningStack) -> None:
    (asked, _), *_, (_, last) = talk(running_stack, [EITHER, "thành lập hội ở xã thì nộp hồ sơ ở đâu", "vâng"])
    assert asked["act"] == "case_doubt"
    assert last["no_case"] is True


def test_the_button_answers_later_too(running_stack: RunningStack) -> None:
    *_, (_, last) = talk(
        running_stack, [EITHER, "thành lập hội ở xã thì nộp hồ sơ ở đâu", ("Đã xảy ra", "k:doubt:happened")]
    )
    assert last["outcome"] == "complaint_step"
    assert "TC-THUPHI" in last["behaviour"]
