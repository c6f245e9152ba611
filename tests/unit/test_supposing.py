"""Messages that only ask about complaints and suggestions, beside those that make one."""

import pytest

from bot.core.cases.supposing import attacks, only_asks, only_praises, proposes, wants_own_data
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


@pytest.mark.parametrize(
    ("text", "attacked"),
    [
        ("Tôi không đồng ý với quyết định số 31 dừng trợ cấp của mẹ tôi, tôi muốn khiếu nại", True),
        ("Tôi nhận văn bản bác hồ sơ công nhận thương binh, tôi khiếu nại văn bản ấy", True),
        ("Cho tôi xin mẫu đơn khiếu nại quyết định xử phạt", False),
        ("Lỡ bị ra quyết định xử phạt sai thì tôi khiếu nại ở đâu", False),
        ("Em khai sai năm sinh nên bị trả hồ sơ, em sai rồi, xin nộp lại", False),
    ],
)
def test_a_decision_is_attacked_by_who_does_not_accept_it(text: str, attacked: bool) -> None:
    for typed in (text, strip_accents(text)):
        assert attacks(hear(typed, "formal_complaint")) is attacked, typed


def test_feedback_that_only_the_intent_says_is_asked_about() -> None:
    assert proposes(hear("Quy định nộp bản gốc là vô lý, đề nghị bỏ đi", "regulation_feedback"))
    assert not proposes(hear("giấy hẹn ghi thứ sáu, vậy là đúng hạn hay chậm", "regulation_feedback"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("xóa giúp số điện thoại của tôi được không", True),
        ("tôi rút lại đồng ý cho lưu số điện thoại", True),
        ("không được lưu số điện thoại của tôi nữa", True),
        ("cho tôi xem các anh đang lưu những thông tin gì của tôi", True),
        ("phản ánh ẩn danh được không, có bị lộ số điện thoại không", False),
        ("Tôi có quyền yêu cầu xem lại và xoá thông tin của tôi đi không?", False),
        ("Có cần ghi số điện thoại thật khi gửi đơn không?", False),
    ],
)
def test_a_wish_about_ones_own_data_is_told_from_a_question(text: str, *, wanted: bool) -> None:
    for typed in (text, strip_accents(text)):
        assert wants_own_data(hear(typed, "privacy_request")) is wanted, typed


@pytest.mark.parametrize(
    ("text", "praised"),
    [
        ("một cửa phường Láng làm việc tốt lắm", True),
        ("cán bộ phường nhiệt tình quá", True),
        ("cán bộ phường không tốt lắm", False),
        ("phải mời nước anh cán bộ mới xong", False),
        ("chị ấy nhiệt tình quá, quát tôi trước mặt mọi người", False),
    ],
)
def test_praise_is_told_from_what_is_meant_otherwise(text: str, *, praised: bool) -> None:
    for typed in (text, strip_accents(text)):
        assert only_praises(hear(typed, "report_staff")) is praised, typed
