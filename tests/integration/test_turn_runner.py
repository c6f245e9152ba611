"""The turn runner on the real store, with a dialogue engine that misbehaves in every way."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.conversation import ConversationState
from bot.core.errors import DialogueUnavailable
from bot.core.messages import DialogueInput, Event, InboundMessage, TurnRecord
from bot.core.phrases import load_phrases
from bot.core.replies import Reply
from bot.core.turns import RETRY_DELAYS, Dispatcher, TurnRunner
from bot.store import Store

START = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
RECORD = TurnRecord("ask_procedure", 0.9, "ask_procedure", "answered", 1.0)
CONVERSATION = "web-1"
GIVE_UP = 300.0


@dataclass
class SetClock:
    """A clock that tests move."""

    moment: datetime = START

    def now(self) -> datetime:
        return self.moment

    def move(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class ScriptedDialogue:
    """Runs the next step of a script for each call, and answers when the script is over."""

    store: Store
    script: list[Callable[[DialogueInput], Awaitable[None]]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    async def respond(self, message: DialogueInput) -> None:
        self.calls.append(message.text)
        await (self.script.pop(0) if self.script else self.answer)(message)

    async def answer(self, message: DialogueInput) -> None:
        with self.store() as unit:
            unit.record_reply(message.turn_id, Reply(act="x", text=f"trả lời: {message.text}"), RECORD)
            unit.commit()

    async def answer_then_break(self, message: DialogueInput) -> None:
        await self.answer(message)
        raise DialogueUnavailable("the connection broke")

    async def unavailable(self, _: DialogueInput) -> None:
        raise DialogueUnavailable("nobody there")

    async def silent(self, _: DialogueInput) -> None:
        return

    async def crash(self, _: DialogueInput) -> None:
        raise RuntimeError("a defect")


class Published:
    """Counts wake-ups."""

    def __init__(self) -> None:
        self.count = 0

    def publish(self, conversation_id: str) -> None:
        assert conversation_id == CONVERSATION
        self.count += 1


@dataclass
class Desk:
    """A conversation with its runner."""

    store: Store
    clock: SetClock
    dialogue: ScriptedDialogue
    runner: TurnRunner
    sent: int = 0

    def say(self, text: str, button: str | None = None) -> None:
        self.sent += 1
        message = InboundMessage(CONVERSATION, f"m{self.sent}", text, self.clock.now(), button)
        with self.store() as unit:
            unit.store_inbound(message, 20)
            unit.commit()

    def events(self) -> list[Event]:
        with self.store() as unit:
            return unit.events_after(CONVERSATION, 0)

    def heard(self) -> list[str]:
        return [e.kind.value for e in self.events()]


def runner(store: Store, clock: SetClock, dialogue: ScriptedDialogue, worker: str = "w1") -> TurnRunner:
    return TurnRunner(
        units=store,
        dialogue=dialogue,
        clock=clock,
        phrases=load_phrases(),
        notifier=Published(),
        worker=worker,
        lease_seconds=60,
        give_up_after_seconds=GIVE_UP,
    )


@pytest.fixture
def desk(store: Store) -> Desk:
    clock, dialogue = SetClock(), ScriptedDialogue(store)
    with store() as unit:
        unit.create_conversation(CONVERSATION, "web", clock.now())
        unit.commit()
    return Desk(store, clock, dialogue, runner(store, clock, dialogue))


async def test_turn_is_answered_once(desk: Desk) -> None:
    desk.say("lập hội")
    assert await desk.runner.run(CONVERSATION) is True
    assert await desk.runner.run(CONVERSATION) is False
    assert desk.heard() == ["citizen", "assistant"]
    assert desk.dialogue.calls == ["lập hội"]


@pytest.mark.parametrize("failure", ["unavailable", "silent", "crash"])
async def test_failing_turn_gives_one_notice_and_is_answered_later(desk: Desk, failure: str) -> None:
    desk.dialogue.script = [getattr(desk.dialogue, failure)] * 4
    desk.say("lập hội")
    for attempt in range(5):
        await desk.runner.run(CONVERSATION)
        desk.clock.move(RETRY_DELAYS[min(attempt, len(RETRY_DELAYS) - 1)])
    assert desk.heard() == ["citizen", "notice", "assistant"]
    assert desk.events()[1].body["act"] == "disrupted"


async def test_single_lost_request_stays_unseen(desk: Desk) -> None:
    desk.dialogue.script = [desk.dialogue.unavailable]
    desk.say("lập hội")
    await desk.runner.run(CONVERSATION)
    desk.clock.move(RETRY_DELAYS[0])
    await desk.runner.run(CONVERSATION)
    assert desk.heard() == ["citizen", "assistant"]


async def test_postponed_turn_is_not_asked_before_its_time(desk: Desk) -> None:
    desk.dialogue.script = [desk.dialogue.unavailable]
    desk.say("lập hội")
    await desk.runner.run(CONVERSATION)
    await desk.runner.run(CONVERSATION)
    assert len(desk.dialogue.calls) == 1


async def test_committed_reply_is_published_although_its_answer_was_lost(desk: Desk) -> None:
    desk.dialogue.script = [desk.dialogue.answer_then_break]
    desk.say("lập hội")
    assert await desk.runner.run(CONVERSATION) is True
    assert desk.heard() == ["citizen", "assistant"]
    assert len(desk.dialogue.calls) == 1


async def test_turn_is_given_up_with_an_apology_only_after_failing_for_long(desk: Desk) -> None:
    desk.dialogue.script = [desk.dialogue.unavailable] * 3
    desk.say("lập hội")
    await desk.runner.run(CONVERSATION)
    desk.clock.move(1)
    await desk.runner.run(CONVERSATION)
    desk.clock.move(GIVE_UP)
    await desk.runner.run(CONVERSATION)
    assert [e.body.get("act") for e in desk.events()[1:]] == ["disrupted", "gave_up"]
    desk.say("còn đó không")
    await desk.runner.run(CONVERSATION)
    assert desk.heard()[-1] == "assistant"


async def test_turn_left_open_by_a_long_stop_is_still_asked(desk: Desk) -> None:
    desk.say("lập hội")
    with desk.store() as unit:
        assert unit.claim_turn(CONVERSATION, "dead", desk.clock.now(), 60)
        unit.commit()
    desk.clock.move(GIVE_UP * 10)
    assert await desk.runner.run(CONVERSATION) is True
    assert desk.heard() == ["citizen", "assistant"]


async def test_button_does_not_swallow_the_words_around_it(desk: Desk) -> None:
    desk.say("nhà tôi bị dọa đánh")
    desk.say("Lệ phí", button="f:fee:NV025")
    desk.say("còn thời hạn thì sao")
    while await desk.runner.run(CONVERSATION):
        pass
    assert desk.dialogue.calls == ["nhà tôi bị dọa đánh", "/press_button", "còn thời hạn thì sao"]


async def test_messages_sent_during_a_turn_form_the_next_one_together(desk: Desk) -> None:
    async def slow(message: DialogueInput) -> None:
        desk.say("thứ hai")
        desk.say("thứ ba")
        await desk.dialogue.answer(message)

    desk.dialogue.script = [slow]
    desk.say("thứ nhất")
    while await desk.runner.run(CONVERSATION):
        pass
    assert [c.split() for c in desk.dialogue.calls] == [["thứ", "nhất"], ["thứ", "hai", "thứ", "ba"]]


async def test_worker_whose_lease_ran_out_publishes_nothing_twice(desk: Desk) -> None:
    other = runner(desk.store, desk.clock, ScriptedDialogue(desk.store), worker="w2")

    async def overtaken(message: DialogueInput) -> None:
        desk.clock.move(61)
        assert await other.run(CONVERSATION) is True
        await desk.dialogue.answer(message)

    desk.dialogue.script = [overtaken]
    desk.say("lập hội")
    await desk.runner.run(CONVERSATION)
    assert desk.heard() == ["citizen", "assistant"]


async def test_notice_calls_the_citizen_as_they_call_themselves(desk: Desk) -> None:
    with desk.store() as unit:
        unit.save_state(CONVERSATION, ConversationState(address="cháu"), desk.clock.now())
        unit.commit()
    desk.dialogue.script = [desk.dialogue.unavailable] * 2
    desk.say("lập hội")
    await desk.runner.run(CONVERSATION)
    desk.clock.move(1)
    await desk.runner.run(CONVERSATION)
    notice = desk.events()[1].body["text"]
    assert "cháu" in notice
    assert "anh/chị" not in notice.lower()


async def test_dispatcher_answers_what_it_was_not_told_about(desk: Desk) -> None:
    desk.say("lập hội")
    dispatcher = Dispatcher(desk.runner, desk.store, desk.clock, poll_seconds=0.05)
    task = asyncio.create_task(dispatcher.run())
    async with asyncio.timeout(20):
        while "assistant" not in desk.heard():  # noqa: ASYNC110  (the event is in the database)
            await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_dispatcher_that_stops_gives_its_leases_back(desk: Desk) -> None:
    started = asyncio.Event()

    async def hang(_: DialogueInput) -> None:
        started.set()
        await asyncio.sleep(3600)

    desk.dialogue.script = [hang]
    desk.say("lập hội")
    dispatcher = Dispatcher(desk.runner, desk.store, desk.clock, poll_seconds=0.05)
    task = asyncio.create_task(dispatcher.run())
    dispatcher.wake(CONVERSATION)
    async with asyncio.timeout(20):
        await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await runner(desk.store, desk.clock, desk.dialogue, worker="w2").run(CONVERSATION) is True
    assert desk.heard() == ["citizen", "assistant"]
