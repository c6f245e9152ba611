"""Questions about the office itself: told from questions about a procedure and from stories."""

import pytest

from bot.core.enquiry.office import OfficeTopic, office_topic

HOURS = (
    "mấy giờ làm việc",
    "cho hỏi mấy giờ làm việc ạ",
    "Thứ bảy có làm không",
    "t7 phuong co lam viec ko",
    "chủ nhật có mở cửa không ạ",
    "phường mấy giờ mở cửa",
    "giờ làm việc của bộ phận một cửa",
    "gio tiep dan cua so noi vu la may gio",
    "chiều nay có tiếp dân không",
    "em hỏi mai có làm việc k ạ",
    "một cửa làm việc đến mấy giờ",
)
PHONE = ("số điện thoại", "sdt sở nội vụ", "hotline", "đường dây nóng là số mấy", "cho hỏi số điện thoại liên hệ ạ")
ADDRESS = ("địa chỉ ở đâu", "sở nội vụ ở đâu", "dia chi so noi vu", "trụ sở sở nội vụ Hà Nội nằm ở đâu ạ")
OTHERS = (
    "thứ bảy tôi nộp hồ sơ lập hội được không",
    "mấy giờ làm việc mà giờ này chưa thấy ai",
    "giấy phép lao động mấy giờ nhận",
    "8 giờ chưa mở cửa, chúng tôi đứng đợi ngoài nắng",
    "đổi địa chỉ trụ sở hội thì làm sao",
    "số điện thoại của tôi bị lộ",
    "cán bộ nghỉ trưa từ 11 giờ, dân phải chờ",
    "làm việc ở nước ngoài khi nào được đi",
    "nộp ở đâu",
    "",
    "làm bao lâu",
)


@pytest.mark.parametrize(
    ("topic", "texts"), [(OfficeTopic.HOURS, HOURS), (OfficeTopic.PHONE, PHONE), (OfficeTopic.ADDRESS, ADDRESS)]
)
def test_what_is_asked_about_the_office_is_read(topic: OfficeTopic, texts: tuple[str, ...]) -> None:
    assert {text: office_topic(text) for text in texts} == dict.fromkeys(texts, topic)


@pytest.mark.parametrize("text", OTHERS)
def test_a_procedure_or_a_story_is_no_question_about_the_office(text: str) -> None:
    assert office_topic(text) is None
