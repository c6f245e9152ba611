"""What confirming a draft does: its cases are filed, or it is added to the same matter's case. Blocking (reads).

The one way from a draft to a case, for the chat and for officers who file for somebody.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.cases.draft import Draft
from bot.core.cases.effects import ChangeCase, Effect, FileCases
from bot.core.cases.filing import CaseFiling
from bot.core.cases.record import Filing
from bot.core.ports import UnitOfWorkFactory


@dataclass(frozen=True)
class Earlier:
    """A case of the same conversation about the same event."""

    case_id: str
    number: str


@dataclass(frozen=True)
class Sent:
    """What is to be committed: `effects`, in one transaction with the answer. `filings` has the main case first.

    With `earlier` nothing is filed anew: what was told is added to that case.
    """

    filings: tuple[Filing, ...]
    effects: tuple[Effect, ...]
    earlier: Earlier | None = None

    @property
    def main(self) -> Filing:
        """The case of the draft's own kind."""
        return self.filings[0]


class CaseSender:
    """Makes of a confirmed draft what is committed."""

    def __init__(self, units: UnitOfWorkFactory, filing: CaseFiling) -> None:
        self._units = units
        self._filing = filing

    def send(self, draft: Draft, conversation_id: str, now: datetime) -> Sent:
        """Return what confirming the draft does; numbers and secrets are new each time."""
        draft = self._with_files(draft, conversation_id)
        filings = self._filing.filings(draft, now)
        if earlier := self._earlier(filings[0], conversation_id):
            told = {"text": draft.narrative, "raw": filings[0].record.narrative_raw}
            added = ChangeCase(earlier.case_id, "added", told, attachments=draft.attachments)
            return Sent(filings, (added,), earlier)
        return Sent(filings, (FileCases(filings),))

    def _with_files(self, draft: Draft, conversation_id: str) -> Draft:
        """Take in the files that were sent before the story was told."""
        with self._units() as unit:
            waiting = [a.id for a in unit.attachments.of_conversation(conversation_id, unfiled=True)]
        return replace(draft, attachments=tuple(dict.fromkeys((*draft.attachments, *waiting))))

    def _earlier(self, filing: Filing, conversation_id: str) -> Earlier | None:
        """Return this conversation's case about the same event, if there is one.

        A telephone number proves nobody: cases that share one elsewhere are told apart here, and clustered for
        officers. Whoever comes back in another conversation adds with number and secret.
        """
        with self._units() as unit:
            ours = {case.id for case in unit.cases.of_conversation(conversation_id)}
            same, _ = unit.cases.similar(replace(filing, conversation_id=conversation_id))
            for case_id in same:
                if case_id not in ours:
                    continue
                case = unit.cases.case(case_id)
                if set(case.record.behaviours) & set(filing.record.behaviours) or not filing.record.behaviours:
                    return Earlier(case_id, case.number)
        return None
