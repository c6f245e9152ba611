"""Questions that tell of nothing of one's own open no case; stories that end in a question are stories."""

import pytest

from bot.core.kinds import only_wonders
from nlu.text import strip_accents

WONDERS = [
    "Cán bộ có được từ chối nhận hồ sơ bằng miệng không ạ?",
    "Hôm qua xem thời sự thấy bắt một ông phó chủ tịch, ở mình dân biết thì báo cho ai?",
    "nhóm mình làm bài về văn hóa công sở, quy định nào nói cán bộ phải chào dân trước vậy",
    "Viên chức nhận phong bì bao nhiêu thì bị đuổi việc? Tôi hỏi cho biết thôi.",
    "Con tôi mới trúng tuyển vào xã, có quy tắc ứng xử nào cho cháu đọc không?",
    "Chưa ai làm khó tôi cả, tôi chỉ muốn biết giấy hẹn trễ thì phải làm thế nào?",
    "Đọc báo thấy nói người tố cáo được giấu tên, thật vậy không?",
    "Hai vợ chồng đang tranh luận, tố cáo nặc danh thì có ai xem không?",
    "Nếu bị vòi tiền thì gọi số nào?",
    "Cán bộ có được đóng cửa sớm vào thứ sáu không?",
]
STORIES = [
    "Hôm qua tôi bị cán bộ quát giữa phòng, thế mà được à?",
    "Cô ấy ném trả hồ sơ vào mặt tôi, như thế có đúng không?",
    "Tôi nộp từ tháng chín mà nay vẫn chưa có, bao giờ tôi mới được nhận?",
    "Mẹ tôi chờ ba tiếng không ai gọi, phải làm sao đây?",
    "Em lên phường bốn lần vẫn bị trả về, em phải làm thế nào ạ?",
    "họ nói nước đôi nên tôi chẳng biết phải làm gì",
    "anh ấy đòi tôi đưa hai trăm nghìn, tôi có nên đưa không?",
    "hỏi chỗ nào cũng bảo không rõ, đi hỏi chỗ khác",
]


@pytest.mark.parametrize("text", WONDERS)
def test_questions_of_nobodys_story_are_known(text: str) -> None:
    assert only_wonders(text)


@pytest.mark.parametrize("text", STORIES)
@pytest.mark.parametrize("typed", [str, strip_accents])
def test_stories_that_end_in_a_question_are_stories(text: str, typed) -> None:  # type: ignore[no-untyped-def]
    assert not only_wonders(typed(text))
