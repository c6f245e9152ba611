"""Scans of letters, kept until the case is filed that they belong to: filing takes what waits in its conversation.

Blocking.
"""

from datetime import datetime, timedelta

from bot.core import standing_in
from bot.core.cases.people import Principal
from bot.core.cases.ports import Attachment
from bot.core.errors import NotPermitted, UnknownAttachment
from bot.core.filing.desk import FILERS, filing_key
from bot.core.filing.form import Source
from bot.core.ports import Clock, UnitOfWork, UnitOfWorkFactory

# What was never filed is deleted after so long.
KEEP_UNFILED = timedelta(days=2)


class Scans:
    """Where the files of a filing wait. It is named by the id that its page gave it; nobody's meet another's."""

    def __init__(self, units: UnitOfWorkFactory, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def place(self, principal: Principal, client_id: str, source: Source) -> str:
        """Return the conversation in which the files wait; made where it is missing. Raises NotPermitted."""
        conversation = _conversation(principal, client_id)
        with self._units() as unit:
            if not unit.conversation_exists(conversation):
                unit.create_conversation(conversation, source.value, self._clock.now())
                unit.commit()
        return conversation

    def waiting(self, principal: Principal, client_id: str) -> list[Attachment]:
        """Return the files that wait. Raises NotPermitted."""
        with self._units() as unit:
            return unit.attachments.of_conversation(_conversation(principal, client_id), unfiled=True)

    def drop(self, principal: Principal, client_id: str, file_id: str) -> None:
        """Delete a file that waits. Raises NotPermitted, UnknownAttachment."""
        conversation = _conversation(principal, client_id)
        with self._units() as unit:
            if file_id not in {file.id for file in unit.attachments.of_conversation(conversation, unfiled=True)}:
                raise UnknownAttachment("no such file waits for this filing")
            unit.attachments.drop(file_id)
            unit.commit()


def forget_unfiled(unit: UnitOfWork, now: datetime) -> None:
    """Delete the files of filings that were given up."""
    unit.attachments.forget_unfiled(standing_in.OF_FILING, now - KEEP_UNFILED)


def _conversation(principal: Principal, client_id: str) -> str:
    if not principal.active or principal.role not in FILERS:
        raise NotPermitted(f"{principal.role} may not file for somebody")
    return standing_in.of_filing(filing_key(principal, client_id))
