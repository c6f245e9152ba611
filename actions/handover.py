"""Asking for a person: the request is kept, and the truth about who is there now is told."""

from dataclasses import replace

from actions.turn_action import Decision
from bot.core.conversation import ConversationState, Owner
from bot.core.phrases import Phrases
from bot.core.replies import Reply
from bot.core.routes import Outcome, Route
from bot.core.signals import Signal


class HandOverAction:
    """Decides a turn that asks for a person: the conversation waits for one, and the assistant goes on helping."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    def __call__(self, _signal: Signal, state: ConversationState) -> Decision:
        """Return the honest reply and a state that waits for a person."""
        state = replace(
            state,
            owner=Owner.WAITING if state.owner is Owner.BOT else state.owner,
            route=Route.TALK_TO_HUMAN,
            outcome=Outcome.HANDED_OVER,
            reason=None,
            agency=None,
            offered=(),
            failures=0,
        )
        return Decision(Reply(act="handover", text=self._phrases.say("handover", state.address)), state)
