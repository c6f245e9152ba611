"""Which of a caller's words are searched for. Own talks, none of the benchmark's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.calls.asking import question_of, spoken
from bot.core.calls.suggesting import SURE, UNSURE, Item, joined, suggested
from bot.core.calls.transcript import Line, Side, assembled, heard

START = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
CALLER, OPERATOR, UNKNOWN = Side.CALLER, Side.OPERATOR, Side.UNKNOWN


def talk(*said: tuple[Side, str]) -> tuple[Line, ...]:
    return assembled(
        heard(at, side, text, final=True, at=START + timedelta(seconds=at * 5))
        for at, (side, text) in enumerate(said, 1)
    )


def queries(*said: tuple[Side, str]) -> tuple[str, ...]:
    asked = question_of(talk(*said))
    return asked.queries if asked else ()


def test_nothing_is_searched_before_anything_is_said() -> None:
    assert question_of(()) is None
    assert queries((OPERATOR, "dạ tổng đài xin nghe ạ")) == ()
    assert queries((CALLER, "a lô")) == ()


def test_the_last_question_counts_with_what_was_told_before_it() -> None:
    found = queries(
        (OPERATOR, "dạ em nghe"),
        (CALLER, "mẹ tôi ngày xưa làm giao liên có bằng khen của thủ tướng"),
        (OPERATOR, "dạ vâng"),
        (CALLER, "thế bây giờ có được trợ cấp một lần không hả cô"),
    )
    assert found[0] == "thế bây giờ có được trợ cấp một lần không cô"
    assert found[-1].startswith("mẹ tôi ngày xưa làm giao liên")
    assert found[-1].endswith(found[0])


def test_waiting_and_thanking_leave_the_question_as_it_is() -> None:
    asked = ((CALLER, "muốn đặt chi nhánh của hội ở tỉnh khác thì xin phép ai"), (OPERATOR, "dạ anh chờ em chút"))
    first = queries(*asked)
    for more in ("vâng em cứ tra đi", "ừ anh chờ", "a lô còn nghe không em", "thế thì cảm ơn em nhé", "dạ"):
        assert queries(*asked, (CALLER, more)) == first, more


def test_what_the_operator_reads_aloud_is_no_question() -> None:
    asked = ((CALLER, "quỹ bị đình chỉ rồi giờ xin hoạt động lại thì làm gì"),)
    read = (
        OPERATOR,
        "dạ hồ sơ gồm đơn đề nghị cho phép quỹ hoạt động trở lại và tài liệu chứng minh đã khắc phục sai phạm nộp "
        "tại đâu thì chị nộp ở trung tâm hành chính công chị cần gì nữa không ạ",
    )
    assert queries(*asked, read) == queries(*asked)
    # with one channel for both, whoever speaks so long reads aloud
    alone = ((UNKNOWN, "quỹ bị đình chỉ rồi giờ xin hoạt động lại thì làm gì"),)
    aloud = (
        UNKNOWN,
        "dạ hồ sơ có đơn đề nghị cho phép quỹ hoạt động trở lại kèm bản sao tài liệu chứng minh đã khắc phục sai "
        "phạm ban đầu trong thời hạn bị đình chỉ nộp tại bộ phận tiếp nhận của trung tâm phục vụ hành chính công",
    )
    assert queries(*alone, aloud)[0] == queries(*alone)[0]


def test_what_the_operator_asks_and_the_caller_confirms_counts() -> None:
    said = (
        (CALLER, "tôi hỏi cái giấy cho ông kỹ sư nhật"),
        (OPERATOR, "dạ anh muốn gia hạn giấy phép lao động phải không ạ"),
    )
    assert "gia hạn giấy phép lao động" in queries(*said, (CALLER, "đúng rồi em"))[0]
    assert "gia hạn giấy phép lao động" not in queries(*said, (CALLER, "không cấp lại cơ bị mất rồi"))[0]


def test_what_is_said_on_after_the_question_belongs_to_it() -> None:
    found = queries(
        (CALLER, "thế phải nộp những giấy gì hả em"),
        (CALLER, "cái thủ tục chia tách hội ấy"),
    )
    assert found[0] == "thế phải nộp những giấy gì em cái thủ tục chia tách hội"


def test_a_short_question_goes_on_with_the_one_before_it() -> None:
    found = queries(
        (CALLER, "tôi muốn xin sao lục hồ sơ thương binh của bố thì đến đâu ạ"),
        (OPERATOR, "dạ bác nộp đơn tại xã nơi thường trú"),
        (CALLER, "ừ ra xã thì gần nhà tôi chỉ đi bộ mấy phút"),
        (OPERATOR, "dạ"),
        (CALLER, "thế có mất tiền không"),
    )
    assert found[0] == "thế có mất tiền không"
    assert any("sao lục hồ sơ thương binh" in query for query in found[1:])


def test_partial_lines_count_as_they_are() -> None:
    partial = heard(1, CALLER, "em muốn hỏi cấp thẻ gì", final=False, at=START)
    asked = question_of((partial,))
    assert asked is not None
    assert asked.upto == 1


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("dạ vâng ạ", ""),
        ("ờ thì chất độc da cam ấy", "thì chất độc da cam"),
        ("góp ý cho cơ quan", "góp ý cho cơ quan"),
        ("công ty ở châu á à", "công ty ở châu á"),
    ],
)
def test_particles_are_dropped_and_words_are_not(text: str, kept: str) -> None:
    assert spoken(text) == kept


def item(name: str, confidence: str = UNSURE, facet: str = "fee") -> Item:
    return {"procedure_id": name, "confidence": confidence, "facet": facet}


class Scripted:
    """Gives rankings in turn and notes what was asked."""

    def __init__(self, *rankings: list[Item]) -> None:
        self.rankings = list(rankings)
        self.asked: list[tuple[str, str | None]] = []

    def suggest(self, question: str, now: datetime, limit: int = 3, facet: str | None = None) -> list[Item]:
        self.asked.append((question, facet))
        return self.rankings[len(self.asked) - 1][:limit]


def test_a_procedure_of_several_readings_goes_first_and_each_comes_once() -> None:
    found = joined([[item("A"), item("B")], [item("B"), item("C")], [item("B")]], 3)
    assert [each["procedure_id"] for each in found] == ["B", "A", "C"]


def test_a_reading_that_is_sure_outweighs_one_that_is_not() -> None:
    sure: list[Any] = [item("S", SURE), item("T")]
    assert joined([[item("X"), item("Y")], sure], 1)[0]["procedure_id"] == "S"
    assert joined([], 3) == ()


def test_the_facet_is_read_from_the_question_alone() -> None:
    suggester = Scripted([item("A", facet="time")], [item("A", facet="fee")])
    suggested(suggester, ("bao lâu", "lệ phí trước đó … bao lâu"), START)
    assert suggester.asked == [("bao lâu", None), ("lệ phí trước đó … bao lâu", "time")]
