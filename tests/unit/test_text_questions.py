"""Cutting messages: each question by itself, no question in pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.text import split_questions

SEVERAL = [
    ("lệ phí bao nhiêu và nộp ở đâu", ["lệ phí bao nhiêu", "nộp ở đâu"]),
    ("đổi tên hội thì sao, còn giải thể thì cần gì?", ["đổi tên hội thì sao", "giải thể thì cần gì?"]),
    ("thành lập quỹ cần gì rồi nộp ở đâu", ["thành lập quỹ cần gì", "nộp ở đâu"]),
    ("hồ sơ gồm những gì, nộp ở đâu, bao lâu thì xong", ["hồ sơ gồm những gì", "nộp ở đâu", "bao lâu thì xong"]),
    ("mất bao nhiêu tiền? mấy ngày? ở đâu?", ["mất bao nhiêu tiền?", "mấy ngày?", "ở đâu?"]),
    ("lap hoi can gi, nop o dau", ["lap hoi can gi", "nop o dau"]),
    ("nếu hồ sơ thiếu thì sao và có được bổ sung không", ["nếu hồ sơ thiếu thì sao", "có được bổ sung không"]),
    ("con liệt sĩ được hưởng gì, còn cháu liệt sĩ thì sao", ["con liệt sĩ được hưởng gì", "cháu liệt sĩ thì sao"]),
    ("ai được hưởng và hưởng bao nhiêu", ["ai được hưởng", "hưởng bao nhiêu"]),
    ("cần photo công chứng không, mấy bản", ["cần photo công chứng không", "mấy bản"]),
    ("thất nghiệp nộp ở đâu;thương binh nộp ở đâu", ["thất nghiệp nộp ở đâu", "thương binh nộp ở đâu"]),
    ("Bố tôi mới mất. Gia đình cần làm gì ạ?", ["Bố tôi mới mất.", "Gia đình cần làm gì ạ?"]),
    ("Vợ chồng tôi có 2 con. Con lớn học lớp 5.", ["Vợ chồng tôi có 2 con.", "Con lớn học lớp 5."]),
    ("lập hội cần gì?nộp ở đâu?", ["lập hội cần gì?", "nộp ở đâu?"]),
    ("nộp ở đâu ạ\nmấy ngày có kết quả", ["nộp ở đâu ạ", "mấy ngày có kết quả"]),
]

ONE = """
giấy tờ và lệ phí thế nào
lập hội cần giấy tờ gì?
tôi ở TP. Hà Nội muốn lập hội thì làm sao?
theo Nghị định 03/2026/NĐ-CP thì nộp gì?
thủ tục 1.014748 nộp ở đâu
cho em hỏi, lập hội cần gì ạ
em là con thương binh, em được hưởng gì
cấp lại và gia hạn giấy phép lao động khác nhau thế nào
tôi không biết gì cả, nhờ hướng dẫn lập quỹ
công ty nợ lương 3 tháng, em nghỉ việc rồi, giờ có được hưởng thất nghiệp không
có mất phí không hay miễn phí
anh chị cho hỏi ai ký giấy phép lao động
muốn hỏi về lương hưu và thất nghiệp
ngày 30.11.2026 có nhận hồ sơ không?
hội và quỹ khác gì nhau
lập hội thì cần bao nhiêu người và vốn
phí 500.000đ đúng không
đã nộp hồ sơ nhưng chưa thấy gọi, bao giờ có kết quả
cháu chưa tốt nghiệp, có thi công chức được không
làm thế nào để lập hội và quỹ
xem ở dichvucong.gov.vn có đúng không
không phải gia hạn, cấp lại cơ
muốn đổi tên hội, địa chỉ, con dấu thì làm thế nào
bố mẹ và các con được hưởng những gì
cần những gì để nộp, đăng ký
""".strip().splitlines()


@pytest.mark.parametrize(("text", "parts"), SEVERAL)
def test_each_question_is_a_part(text: str, parts: list[str]) -> None:
    assert [part.text for part in split_questions(text)] == parts


@pytest.mark.parametrize("text", ONE)
def test_one_question_stays_whole(text: str) -> None:
    assert [part.text for part in split_questions(text)] == [text]


def test_the_lists_are_long_enough() -> None:
    assert len(SEVERAL) >= 15
    assert len(ONE) >= 25


def test_a_story_is_told_from_its_question() -> None:
    text = "Tôi năm nay 70 tuổi. Con tôi đi làm xa! Giờ tôi muốn xin trợ cấp thì nộp đơn ở đâu ạ? Cảm ơn cô chú."
    assert [part.asks for part in split_questions(text)] == [False, False, True, False]


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(ONE), max_size=4).map(", ".join)))
def test_parts_are_true_to_the_text_and_apart(text: str) -> None:
    end = 0
    for part in split_questions(text):
        assert end <= part.start < part.end <= len(text)
        assert text[part.start : part.end] == part.text
        assert part.text == part.text.strip()
        end = part.end
