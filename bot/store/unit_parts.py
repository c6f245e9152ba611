"""The parts of a unit of work that have promises of their own, all inside its transaction."""

from sqlalchemy import Connection

from bot.store.audit.audit_mark import Mark
from bot.store.audit.log import SqlAudit
from bot.store.cases.attachments import SqlAttachments
from bot.store.cases.filed import SqlFiled
from bot.store.cases.notices import SqlNotices
from bot.store.cases.outbox import SqlOutbox
from bot.store.cases.ratings import SqlRatings
from bot.store.cases.repository import SqlCases
from bot.store.cases.tasks import SqlTasks
from bot.store.channels.dead_letters import SqlDeadLetters
from bot.store.channels.inbox import SqlChannelInbox
from bot.store.channels.joins import SqlJoins
from bot.store.channels.threads import SqlThreads
from bot.store.channels.tokens import SqlTokens
from bot.store.console.call_codes import SqlCallCodes
from bot.store.console.calls import SqlCalls
from bot.store.console.figures import SqlFigures
from bot.store.console.handovers import SqlHandovers
from bot.store.console.principals import SqlPrincipals
from bot.store.console.staff import SqlStaff
from bot.store.console.suggestions import SqlSuggestions
from bot.store.console.switchboard import SqlSwitchboard
from bot.store.sealing import KeyRing


class UnitParts:
    """Gives the parts to a unit of work, which says how they read and write."""

    _keys: KeyRing

    @property
    def cases(self) -> SqlCases:
        """Cases and their timelines."""
        return SqlCases(self._open, self._write, self._keys)

    @property
    def outbox(self) -> SqlOutbox:
        """The queue to the complaint backend."""
        return SqlOutbox(self._open, self._write, self._keys)

    @property
    def attachments(self) -> SqlAttachments:
        """Citizens' files."""
        return SqlAttachments(self._open, self._write, self._keys)

    @property
    def audit(self) -> SqlAudit:
        """The log of who did what."""
        return SqlAudit(self._open, self._write, self._keys, self._note_mark)

    @property
    def principals(self) -> SqlPrincipals:
        """Those who may act."""
        return SqlPrincipals(self._open, self._write, self._keys)

    @property
    def tasks(self) -> SqlTasks:
        """What people must do."""
        return SqlTasks(self._open, self._write, self._keys)

    @property
    def ratings(self) -> SqlRatings:
        """Scores that citizens gave."""
        return SqlRatings(self._open, self._write, self._keys)

    @property
    def calls(self) -> SqlCalls:
        """Telephone calls."""
        return SqlCalls(self._open, self._write, self._keys)

    @property
    def call_codes(self) -> SqlCallCodes:
        """Codes that callers were given."""
        return SqlCallCodes(self._open, self._write, self._keys)

    @property
    def filed(self) -> SqlFiled:
        """What officers filed for somebody."""
        return SqlFiled(self._open, self._write, self._keys)

    @property
    def threads(self) -> SqlThreads:
        """Threads of channels outside the web."""
        return SqlThreads(self._open, self._write, self._keys)

    @property
    def channel_inbox(self) -> SqlChannelInbox:
        """What arrived on those channels."""
        return SqlChannelInbox(self._open, self._write, self._keys)

    @property
    def dead_letters(self) -> SqlDeadLetters:
        """What those channels gave up."""
        return SqlDeadLetters(self._open, self._write, self._keys)

    @property
    def staff(self) -> SqlStaff:
        """The console's people."""
        return SqlStaff(self._open, self._write, self._keys)

    @property
    def channel_tokens(self) -> SqlTokens:
        """The channels' tokens."""
        return SqlTokens(self._open, self._write, self._keys)

    @property
    def joins(self) -> SqlJoins:
        """Conversations that are one person's."""
        return SqlJoins(self._open, self._write, self._keys)

    @property
    def notices(self) -> SqlNotices:
        """What citizens are told about their cases."""
        return SqlNotices(self._open, self._write, self._keys)

    @property
    def suggestions(self) -> SqlSuggestions:
        """Drafts, verdicts, notes to editors, quick replies, the review."""
        return SqlSuggestions(self._open, self._write, self._keys)

    @property
    def handovers(self) -> SqlHandovers:
        """Who answers each conversation."""
        return SqlHandovers(self._open, self._write, self._keys)

    @property
    def switchboard(self) -> SqlSwitchboard:
        """What operators see and leave."""
        return SqlSwitchboard(self._open, self._write, self._keys)

    @property
    def figures(self) -> SqlFigures:
        """Counts for the day's figures."""
        return SqlFigures(self._open, self._write, self._keys)

    def _open(self) -> Connection:
        raise NotImplementedError

    def _write(self) -> Connection:
        raise NotImplementedError

    def _note_mark(self, mark: Mark) -> None:
        raise NotImplementedError
