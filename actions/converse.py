"""Turns that are no enquiry and no complaint: greetings, thanks, questions about the assistant, danger, abuse."""

from dataclasses import replace

from actions.answer import AnswerAction
from actions.turn_action import Decide, Decision
from bot.core.conversation import ConversationState
from bot.core.enquiry.findings import Zone
from bot.core.enquiry.machine import EnquiryResolver
from bot.core.enquiry.signals import Signal
from bot.core.phrases import Phrases
from bot.core.procedures import Facet
from bot.core.replies import Button, Reply
from bot.core.routes import Outcome, Reason, Route

# intent → (act, route, outcome, reason)
REPLIES = {
    "greeting": ("greeting", Route.GREETING, Outcome.SMALL_TALK, None),
    "thanks_bye": ("thanks", Route.THANKS_BYE, Outcome.SMALL_TALK, None),
    "capability": ("capability", Route.GREETING, Outcome.SMALL_TALK, None),
    "abuse": ("abuse", Route.ABUSE, Outcome.SMALL_TALK, None),
    "injection": ("injection", Route.INJECTION, Outcome.REFUSED, Reason.NOT_UNDERSTOOD),
    "privacy_request": ("privacy", Route.PRIVACY_REQUEST, Outcome.REFUSED, Reason.NEEDS_PERSON),
    "emergency": ("emergency", Route.EMERGENCY, Outcome.REFUSED, Reason.NEEDS_PERSON),
}
# «chào bạn, lập hội ở xã cần giấy tờ gì» is a question: these intents give way to a procedure that was named.
POLITE_OPENINGS = frozenset({"greeting", "thanks_bye", "capability"})


class ConverseAction:
    """Decides a turn of small talk, danger or abuse; a politely opened question is answered as one."""

    def __init__(self, resolver: EnquiryResolver, answer: AnswerAction, phrases: Phrases, survey: Decide) -> None:
        self._resolver = resolver
        self._answer = answer
        self._phrases = phrases
        self._survey = survey

    def __call__(self, signal: Signal, state: ConversationState) -> Decision:
        """Return the reply and the state after it."""
        if signal.intent in POLITE_OPENINGS:
            findings = self._resolver.findings(signal)
            if signal.intent == Route.GREETING and (broad := self._resolver.broad(signal, state)):
                return self._answer.decide(broad, state, signal.now)
            if findings.has_topic and findings.zone is not Zone.REFUSE:
                return self._answer(replace(signal, intent=Route.ASK_PROCEDURE), state, findings)
            goes_on = state.procedure and signal.intent != Route.THANKS_BYE and findings.facet_explicit
            if goes_on and findings.facet is not Facet.GENERAL:
                return self._answer(replace(signal, intent="follow_up"), state, findings)  # «ai ký»
        if signal.intent == Route.SURVEY:
            return self._survey(signal, state)
        act, route, outcome, reason = REPLIES[signal.intent]
        state = replace(state, route=route, outcome=outcome, reason=reason, agency=None)
        buttons = (Button("human", self._phrases.word("ask_person")),) if route is Route.ABUSE else ()
        return Decision(Reply(act=act, text=self._phrases.say(act, state.address), buttons=buttons), state)
