"""«Thêm vào phiếu PA-…» or «Phản ánh mới»: asked once where something told may be either; its words are held."""

import re
from dataclasses import replace

from actions.cases.changes import CaseChanges
from actions.cases.follow_replies import BUTTON, FollowReplies
from actions.turn_action import Decide, Decision
from bot.core.cases.state import Case, Status
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.privacy import mask
from bot.core.replies import Button
from bot.core.routes import Outcome, Route
from bot.core.story import is_cancel, yes_no
from bot.core.turns import MAX_READ_CHARACTERS
from nlu.text import clean, fold

WHICH = "which"
CASE_BUTTON, NEW_BUTTON, REOPEN_BUTTON = f"{BUTTON}which:case", f"{BUTTON}which:new", f"{BUTTON}which:reopen"
_CHOICE_WORDS, _IDLE_WORDS = 8, 3
_IDLE = frozenset({"affirm", "choose_option", "correction", "deny", "follow_up", "nlu_fallback", "out_of_scope"})
_OLD = re.compile(
    r"\b(?:them vao|bo sung|phieu (?:cu|do|nay|truoc|tren|pa)|cu|truoc|vao do|mo lai|vua (?:gui|roi)|cung (?:vu"
    r"|viec|chuyen)|cai (?:dau|tren))\b"
)
_NEW = re.compile(r"\b(?:moi|rieng|khac|cai (?:sau|duoi))\b")
_NOT = re.compile(r"\b(?:khong phai|khong|ko|dung|chua)\b")


class CaseWhich:
    """Decides where words belong that may belong to the case at hand or to a new one."""

    def __init__(self, replies: FollowReplies, changes: CaseChanges) -> None:
        self._replies = replies
        self._changes = changes

    def ask(self, case: Case, signal: Signal, state: ConversationState, *, joined: bool = False) -> Decision:
        """Hold the words and ask; `joined`: they go on from the words for which it was just asked."""
        before = state.held.get(WHICH) if joined else None
        held = "\n".join(filter(None, (before, signal.raw or signal.text)))
        state = replace(state, held={**state.held, WHICH: held[-MAX_READ_CHARACTERS:]})
        return self.again(case, state)

    def again(self, case: Case, state: ConversationState) -> Decision:
        """Ask where the held words belong."""
        word = self._replies.phrases.word
        closed = case.status is Status.CLOSED
        old = (
            Button(REOPEN_BUTTON, word("which_reopen", number=case.number))
            if closed
            else Button(CASE_BUTTON, word("which_case", number=case.number))
        )
        buttons = (old, Button(NEW_BUTTON, word("which_new")))
        act = "follow_which_closed" if closed else "follow_which"
        asked = self._replies.wait(act, WHICH, case, state, buttons)
        return replace(asked, state=replace(asked.state, outcome=Outcome.CLARIFICATION))

    def answered(self, case: Case, signal: Signal, state: ConversationState, decide: Decide) -> Decision | None:
        """Take an answer in words; None for anything that is no answer."""
        folded = fold(signal.text)
        if is_cancel(signal.text):
            return self._replies.about("follow_kept", case, replace(state, held=_without(state)))
        if len(folded.split()) > _CHOICE_WORDS or "?" in folded:
            return None
        old, new = bool(_OLD.search(folded)), bool(_NEW.search(folded))
        if old == new or (_NOT.search(folded) and not new):
            return None
        if new:
            return self.pressed(NEW_BUTTON, case, signal, state, decide)
        button = REOPEN_BUTTON if case.status is Status.CLOSED else CASE_BUTTON
        return self.pressed(button, case, signal, state, decide)

    def unanswered(self, case: Case, signal: Signal, state: ConversationState) -> Decision | None:
        """Answer a few words that choose neither: «không» leaves all as it was, others are asked again."""
        agrees = yes_no(signal.text)
        if agrees is False:
            return self._replies.about("follow_kept", case, replace(state, held=_without(state)))
        idle = len(signal.text.split()) <= _IDLE_WORDS and signal.intent in _IDLE
        return self.again(case, state) if agrees or idle else None

    def pressed(self, button: str, case: Case, signal: Signal, state: ConversationState, decide: Decide) -> Decision:
        """Put the held words where they belong; where none are held any more, ask for them."""
        raw = state.held.get(WHICH, "")
        text = mask(clean(raw[:MAX_READ_CHARACTERS])) if raw else ""
        signal = replace(signal, text=text, raw=raw, button=None)
        state = replace(state, held=_without(state), awaited=None)
        if button == NEW_BUTTON:
            return self.new(signal, state, decide)
        if button == REOPEN_BUTTON and case.status is Status.CLOSED:
            return self._changes.reopened(case, signal, state) if text else self._changes.reopen(case, signal, state)
        if text or self._changes.waiting(signal):
            return self._changes.added(case, signal, state, "follow_added" if text else "follow_file_added")
        return self._changes.add(case, signal, state)

    def new(self, signal: Signal, state: ConversationState, decide: Decide) -> Decision:
        """Open a new draft with the words."""
        if not signal.text:
            return decide(replace(signal, button="k:open"), state)
        return decide(replace(signal, intent=Route.REPORT_STAFF.value, confidence=1.0, chosen=True), state)


def _without(state: ConversationState) -> dict[str, str]:
    return {k: v for k, v in state.held.items() if k != WHICH}
