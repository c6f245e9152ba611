"""Messages that only ask about complaints and suggestions, beside those that make one."""

import pytest

from bot.core.cases.supposing import only_asks
from nlu.text import strip_accents
from tests.unit.test_heard import hear


@pytest.mark.parametrize(
    "text",
    [
        "Góp ý về quy định thì có biểu mẫu sẵn không?",
        "Vì sao quy định về giấy tờ lại hay thay đổi như vậy?",
        "ai là người soạn ra quy định thủ tục này, cho em hỏi",
    ],
)
def test_a_question_on_rules_is_no_suggestion(text: str) -> None:
    for typed in (text, strip_accents(text)):
        assert only_asks(hear(typed, "regulation_feedback")), typed


@pytest.mark.parametrize(
    "text",
    [
        "Quy định nộp bản gốc là vô lý, đề nghị bỏ đi",
        "Nên sửa quy định, bỏ bớt bản sao công chứng được không ạ, rườm rà quá",
        "Kiến nghị cho nộp hồ sơ qua mạng hết",
    ],
)
def test_a_suggestion_is_one(text: str) -> None:
    for typed in (text, strip_accents(text)):
        assert not only_asks(hear(typed, "regulation_feedback")), typed
