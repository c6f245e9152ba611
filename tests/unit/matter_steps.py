"""Steps of the tests of talks about several matters, over records small enough to read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from actions.answer import AnswerAction
from actions.compose import Composer
from actions.handover.action import HandOverAction
from actions.turn_action import Decision
from bot.core.calendar import WorkingCalendar
from bot.core.conversation import ConversationState
from bot.core.enquiry.findings import Findings, Hit, Zone
from bot.core.enquiry.machine import EnquiryResolver
from bot.core.enquiry.signals import Signal
from bot.core.enquiry.titles import matter_name
from bot.core.phrases import load_phrases
from bot.core.procedures import DossierItem, Procedure, Status, TimeLimit, TimeUnit
from bot.core.routes import Agency, Reason
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
