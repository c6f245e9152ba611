"""«Nói dễ hiểu hơn» typed: the last answer's office words are explained, and the talk stands where it stood."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from actions.plain_words import PlainTalk
from actions.turn_action import Decision
from bot.core.cases.draft import Draft
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.kinds import InputType
from bot.core.messages import EventKind
from bot.core.phrases import load_phrases
from bot.core.replies import Button, Reply
from bot.store import Store

NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
PHRASES = load_phrases()
STATE = ConversationState(address="bác", awaited="withdraw", case_id="c1")
ASKED = "noi de hieu hon"


class Talk:
    """A conversation whose turns are decided by PlainTalk, and else by nobody."""

    def __init__(self, store: Store) -> None:
        self.store, self.id = store, f"zalo-{uuid.uuid4().hex}"
        self.passed: list[Signal] = []
        with store() as unit:
            unit.create_conversation(self.id, "zalo", NOW)
            unit.commit()
        self._decide = PlainTalk(PHRASES, store).around(self._other)

    def _other(self, signal: Signal, state: ConversationState) -> Decision:
        self.passed.append(signal)
        return Decision(Reply("other", "khác"), state)

    def answered(self, reply: Reply, kind: EventKind = EventKind.ASSISTANT) -> None:
        with self.store() as unit:
            unit.append_event(self.id, kind, reply.to_payload(), None, NOW)
            unit.commit()

    def hears(self, text: str, state: ConversationState = STATE, button: str | None = None) -> Decision:
        return self._decide(Signal(text, "nlu_fallback", 0.3, NOW, button, raw=text, conversation_id=self.id), state)


@pytest.fixture
def talk(store: Store) -> Talk:
    return Talk(store)


def test_the_last_answers_words_are_explained_with_its_buttons(talk: Talk) -> None:
    talk.answered(Reply("answer", "Bản chính điều lệ."))
    talk.answered(Reply("answer", "Lệ phí: không thu.", buttons=(Button("f:time:NV1", "Bao lâu"),)))
    decision = talk.hears(ASKED)
    assert decision.reply.act == "plain"
    assert decision.reply.blocks[0].items == ("«Lệ phí»: tiền phải trả cho Nhà nước khi làm thủ tục",)
    assert decision.reply.buttons == (Button("f:time:NV1", "Bao lâu"),)
    assert decision.state == STATE
    assert decision.effects == ()
    assert talk.passed == []


def test_asked_again_it_is_about_the_same_answer(talk: Talk) -> None:
    talk.answered(Reply("answer", "Lệ phí: không thu."))
    first = talk.hears(ASKED).reply
    talk.answered(first)
    talk.answered(Reply("said", "điều lệ"), EventKind.NOTICE)
    assert talk.hears("giải thích lại cho dễ hiểu").reply == first


@pytest.mark.parametrize("answers", [[], [Reply("greeting", "Chào bác")]])
def test_where_there_is_nothing_to_explain_it_is_said(talk: Talk, answers: list[Reply]) -> None:
    for answer in answers:
        talk.answered(answer)
    decision = talk.hears(ASKED)
    assert (decision.reply.act, decision.reply.blocks, decision.state) == ("plain_nothing", (), STATE)
    assert "Tổng đài" in decision.reply.text


def test_in_the_middle_of_a_complaint_its_question_still_waits(talk: Talk) -> None:
    question = "Việc xảy ra ở cơ quan nào ạ?"
    talk.answered(Reply("case_unit", question, buttons=(Button("k:skip", "Bỏ qua"),)))
    draft = Draft(InputType.PHAN_ANH_HANH_VI, NOW, NOW, told=("bị mắng",))
    state = replace(STATE, draft=draft, awaited=None)
    decision = talk.hears(ASKED, state)
    assert decision.state == state
    assert decision.reply.blocks[-1].text == question
    assert decision.reply.buttons == (Button("k:skip", "Bỏ qua"),)


@pytest.mark.parametrize(
    ("text", "button"),
    [("lệ phí bao nhiêu", None), ("cán bộ nói khó hiểu quá", None), (ASKED, "f:fee:NV1"), ("", "k:go_on")],
)
def test_anything_else_is_somebody_elses(talk: Talk, text: str, button: str | None) -> None:
    talk.answered(Reply("answer", "Lệ phí: không thu."))
    assert talk.hears(text, button=button).reply.act == "other"
    assert len(talk.passed) == 1


def test_another_conversations_answer_is_not_explained(store: Store) -> None:
    one, other = Talk(store), Talk(store)
    other.answered(Reply("answer", "Lệ phí: không thu."))
    assert one.hears(ASKED).reply.act == "plain_nothing"
