"""One matter at several levels: when the level is asked, how it is said, what waits meanwhile."""

import pytest

from actions.answer import AnswerAction
from bot.core.enquiry.twins import alike, same_matter
from bot.core.procedures import Facet
from bot.core.routes import Outcome
from tests.unit.matter_steps import BY_ID, PHRASES, action, procedure, talk, whole

__all__ = ["action"]


def test_level_is_asked_only_where_the_answer_differs(action: AnswerAction) -> None:
    alike_, differing, chosen = talk(action, ["thành lập hội cần giấy tờ gì", "nộp ở đâu", "ở xã"])
    assert (alike_.state.outcome, alike_.reply.act) == (Outcome.ANSWERED, "answer_documents")
    assert PHRASES.say("remark_levels_alike") in whole(alike_)
    assert differing.reply.act == "ask_level"
    assert [c.procedure_id for c in differing.state.offered] == ["LX", "LT"]
    assert (chosen.state.procedure, chosen.state.facet) == ("LX", Facet.WHERE)


def test_former_level_gives_way_unless_it_was_named(action: AnswerAction) -> None:
    (plain,) = talk(action, ["thành lập hội"])
    assert plain.state.procedure in {"LX", "LT"}
    (named,) = talk(action, ["thành lập hội cấp huyện"])
    assert named.state.procedure == "LH"
    assert named.reply.act == "answer_repealed"


def test_named_level_is_answered_and_the_other_one_follows(action: AnswerAction) -> None:
    first, second, third = talk(
        action, ["thành lập hội cấp xã nộp ở đâu", "vậy ở cấp tỉnh thì sao", ("không, cấp xã cơ", "correction")]
    )
    assert [d.state.procedure for d in (first, second, third)] == ["LX", "LT", "LX"]
    assert second.state.facet is third.state.facet is Facet.WHERE


def test_matter_of_one_level_says_so(action: AnswerAction) -> None:
    _, second = talk(action, ["đổi tên hội nộp ở đâu", "vậy ở cấp xã thì sao"])
    assert second.state.procedure == "DT"
    assert "Tôi chỉ có dữ liệu của việc này ở cấp tỉnh." in whole(second)


def test_facets_wait_while_the_level_is_chosen(action: AnswerAction) -> None:
    first, second = talk(action, ["thành lập hội nộp ở đâu, lệ phí bao nhiêu", "cấp tỉnh"])
    assert (first.reply.act, first.state.pending_more) == ("ask_level", (Facet.FEE,))
    assert second.reply.data["facets"] == ["where", "fee"]
    assert second.state.pending_more == ()


@pytest.mark.parametrize("text", ["ở thành phố", "thành phố", "tỉnh", "cấp tỉnh nhé", "sở nội vụ"])
def test_level_is_chosen_in_the_words_people_use(action: AnswerAction, text: str) -> None:
    _, second = talk(action, ["thành lập hội nộp ở đâu", (text, "choose_option")])
    assert (second.state.procedure, second.state.facet) == ("LT", Facet.WHERE)


def test_new_question_is_no_choice_of_a_level(action: AnswerAction) -> None:
    _, second = talk(action, ["thành lập hội nộp ở đâu", "đổi tên hội mất bao lâu"])
    assert (second.state.procedure, second.state.facet) == ("DT", Facet.TIME)


def test_twins_are_one_matter_and_another_word_is_another_matter() -> None:
    society, fund = BY_ID["LX"], procedure("QT", "Thủ tục thành lập quỹ (cấp tỉnh)")
    assert same_matter(society, BY_ID["LT"])
    assert not same_matter(society, fund)
    assert alike(society, BY_ID["LT"], (Facet.DOCUMENTS, Facet.TIME))
    assert not alike(society, BY_ID["LT"], (Facet.DOCUMENTS, Facet.WHERE))
