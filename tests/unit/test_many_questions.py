"""Several questions, comparisons, corrections, earlier matters, and refusals with their reasons."""

import pytest

from actions.answer import AnswerAction
from bot.core.conversation import MAX_MATTERS, ConversationState, Matter
from bot.core.enquiry.signals import Signal
from bot.core.procedures import Facet
from bot.core.routes import Outcome, Reason
from tests.unit.matter_steps import NOW, PHRASES, action, talk, whole

__all__ = ["action"]


def test_every_facet_of_one_question_is_answered_with_the_sources_once(action: AnswerAction) -> None:
    (first,) = talk(action, ["đổi tên hội lệ phí bao nhiêu và nộp ở đâu, bao lâu thì xong"])
    assert first.reply.act == "answer_fee_free"
    assert first.reply.data["facets"] == ["fee", "where", "time"]
    further = {b.title: b.text for b in first.reply.blocks if b.kind == "paragraph"}
    assert further["Nơi nộp hồ sơ"] == "Sở Nội vụ."
    assert "30 ngày làm việc" in further["Thời hạn giải quyết"]
    assert all(len(text.split()) <= 40 for text in further.values())
    assert len(first.reply.text.split()) <= 60
    labels = [s.label for s in first.reply.sources]
    assert len(labels) == len(set(labels)) > 0
    assert not any(b.id in {"f:fee:DT", "f:where:DT", "f:time:DT"} for b in first.reply.buttons)
    assert first.state.facts["due_date"] == "2027-01-07"


def test_two_matters_get_an_answer_each_with_their_own_buttons(action: AnswerAction) -> None:
    (first,) = talk(action, ["đổi tên hội thì cần gì, còn giải thể hội thì sao?"])
    assert (first.reply.act, first.state.outcome) == ("several", Outcome.ANSWERED)
    assert [a["procedure"] for a in first.reply.data["answers"]] == ["DT", "GT"]
    assert any(b.title == "(2) Hội tự giải thể" and "1 loại" in b.text for b in first.reply.blocks)
    assert {b.id.split(":")[2] for b in first.reply.buttons} == {"DT", "GT"}
    assert [m.procedure_id for m in first.state.matters] == ["DT", "GT"]
    assert len(first.reply.text.split()) <= 60


def test_question_after_two_matters_is_answered_for_both(action: AnswerAction) -> None:
    _, second = talk(action, ["đổi tên hội thì cần gì, còn giải thể hội thì sao?", "thế mất bao lâu"])
    assert second.reply.act == "several"
    assert "30 ngày" in second.reply.text
    assert any("45 ngày" in b.text for b in second.reply.blocks)


def test_other_body_beside_our_matter_is_named_and_ours_answered(action: AnswerAction) -> None:
    (first,) = talk(action, ["nộp thuế đất ở đâu, còn đổi tên hội thì nộp ở đâu"])
    assert first.state.procedure == "DT"
    assert "cơ quan thuế" in first.reply.text
    assert any("Sở Nội vụ" in b.text for b in first.reply.blocks)


def test_comparison_sets_the_facts_side_by_side(action: AnswerAction) -> None:
    (first,) = talk(action, ["cấp lại với gia hạn giấy phép lao động khác gì nhau"])
    assert first.reply.act == "compare"
    assert {m.procedure_id for m in first.state.matters} == {"CL", "GH"}
    lists = [b for b in first.reply.blocks if b.kind == "list"]
    assert len(lists) == 2
    assert any("450.000 đồng" in item for item in lists[0].items)
    assert "Khác nhau: thời hạn giải quyết, lệ phí" in first.reply.text


def test_either_or_is_compared_in_the_context_of_the_matter(action: AnswerAction) -> None:
    _, second = talk(action, ["gia hạn giấy phép lao động", "cấp mới hay cấp lại"])
    assert second.reply.act == "compare"
    assert [m.procedure_id for m in second.state.matters[:2]] == ["CM", "CL"]


def test_those_two_are_the_ones_answered_about(action: AnswerAction) -> None:
    *_, third = talk(action, ["đổi tên hội", "giải thể hội nộp ở đâu", "hai cái đó khác nhau chỗ nào"])
    assert third.reply.act == "compare"
    assert [m.procedure_id for m in third.state.matters] == ["GT", "DT"]


def test_comparison_of_nothing_known_asks_what_is_compared(action: AnswerAction) -> None:
    (first,) = talk(action, ["hai cái đó khác nhau chỗ nào"])
    assert (first.reply.act, first.state.outcome) == ("compare_which", Outcome.CLARIFICATION)


@pytest.mark.parametrize(
    "text", ["không, ý tôi là gia hạn", "nhầm, hỏi gia hạn cơ", "gia hạn chứ không phải cấp lại"]
)
def test_correction_keeps_the_facet_and_leaves_the_old_matter(action: AnswerAction, text: str) -> None:
    _, second = talk(action, ["cấp lại giấy phép lao động mất bao lâu", (text, "correction")])
    assert (second.state.procedure, second.state.facet) == ("GH", Facet.TIME)


def test_only_negated_matter_is_left_out_of_what_is_offered(action: AnswerAction) -> None:
    _, second = talk(action, ["cấp lại giấy phép lao động", ("chứ không phải cấp lại", "correction")])
    assert second.state.outcome is Outcome.CLARIFICATION
    offered = [c.procedure_id for c in second.state.offered]
    assert offered
    assert "CL" not in offered


def test_none_of_what_was_offered_asks_to_say_it_again(action: AnswerAction) -> None:
    first, second = talk(action, ["giấy phép lao", ("không phải các việc này", "correction")])
    assert first.state.offered
    assert (second.reply.act, second.state.offered) == ("clarify_restate", ())


def test_corrected_facet_stays_with_the_matter(action: AnswerAction) -> None:
    _, second = talk(action, ["đổi tên hội nộp ở đâu", ("không, tôi hỏi lệ phí", "correction")])
    assert (second.state.procedure, second.state.facet) == ("DT", Facet.FEE)


def test_earlier_matter_is_taken_up_again(action: AnswerAction) -> None:
    *_, third, fourth = talk(
        action,
        ["đổi tên hội", "cấp lại giấy phép lao động", "quay lại cái đổi tên hội lúc nãy", "cái đó mất bao lâu"],
    )
    assert third.state.procedure == "DT"
    assert (fourth.state.procedure, fourth.state.facet) == ("DT", Facet.TIME)


def test_question_that_goes_on_keeps_facet_and_context(action: AnswerAction) -> None:
    going_on = [("thế còn gia hạn thì sao", "follow_up"), ("thế còn đổi tên hội thì sao", "follow_up")]
    _, second, third = talk(action, ["cấp lại giấy phép lao động mất bao lâu", *going_on])
    assert (second.state.procedure, second.state.facet) == ("GH", Facet.TIME)
    assert (third.state.procedure, third.state.facet) == ("DT", Facet.TIME)


def test_few_matters_are_remembered_latest_first() -> None:
    state = ConversationState()
    for i in range(8):
        state = state.remembering([Matter(f"P{i}")])
    assert [m.procedure_id for m in state.matters] == [f"P{i}" for i in range(7, 7 - MAX_MATTERS, -1)]
    again = state.remembering([Matter("P5", Facet.FEE)])
    assert [m.procedure_id for m in again.matters] == ["P5", "P7", "P6", "P4", "P3"]


def test_own_case_is_answered_by_the_conditions_and_the_file_is_not_guessed(action: AnswerAction) -> None:
    _, second, third = talk(
        action, ["gia hạn giấy phép lao động", "tôi có được làm không", "hồ sơ của tôi sao chưa duyệt"]
    )
    assert second.state.facet is Facet.CONDITIONS
    assert PHRASES.say("remark_personal") in whole(second)
    assert (third.state.outcome, third.state.reason) == (Outcome.REFUSED, Reason.NEEDS_FILE)


@pytest.mark.parametrize(
    ("text", "intent", "reason"),
    [
        ("nộp thuế đất ở đâu", "ask_procedure", Reason.OTHER_AGENCY),
        ("mua vé xem xiếc", "ask_procedure", Reason.NOT_IN_CATALOGUE),
        ("tôi có được hưởng không", "ask_procedure", Reason.NEEDS_FILE),
        ("viết giúp tôi cái đơn xin xỏ", "ask_procedure", Reason.NEEDS_PERSON),
        ("ờm qwx zzk", "nlu_fallback", Reason.NOT_UNDERSTOOD),
    ],
)
def test_each_refusal_names_its_reason_and_the_next_step(
    action: AnswerAction, text: str, intent: str, reason: Reason
) -> None:
    (first,) = talk(action, [(text, intent)])
    assert (first.state.outcome, first.state.reason) == (Outcome.REFUSED, reason)
    assert len(first.reply.text.split()) <= 60
    assert first.reply.buttons or reason is Reason.OTHER_AGENCY


def test_example_button_is_read_as_typed(action: AnswerAction) -> None:
    title = "Đổi tên hội nộp ở đâu"
    decision = action(Signal(title, "press_button", 1.0, NOW, "t:example_1"), ConversationState())
    assert (decision.state.procedure, decision.state.facet) == ("DT", Facet.WHERE)


def test_state_of_an_older_version_is_read() -> None:
    old = {
        "owner": "BOT",
        "procedure": "DT",
        "facet": "fee",
        "offered": [{"procedure_id": "DT", "title": "x", "case": None}],
    }
    state = ConversationState.from_json(old)
    assert (state.procedure, state.matters, state.together) == ("DT", (), 0)
