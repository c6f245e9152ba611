"""«Nói dễ hiểu hơn» typed on any channel: the office words of the last answer, in everyday ones."""

from dataclasses import replace

from actions.turn_action import Decide, Decision
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.messages import Event, EventKind
from bot.core.phrases import Phrases
from bot.core.plain import PlainWords, asks_plain
from bot.core.ports import UnitOfWorkFactory
from bot.core.replies import Block, Button, Reply

# Asked twice, the second is about the same answer.
PLAIN, NOTHING = "plain", "plain_nothing"
_LOOK_BACK = 10


class PlainTalk:
    """Decides turns that ask for plainer words; the talk stands where it stood, with the same buttons."""

    def __init__(self, phrases: Phrases, units: UnitOfWorkFactory) -> None:
        self._phrases = phrases
        self._units = units
        self._words = PlainWords.load()

    def around(self, decide: Decide) -> Decide:
        """Return a decision that explains, and leaves all else to `decide`."""

        def decided(signal: Signal, state: ConversationState) -> Decision:
            if signal.button or not asks_plain(signal.text):
                return decide(signal, state)
            said = self._last(signal.conversation_id)
            return Decision(self._explained(said, state), state)

        return decided

    def _last(self, conversation_id: str) -> Event | None:
        """Return the last answer that is no explanation itself."""
        with self._units() as unit:
            answers = unit.latest_events(conversation_id, EventKind.ASSISTANT, _LOOK_BACK)
        return next((event for event in answers if event.body.get("act") not in {PLAIN, NOTHING}), None)

    def _explained(self, said: Event | None, state: ConversationState) -> Reply:
        body = said.body if said else {}
        found = self._words.explain(body)
        act = PLAIN if found else NOTHING
        items = tuple(self._phrases.word("plain_term", term=term, meaning=meaning) for term, meaning in found)
        blocks = (Block("list", items=items),) if items else ()
        if state.draft is not None and (asked := str(body.get("text") or "")):
            # What was asked still waits for its answer.
            blocks = (*blocks, Block("note", asked))
        reply = Reply(act, self._phrases.say(act, state.address), blocks)
        return replace(reply, buttons=tuple(Button(b["id"], b["title"]) for b in body.get("buttons") or ()))
