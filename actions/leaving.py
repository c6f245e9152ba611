"""«Để tôi xem lại giấy rồi nhắn sau»: answered in one sentence; whatever was asked or told stays as it is."""

from collections.abc import Callable
from dataclasses import replace

from actions.turn_action import Decide, Decision
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.phrases import Phrases
from bot.core.replies import Reply
from bot.core.routes import Outcome, Route
from bot.core.story import postpones


class LeaveTalk:
    """Decides turns of who comes back later. `danger` tells of a message whether somebody is in danger."""

    def __init__(self, phrases: Phrases, danger: Callable[[Signal], bool]) -> None:
        self._phrases = phrases
        self._danger = danger

    def around(self, decide: Decide) -> Decide:
        """Return a decision that lets people go, and leaves all else to `decide`."""

        def decided(signal: Signal, state: ConversationState) -> Decision:
            if signal.button or not postpones(signal.text) or self._danger(signal):
                return decide(signal, state)
            text = self._phrases.variant("come_back", "draft" if state.draft else "text", state.address)
            route = state.route or Route.THANKS_BYE
            state = replace(state, route=route, outcome=Outcome.SMALL_TALK, reason=None)
            return Decision(Reply("come_back", text), state)

        return decided
