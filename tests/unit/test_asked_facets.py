"""All the sides of a procedure that one question asks about, in the order they are asked."""

import pytest

from bot.core.procedures import Facet
from knowledge.query import read_question


@pytest.mark.parametrize(
    ("text", "facets"),
    [
        ("lệ phí bao nhiêu và nộp ở đâu", (Facet.FEE, Facet.WHERE)),
        ("cần giấy tờ gì, bao lâu thì xong?", (Facet.DOCUMENTS, Facet.TIME)),
        ("can giay to gi bao lau thi xong", (Facet.DOCUMENTS, Facet.TIME)),
        ("lập hội cần giấy tờ gì nộp ở đâu bao lâu xong", (Facet.DOCUMENTS, Facet.WHERE, Facet.TIME)),
        ("giấy tờ, lệ phí và thời gian thế nào", (Facet.DOCUMENTS, Facet.FEE, Facet.TIME)),
        ("cho em hỏi điều kiện và hồ sơ lập quỹ với ạ", (Facet.CONDITIONS, Facet.DOCUMENTS)),
        ("lập hội cần giấy tờ gì", (Facet.DOCUMENTS,)),
        ("cho em hỏi giấy tờ với lệ phí ạ", (Facet.DOCUMENTS, Facet.FEE)),
        ("tôi nộp hồ sơ rồi, bao lâu có kết quả", (Facet.TIME,)),
        ("con tôi làm hồ sơ, nộp ở đâu", (Facet.WHERE,)),
        ("đổi tên hội, giải thể hội", ()),
        ("", ()),
    ],
)
def test_facets_are_read_in_the_order_asked(text: str, facets: tuple[Facet, ...]) -> None:
    assert read_question(text).facets == facets


@pytest.mark.parametrize("text", ["lập hội nộp ở đâu", "gia hạn mất mấy ngày", "có mất tiền không"])
def test_question_of_one_facet_names_just_the_one_that_counts(text: str) -> None:
    question = read_question(text)
    assert question.facets == (question.facet.facet,)
