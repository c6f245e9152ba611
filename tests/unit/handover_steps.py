"""Steps of the tests of asking for a person: who is there, and a talk about it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from actions.handover.action import HandOverAction
from actions.handover.talk import HandOverTalk
from actions.turn_action import Decision
from bot.core.calendar import WorkingCalendar
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.handover.attention import Attention
from bot.core.handover.floor import Floor, Look, StoredFrontDesk
from bot.core.handover.hours import Hours, Span
from bot.core.handover.queue import History, Waiting
from bot.core.phrases import load_phrases
from bot.core.replies import Reply
from bot.core.routes import Outcome

PHRASES = load_phrases()
HOURS = Hours.load(WorkingCalendar.load())
# Thursday 26 November 2026, 10:00 in Hà Nội, and the evening of that day.
MORNING = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
EVENING = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)
LIVELY = History(waited=(60, 90, 240), attended=(300, 300, 600))


@dataclass
class Desk:
    """Tells what a test says of the people who answer."""

    on_duty: frozenset[str] = frozenset()
    free: int = 0
    waiting: tuple[Waiting, ...] = ()
    history: History = field(default_factory=History)
    attention: Attention = field(default_factory=Attention)

    def look(self, conversation_id: str, now: datetime) -> Look:
        floor = Floor(HOURS.at(now), self.on_duty, self.free, self.waiting, self.history)
        return Look(self.attention, floor)

    def slots(self, now: datetime, *, staffed: bool) -> list[Span]:
        return list(StoredFrontDesk(lambda: None, HOURS).slots(now, staffed=staffed))  # type: ignore[arg-type, return-value]


STAFFED = Desk(frozenset({"lan"}), 1, (), LIVELY)


class Talk:
    """A conversation with the part that is about a person; what it does not take, an echo answers."""

    def __init__(self, desk: Desk, now: datetime = MORNING, dangerous: str = "cứu") -> None:
        self.desk, self.now = desk, now
        self.state = ConversationState()
        hand_over = HandOverAction(PHRASES, desk)
        talk = HandOverTalk(PHRASES, desk, hand_over, lambda signal: dangerous in signal.text)
        self.hand_over = hand_over
        self._decide = talk.around(self._inner)
        self.last: Decision | None = None

    def _inner(self, signal: Signal, state: ConversationState) -> Decision:
        if (signal.button or "").startswith("human") or signal.intent == "talk_to_human":
            return self.hand_over(signal, state)
        return Decision(Reply("echo", signal.text), replace(state, outcome=Outcome.ANSWERED))

    def say(self, text: str, button: str | None = None, intent: str = "ask_procedure") -> Reply:
        signal = Signal(text, intent, 0.9, self.now, button, None, text, "c")
        self.last = self._decide(signal, self.state)
        self.state = ConversationState.from_json(self.last.state.to_json())
        assert self.state == self.last.state
        return self.last.reply

    @property
    def effects(self) -> tuple[Any, ...]:
        assert self.last is not None
        return self.last.effects


def ids(reply: Reply) -> list[str]:
    return [button.id for button in reply.buttons]


def waiting(desk: Desk = STAFFED, now: datetime = MORNING) -> Talk:
    talk = Talk(desk, now)
    talk.say("gặp người", intent="talk_to_human")
    return talk
