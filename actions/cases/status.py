"""A case's state in plain words, with the next deadline, the published answer and what the citizen can do. Pure."""

from datetime import date

from bot.core.cases.state import Case, Status
from bot.core.cases.views import citizens_answer
from bot.core.phrases import Phrases, vietnamese_date
from bot.core.replies import Block, Button, Reply

OPEN = frozenset(
    {Status.RECEIVED, Status.RELEASED, Status.ASSIGNED, Status.INSPECTION, Status.EXPLAINED, Status.ANSWERED}
)


class CaseStatus:
    """Composes replies about a filed case; immutable."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases

    def reply(self, case: Case, address: str | None, today: date) -> Reply:
        """Return where the case stands. The accused is never named here."""
        say = self._phrases
        due = ""
        if case.due_on and case.status in OPEN:
            act = "status_overdue" if case.due_on < today else "status_due"
            due = say.say(act, address, date=vietnamese_date(case.due_on))
        received = vietnamese_date(case.created_at.date())
        text = say.say(f"status_{case.status.value}", address, number=case.number, received=received, due=due).strip()
        blocks = self._answer(case) if case.status is Status.CLOSED else ()
        data = {"case_number": case.number, "case_status": case.status.value}
        return Reply("status", text, blocks, buttons=self._buttons(case), data=data)

    def _answer(self, case: Case) -> tuple[Block, ...]:
        if case.answer is None:
            return ()
        answer = citizens_answer(case)
        word = self._phrases.word
        items = (
            word("answer_finding", finding=word(f"finding_{answer.finding.value}")),
            word("answer_reason", reason=answer.reason),
            word("answer_document", document=answer.document),
            word("answer_remedy", remedy=answer.remedy),
        )
        return (
            Block("paragraph", title=word("answer_title"), text=answer.text),
            Block("list", items=items),
        )

    def _buttons(self, case: Case) -> tuple[Button, ...]:
        word = self._phrases.word
        if case.status is Status.CLOSED:
            reopen = () if case.reopened else (Button("s:reopen", word("follow_reopen")),)
            rate = () if case.score else (Button("s:rate", word("follow_rate")),)
            return (*rate, *reopen)
        if case.status in {Status.WITHDRAWN, Status.PARKED}:
            return ()
        return (Button("s:add", word("follow_add")), Button("s:withdraw", word("follow_withdraw")))
