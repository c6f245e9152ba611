"""Files that a citizen sends: kept for the case being told, ID photos deleted at once and never asked for."""

import re
from dataclasses import replace

from actions.cases.follow_replies import BUTTON
from actions.cases.status import OPEN
from actions.turn_action import Decide, Decision
from bot.core.cases.effects import ChangeCase, DropAttachment
from bot.core.cases.interview import OWN_BUTTON
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.phrases import Phrases
from bot.core.ports import UnitOfWorkFactory
from bot.core.replies import Block, Button, Reply
from bot.core.routes import Outcome, Reason, Route
from nlu.text import fold

# The channel posts «file:ID» as the button of a message, with the citizen's caption as its text.
FILE, DROP = "file:", "drop:"
_PAPER = r"(?:cccd|can cuoc|cmnd|cmt|chung minh(?: thu| nhan dan)?|ho chieu|passport)"
_ID_NAME = re.compile(rf"(?<![a-z]){_PAPER}(?![a-z])")
_SENDS_ID = re.compile(
    rf"\b(?:gui|chup|dinh kem|up|day la|kem theo|dua)\b.{{0,40}}\b(?:anh|hinh|ban chup|ban scan|mat truoc|mat sau)\b"
    rf".{{0,30}}{_PAPER}\b|\b(?:anh|hinh|ban chup) (?:the )?{_PAPER} (?:cua )?(?:toi|em|chau|minh|con|day|ne)\b"
)
SHORT_WORDS = 22
MAX_FILES = 10


class CaseFiles:
    """Decides turns that bring a file, or announce a photo of an identity paper."""

    def __init__(self, phrases: Phrases, units: UnitOfWorkFactory) -> None:
        self._phrases = phrases
        self._units = units

    def around(self, decide: Decide) -> Decide:
        """Return a decision that takes files, and leaves all else to `decide`."""

        def decided(signal: Signal, state: ConversationState) -> Decision:
            button = signal.button or ""
            if button.startswith(DROP):
                return self._dropped(button.removeprefix(DROP), signal, state)
            if button.startswith(FILE):
                return self._file(button.removeprefix(FILE), signal, state, decide)
            if not button and _sends_id(signal.text):
                return self._no_id(state, ())
            return decide(signal, state)

        return decided

    def _file(self, file_id: str, signal: Signal, state: ConversationState, decide: Decide) -> Decision:
        with self._units() as unit:
            files = {a.id: a for a in unit.attachments.of_conversation(signal.conversation_id)}
        file = files.get(file_id)
        if file is None:
            return decide(replace(signal, button=None), state)
        if _ID_NAME.search(fold(f"{file.name} {signal.text}").replace("_", " ").replace("-", " ")):
            return self._no_id(state, (DropAttachment(file_id),))
        kept = self._phrases.say("case_file_kept", state.address, name=file.name)
        drop = Button(f"{DROP}{file_id}", self._phrases.word("drop_file"))
        draft = state.draft
        if draft is None and state.case_id and self._open(state.case_id):
            return self._of_case(file_id, file.name, signal, state, decide)
        if draft is None:
            text = self._phrases.say("case_file_without_case", state.address, name=file.name)
            state = replace(state, outcome=Outcome.CLARIFICATION, reason=None)
            return Decision(Reply("case_file_without_case", text, buttons=(drop,)), state)
        ids = tuple(dict.fromkeys((*draft.attachments, file_id)))[:MAX_FILES]
        state = replace(state, draft=replace(draft, attachments=ids))
        decision = decide(_captioned(signal, file.name), state)
        reply = decision.reply
        reply = replace(reply, text=f"{kept} {reply.text}", buttons=(*reply.buttons, drop))
        return replace(decision, reply=reply)

    def _open(self, case_id: str) -> bool:
        with self._units() as unit:
            return unit.cases.case(case_id).status in OPEN

    def _of_case(self, file_id: str, name: str, signal: Signal, state: ConversationState, decide: Decide) -> Decision:
        """Hand a file that came after its case was filed to whoever decides about filed cases."""
        told = _captioned(signal, name)
        caption = told.text if told.button is None else ""
        decision = decide(replace(signal, text=caption, raw=caption, button=f"{BUTTON}file:{file_id}"), state)
        kept = self._phrases.say("case_file_kept", state.address, name=name)
        reply = replace(decision.reply, text=f"{kept} {decision.reply.text}")
        filed = any(isinstance(e, ChangeCase) and file_id in e.attachments for e in decision.effects)
        if not filed:
            reply = replace(
                reply, buttons=(*reply.buttons, Button(f"{DROP}{file_id}", self._phrases.word("drop_file")))
            )
        return replace(decision, reply=reply)

    def _dropped(self, file_id: str, signal: Signal, state: ConversationState) -> Decision:
        with self._units() as unit:
            unfiled = {a.id for a in unit.attachments.of_conversation(signal.conversation_id, unfiled=True)}
        if file_id not in unfiled:
            text = self._phrases.say("case_file_filed", state.address)
            return Decision(
                Reply("case_file_filed", text), replace(state, outcome=Outcome.CLARIFICATION, reason=None)
            )
        draft = state.draft
        if draft:
            draft = replace(draft, attachments=tuple(a for a in draft.attachments if a != file_id))
        text = self._phrases.say("case_file_dropped", state.address)
        state = replace(state, draft=draft, outcome=Outcome.COMPLAINT_STEP if draft else Outcome.SMALL_TALK)
        return Decision(Reply("case_file_dropped", text), state, effects=(DropAttachment(file_id),))

    def _no_id(self, state: ConversationState, effects: tuple[DropAttachment, ...]) -> Decision:
        act = "case_id_photo" if effects else "case_no_id_photo"
        reply = Reply(act, self._phrases.say(act, state.address))
        if state.draft and state.draft.asked:
            again = self._phrases.variant(f"ask_{state.draft.asked.value}", "text", state.address)
            reply = replace(reply, blocks=(Block("note", again),))
        route = state.route or Route.PRIVACY_REQUEST
        state = replace(state, route=route, outcome=Outcome.REFUSED, reason=Reason.NO_ID_PHOTO)
        return Decision(reply, state, effects=effects)


def _captioned(signal: Signal, name: str) -> Signal:
    """Return the turn without the file's name: its caption, or (where there is none) the wish to go on."""
    caption = signal.text.partition(name)[2].strip() if name in signal.text else signal.text
    if not any(c.isalpha() for c in caption):
        return replace(signal, text="", raw="", button=f"{OWN_BUTTON}go_on")
    return replace(signal, text=caption, raw=caption, button=None)


def _sends_id(text: str) -> bool:
    folded = fold(text)
    return len(folded.split()) <= SHORT_WORDS and bool(_SENDS_ID.search(folded)) and not _by_official(folded)


def _by_official(folded: str) -> bool:
    """True where somebody else takes or spreads the photo: that is a story, not an offer."""
    return bool(
        re.search(
            r"\b(?:can bo|nhan vien|cong chuc|ho|chi ay|anh ay|co ay|no|quay|bat|doi|yeu cau|xoa|go bo|lo gui)\b",
            folded,
        )
    )
