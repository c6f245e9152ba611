"""A message that names a matter and nothing else, beside those that ask, tell or name nothing."""

import pytest

from bot.core.enquiry.topics import topic_of


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Em muốn tìm hiểu về quỹ ạ", "quỹ"),
        ("cho bác hỏi chuyện thương binh", "thương binh"),
        ("hội", "hội"),
        ("toi can hoi ve hoi", "hoi"),
        ("xin chào, tôi cần tư vấn về người có công", "người có công"),
        ("thủ tục giấy phép lao động", "giấy phép lao động"),
        ("tôi muốn hỏi về việc làm", "việc làm"),
        ("có công", "có công"),
        ("co cong", "co cong"),
        ("hội doanh nghiệp", "hội doanh nghiệp"),
        ("hoi doanh nghiep", "hoi doanh nghiep"),
        ("cán bộ", "cán bộ"),
        ("can bo", "can bo"),
        ("anh hùng", "anh hùng"),
        ("cơ sở tôn giáo", "cơ sở tôn giáo"),
        ("cho tôi hỏi việc thờ cúng", "thờ cúng"),
    ],
)
def test_a_bare_topic_is_found(text: str, topic: str) -> None:
    assert topic_of(text) == topic


@pytest.mark.parametrize(
    "text",
    [
        "toi muon hoi",
        "chào em",
        "chaof anh chi",
        "hồ sơ",
        "mẹ tôi là thương binh loại một",
        "lập quỹ thì cần những giấy tờ gì",
        "",
        "?",
    ],
)
def test_other_messages_name_none(text: str) -> None:
    assert topic_of(text) is None
