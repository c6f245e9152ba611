"""What a citizen is told of their case by itself, where, and by which way while the platform's window is closed.

A notice is kept when the case changes, in the same transaction. What it says tells nothing of the case: a phone may
lie on somebody else's table. Its button asks for whom the citizen asks before it shows anything (actions.cases.news).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core.cases.lifecycle import Verb
from bot.core.cases.record import CaseRecord
from bot.core.cases.state import Case, CaseEvent
from bot.core.channels.contract import Capabilities
from bot.core.channels.ports import Thread, ThreadStatus
from bot.core.ports import UnitOfWork
from bot.core.story import Identity, Reach

NEWS_BUTTON = "n:"
# So long before a window closes nothing is begun any more: it would close on the way.
MARGIN = timedelta(minutes=10)
# In the data of a notice's event, so that its sender knows what became of it.
NOTICE = "notice"


class News(StrEnum):
    """What happened that a citizen wants to hear of."""

    RELEASED = "released"  # somebody has seen it and let it go on
    INSPECTION = "inspection"  # a team looks into it
    ANSWERED = "answered"  # the answer is there


NEWS_OF = {Verb.RELEASE: News.RELEASED, Verb.INSPECT: News.INSPECTION, Verb.CLOSE: News.ANSWERED}
# Of these somebody calls, if need be; of the others is told where it costs nobody anything.
IMPORTANT = frozenset({News.ANSWERED})


class NoticeStatus(StrEnum):
    """How far a notice is."""

    WAITING = "waiting"
    CHAT = "chat"  # in the log of its conversation, not sent yet
    SENT = "sent"
    TEMPLATE = "template"  # by a message that the platform takes outside its window
    PERSON = "person"  # a task for somebody of the office
    DROPPED = "dropped"  # of no importance, or there is no way to tell


@dataclass(frozen=True)
class Notice:
    """One thing to tell about a case. `sequence`: its event, once it stands in the log.

    `refused`: the chat took it not.
    """

    id: str
    case_id: str
    conversation_id: str
    news: News
    status: NoticeStatus
    created_at: datetime
    attempts: int = 0
    refused: bool = False
    sequence: int | None = None


class CaseNotices(Protocol):
    """Notices, inside a unit of work."""

    def add(self, notice: Notice) -> None:
        """Add once; again with the same id it changes nothing."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Return ids of notices to see to, oldest first."""
        ...

    def claim(self, notice_id: str, now: datetime, until: datetime) -> Notice | None:
        """Take a notice that is due, counting the attempt; nobody else gets it before `until`."""
        ...

    def settle(self, notice_id: str, status: NoticeStatus, *, sequence: int | None = None) -> None:
        """Note how far it is; `sequence` stays where None."""
        ...

    def look_again(self, notice_id: str, at: datetime) -> None:
        """See to it again at a moment."""
        ...

    def refused(self, notice_id: str, now: datetime) -> None:
        """Have another way found for a notice that the chat took not, unless one was found already."""
        ...

    def delivered(self, notice_id: str) -> None:
        """Note that the chat took it, unless another way was found."""
        ...


def announce(unit: UnitOfWork, case: Case, verb: Verb, event: CaseEvent) -> None:
    """Keep a notice of what was done, where a citizen wants to hear of it: in the conversation that they chose."""
    news = NEWS_OF.get(verb)
    if news is None:
        return
    where = unit.joins.notified(case.conversation_id)
    notice_id = f"{case.id}-{event.sequence}"
    unit.notices.add(Notice(notice_id, case.id, where, news, NoticeStatus.WAITING, event.at))


class Way(StrEnum):
    """How a notice goes out."""

    CHAT = "chat"
    TEMPLATE = "template"
    PERSON = "person"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Place:
    """Where a notice is to be told. `thread` None: on the web, where `session` says whether it is still open.

    `capabilities` None: the channel is switched off. `template`: it takes template messages.
    """

    thread: Thread | None
    session: bool = False
    capabilities: Capabilities | None = None
    template: bool = False


def way_of(notice: Notice, place: Place, record: CaseRecord, now: datetime) -> Way:
    """Return how a notice goes out now."""
    if place.thread is None:
        # Nobody is told on a page that they may never open again; whoever left a number is called.
        if notice.news in IMPORTANT and reachable(record):
            return Way.PERSON
        return Way.CHAT if place.session else Way.NOTHING
    if not notice.refused and is_open(place.thread, place.capabilities, now):
        return Way.CHAT
    if notice.news not in IMPORTANT:
        return Way.NOTHING
    willing = place.thread.status not in {ThreadStatus.BLOCKED, ThreadStatus.LEFT}
    if place.template and willing:
        return Way.TEMPLATE
    # In the platform's own console somebody may write where a program may not.
    return Way.PERSON if reachable(record) or willing else Way.NOTHING


def is_open(thread: Thread, capabilities: Capabilities | None, now: datetime, *, margin: timedelta = MARGIN) -> bool:
    """True while a thread may be written to, and for so long from now on."""
    if capabilities is None or thread.status is not ThreadStatus.OPEN:
        return False
    if capabilities.closed_after is None:
        return True
    last = thread.last_inbound_at
    return last is not None and now + margin < last + capabilities.closed_after


def reachable(record: CaseRecord) -> bool:
    """True when the citizen left a way to be reached."""
    return record.identity is not Identity.ANONYMOUS and bool(record.contact.phone or record.contact.email)


def reach_of(record: CaseRecord) -> Reach | None:
    """Return how the citizen wants to be told: as they chose, else by what they left; None for by chat alone."""
    if not reachable(record):
        return None
    if not record.contact.phone:
        return Reach.EMAIL
    return record.reach or Reach.CALL
