"""Complaint routes, recognised and answered honestly: the legal line, where to file, nothing promised or stored."""

from dataclasses import replace

from actions.turn_action import Decision
from bot.core.conversation import ConversationState
from bot.core.phrases import Phrases
from bot.core.replies import Block, Reply
from bot.core.routes import Outcome, Route
from bot.core.signals import Signal

COMPLAINT_ROUTES = (Route.REPORT_STAFF, Route.FORMAL_COMPLAINT, Route.DENUNCIATION, Route.REGULATION_FEEDBACK)


class ComplaintAction:
    """Decides a turn that reports staff, appeals a decision, denounces or criticises a rule."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    def __call__(self, signal: Signal, state: ConversationState) -> Decision:
        """Return the published line for this kind of complaint. No case is opened."""
        route = Route(signal.intent)
        text = self._phrases.say(route.value, state.address)
        note = Block(kind="note", text=self._phrases.note(route.value, state.address))
        state = replace(state, route=route, outcome=Outcome.COMPLAINT_STEP, reason=None, agency=None)
        return Decision(Reply(act=route.value, text=text, blocks=(note,)), state)
