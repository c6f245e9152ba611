"""Asking for a person: the citizen waits for one, and is told the truth about who is there and how long it takes."""

from dataclasses import replace
from datetime import datetime

from actions.turn_action import Decision
from bot.core.conversation import ConversationState, Owner
from bot.core.enquiry.signals import Signal
from bot.core.handover import saying
from bot.core.handover.attention import URGENCY, Told, Why
from bot.core.handover.effects import DANGER, NOBODY, SEVERITY, AskPerson
from bot.core.handover.floor import FrontDesk, Look, NobodyThere
from bot.core.handover.queue import Standing
from bot.core.phrases import Phrases
from bot.core.replies import Button, Reply
from bot.core.routes import Outcome, Reason, Route

# «human» asks for a person, «human:failed» too, and says why one was offered; «h:…» are the buttons of waiting.
HUMAN = "human"
WAIT_BUTTON = "h:"


def button(why: Why) -> str:
    """Return the id of a button that asks for a person."""
    return HUMAN if why is Why.ASKED else f"{HUMAN}:{why.value}"


def why_of(pressed: str | None) -> Why:
    """Return why a person is wanted, by the button pressed. Nobody presses danger."""
    offered = (pressed or "").removeprefix(f"{HUMAN}:")
    return Why(offered) if offered in {Why.FAILED, Why.ANGER, Why.SEVERITY} else Why.ASKED


class HandOverAction:
    """Decides a turn that asks for a person: the conversation waits for one, and the assistant goes on helping."""

    def __init__(self, phrases: Phrases, desk: FrontDesk | None = None) -> None:
        self._phrases = phrases
        self._desk = desk or NobodyThere()

    def __call__(self, signal: Signal, state: ConversationState) -> Decision:
        """Return the honest reply and a state that waits for a person."""
        look = self._desk.look(signal.conversation_id, signal.now)
        state = replace(
            state,
            route=Route.TALK_TO_HUMAN,
            outcome=Outcome.HANDED_OVER,
            reason=None,
            agency=None,
            offered=(),
            failures=0,
        )
        if look.attention.barred(signal.now):
            text = self._phrases.variant("handover", "barred", state.address)
            refused = replace(state, outcome=Outcome.REFUSED, reason=Reason.NEEDS_PERSON)
            return Decision(Reply("handover", text), refused)
        if state.owner is Owner.OPERATOR:
            return Decision(Reply("handover", self._phrases.variant("handover", "attended", state.address)), state)
        why = why_of(signal.button)
        standing = look.floor.standing(signal.conversation_id, max(URGENCY[why], look.attention.urgency))
        text = self._told(look, standing, state.address, signal.now)
        reply = Reply("handover", text, buttons=self._buttons(standing), data={"standing": standing.what.value})
        asked = AskPerson(why, standing, _alarm(why, standing))
        return Decision(reply, replace(state, owner=Owner.WAITING), effects=(asked,))

    def in_danger(self, signal: Signal, state: ConversationState) -> tuple[bool, ConversationState, AskPerson]:
        """Return whether somebody is there to read, and let the citizen wait for a person before all others."""
        look = self._desk.look(signal.conversation_id, signal.now)
        standing = look.floor.standing(signal.conversation_id, URGENCY[Why.DANGER])
        owner = state.owner if state.owner is Owner.OPERATOR else Owner.WAITING
        return bool(look.floor.on_duty), replace(state, owner=owner), AskPerson(Why.DANGER, standing, DANGER)

    def _told(self, look: Look, standing: Standing, address: str | None, now: datetime) -> str:
        """Return what is true of the wait."""
        say = self._phrases
        if standing.what is Told.QUEUE:
            if standing.minutes is None:
                return say.variant("handover", "queue_unknown", address, place=standing.place)
            wait = saying.wait(say, standing.minutes)
            return say.variant("handover", "queue", address, place=standing.place, wait=wait)
        if standing.what is Told.NOBODY:
            return say.variant("handover", "nobody", address)
        at = look.floor.at
        why = saying.why_closed(say, at)
        if at.next_open is None:
            return say.variant("handover", "closed_unknown", address, why=why)
        return say.variant("handover", "closed", address, why=why, when=saying.moment(say, at.next_open, now))

    def _buttons(self, standing: Standing) -> tuple[Button, ...]:
        names = ("call", "leave", "back") if standing.what is not Told.QUEUE else ("back", "call")
        return tuple(Button(f"{WAIT_BUTTON}{name}", self._phrases.word(f"handover_{name}")) for name in names)


def _alarm(why: Why, standing: Standing) -> str:
    if standing.what is Told.NOBODY:
        return NOBODY
    return SEVERITY if why is Why.SEVERITY else ""
