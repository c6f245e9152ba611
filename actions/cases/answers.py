"""Replies around complaints that open no case: how petitions are made, another body's business."""

import re
from dataclasses import replace

from actions.turn_action import Decision
from bot.core.attachments import FileLimits
from bot.core.cases.draft import Draft
from bot.core.cases.faq import Faq
from bot.core.cases.heard import Heard
from bot.core.cases.interview import OWN_BUTTON
from bot.core.conversation import ConversationState
from bot.core.phrases import Phrases
from bot.core.replies import Block, Button, Reply
from bot.core.routes import Agency, Outcome, Reason, Route
from nlu.text import fold

HOW_TO = "how:"
_OF_COMPLAINTS = re.compile(
    r"\b(?:phan anh|khieu nai|to cao|to giac|phieu|can bo|nhan vien|cong chuc|danh tinh|an danh|giau ten|lo ten"
    r"|tra thu|tru dap|hoi lo|dua tien|phong bi|ghi am|tiep cong dan|tiep dan|du lieu cua|bi to|nguoi bao)\b"
)
_OF_A_CASE = frozenset({"time", "next", "withdraw", "called"})
PETITIONS = ("KHIEU_NAI", "TO_CAO")


class CaseAnswers:
    """Composes these replies; `limits` are those of files."""

    def __init__(self, phrases: Phrases, faq: Faq, limits: FileLimits) -> None:
        self._phrases = phrases
        self._faq = faq
        self._limits = limits

    def asked_about(self, text: str, draft: Draft | None, state: ConversationState) -> Decision | None:
        """Answer a question about complaining itself («phường có biết tên tôi không»); None for anything else."""
        if draft is None and not _OF_COMPLAINTS.search(fold(text)):
            return None  # a procedure may be asked about in the same words
        topic = self._faq.topic(text, drafting=draft is not None)
        # With a filed case at hand these are about that case.
        if topic is None or (draft is None and state.case_id and topic in _OF_A_CASE):
            return None
        act = self._faq.answer_key(topic, draft)
        facts = {"max_files": self._limits.max_files, "max_mb": self._limits.max_bytes // 2**20}
        reply = Reply(act, self._phrases.say(act, state.address, **facts), buttons=() if draft else self._report())
        return Decision(reply, replace(state, route=Route.ASK_PROCEDURE, outcome=Outcome.ANSWERED, reason=None))

    def _report(self) -> tuple[Button, ...]:
        return (Button(f"{OWN_BUTTON}open", self._phrases.word("report_it")),)

    def hypothetical(self, state: ConversationState) -> Decision:
        """Answer «what if» and «how does one»: where such things can be told. No case is opened."""
        buttons = (
            *(Button(f"{HOW_TO}{k}", self._phrases.word(f"how_to_{k}")) for k in PETITIONS),
            *self._report(),
        )
        reply = Reply("case_hypothetical", self._phrases.say("case_hypothetical", state.address), buttons=buttons)
        state = replace(state, route=Route.ASK_PROCEDURE, outcome=Outcome.ANSWERED, reason=None, agency=None)
        return Decision(reply, state)

    def other_body(self, heard: Heard, state: ConversationState, agency: Agency) -> Decision:
        """Say whose business it is and hand the citizen their own words to copy; nothing is sent anywhere."""
        name, where = self._phrases.agency(agency, state.address, complaint=True)
        text = self._phrases.say("other_body_complaint", state.address, agency=name, agency_where=where)
        copy = Block("paragraph", title=self._phrases.word("copy_title"), text=heard.text)
        state = replace(
            state, route=Route.OTHER_AGENCY, outcome=Outcome.REFUSED, reason=Reason.OTHER_AGENCY, agency=agency
        )
        return Decision(Reply("other_body_complaint", text, blocks=(copy,)), state)

    def how_to(self, kind: str, state: ConversationState) -> Decision | None:
        """Tell how a petition of this kind is written and where it goes; None for another kind."""
        if f"how_{kind}" not in self._phrases.acts():
            return None
        reply = Reply(f"how_{kind}", self._phrases.say(f"how_{kind}", state.address))
        return Decision(reply, replace(state, outcome=Outcome.ANSWERED, reason=None))
