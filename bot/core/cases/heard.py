"""What one message says, as far as a complaint is concerned: read once, before anything is decided."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.core.enquiry.signals import Signal
from bot.core.kinds import KindReading, child, read_kind, route_of
from bot.core.routes import Route
from bot.core.story import (
    VIETNAM,
    Contacts,
    EventTime,
    StoryFacts,
    appointment,
    contacts,
    event_time,
    story_facts,
    without_resuming,
)
from bot.core.taxonomy import Taxonomy
from bot.core.units import UnitFinder, UnitMention
from nlu.text import expand, fold, strip_accents

MAX_BEHAVIOURS = 3
_CORRECTS = re.compile(
    r"\b(?:nham|noi nham|viet nham|ghi nham|go nham|sua|sua lai|doi lai|khong phai|ko phai|k phai|dung ra|that ra"
    r"|chinh xac la|y toi la|y em la|a quen|quen|dinh chinh|noi lai|moi dung"
    r"|lan (?:gan (?:day )?nhat|moi nhat|cuoi(?: cung)?) (?:la|thi|vao|hom))\b"
)
_ASKS = re.compile(
    r"\?|\b(?:bao nhieu|o dau|cho nao|the nao|nhu nao|ra sao|la gi|gi vay|may ngay|bao lau|can gi|nhung gi|giay to gi"
    r"|can nhung|duoc khong|dc ko|duoc ko|dc k|khi nao|bao gio|tai sao|vi sao|phai khong|co phai|may tien|mat gi"
    r"|het bao|den dau roi|lam sao|man rang|giay to (?:gi|j)"
    r"|cho (?:toi |minh |mk |em |tui |chau |con |e )?hoi|nhung gi)\b"
)


_PLACEHOLDER = re.compile(r"\[[^\[\]]{1,20}\]")
# Who gives a number of their own tells of no leak: «số căn cước của tôi là [số giấy tờ]». Of the clause that gives it
# nothing is read; «đọc to số căn cước của tôi [số giấy tờ]» does not begin so.
_GIVES_OWN = re.compile(
    r"(?:^|(?<=[.,;:!?\n]))\s*(?:(?:da|vang|a|day|la|thi|con|va|toi|em|chau|minh|tui|co|xin|gui|cho|ghi|lay|de"
    r"|bo sung|them)\s+)*(?:(?:so|ma)\s+)?(?:cccd|cmnd|cmt|can cuoc|chung minh|dinh danh|ho chieu|bhyt|giay to"
    r"|dien thoai|sdt|tai khoan|email|zalo|so)(?:\s+(?:cong dan|nhan dan|ca nhan|thu|cua|toi|em|chau|minh|tui|con|la"
    r"|so|day|:|-)){0,6}\s*:?\s*\[[^\[\]]{1,20}\]"
)
# Beside a number these still ask for somebody; without them, «để số 024…» only leaves it.
_ASKS_FOR_SOMEBODY = re.compile(
    r"\b(?:gap|noi chuyen|trao doi|noi may|chuyen may|tong dai|tu van vien|nguoi that|nguoi truc"
    r"|(?:chat|noi) voi nguoi)\b"
)
_LEFT_A_NUMBER = "affirm"


class BehaviourModel(Protocol):
    """The trained reader of behaviours (knowledge.complaints)."""

    def codes(self, text: str) -> "Sequence[ScoredCode]":
        """Return the codes that a text tells of, best first; empty where it tells of none."""
        ...

    def happened(self, text: str) -> float:
        """Return how sure it is that a text tells of something that happened, 0–1."""
        ...


class ScoredCode(Protocol):
    """A behaviour code and its share."""

    @property
    def code(self) -> str: ...
    @property
    def share(self) -> float: ...


@dataclass(frozen=True)
class Judgement:
    """What kind of input a story is, which behaviours it tells of, and how grave that is (1–5).

    `shares` say how sure the reader is of each code that it found.
    """

    kind: KindReading
    behaviours: tuple[str, ...]
    severity: int
    shares: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Heard:
    """A turn as the interview sees it. `text` is cleaned and masked, `raw` as typed; `words` counts the text's.

    `promised` is the day of an appointment that it names («hẹn trả 15/12»), behind or ahead; `when` never is.
    """

    text: str
    raw: str
    folded: str
    plain: str
    now: datetime
    intent: str
    confidence: float
    button: str | None
    judgement: Judgement
    route: Route
    units: tuple[UnitMention, ...]
    when: EventTime | None
    facts: StoryFacts
    contacts: Contacts
    child: bool
    amends: bool = False
    promised: date | None = None

    @property
    def overdue_since(self) -> date | None:
        """The promised day where it has passed: the day to go by for a delay of which no other day is told."""
        return self.promised if self.promised and self.promised < self.now.astimezone(VIETNAM).date() else None

    @property
    def words(self) -> int:
        """How many words the message has."""
        return len(self.folded.split())

    @property
    def kind(self) -> KindReading:
        """The kind of input."""
        return self.judgement.kind

    @property
    def corrects(self) -> bool:
        """True when something said before is taken back; `amends` where the talk says so."""
        return self.amends or bool(_CORRECTS.search(self.folded))

    @property
    def asks(self) -> bool:
        """True when it reads like a question."""
        return bool(_ASKS.search(self.folded) or _ASKS.search(self.plain))


def _without_own_numbers(story: str) -> str:
    """Return the story without the clauses that only give a number of the citizen's own."""
    composed = unicodedata.normalize("NFC", story)
    plain = strip_accents(composed).lower()
    if len(plain) != len(composed):
        return composed
    for match in reversed(list(_GIVES_OWN.finditer(plain))):
        composed = f"{composed[: match.start()]} {composed[match.end() :]}"
    return composed


def _intent(intent: str, folded: str, given: Contacts) -> str:
    """Return the intent; a number that is left is no request for a person."""
    left = intent == "talk_to_human" and (given.phone or given.email) and not _ASKS_FOR_SOMEBODY.search(folded)
    return _LEFT_A_NUMBER if left else intent


class StoryReader:
    """Reads messages and whole stories with the readers it is given; immutable and free of I/O."""

    def __init__(self, units: UnitFinder, behaviours: BehaviourModel, taxonomy: Taxonomy) -> None:
        self.units = units
        self.taxonomy = taxonomy
        self._behaviours = behaviours

    def hear(self, signal: Signal) -> Heard:
        """Read one message."""
        text, folded = signal.text, fold(signal.text)
        judgement = self.judge(text, signal.intent, signal.guess)
        given = contacts(signal.raw or text)
        return Heard(
            text=text,
            raw=signal.raw or text,
            folded=folded,
            plain=strip_accents(" ".join(expand(text).lower().split())),
            now=signal.now,
            intent=_intent(signal.intent, folded, given),
            confidence=signal.confidence,
            button=signal.button,
            judgement=judgement,
            route=route_of(signal.intent, signal.confidence, signal.guess, judgement.kind),
            units=self.units.find(text),
            when=event_time(without_resuming(text), signal.now),
            facts=story_facts(text),
            contacts=given,
            child=child(text),
            promised=appointment(text, signal.now),
        )

    def happened(self, heard: Heard) -> float:
        """Return how sure it is that a message tells of something that happened, 0–1."""
        return self._behaviours.happened(_PLACEHOLDER.sub(" ", heard.text))

    def judge(self, story: str, intent: str, guess: str | None = None) -> Judgement:
        """Read what a story is as a whole."""
        told = _PLACEHOLDER.sub(" ", _without_own_numbers(story))
        scored = self._behaviours.codes(told)
        codes = tuple(s.code for s in scored)
        kind = read_kind(story, intent, guess, codes)
        behaviours = self._ordered(codes, kind)
        severity = self.taxonomy.severity(behaviours, money=kind.money, danger=kind.danger is not None)
        return Judgement(kind, behaviours, severity, tuple((s.code, s.share) for s in scored))

    def _ordered(self, codes: Sequence[str], kind: KindReading) -> tuple[str, ...]:
        """Money for an official outranks every other behaviour."""
        first = (self.taxonomy.money_code,) if kind.money else ()
        return tuple(dict.fromkeys((*first, *codes)))[:MAX_BEHAVIOURS]
