"""A recording that came as a file: what was heard is asked about before it counts, as on every channel."""

from dataclasses import replace

from actions.cases.files import DROP, FILE
from actions.turn_action import Decide, Decision
from bot.core.cases.ports import Attachment
from bot.core.channels.voice import VOICE_NO, again_reply, heard_reply, is_recording, unheard_reply
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.phrases import Phrases
from bot.core.ports import UnitOfWorkFactory
from bot.core.replies import Button, Reply
from bot.core.routes import Outcome

# Pressed where a recording is no question but belongs to a case.
EVIDENCE = "evidence:"


class RecordingTalk:
    """Decides turns that bring a recording; whoever is told that it was heard wrong is asked to type or speak again.

    That it was heard right never gets here: then the channel passes on the words in the button's place.
    """

    def __init__(self, phrases: Phrases, units: UnitOfWorkFactory) -> None:
        self._phrases = phrases
        self._units = units

    def around(self, decide: Decide) -> Decide:
        """Return a decision that asks about recordings, and leaves all else to `decide`."""

        def decided(signal: Signal, state: ConversationState) -> Decision:
            button = signal.button or ""
            if button.startswith(VOICE_NO):
                return _asked(again_reply(self._phrases, state.address), state)
            if button.startswith(EVIDENCE):
                return decide(replace(signal, button=f"{FILE}{button.removeprefix(EVIDENCE)}"), state)
            file = self._recording(button, signal) if button.startswith(FILE) else None
            if file is None:
                return decide(signal, state)
            if state.draft is None:
                return _asked(self._question(file, state), state)
            # While a complaint is told it is kept with it too: it may be the answer, and it may be the proof.
            kept = decide(signal, state)
            if not kept.state.draft or file.id not in kept.state.draft.attachments:
                return kept
            question = self._question(file, state)
            said = self._phrases.say("case_file_kept", state.address, name=file.name)
            drop = Button(f"{DROP}{file.id}", self._phrases.word("drop_file"))
            reply = replace(question, text=f"{said} {question.text}", buttons=(*question.buttons, drop))
            return replace(kept, reply=reply)

        return decided

    def _recording(self, button: str, signal: Signal) -> Attachment | None:
        with self._units() as unit:
            files = unit.attachments.of_conversation(signal.conversation_id)
        file = next((one for one in files if one.id == button.removeprefix(FILE)), None)
        return file if file and is_recording(file.media_type) else None

    def _question(self, file: Attachment, state: ConversationState) -> Reply:
        reply = (
            heard_reply(self._phrases, state.address, file.heard, file.id)
            if file.heard
            else unheard_reply(self._phrases, state.address, kept=True)
        )
        if state.case_id and state.draft is None:
            evidence = Button(f"{EVIDENCE}{file.id}", self._phrases.word("voice_evidence"))
            reply = replace(reply, buttons=(*reply.buttons, evidence))
        return reply


def _asked(reply: Reply, state: ConversationState) -> Decision:
    return Decision(reply, replace(state, outcome=Outcome.CLARIFICATION, reason=None))
