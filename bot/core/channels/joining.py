"""Accounts of several channels that are one person's: joined by a code that the citizen types, and by nothing else.

A code is made in one conversation and typed in another, of another channel, within minutes, once. Whoever joined may
follow the cases of all their conversations without number and secret, in those conversations alone of which they said
that the device is their own.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core.cases.office_ports import Task
from bot.core.cases.state import Case
from bot.core.errors import DecideAnew
from bot.core.messages import Turn
from bot.core.ports import UnitOfWork
from nlu.text import fold

PREFIX = "NT"
LIFE = timedelta(minutes=10)
MAX_TRIES = 5
LOCK = timedelta(minutes=15)
GUESSING_TASK = "join_guessing"
# As in the secrets of cases: signs that are not taken for one another, read or heard.
_SIGNS = "ACDEFHKMNPRTXY34679"
_HALF = 4
_CODE = re.compile(
    rf"(?<![a-z0-9]){PREFIX}[\s.:#-]{{0,2}}([{_SIGNS}]{{4}})[\s.-]{{0,2}}([{_SIGNS}]{{4}})(?![a-z0-9])", re.IGNORECASE
)
# Something of that form with other signs is a slip, and counts as a try.
_CLAIM = re.compile(rf"(?<![a-z0-9]){PREFIX}[:#-]\s?([a-z0-9]{{4}})[\s.-]?([a-z0-9]{{4}})(?![a-z0-9])", re.IGNORECASE)

_SELF = r"(?:toi|tui|em|chau|con|minh|bac|chu|co|ong|ba|anh|chi)"
_BEFORE = rf"(?:(?:da|vang|ad|admin|ban|oi|cho|xin|muon|can|giup|gium|dum|ho|lam on|nho|thi|thoi|{_SELF}) )*"
_AFTER = rf"(?: (?:voi|nhe|nha|di|a|duoc khong|giup|gium|dum|ho|cho|nay|luon|nua|khong|ko|{_SELF}))*"
_APP = r"(?:zalo|telegram|web)"
_ACCOUNT = (
    rf"(?:(?:tai khoan|tk|kenh)(?: {_APP})?|{_APP})(?: (?:nay|khac))?"
    rf"(?: (?:voi|va|qua|cua|sang) (?:(?:tai khoan|tk|kenh|trang) )?(?:{_APP}|{_SELF}|nay|kia|khac|day))?"
)
_JOIN = r"(?:noi|lien ket|ket noi|gop|ghep)"
_WANTS_CODE = re.compile(
    rf"{_BEFORE}(?:(?:lay|xin|gui|tao|cap|nhan) )?(?:mot )?ma (?:de )?{_JOIN}(?: {_ACCOUNT})?{_AFTER}"
    rf"|{_BEFORE}{_JOIN} {_ACCOUNT}{_AFTER}"
)
_WANTS_APART = re.compile(
    rf"{_BEFORE}(?:bo|huy|ngat|thoi|ngung|dung|tach|go) (?:viec )?{_JOIN}(?: {_ACCOUNT})?{_AFTER}"
    rf"|{_BEFORE}(?:tach|ngat) {_ACCOUNT}{_AFTER}|{_BEFORE}(?:khong|dung) {_JOIN} {_ACCOUNT} nua{_AFTER}"
)
_MOST_WORDS = 12
_OWN = re.compile(
    rf"{_BEFORE}(?:hoi )?(?:cho (?:chinh )?{_SELF}|(?:chinh )?(?:minh|ban than|toi|tui|em|chau|con))"
    r"(?: (?:thoi|a|hoi|tu hoi|dung|day))*"
    rf"|{_BEFORE}(?:may|dien thoai) (?:nay )?(?:la )?(?:cua )?(?:rieng )?{_SELF}(?: (?:thoi|a|dung|rieng|mot minh))*"
    r"|(?:chi )?(?:mot )?minh (?:toi|em|chau|con|tui) dung(?: (?:thoi|a))*"
    r"|(?:may|dien thoai) rieng(?: (?:cua .{2,6}|a))?"
)
_OTHERS = re.compile(
    rf"{_BEFORE}(?:hoi )?(?:ho |cho |giup )?nguoi (?:khac|nha|than|quen)(?: .{{0,30}})?"
    rf"|{_BEFORE}(?:hoi )?(?:ho|giup) (?:me|bo|ba|ong|vo|chong|con|hang xom|ban|chi|anh|em)\b.{{0,20}}"
    rf"|{_BEFORE}(?:hoi )?cho (?:me|bo|bo me|vo|chong|hang xom|ong ba)\b.{{0,20}}"
    rf"|{_BEFORE}(?:may|dien thoai) (?:nay )?(?:la )?(?:cua )?"
    rf"(?:dung chung|chung|nguoi khac|co quan|muon|quan net).{{0,20}}"
    rf"|(?:nhieu|ca) (?:nguoi|nha) dung(?: chung)?.{{0,20}}|dung chung(?: .{{0,20}})?"
)


class Wish(StrEnum):
    """What a message wants of the joining."""

    CODE = "code"
    APART = "apart"


class Judged(StrEnum):
    """What a code is worth here."""

    FITS = "fits"
    WRONG = "wrong"  # unknown, used, too old; or guessing is locked here
    OWN = "own"  # this very conversation's
    SAME_CHANNEL = "same_channel"
    ALREADY = "already"  # of a conversation that is joined with this one


@dataclass(frozen=True)
class Joined:
    """A conversation's place among those of one person. `own`: the device is theirs alone; None: not asked yet.

    `notices`: what happens to cases of all of them is told here.
    """

    conversation_id: str
    person_id: str
    own: bool | None
    notices: bool


class Joins(Protocol):
    """Joined conversations and their codes, inside a unit of work."""

    def offer(self, conversation_id: str, code: str, expires_at: datetime, now: datetime) -> None:
        """Keep the hash of a conversation's code, in the place of an earlier one."""
        ...

    def judge(self, conversation_id: str, code: str, now: datetime) -> Judged:
        """Say what a code is worth, without using it or counting the try."""
        ...

    def take(self, conversation_id: str, code: str, now: datetime) -> bool:
        """Use a code up and join; False (and no change) if it is none of another's that is still good."""
        ...

    def missed(self, conversation_id: str, now: datetime, max_tries: int, lock: timedelta) -> bool:
        """Count a wrong try; True when no code is looked at for a while from here on."""
        ...

    def of(self, conversation_id: str) -> Joined | None:
        """Return a conversation's place, None where it is joined with none."""
        ...

    def group(self, conversation_id: str) -> Sequence[str]:
        """Return all conversations of the person, this one among them."""
        ...

    def answer(self, conversation_id: str, *, own: bool) -> None:
        """Note whether the device is the citizen's alone."""
        ...

    def leave(self, conversation_id: str) -> None:
        """Join the conversation with none any more, and forget its code; one that is left alone is joined no more."""
        ...

    def notify(self, conversation_id: str, *, here: bool) -> None:
        """Have what happens to the cases of all told here, or where each was filed."""
        ...

    def notified(self, conversation_id: str) -> str:
        """Return the conversation in which what happens to a case of this one is told."""
        ...


def new_code() -> str:
    """Return a random code such as NT-K7MD-3XPA (34 bits; tries are counted, and a code lives for minutes)."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(2 * _HALF))
    return f"{PREFIX}-{signs[:_HALF]}-{signs[_HALF:]}"


def code_in(text: str) -> str | None:
    """Return the code that a text has, in its standard form, or what was written for one; None for neither."""
    found = _CODE.search(text) or _CLAIM.search(text)
    return f"{PREFIX}-{found[1]}-{found[2]}".upper() if found else None


def join_wish(text: str) -> Wish | None:
    """Return what a message wants of the joining, or None; it says nothing else."""
    folded = _words(text)
    if folded is None:
        return None
    if _WANTS_APART.fullmatch(folded):
        return Wish.APART
    return Wish.CODE if _WANTS_CODE.fullmatch(folded) else None


def whose(text: str) -> bool | None:
    """Tell «cho mình» (True) from «cho người khác», «máy dùng chung» (False); None for any other answer."""
    folded = _words(text)
    if folded is None:
        return None
    if _OTHERS.fullmatch(folded):
        return False
    return True if _OWN.fullmatch(folded) else None


def followed(unit: UnitOfWork, conversation_id: str) -> Sequence[str]:
    """Return the conversations whose cases are shown in this one without their secrets."""
    place = unit.joins.of(conversation_id)
    return unit.joins.group(conversation_id) if place and place.own else (conversation_id,)


def cases_followed(unit: UnitOfWork, conversation_id: str) -> list[Case]:
    """Return the cases that are shown in a conversation without secrets, latest first; its own before others."""
    own = unit.cases.of_conversation(conversation_id)
    others = [c for other in followed(unit, conversation_id) if other != conversation_id
              for c in unit.cases.of_conversation(other)]  # fmt: skip
    return own + sorted(others, key=lambda case: case.record.received_at, reverse=True)


def waits_for_whose(unit: UnitOfWork, conversation_id: str) -> bool:
    """True where joined conversations have cases and it is not said yet whether the device is the citizen's alone."""
    place = unit.joins.of(conversation_id)
    if place is None or place.own is not None:
        return False
    others = (other for other in unit.joins.group(conversation_id) if other != conversation_id)
    return any(unit.cases.of_conversation(other) for other in others)


def _words(text: str) -> str | None:
    words = re.findall(r"[a-z0-9]+", fold(text[:200]))
    return " ".join(words) if len(words) <= _MOST_WORDS else None


@dataclass(frozen=True)
class OfferCode:
    """Keep the code that the reply tells."""

    code: str

    def apply(self, unit: UnitOfWork, turn: Turn) -> None:
        """Store its hash."""
        unit.joins.offer(turn.conversation_id, self.code, turn.now + LIFE, turn.now)


@dataclass(frozen=True)
class TakeCode:
    """Use a code up and join."""

    code: str

    def apply(self, unit: UnitOfWork, turn: Turn) -> None:
        """Join. Raises DecideAnew where somebody was faster."""
        if not unit.joins.take(turn.conversation_id, self.code, turn.now):
            raise DecideAnew("the code was used meanwhile")


@dataclass(frozen=True)
class MissCode:
    """Count a wrong try."""

    def apply(self, unit: UnitOfWork, turn: Turn) -> None:
        """Count it; people are told of guessing once a day."""
        if unit.joins.missed(turn.conversation_id, turn.now, MAX_TRIES, LOCK):
            note = "Có người gõ sai mã nối tài khoản nhiều lần liền; chỗ đó đã bị chặn 15 phút."
            task_id = f"{GUESSING_TASK}-{turn.now:%Y%m%d}"
            unit.tasks.add(Task(task_id, GUESSING_TASK, None, None, note, turn.now, turn.now))


@dataclass(frozen=True)
class AnswerWhose:
    """Note that the device is the citizen's alone; another's is joined with nothing."""

    own: bool

    def apply(self, unit: UnitOfWork, turn: Turn) -> None:
        """Note it, or leave."""
        if self.own:
            unit.joins.answer(turn.conversation_id, own=True)
        else:
            unit.joins.leave(turn.conversation_id)


@dataclass(frozen=True)
class Leave:
    """Join the conversation with none any more."""

    def apply(self, unit: UnitOfWork, turn: Turn) -> None:
        """Leave."""
        unit.joins.leave(turn.conversation_id)


@dataclass(frozen=True)
class NotifyHere:
    """Have what happens to the cases of all told here, or where each was filed."""

    here: bool

    def apply(self, unit: UnitOfWork, turn: Turn) -> None:
        """Note it."""
        unit.joins.notify(turn.conversation_id, here=self.here)
