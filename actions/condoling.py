"""«Tôi xin chia buồn»: before anything official is said to somebody who has just lost one of the family."""

from dataclasses import replace

from actions.turn_action import Decide, Decision
from bot.core.conversation import ConversationState
from bot.core.enquiry.bereaved import bereaved
from bot.core.enquiry.signals import Signal
from bot.core.phrases import Phrases
from bot.core.routes import Outcome

CONDOLED = "condoled"
# Whoever is answered or asked back about a procedure; danger and complaints have words of their own.
_ABOUT_PROCEDURES = frozenset({Outcome.ANSWERED, Outcome.CLARIFICATION})


class Condoling:
    """Puts one sentence of sympathy before the reply, once in a conversation."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    def around(self, decide: Decide) -> Decide:
        """Return a decision that is `decide`'s, with the sentence before its text where it is due."""

        def decided(signal: Signal, state: ConversationState) -> Decision:
            decision = decide(signal, state)
            known, after = state.facts.get(CONDOLED), decision.state
            if known or signal.button or after.draft or after.outcome not in _ABOUT_PROCEDURES:
                return decision
            if not bereaved(signal.text):
                return decision
            text = f"{self._phrases.say('condolence', after.address)} {decision.reply.text}"
            facts = {**after.facts, CONDOLED: True}
            return replace(decision, reply=replace(decision.reply, text=text), state=replace(after, facts=facts))

        return decided
