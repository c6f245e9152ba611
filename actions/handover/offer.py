"""When a person is offered without being asked for, and what is said of a question that waits for one. Pure."""

from dataclasses import replace

from actions.handover.action import HUMAN, button
from actions.turn_action import Decision
from bot.core.conversation import ConversationState, Owner
from bot.core.handover.attention import Why
from bot.core.phrases import Phrases
from bot.core.replies import Block, Button
from bot.core.routes import Outcome, Reason, Route

# After so many turns in a row that were not answered, a person is offered.
FAILURES = 2
# What a person can answer in our place; another body's matter stays theirs.
_FOR_A_PERSON = frozenset(
    {Reason.NOT_UNDERSTOOD, Reason.NOT_IN_CATALOGUE, Reason.NEEDS_FILE, Reason.NEEDS_PERSON, Reason.BEING_REVISED}
)
_KEPT_ROUTES = frozenset({Route.ASK_PROCEDURE, Route.OUT_OF_SCOPE})
_GRAVE_ACT = "case_filed_restricted"


class Offering:
    """Looks at each decided turn; immutable."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    def __call__(self, before: ConversationState, decision: Decision) -> Decision:
        """Return the decision, with the offer of a person where there is reason for one and nobody was called yet."""
        state, reply = decision.state, decision.reply
        if state.owner is Owner.WAITING:
            return self._kept(decision) if before.owner is Owner.WAITING else decision
        if state.route is Route.ABUSE and state.outcome is Outcome.SMALL_TALK:
            return self._offered(decision, Why.ANGER, "anger")
        if reply.act == _GRAVE_ACT:
            return self._offered(decision, Why.SEVERITY, "severity")
        if state.failures >= FAILURES and state.failures > before.failures:
            # Said once; the button stays for as long as it goes on.
            return self._offered(decision, Why.FAILED, "text" if state.failures == FAILURES else None)
        return decision

    def _offered(self, decision: Decision, why: Why, variant: str | None) -> Decision:
        reply = decision.reply
        others = tuple(each for each in reply.buttons if each.id.partition(":")[0] != HUMAN)
        ask = Button(button(why), self._phrases.word("ask_person"))
        note = self._phrases.variant("handover_offer", variant, decision.state.address) if variant else None
        blocks = (*reply.blocks, Block("note", note)) if note else reply.blocks
        return replace(decision, reply=replace(reply, buttons=(*others, ask), blocks=blocks))

    def _kept(self, decision: Decision) -> Decision:
        """Who waits for a person need not ask anew what only a person can answer: it is there to be read."""
        state, reply = decision.state, decision.reply
        refused = state.outcome is Outcome.REFUSED and state.reason in _FOR_A_PERSON and state.route in _KEPT_ROUTES
        if not (refused and reply.act.startswith("refuse_")):
            return decision
        others = tuple(each for each in reply.buttons if each.id.partition(":")[0] != HUMAN)
        kept = replace(
            reply, act="handover_kept", text=self._phrases.say("handover_kept", state.address), buttons=others
        )
        return replace(decision, reply=kept)
