"""«Nói dễ hiểu hơn» in its many wordings, and what office words mean; the same list as the web page's."""

import re
from typing import Any

import pytest

from bot.core.plain import MOST, PlainWords, asks_plain
from channels.web.page import STATIC_DIR

WORDS = PlainWords.load()


@pytest.mark.parametrize(
    "text",
    [
        "nói dễ hiểu hơn",
        "noi de hieu hon",
        "Giải thích lại cho dễ hiểu!",
        "Dễ hiểu hơn",
        "nói lại cho dễ hiểu hơn được không ạ?",
        "giải thích đơn giản hơn giúp tôi với",
        "cháu nói nôm na thôi",
        "khó hiểu quá",
        "noi gi kho hieu the",
        "Dạ cô nói đơn giản thôi",
        "viết lại bằng tiếng Việt đơn giản đi",
        "câu này khó hiểu quá ạ",
        "anh nói dễ hiểu hơn chút được không",
    ],
)
def test_who_asks_for_plainer_words_is_understood(text: str) -> None:
    assert asks_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "dễ hiểu",
        "hiểu rồi, cảm ơn",
        "tôi không hiểu",
        "cán bộ giải thích không dễ hiểu",
        "nhờ cán bộ giải thích cho dễ hiểu",
        "cán bộ nói khó hiểu quá",
        "chị ở quầy 2 nói dễ hiểu hơn anh kia",
        "thủ tục này khó hiểu quá",
        "giải thích cho dễ hiểu hồ sơ lập hội cần gì",
        "nộp ở đâu cho đơn giản",
        "thủ tục nào đơn giản hơn",
        "viết đơn giản là được à hay phải có mẫu",
        "họ bảo tôi viết đơn",
        "lệ phí bao nhiêu, nói dễ hiểu hơn",
    ],
)
def test_who_says_more_or_something_else_is_not_taken_for_it(text: str) -> None:
    assert not asks_plain(text)


@pytest.mark.timeout(60)
def test_a_long_message_takes_no_time() -> None:
    for text in (
        "nói " * 500 + "dễ hiểu",
        "dạ cô ơi " * 300,
        "giải thích lại giúp tôi cho " * 100,
        "khó hiểu " * 400,
        "có thể " * 40,
    ):
        assert asks_plain(text[:2_000]) in {True, False}


def test_the_web_page_has_the_same_words_in_the_same_order() -> None:
    script = (STATIC_DIR / "chat" / "plain.js").read_text("utf-8")
    shown = re.findall(r'\t\["([^"]+)", "([^"]+)"\]', script)
    assert len(shown) > 20
    assert shown == [(pattern.pattern.split("(?:")[1].partition(")")[0].replace("\\ ", " "), meaning)
                     for pattern, meaning in WORDS.terms]  # fmt: skip
    assert f"const MOST = {MOST};" in script


def reply(text: str, *items: str) -> dict[str, Any]:
    return {"text": text, "blocks": [{"kind": "list", "title": "", "text": "", "items": list(items)}]}


def test_each_office_word_is_explained_once_as_it_was_written() -> None:
    found = WORDS.explain(reply("Lệ phí: không. Bản sao chứng thực và bản sao chứng thực", "Sơ yếu lý lịch"))
    assert [word for word, _ in found] == ["Bản sao chứng thực", "Lệ phí", "Sơ yếu lý lịch"]
    assert dict(found)["Lệ phí"] == "tiền phải trả cho Nhà nước khi làm thủ tục"


@pytest.mark.parametrize("text", ["", "Chào anh/chị", "tiềnlệ phíx", "bản  chính"])
def test_where_there_is_no_office_word_nothing_is_explained(text: str) -> None:
    assert WORDS.explain(reply(text)) == []
    assert WORDS.explain({}) == []


def test_so_many_words_at_most_are_explained() -> None:
    told = "điều lệ, gia hạn, thu hồi, ủy quyền, hợp lệ, trích lục, thẩm định, lệ phí"
    assert len(WORDS.explain(reply(told))) == MOST
