"""The seams of the system: Protocols that adapters implement and `bot.main` joins."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from bot.core.calls.ports import CallBook, CallCodes
from bot.core.cases.office_ports import AuditLog, Principals, Ratings, Tasks
from bot.core.cases.ports import Attachments, CaseRepository, Outbox
from bot.core.channels.ports import ChannelInbox, ChannelThreads, ChannelTokens, DeadLetters
from bot.core.conversation import ConversationState
from bot.core.enquiry.findings import Findings
from bot.core.figures.ports import FigureRecords
from bot.core.filing.ports import FiledOnce
from bot.core.handover.ports import Handovers, Switchboard
from bot.core.messages import DialogueInput, Event, EventKind, InboundMessage, Stored, Turn, TurnRecord
from bot.core.procedures import Procedure
from bot.core.replies import Reply
from bot.core.staff.ports import Staff
from bot.core.suggestions.ports import SuggestionParts

if TYPE_CHECKING:  # they work with units of work themselves
    from bot.core.cases.news import CaseNotices
    from bot.core.channels.joining import Joins


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """Return the present moment, aware UTC."""
        ...


class Dialogue(Protocol):
    """The dialogue engine (Rasa)."""

    async def respond(self, message: DialogueInput) -> None:
        """Run one turn. Its effects are what actions committed for `turn_id`.

        Raises DialogueUnavailable when it cannot be reached, DialogueFailed when it answered with nothing.
        """
        ...


class KnowledgeBase(Protocol):
    """The procedure catalogue and its search. Blocking; callers use a thread pool."""

    def search(self, question: str, now: datetime, limit: int = 10) -> Findings:
        """Rank the procedures valid at `now` for a question as typed. Withdrawn ones are never found."""
        ...

    def procedure(self, procedure_id: str, now: datetime) -> Procedure | None:
        """Return the version valid at `now` (or the last one, if repealed); None if unknown or withdrawn."""
        ...

    def choose(self, answer: str, options: Mapping[str, str]) -> str | None:
        """Return the key of the option (key → title) that words such as part of its title name, or None."""
        ...


class Calendar(Protocol):
    """Working days of Viet Nam."""

    def add_working_days(self, start: date, days: int) -> date | None:
        """Return the day `days` working days after `start`; None beyond the holiday table."""
        ...

    def add_days(self, start: date, days: int) -> date | None:
        """Return the day `days` days after `start`, moved on to a working day; None beyond the table."""
        ...

    def projected_between(self, start: date, end: date) -> Sequence[object]:
        """Return the days off of the period that are not announced yet: a due date that spans them may move."""
        ...


class UnitOfWork(Protocol):
    """One database transaction; rolls back unless `commit` is called. Blocking; callers use a thread pool.

    What was read before the unit's first change may have been changed since by another unit; each method that
    decides on what it reads locks that first. Raises StoreUnavailable when the database does not answer.
    """

    def __enter__(self) -> "UnitOfWork": ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def commit(self) -> None:
        """Make the changes of this unit durable."""
        ...

    # parts of their own, all inside this transaction
    @property
    def cases(self) -> CaseRepository: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def attachments(self) -> Attachments: ...
    @property
    def audit(self) -> AuditLog: ...
    @property
    def principals(self) -> Principals: ...
    @property
    def tasks(self) -> Tasks: ...
    @property
    def ratings(self) -> Ratings: ...
    @property
    def calls(self) -> CallBook: ...
    @property
    def call_codes(self) -> CallCodes: ...
    @property
    def filed(self) -> FiledOnce: ...
    @property
    def threads(self) -> ChannelThreads: ...
    @property
    def channel_inbox(self) -> ChannelInbox: ...
    @property
    def dead_letters(self) -> DeadLetters: ...
    @property
    def channel_tokens(self) -> ChannelTokens: ...
    @property
    def joins(self) -> "Joins": ...
    @property
    def notices(self) -> "CaseNotices": ...
    @property
    def staff(self) -> Staff: ...
    @property
    def suggestions(self) -> SuggestionParts: ...
    @property
    def handovers(self) -> Handovers: ...
    @property
    def switchboard(self) -> Switchboard: ...
    @property
    def figures(self) -> FigureRecords: ...

    # conversations and the event log
    def create_conversation(self, conversation_id: str, channel: str, now: datetime) -> None:
        """Create an empty conversation owned by the bot."""
        ...

    def conversation_exists(self, conversation_id: str) -> bool:
        """True when the conversation is known."""
        ...

    def channel(self, conversation_id: str) -> str:
        """Return the channel in which the conversation is held. Raises UnknownConversation."""
        ...

    def state(self, conversation_id: str) -> ConversationState:
        """Return the conversation's state (empty for a new one), with who answers now. Raises UnknownConversation."""
        ...

    def save_state(self, conversation_id: str, state: ConversationState, now: datetime) -> None:
        """Replace the conversation's state; who answers it, only `handovers` changes."""
        ...

    def append_event(
        self, conversation_id: str, kind: EventKind, body: dict[str, Any], turn_id: str | None, now: datetime
    ) -> int:
        """Append to the log and return the new sequence (1, 2, …, without gaps). Raises UnknownConversation.

        A turn's ASSISTANT event is appended once: again, it changes nothing and returns the first sequence.
        """
        ...

    def events_after(self, conversation_id: str, sequence: int, limit: int = 200) -> list[Event]:
        """Return events with a greater sequence, in order."""
        ...

    def latest_events(self, conversation_id: str, kind: EventKind, limit: int) -> list[Event]:
        """Return the last events of a kind, latest first."""
        ...

    # inbox
    def store_inbound(self, message: InboundMessage, max_waiting: int) -> Stored:
        """Store once per (conversation, channel_message_id), also appending a CITIZEN event with the text masked.

        Raises ConversationBusy when `max_waiting` messages already wait, UnknownConversation.
        """
        ...

    def replace_inbound(self, conversation_id: str, channel_message_id: str, text: str, button: str | None) -> bool:
        """Put other words in the place of a stored message's, in the log too; False (and no change) once its turn has
        begun, or where there is no such message."""
        ...

    # turns
    def due_conversations(self, now: datetime, limit: int) -> list[str]:
        """Return conversations with a turn due or waiting messages and no live lease, oldest first."""
        ...

    def claim_turn(self, conversation_id: str, worker: str, now: datetime, lease_seconds: float) -> Turn | None:
        """Take the lease and return the open turn, or make one of the waiting messages; None if nothing to do.

        A turn with a `next_attempt_at` in the future is not due. Raises nothing when another worker holds the lease.
        While a person attends the conversation its messages make no turn: they are left to them.
        """
        ...

    def turn(self, turn_id: str) -> Turn | None:
        """Return an open or finished turn by id."""
        ...

    def stored_reply(self, turn_id: str) -> Reply | None:
        """Return the reply an action committed for this turn, if any."""
        ...

    def record_reply(self, turn_id: str, reply: Reply, record: TurnRecord) -> bool:
        """Store the turn's reply and figures once; False (and no change) if it has a reply or is closed already.

        Raises UnknownTurn.
        """
        ...

    def finish_turn(self, turn_id: str, status: str, now: datetime) -> bool:
        """Close the turn as `answered` or `expired` and release the lease; False (and no change) if it is closed.

        Raises UnknownTurn.
        """
        ...

    def postpone_turn(self, turn_id: str, next_attempt_at: datetime) -> bool:
        """Count a failed attempt, set when to try again and release the lease; False (and no change) if it is closed.

        Raises UnknownTurn.
        """
        ...

    def release_leases_of(self, worker: str) -> None:
        """Free the leases that a worker holds; called when it stops."""
        ...

    def release_all_leases(self) -> None:
        """Free every lease; called at start where this is the only service process."""
        ...

    # web sessions
    def create_web_session(
        self, session_id: str, conversation_id: str, token_hash: str, expires_at: datetime, now: datetime
    ) -> None:
        """Remember a web session; only the hash of its token is stored."""
        ...

    def web_session(self, session_id: str) -> tuple[str, str, datetime] | None:
        """Return (conversation_id, token_hash, expires_at) or None."""
        ...

    def session_open(self, conversation_id: str, now: datetime) -> bool:
        """True while somebody can come back to a conversation of the web."""
        ...

    def end_web_session(self, session_id: str, now: datetime) -> None:
        """Let a session end now; nothing where it has ended or is unknown."""
        ...

    def erase_conversation(self, conversation_id: str, now: datetime) -> None:
        """Blank all that was said in a conversation and its state, and delete its unfiled files. Cases stay.

        Nobody waits in it any more, nobody of the staff attends it, and calls that were asked for are forgotten.

        Raises ConversationBusy while a message waits or is being answered, UnknownConversation.
        """
        ...

    # housekeeping
    def purge(self, before: datetime, now: datetime, limit: int) -> Mapping[str, int]:
        """Delete up to `limit` rows of each table of what was dealt with before a moment; return how many of each.

        What waits to be dealt with is never deleted.
        """
        ...

    # withdrawals of procedures
    def withdraw(self, procedure_id: str, reason: str, actor: str, now: datetime) -> bool:
        """Hide a procedure; False if it is hidden already."""
        ...

    def restore(self, procedure_id: str, reason: str, actor: str, now: datetime) -> bool:
        """Bring a hidden procedure back; False if it was not hidden."""
        ...

    def withdrawn(self) -> frozenset[str]:
        """Return the ids hidden now."""
        ...

    def missing_facts_asked(self) -> Sequence[tuple[str, str, int]]:
        """Return (procedure_id, facet, times asked) for answers that lacked their fact, most asked first."""
        ...


class UnitOfWorkFactory(Protocol):
    """Makes units of work."""

    def __call__(self) -> UnitOfWork: ...
