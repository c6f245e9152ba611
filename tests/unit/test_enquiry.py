"""The enquiry's state machine, over a knowledge base small enough to read."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.core.conversation import Choice, ConversationState
from bot.core.enquiry.findings import Findings, Hit, Zone
from bot.core.enquiry.machine import EnquiryResolver
from bot.core.enquiry.signals import Kind, Signal
from bot.core.enquiry.titles import dossier_cases, plain_name
from bot.core.procedures import DossierItem, Facet, Procedure, Status
from bot.core.routes import Agency, Reason, Route

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def procedure(id: str, name: str, **facts: object) -> Procedure:
    base = Procedure(
        id=id,
        code=None,
        name=name,
        aliases=(),
        field="Lao động",
        level="tỉnh",
        status=Status.IN_FORCE,
        checked_on=date(2026, 11, 21),
    )
    return replace(base, **facts)  # type: ignore[arg-type]


CARDS = {
    "A": procedure("A", "Thủ tục gia hạn giấy phép lao động"),
    "B": procedure("B", "Cấp lại giấy phép lao động"),
    "C": procedure(
        "C",
        "Lập quỹ",
        dossier=tuple(DossierItem(f"Giấy {i}", case="theo di chúc" if i % 2 else "theo ủy quyền") for i in range(14)),
    ),
}


class SmallKnowledge:
    """Finds a procedure when the question contains the last two words of its name; nothing else."""

    def search(self, question: str, now: datetime, limit: int = 10) -> Findings:
        text = question.lower()
        explicit = "lệ phí" in text or "giấy tờ" in text
        facet = Facet.FEE if "lệ phí" in text else Facet.DOCUMENTS if "giấy tờ" in text else Facet.GENERAL
        hits = tuple(Hit(k, 0.9) for k, p in CARDS.items() if p.name.lower().split()[-4:][0] in text)
        topic = "giấy phép" in text or "quỹ" in text or "hộ chiếu" in text
        if "quỹ" in text:
            hits = (Hit("C", 0.9),)
        if "hộ chiếu" in text:
            return Findings((), facet, explicit, Zone.REFUSE, True, 0.1, Reason.OTHER_AGENCY, Agency.CONG_AN)
        zone = Zone.ANSWER if len(hits) == 1 else Zone.CLARIFY if hits else Zone.REFUSE
        return Findings(hits, facet, explicit, zone, topic, 0.9 if hits else 0.0)

    def procedure(self, procedure_id: str, now: datetime) -> Procedure | None:
        return CARDS.get(procedure_id)

    def choose(self, answer: str, options: Mapping[str, str]) -> str | None:
        if "thứ hai" in answer:
            return list(options)[1]
        return next((k for k, title in options.items() if title.lower() in answer.lower()), None)


@pytest.fixture
def resolver() -> EnquiryResolver:
    return EnquiryResolver(SmallKnowledge())


def signal(text: str, intent: str = "ask_procedure", button: str | None = None) -> Signal:
    return Signal(text, intent, 0.9, NOW, button)


def test_named_procedure_is_answered_by_its_facet(resolver: EnquiryResolver) -> None:
    enquiry = resolver.resolve(signal("lập quỹ lệ phí bao nhiêu"), ConversationState())
    assert (enquiry.kind, enquiry.facet) == (Kind.ANSWER, Facet.FEE)
    assert enquiry.procedure is CARDS["C"]


def test_question_without_topic_is_about_the_procedure_under_discussion(resolver: EnquiryResolver) -> None:
    state = ConversationState(procedure="B", facet=Facet.DOCUMENTS)
    enquiry = resolver.resolve(signal("thế lệ phí bao nhiêu"), state)
    assert (enquiry.kind, enquiry.facet, enquiry.procedure) == (Kind.ANSWER, Facet.FEE, CARDS["B"])


def test_question_without_topic_or_context_asks_which_procedure(resolver: EnquiryResolver) -> None:
    enquiry = resolver.resolve(signal("lệ phí bao nhiêu", "follow_up"), ConversationState())
    assert (enquiry.kind, enquiry.facet) == (Kind.WHICH, Facet.FEE)


def test_answer_to_which_keeps_the_facet_that_was_asked(resolver: EnquiryResolver) -> None:
    enquiry = resolver.resolve(signal("lập quỹ"), ConversationState(pending_facet=Facet.FEE))
    assert (enquiry.kind, enquiry.facet, enquiry.procedure) == (Kind.ANSWER, Facet.FEE, CARDS["C"])


@pytest.mark.parametrize("text", ["cái thứ hai", "Cấp lại giấy phép lao động"])
def test_offered_choice_is_taken_by_place_or_name(resolver: EnquiryResolver, text: str) -> None:
    offered = tuple(Choice(k, plain_name(CARDS[k])) for k in ("A", "B"))
    state = ConversationState(offered=offered, pending_facet=Facet.TIME)
    enquiry = resolver.resolve(signal(text, "choose_option"), state)
    assert (enquiry.kind, enquiry.facet, enquiry.procedure) == (Kind.ANSWER, Facet.TIME, CARDS["B"])


def test_yes_takes_the_only_offer_and_no_asks_again(resolver: EnquiryResolver) -> None:
    state = ConversationState(offered=(Choice("A", "Gia hạn"),), pending_facet=Facet.FEE)
    assert resolver.resolve(signal("đúng rồi", "affirm"), state).procedure is CARDS["A"]
    assert resolver.resolve(signal("không phải", "deny"), state).kind is Kind.RESTATE


def test_correction_leaves_the_procedure_that_was_answered(resolver: EnquiryResolver) -> None:
    state = ConversationState(procedure="A", facet=Facet.DOCUMENTS)
    enquiry = resolver.resolve(signal("không phải, cấp lại cơ", "correction"), state)
    assert (enquiry.procedure, enquiry.facet) == (CARDS["B"], Facet.DOCUMENTS)


def test_other_body_is_named(resolver: EnquiryResolver) -> None:
    enquiry = resolver.resolve(signal("làm hộ chiếu", "other_agency"), ConversationState())
    assert (enquiry.kind, enquiry.reason, enquiry.agency) == (Kind.REFUSE, Reason.OTHER_AGENCY, Agency.CONG_AN)
    assert enquiry.route is Route.OTHER_AGENCY


@pytest.mark.parametrize(
    "button", ["f:fee:ZZZ", "p:", "c:documents:C:99", "f", "", "x:y:z", "f:no-such:B", "c:documents:C:-1", "none"]
)
def test_no_button_breaks_the_turn(resolver: EnquiryResolver, button: str) -> None:
    assert resolver.resolve(signal("x", "press_button", button), ConversationState()).kind in set(Kind)


def test_facet_button_answers_that_facet(resolver: EnquiryResolver) -> None:
    enquiry = resolver.resolve(signal("Lệ phí", "press_button", "f:fee:B"), ConversationState())
    assert (enquiry.kind, enquiry.facet, enquiry.procedure) == (Kind.ANSWER, Facet.FEE, CARDS["B"])


def test_long_dossier_of_several_cases_is_asked_and_told_apart(resolver: EnquiryResolver) -> None:
    asked = resolver.resolve(signal("lập quỹ cần giấy tờ gì"), ConversationState())
    assert (asked.kind, [c.case for c in asked.choices]) == (Kind.ASK_CASE, ["theo ủy quyền", "theo di chúc"])
    chosen = resolver.resolve(signal("theo di chúc", "press_button", "c:documents:C:1"), ConversationState())
    assert (chosen.kind, chosen.case) == (Kind.ANSWER, "theo di chúc")
    named = resolver.resolve(signal("lập quỹ theo di chúc cần giấy tờ gì"), ConversationState())
    assert (named.kind, named.case) == (Kind.ANSWER, "theo di chúc")


def test_case_only_where_present_is_no_case() -> None:
    papers = (DossierItem("x", case="nếu có"), DossierItem("y", case="đổi tên"), DossierItem("z"))
    assert dossier_cases(replace(CARDS["A"], dossier=papers)) == ()


def test_clearly_found_procedure_is_answered_even_if_its_words_read_as_fillers(resolver: EnquiryResolver) -> None:
    found = Findings((Hit("B", 0.9),), Facet.WHERE, True, Zone.ANSWER, has_topic=False, confidence=0.98)
    enquiry = resolver.resolve(signal("cho cháu hỏi nộp ở đâu"), ConversationState(), found)
    assert (enquiry.kind, enquiry.procedure, enquiry.facet) == (Kind.ANSWER, CARDS["B"], Facet.WHERE)
