"""A code that a caller was given, sent in a conversation: answered once, before the engine, not too often."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.core.calls.codes import new_code
from bot.core.calls.redeeming import Answered, CodeDialogue
from bot.core.conversation import ConversationState
from bot.core.errors import DialogueUnavailable
from bot.core.messages import DialogueInput, InboundMessage, Turn, TurnRecord
from bot.core.procedures import Facet
from bot.core.replies import Reply
from bot.core.routes import Outcome, Route
from bot.core.turns import TurnRunner, dialogue_text
from bot.store import Store
from tests.databases import sqlite_store
from tests.filing_steps import PHRASES
from tests.integration.hotline_rig import PROCEDURES, RULES, Rig, open_rig

RECORD = TurnRecord("ask_procedure", 0.9, "ask_procedure", "answered", 1.0)


@dataclass
class Engine:
    """Stands for Rasa."""

    store: Store
    asked: list[str] = field(default_factory=list)
    down: bool = False

    async def respond(self, message: DialogueInput) -> None:
        self.asked.append(message.text)
        if self.down:
            raise DialogueUnavailable("nobody there")
        with self.store() as unit:
            unit.record_reply(message.turn_id, Reply("engine", "từ Rasa"), RECORD)
            unit.commit()


def answering(procedure_id: str, facet: Facet, state: ConversationState, _turn: Turn) -> Answered | None:
    if procedure_id == "X02":
        return None  # hidden meanwhile
    reply = Reply("answer_fee", f"Trả lời {procedure_id} {facet}", data={"procedure": procedure_id, "facet": facet})
    return Answered(
        reply, ConversationState(procedure=procedure_id, route=Route.ASK_PROCEDURE, outcome=Outcome.ANSWERED)
    )


class Silent:
    def publish(self, conversation_id: str) -> None:
        pass


@dataclass
class Chat:
    """Conversations of citizens over the rig's store."""

    rig: Rig
    engine: Engine
    sent: int = 0

    @property
    def runner(self) -> TurnRunner:
        dialogue = CodeDialogue(self.engine, self.rig.store, answering, PHRASES, RULES)
        return TurnRunner(
            units=self.rig.store,
            dialogue=dialogue,
            clock=self.rig.clock,
            phrases=PHRASES,
            notifier=Silent(),
            worker="w",
            lease_seconds=60,
            give_up_after_seconds=300,
        )

    async def say(self, text: str, conversation: str = "web-1", button: str | None = None) -> str:
        """Return the act of the answer."""
        self.sent += 1
        now = self.rig.clock.now()
        with self.rig.store() as unit:
            if not unit.conversation_exists(conversation):
                unit.create_conversation(conversation, "web", now)
            unit.store_inbound(InboundMessage(conversation, f"m{self.sent}", text, now, button), 20)
            unit.commit()
        assert await self.runner.run(conversation)
        with self.rig.store() as unit:
            return str(unit.events_after(conversation, 0)[-1].body["act"])


@pytest.fixture
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    folder = tmp_path_factory.mktemp("codes")
    store = sqlite_store(folder)
    rig = open_rig(store)
    yield Chat(rig, Engine(store))
    store.close()


async def a_code(chat: Chat, procedure: str = "X01") -> str:
    opaque = await chat.rig.ring("c-code")
    await chat.rig.event("nghe_may", "c-code", may_nhanh="101")
    told = await chat.rig.post("operator", f"/calls/{opaque}/send", {"procedure_id": procedure, "facet": "fee"})
    assert told["code"] in told["text"]
    return str(told["code"])


async def test_a_code_brings_its_answer_once_and_the_talk_goes_on_about_it(chat: Chat) -> None:
    code = await a_code(chat)
    assert await chat.say(code.lower()) == "answer_fee"
    with chat.rig.store() as unit:
        state = unit.state("web-1")
    assert (state.procedure, state.outcome) == ("X01", Outcome.ANSWERED)
    assert await chat.say(code) == "call_code_wrong"
    assert await chat.say(code, "web-2") == "call_code_wrong"
    assert chat.engine.asked == []
    assert await chat.say("thế nộp ở đâu") == "engine"


async def test_a_code_is_good_for_a_day(chat: Chat) -> None:
    code, late = await a_code(chat), await a_code(chat)
    chat.rig.clock.time += timedelta(hours=23, minutes=59)
    assert await chat.say(code) == "answer_fee"
    chat.rig.clock.time += timedelta(minutes=2)
    assert await chat.say(late) == "call_code_wrong"


async def test_a_procedure_that_is_hidden_meanwhile_is_not_told(chat: Chat) -> None:
    assert "X02" in PROCEDURES
    assert await chat.say(await a_code(chat, "X02")) == "call_code_gone"


@pytest.mark.parametrize("text", ["TD", "tôi có mã TD 482 9173 thì làm gì", "PA-4829-1372", "lệ phí 4829173"])
async def test_everything_else_is_the_engines(chat: Chat, text: str) -> None:
    assert await chat.say(text) == "engine"


async def test_a_pressed_button_is_never_a_code(chat: Chat) -> None:
    code = await a_code(chat)
    assert await chat.say(code, button="f:fee:X01") == "engine"
    assert await chat.say(code) == "answer_fee"


async def test_guessing_is_slowed_down_here_and_everywhere(chat: Chat) -> None:
    code = await a_code(chat)
    for _ in range(RULES.code_tries):
        assert await chat.say(new_code()) == "call_code_wrong"
    assert await chat.say(code) == "call_code_too_often"
    assert await chat.say(code, "web-9") == "answer_fee"
    chat.rig.clock.time += timedelta(hours=1, minutes=1)
    assert await chat.say(await a_code(chat)) == "answer_fee"
    with chat.rig.store() as unit:
        for _ in range(RULES.code_tries_of_all):
            unit.call_codes.count_wrong("web-1", chat.rig.clock.now())
        unit.commit()
    assert await chat.say(await a_code(chat), "web-10") == "call_code_too_often"


async def test_a_turn_that_is_tried_again_uses_no_second_code(chat: Chat) -> None:
    code = await a_code(chat)
    now = chat.rig.clock.now()
    with chat.rig.store() as unit:
        unit.create_conversation("web-1", "web", now)
        unit.store_inbound(InboundMessage("web-1", "m", code, now), 20)
        turn = unit.claim_turn("web-1", "w", now, 60)
        unit.commit()
    assert turn is not None
    dialogue = CodeDialogue(chat.engine, chat.rig.store, answering, PHRASES, RULES)
    message = DialogueInput("web-1", turn.id, dialogue_text(turn))
    for _ in range(2):
        await dialogue.respond(message)
        with chat.rig.store() as unit:
            stored = unit.stored_reply(turn.id)
        assert stored is not None
        assert stored.act == "answer_fee"
    assert chat.engine.asked == []


async def test_the_engines_failures_pass_through(chat: Chat) -> None:
    chat.engine.down = True
    dialogue = CodeDialogue(chat.engine, chat.rig.store, answering, PHRASES, RULES)
    with pytest.raises(DialogueUnavailable):
        await dialogue.respond(DialogueInput("web-1", "t", "xin chào"))
    # looks like a code, and its turn is not there: the engine decides, which says so in its own way
    with pytest.raises(DialogueUnavailable):
        await dialogue.respond(DialogueInput("web-1", "no-turn", new_code()))
