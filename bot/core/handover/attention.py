"""Who answers a conversation: the assistant, nobody yet, or one person. Pure; every change is one of these functions.

BOT → WAITING when a person is asked for, offered and taken, or needed; WAITING → OPERATOR when one claims it; from
there back to WAITING (released, vanished), to another person (transferred) or to the BOT (handed back, closed). Who
attends holds the claim alone: nobody else replies, hands back or closes.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.conversation import Owner
from bot.core.errors import ClaimedByAnother, NotAttended, OutOfOrder

# After abuse was ended, nobody of the staff is called for so long; the assistant still answers.
BARRED = timedelta(hours=24)


class Why(StrEnum):
    """Why a person is wanted, the least urgent first."""

    ASKED = "asked"
    FAILED = "failed"  # two turns in a row were not answered
    ANGER = "anger"  # anger at the service
    SEVERITY = "severity"  # a case of the gravest kind was told
    DANGER = "danger"  # somebody is in danger: not offered but done


URGENCY = {Why.ASKED: 1, Why.FAILED: 2, Why.ANGER: 3, Why.SEVERITY: 4, Why.DANGER: 5}


class Ending(StrEnum):
    """How a person's part in a conversation ended; the first six are chosen by who closes it."""

    ANSWERED = "answered"
    FILED = "filed"
    REFERRED = "referred"
    CALLED_BACK = "called_back"
    NO_REPLY = "no_reply"
    OTHER = "other"
    HANDED_BACK = "handed_back"
    WENT_BACK = "went_back"  # the citizen waited no longer
    ABUSE = "abuse"
    ERASED = "erased"  # the citizen cleared the conversation


class Told(StrEnum):
    """What a waiting citizen was told of when somebody comes."""

    QUEUE = "queue"
    NOBODY = "nobody"  # it is office hours, but nobody is there
    CLOSED = "closed"


class Left(StrEnum):
    """What a waiting citizen left: to be called, to be written to, or words to be read."""

    CALL = "call"
    TEXT = "text"
    MESSAGE = "message"


class Move(StrEnum):
    """What changed, as it is kept in the history of a conversation and in the audit (`conversation_…`)."""

    ASK = "ask"
    CLAIM = "claim"
    RELEASE = "release"
    RETURN = "return"  # whoever attended vanished
    TRANSFER = "transfer"
    HAND_BACK = "hand_back"
    CLOSE = "close"
    GO_BACK = "go_back"
    WARN = "warn"
    END = "end"


@dataclass(frozen=True)
class Attention:
    """Who answers, and what is known of the wait. `moves` counts the changes.

    `by` attends since `since` and was last seen doing something here at `acted_at`; `last_by` is the last who did.
    `told…` is what the citizen was told last of their place (`told_minutes` None: no time was named).
    """

    owner: Owner = Owner.BOT
    why: Why | None = None
    urgency: int = 0
    waiting_since: datetime | None = None
    by: str | None = None
    last_by: str | None = None
    since: datetime | None = None
    acted_at: datetime | None = None
    left: Left | None = None
    told: Told | None = None
    told_place: int | None = None
    told_minutes: int | None = None
    told_at: datetime | None = None
    told_times: int = 0
    warned_at: datetime | None = None
    barred_until: datetime | None = None
    closed_at: datetime | None = None
    ending: Ending | None = None
    moves: int = 0

    @property
    def away(self) -> bool:
        """True where the citizen does not wait at the screen: they left word, or nobody was to be expected."""
        return self.left is not None or self.told is Told.CLOSED

    def barred(self, now: datetime) -> bool:
        """True while no person is called after abuse was ended."""
        return self.barred_until is not None and now < self.barred_until


def ask(attention: Attention, why: Why, now: datetime) -> Attention:
    """A person is wanted; who waits keeps their place, who is attended is. Danger alone breaks a bar."""
    if attention.owner is Owner.OPERATOR or (attention.barred(now) and why is not Why.DANGER):
        return attention
    if attention.owner is Owner.WAITING:
        if URGENCY[why] <= attention.urgency:
            return attention
        return _moved(attention, why=why, urgency=URGENCY[why])
    return _moved(_fresh(attention, why, now))


def go_back(attention: Attention, now: datetime) -> Attention:
    """The citizen waits no longer. Raises OutOfOrder unless they wait."""
    _require(attention.owner is Owner.WAITING, "nobody waits here")
    return _ended(attention, Ending.WENT_BACK, now)


def claim(attention: Attention, by: str, now: datetime) -> Attention:
    """Take it, also from the assistant; again by the same person it changes nothing. Raises ClaimedByAnother."""
    if attention.owner is Owner.OPERATOR:
        if attention.by == by:
            return attention
        raise ClaimedByAnother(attention.by or "")
    if attention.owner is Owner.BOT:
        attention = _fresh(attention, Why.ASKED, now)
    return _moved(attention, owner=Owner.OPERATOR, by=by, last_by=by, since=now, acted_at=now)


def release(attention: Attention, by: str, *, force: bool = False) -> Attention:
    """Give it back to those who wait, at its old place. Raises NotAttended."""
    _require_mine(attention, by, force=force)
    return _waiting(attention)


def returned(attention: Attention) -> Attention:
    """Whoever attended vanished: it waits again, at its old place. Raises NotAttended."""
    _require_mine(attention, "", force=True)
    return _waiting(attention)


def transfer(attention: Attention, by: str, to: str, now: datetime, *, force: bool = False) -> Attention:
    """Give it to another person. Raises NotAttended; OutOfOrder where that person has it already."""
    _require_mine(attention, by, force=force)
    _require(to != attention.by, "it is theirs already")
    return _moved(attention, by=to, last_by=to, since=now, acted_at=now)


def hand_back(attention: Attention, by: str, now: datetime) -> Attention:
    """The assistant answers again. Raises NotAttended."""
    _require_mine(attention, by)
    return _ended(attention, Ending.HANDED_BACK, now)


def close(attention: Attention, by: str, ending: Ending, now: datetime, *, force: bool = False) -> Attention:
    """A person's part is over; a waiting conversation may be closed by anybody who may attend. Raises NotAttended."""
    if attention.owner is not Owner.WAITING:
        _require_mine(attention, by, force=force)
    return _ended(attention, ending, now)


def warn(attention: Attention, by: str, now: datetime, *, force: bool = False) -> Attention:
    """Warn an abusive citizen, once. Raises NotAttended, OutOfOrder where they were warned."""
    _require_mine(attention, by, force=force)
    _require(attention.warned_at is None, "they were warned already")
    return _moved(attention, warned_at=now, acted_at=now)


def end(attention: Attention, now: datetime) -> Attention:
    """End a person's part for abuse. Raises OutOfOrder without a warning before, NotAttended where none attends."""
    _require_mine(attention, "", force=True)
    _require(attention.warned_at is not None, "they were not warned")
    return replace(_ended(attention, Ending.ABUSE, now), barred_until=now + BARRED)


def acted(attention: Attention, by: str, now: datetime) -> Attention:
    """Note that who attends did something. Raises NotAttended."""
    _require_mine(attention, by)
    return replace(attention, acted_at=now)


def told(attention: Attention, what: Told, place: int | None, minutes: int | None, now: datetime) -> Attention:
    """Note what the citizen was told of their wait."""
    return replace(
        attention,
        told=what,
        told_place=place,
        told_minutes=minutes,
        told_at=now,
        told_times=attention.told_times + 1,
    )


def erased(attention: Attention, now: datetime) -> Attention:
    """The citizen cleared the conversation: nobody waits any more."""
    if attention.owner is Owner.BOT:
        return attention
    return _ended(attention, Ending.ERASED, now)


def _fresh(attention: Attention, why: Why, now: datetime) -> Attention:
    """Return a wait that begins now; of what was before only who attended and a bar are remembered."""
    return Attention(
        Owner.WAITING,
        why,
        URGENCY[why],
        waiting_since=now,
        last_by=attention.last_by,
        barred_until=attention.barred_until,
        moves=attention.moves,
    )


def _waiting(attention: Attention) -> Attention:
    return _moved(
        attention, owner=Owner.WAITING, by=None, since=None, acted_at=None, told=None, told_at=None, told_times=0
    )


def _ended(attention: Attention, ending: Ending, now: datetime) -> Attention:
    return _moved(
        attention,
        owner=Owner.BOT,
        urgency=0,
        waiting_since=None,
        by=None,
        since=None,
        acted_at=None,
        left=None,
        told=None,
        told_place=None,
        told_minutes=None,
        told_at=None,
        told_times=0,
        closed_at=now,
        ending=ending,
    )


def _moved(attention: Attention, **changes: object) -> Attention:
    return replace(attention, moves=attention.moves + 1, **changes)  # type: ignore[arg-type]  # fields of its own


def _require_mine(attention: Attention, by: str, *, force: bool = False) -> None:
    if attention.owner is not Owner.OPERATOR:
        raise NotAttended("nobody attends this conversation")
    if not force and attention.by != by:
        raise ClaimedByAnother(attention.by or "")


def _require(condition: bool, why: str) -> None:
    if not condition:
        raise OutOfOrder(why)
