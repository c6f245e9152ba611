"""Sending a confirmed draft: filed once under its number, or added to the same person's case of the same event."""

from dataclasses import replace

from actions.cases.answers import HOW_TO
from actions.turn_action import Decision
from bot.core.cases.draft import Draft
from bot.core.cases.filing import CaseFiling
from bot.core.cases.record import AccessClass, Filing
from bot.core.cases.sending import CaseSender
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.phrases import Phrases, vietnamese_date
from bot.core.ports import UnitOfWorkFactory
from bot.core.replies import Block, Button, Reply
from bot.core.routes import Outcome


class CaseSending:
    """Turns a confirmed draft into what is filed and what is said about it."""

    def __init__(self, phrases: Phrases, units: UnitOfWorkFactory, filing: CaseFiling) -> None:
        self._phrases = phrases
        self._sender = CaseSender(units, filing)

    def __call__(self, signal: Signal, state: ConversationState, draft: Draft) -> Decision:
        """Return the number and secret, with the filing as the turn's effect."""
        sent = self._sender.send(draft, signal.conversation_id, signal.now)
        facts = {**state.facts, **_facts_of(draft)}
        state = replace(state, draft=None, outcome=Outcome.COMPLAINT_FILED, reason=None)
        if earlier := sent.earlier:
            reply = Reply("case_added", self._phrases.say("case_added", state.address, number=earlier.number))
            state = replace(state, case_id=earlier.case_id, facts={**facts, "case_code": earlier.number})
            return Decision(reply, state, effects=sent.effects)
        main = sent.main
        state = replace(state, case_id=main.case_id, facts={**facts, "case_code": main.number})
        return Decision(self._filed(main, sent.filings, state), state, effects=sent.effects)

    def _filed(self, main: Filing, filings: tuple[Filing, ...], state: ConversationState) -> Reply:
        restricted = main.record.access is AccessClass.RESTRICTED
        act, say = "case_filed_restricted" if restricted else "case_filed", self._phrases
        due = (
            say.variant("case_filed", "due", state.address, date=vietnamese_date(main.due_on))
            if main.due_on
            else say.variant("case_filed", "no_due", state.address)
        )
        text = say.say(act, state.address, number=main.number, secret=main.secret, due=due)
        linked = tuple(
            Block("note", say.variant("case_linked", "also", state.address, number=f.number, secret=f.secret))
            for f in filings[1:]
        )
        how = main.record.input_type
        own = (Button("s:status", say.word("follow_status")), Button("s:add", say.word("follow_add")))
        petition = (Button(f"{HOW_TO}{how}", say.word(f"how_to_{how}")),) if f"how_{how}" in say.acts() else ()
        data = {"case_number": main.number}
        return Reply(act, text, linked, buttons=(*own, *petition), data=data)


def _facts_of(draft: Draft) -> dict[str, object]:
    return {"dossier_code": draft.dossier_code} if draft.dossier_code else {}
