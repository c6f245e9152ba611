"""What a citizen does with a filed case: adds to it, takes it back, reopens it once, asks for its deadline."""

from datetime import date
from typing import Any

from actions.cases.follow_replies import BUTTON, FollowReplies
from actions.cases.status import OPEN
from actions.turn_action import Decision
from bot.core.cases.effects import ChangeCase
from bot.core.cases.following import carries, gives_reason
from bot.core.cases.state import Case, Status
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.phrases import vietnamese_date
from bot.core.ports import UnitOfWorkFactory
from bot.core.replies import Button


class CaseChanges:
    """Decides turns that ask about a case or change it."""

    def __init__(self, replies: FollowReplies, units: UnitOfWorkFactory) -> None:
        self._replies = replies
        self._word = replies.phrases.word
        self._units = units

    def add(self, case: Case, signal: Signal, state: ConversationState) -> Decision:
        """Ask for what is to be added, or take it at once where the message has it."""
        if (refused := self._takes_no_more(case, state)) is not None:
            return refused
        if carries(signal.text):
            return self.added(case, signal, state)
        return self._replies.wait("follow_ask_addition", "add", case, state)

    def added(
        self, case: Case, signal: Signal, state: ConversationState, act: str = "follow_added", **facts: Any
    ) -> Decision:
        """Add the message, and the files that wait, to the case."""
        if (refused := self._takes_no_more(case, state)) is not None:
            return refused
        return self._replies.about(act, case, state, (self.addition(case, signal),), **facts)

    def addition(self, case: Case, signal: Signal) -> ChangeCase:
        """Return the entry that adds a message, and the files that wait, to the case."""
        told = {"text": signal.text, "raw": signal.raw or signal.text}
        return ChangeCase(case.id, "added", told, attachments=self.waiting(signal))

    def waiting(self, signal: Signal) -> tuple[str, ...]:
        """Return the files of the conversation that belong to no case yet."""
        with self._units() as unit:
            return tuple(a.id for a in unit.attachments.of_conversation(signal.conversation_id, unfiled=True))

    def _takes_no_more(self, case: Case, state: ConversationState) -> Decision | None:
        """Say why nothing can be added to a case that was taken back, or whose answer nobody looks at any more."""
        if case.status is Status.WITHDRAWN:
            return self._replies.about("follow_withdrawn_closed", case, state)
        if case.status is not Status.CLOSED:
            return None
        if case.reopened:
            return self._replies.about("follow_reopened_already", case, state)
        reopen = Button(f"{BUTTON}reopen", self._word("follow_reopen"))
        return self._replies.about("follow_answered", case, state, (), (reopen,))

    def how_files(self, case: Case, state: ConversationState) -> Decision:
        """Say how a photo or another file comes to the case."""
        if (refused := self._takes_no_more(case, state)) is not None:
            return refused
        return self._replies.wait("follow_ask_file", "add", case, state)

    def how_long(self, case: Case, state: ConversationState, today: date) -> Decision | None:
        """Answer from the case's own deadline; None where its state says all there is."""
        if case.status not in OPEN or (case.due_on and case.due_on < today):
            return None
        if case.due_on is None:
            return self._replies.about("follow_no_due", case, state)
        act = "follow_due" if case.status is Status.RECEIVED else "follow_due_next"
        return self._replies.about(act, case, state, date=vietnamese_date(case.due_on))

    def withdraw(self, case: Case, state: ConversationState) -> Decision:
        """Ask once more before a case is taken back."""
        if case.status is Status.WITHDRAWN:
            return self._replies.about("follow_withdrawn_closed", case, state)
        if case.status not in OPEN:
            return self._replies.about("follow_cannot_withdraw", case, state)
        sure = (
            Button(f"{BUTTON}withdraw:yes", self._word("follow_withdraw")),
            Button(f"{BUTTON}withdraw:no", self._word("no")),
        )
        return self._replies.wait("follow_ask_withdraw", "withdraw", case, state, sure)

    def withdrawn(self, case: Case, state: ConversationState, *, sure: bool) -> Decision:
        """Take the case back, or keep it where that was not surely meant."""
        if not sure:
            return self._replies.about("follow_kept", case, state)
        if case.status not in OPEN:
            return self.withdraw(case, state)
        change = ChangeCase(case.id, "withdrawn", {}, expected=tuple(OPEN), status=Status.WITHDRAWN)
        return self._replies.about("follow_withdrawn", case, state, (change,))

    def reopen(self, case: Case, signal: Signal, state: ConversationState) -> Decision:
        """Reopen an answered case for the reason that the message gives, or ask for one."""
        if (said := self._cannot_reopen(case)) is not None:
            return self._replies.about(said, case, state)
        if gives_reason(signal.text):
            return self.reopened(case, signal, state)
        rate = () if case.score else (Button(f"{BUTTON}rate", self._word("follow_rate")),)
        return self._replies.wait("follow_ask_reopen", "reopen", case, state, rate)

    def reopened(self, case: Case, signal: Signal, state: ConversationState) -> Decision:
        """Reopen an answered case, once."""
        if (said := self._cannot_reopen(case)) is not None:
            return self._replies.about(said, case, state)
        change = ChangeCase(
            case.id,
            "reopened",
            {"reason": signal.text},
            expected=(Status.CLOSED,),
            status=Status.RECEIVED,
            reopened=True,
        )
        return self._replies.about("follow_reopened", case, state, (change,))

    def _cannot_reopen(self, case: Case) -> str | None:
        if case.status is Status.WITHDRAWN:
            return "follow_withdrawn_closed"
        if case.status is not Status.CLOSED:
            return "follow_not_closed"
        return "follow_reopened_already" if case.reopened else None
