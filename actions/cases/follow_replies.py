"""How replies about a filed case are put together: one place for what they all carry. Pure."""

from dataclasses import replace
from typing import Any

from actions.turn_action import Decision
from bot.core.cases.effects import Effect
from bot.core.cases.state import Case
from bot.core.conversation import ConversationState
from bot.core.phrases import Phrases
from bot.core.replies import Button, Reply
from bot.core.routes import Outcome, Route

# What buttons about a filed case begin with.
BUTTON = "s:"


class FollowReplies:
    """Composes decisions about a filed case; immutable."""

    def __init__(self, phrases: Phrases) -> None:
        self.phrases = phrases

    def wait(
        self, act: str, awaited: str, case: Case, state: ConversationState, buttons: tuple[Button, ...] = ()
    ) -> Decision:
        """Ask for something about the case."""
        return self.said(act, about(replace(state, awaited=awaited)), buttons, number=case.number)

    def about(
        self,
        act: str,
        case: Case,
        state: ConversationState,
        effects: tuple[Effect, ...] = (),
        buttons: tuple[Button, ...] = (),
        **facts: Any,
    ) -> Decision:
        """Say something about the case, with the way to its state."""
        own = (*buttons, Button(f"{BUTTON}status", self.phrases.word("follow_status")))
        return self.said(act, about(state), own, effects, number=case.number, **facts)

    def said(
        self,
        act: str,
        state: ConversationState,
        buttons: tuple[Button, ...] = (),
        effects: tuple[Effect, ...] = (),
        **facts: Any,
    ) -> Decision:
        """Say an act in the given state."""
        reply = Reply(act, self.phrases.say(act, state.address, **facts), buttons=buttons)
        return Decision(reply, state, effects=effects)


def about(state: ConversationState) -> ConversationState:
    """Return the state of a talk that is about the filed case."""
    return replace(state, route=Route.TRACK_CASE, outcome=Outcome.STATUS, reason=None, agency=None)
