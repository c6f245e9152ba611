"""Hours, telephone and address of the office: what is known, and where to ask for the rest."""

from dataclasses import replace

from actions.turn_action import Decide, Decision
from bot.core.conversation import ConversationState
from bot.core.enquiry.office import OfficeTopic, office_topic
from bot.core.enquiry.signals import Signal
from bot.core.phrases import Phrases
from bot.core.replies import Button, Reply
from bot.core.routes import Outcome, Route


class OfficeTalk:
    """Decides turns that ask about the office; whoever talks about a procedure or a complaint goes on with that."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    def around(self, decide: Decide) -> Decide:
        """Return a decision that tells about the office, and leaves all else to `decide`."""

        def decided(signal: Signal, state: ConversationState) -> Decision:
            topic = None if signal.button or state.draft or state.awaited else office_topic(signal.text)
            # «địa chỉ ở đâu» after a procedure is where that one is handed in; a person is asked for elsewhere.
            elsewhere = (topic is OfficeTopic.ADDRESS and state.procedure) or signal.intent == Route.TALK_TO_HUMAN
            if topic is None or elsewhere:
                return decide(signal, state)
            act = f"office_{topic.value}"
            buttons = (Button("human", self._phrases.word("ask_person")),)
            reply = Reply(act, self._phrases.say(act, state.address), buttons=buttons)
            state = replace(state, route=Route.ASK_PROCEDURE, outcome=Outcome.CLARIFICATION, reason=None, agency=None)
            return Decision(reply, state)

        return decided
