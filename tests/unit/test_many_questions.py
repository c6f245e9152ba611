"""Several questions, comparisons, corrections and earlier matters, over records small enough to read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from actions.answer import AnswerAction
from actions.compose import Composer
from actions.handover import HandOverAction
from actions.turn_action import Decision
from bot.core.calendar import WorkingCalendar
from bot.core.conversation import MAX_MATTERS, ConversationState, Matter
from bot.core.enquiry import EnquiryResolver
from bot.core.findings import Findings, Hit, Zone
from bot.core.phrases import load_phrases
from bot.core.procedures import DossierItem, Facet, Procedure, Status, TimeLimit, TimeUnit
from bot.core.routes import Agency, Outcome, Reason
from bot.core.signals import Signal
from bot.core.titles import matter_name
from bot.core.twins import alike, same_matter
from knowledge.choice import choose
from knowledge.query import read_question
from nlu.text import fold

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
PHRASES = load_phrases()


def procedure(id: str, name: str, level: str = "tỉnh", field: str = "Hội", **facts: object) -> Procedure:
    base = Procedure(id, None, name, (), field, level, Status.IN_FORCE, date(2026, 11, 21), fee="không")
    return replace(base, **facts)  # type: ignore[arg-type]


def days(value: int) -> TimeLimit:
    return TimeLimit(value, TimeUnit.WORKING_DAYS)


PAPERS = (DossierItem("Đơn đề nghị", original=1), DossierItem("Biên bản", original=1))
RECORDS = [
    procedure("LX", "Thủ tục thành lập hội", "xã", place="UBND xã", dossier=PAPERS, time_limit=days(60)),
    procedure("LT", "Thủ tục thành lập hội (cấp tỉnh)", place="Sở Nội vụ", dossier=PAPERS, time_limit=days(60)),
    procedure("LH", "Thành lập hội (cấp huyện)", "huyện", status=Status.REPEALED, replaced_by_ids=("LX",)),
    procedure("DT", "Đổi tên hội", place="Sở Nội vụ", dossier=PAPERS, time_limit=days(30)),
    procedure("GT", "Hội tự giải thể", place="Sở Nội vụ", dossier=PAPERS[:1], time_limit=days(45)),
    procedure("CM", "Cấp giấy phép lao động", field="Lao động", fee="600.000 đồng", time_limit=days(10)),
    procedure("CL", "Cấp lại giấy phép lao động", field="Lao động", fee="450.000 đồng", time_limit=days(3)),
    procedure("GH", "Gia hạn giấy phép lao động", field="Lao động", conditions="Còn hạn ít nhất 5 ngày"),
]
BY_ID = {p.id: p for p in RECORDS}


class WordKnowledge:
    """Ranks by how much of a name the question says; facets and choices are read as the product reads them."""

    def search(self, question: str, now: datetime, limit: int = 10) -> Findings:
        read = read_question(question)
        facets = (read.facet.facet, read.facet.explicit)
        words = {w for w, weight in zip(read.plain, read.weights, strict=True) if weight}
        if "thue" in words:
            return Findings((), *facets, Zone.REFUSE, True, 0.1, Reason.OTHER_AGENCY, Agency.THUE, read.facets)
        names = {p.id: set(fold(matter_name(p)).split()) for p in RECORDS}
        said = {i: (len(words & name) / len(name), len(words & name)) for i, name in names.items()}
        ranked = sorted((i for i in said if said[i][1]), key=lambda i: said[i], reverse=True)
        if "huyen" in words:
            ranked.sort(key=lambda i: BY_ID[i].level == "huyện", reverse=True)
        best = said[ranked[0]][0] if ranked else 0.0
        zone = Zone.ANSWER if best >= 0.7 else Zone.CLARIFY if best >= 0.5 else Zone.REFUSE
        hits = tuple(Hit(i, said[i][0]) for i in ranked[:limit])
        return Findings(hits, *facets, zone, read.has_topic, best, facets=read.facets)

    def procedure(self, procedure_id: str, now: datetime) -> Procedure | None:
        return BY_ID.get(procedure_id)

    def choose(self, answer: str, options: Mapping[str, str]) -> str | None:
        return choose(answer, options)


@pytest.fixture
def action() -> AnswerAction:
    resolver, hand_over = EnquiryResolver(WordKnowledge()), HandOverAction(PHRASES)
    return AnswerAction(resolver, Composer(PHRASES, WorkingCalendar.load()), hand_over, PHRASES, {})


def talk(action: AnswerAction, turns: Sequence[str | tuple[str, str]]) -> list[Decision]:
    """Say the turns (text, or text and intent) with the state stored and read back in between."""
    state, heard = ConversationState(), []
    for turn in turns:
        text, intent = (turn, "ask_procedure") if isinstance(turn, str) else turn
        heard.append(action(Signal(text, intent, 0.9, NOW), state))
        state = ConversationState.from_json(json.loads(json.dumps(heard[-1].state.to_json())))
        assert state == heard[-1].state
    return heard


def whole(decision: Decision) -> str:
    reply = decision.reply
    return " ".join([reply.text, *(f"{b.title} {b.text} {' '.join(b.items)}" for b in reply.blocks)])


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


def test_twins_are_one_matter_and_another_word_is_another_matter() -> None:
    society, fund = BY_ID["LX"], procedure("QT", "Thủ tục thành lập quỹ (cấp tỉnh)")
    assert same_matter(society, BY_ID["LT"])
    assert not same_matter(society, fund)
    assert alike(society, BY_ID["LT"], (Facet.DOCUMENTS, Facet.TIME))
    assert not alike(society, BY_ID["LT"], (Facet.DOCUMENTS, Facet.WHERE))


def test_state_of_an_older_version_is_read() -> None:
    old = {
        "owner": "BOT",
        "procedure": "DT",
        "facet": "fee",
        "offered": [{"procedure_id": "DT", "title": "x", "case": None}],
    }
    state = ConversationState.from_json(old)
    assert (state.procedure, state.matters, state.together) == ("DT", (), 0)
