"""Steps of the console's tests: citizens, people who attend, and the assistant, over a real store."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.core.calendar import WorkingCalendar
from bot.core.cases.access import Access
from bot.core.cases.people import Principal, Role
from bot.core.conversation import ConversationState
from bot.core.handover.attention import Attention, Why
from bot.core.handover.desk import OperatorDesk
from bot.core.handover.effects import AskPerson
from bot.core.handover.floor import StoredFrontDesk
from bot.core.handover.hours import Hours
from bot.core.handover.keeper import HandOverKeeper
from bot.core.handover.presence import State
from bot.core.handover.views import ConversationViews
from bot.core.messages import Event, EventKind, InboundMessage, TurnRecord
from bot.core.phrases import load_phrases
from bot.core.replies import Reply
from bot.store import Store

# Thursday 26 November 2026, 10:00 in Hà Nội.
NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
PHRASES = load_phrases()
HOURS = Hours.load(WorkingCalendar.load())
RECORD = TurnRecord("ask_procedure", 0.9, "ask_procedure", "answered", 1.0)
LAN = Principal("lan", "Nguyễn Thị Lan", Role.OPERATOR)
MINH = Principal("minh", "Trần Văn Minh", Role.OPERATOR)
SEP = Principal("sep", "Lê Văn Sếp", Role.SUPERVISOR)
HAI = Principal("hai", "Phạm Thị Hải", Role.OFFICER)
KIEM = Principal("kiem", "Đỗ Văn Kiểm", Role.AUDITOR)
EVERYBODY = (LAN, MINH, SEP, HAI, KIEM)


@dataclass
class SetClock:
    """A clock that tests move."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    def move(self, minutes: float) -> None:
        self.moment += timedelta(minutes=minutes)


@dataclass
class Office:
    """Citizens and staff over a store."""

    store: Store
    clock: SetClock = field(default_factory=SetClock)
    said: list[str] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        access = Access()
        self.desk = OperatorDesk(self.store, self.clock, PHRASES, access)
        self.views = ConversationViews(self.store, self.clock, HOURS, access)
        self.front = StoredFrontDesk(self.store, HOURS)
        self.keeper = HandOverKeeper(self.store, self.clock, HOURS, PHRASES, self.said.append, self.woken.append)

    def hire(self, *people: Principal) -> None:
        with self.store() as unit:
            for person in people or EVERYBODY:
                unit.principals.add(person, self.clock.now())
            unit.commit()

    def open(
        self, conversation_id: str = "web-1", channel: str = "web", state: ConversationState | None = None
    ) -> str:
        with self.store() as unit:
            unit.create_conversation(conversation_id, channel, self.clock.now())
            if state is not None:
                unit.save_state(conversation_id, state, self.clock.now())
            unit.commit()
        return conversation_id

    def says(self, text: str, conversation_id: str = "web-1", button: str | None = None) -> int:
        """Let the citizen say something, which nobody has answered yet."""
        message = InboundMessage(conversation_id, uuid.uuid4().hex, text, self.clock.now(), button)
        with self.store() as unit:
            stored = unit.store_inbound(message, 20)
            unit.commit()
        return stored.sequence

    def takes(self, conversation_id: str = "web-1") -> str | None:
        """Take the next turn as a worker does; return its id."""
        with self.store() as unit:
            turn = unit.claim_turn(conversation_id, "w", self.clock.now(), 60)
            unit.commit()
        return turn.id if turn else None

    def replies(self, turn_id: str, text: str = "Đây ạ.", state: ConversationState | None = None) -> bool:
        """Store a reply as an action does; True where the turn took it."""
        with self.store() as unit:
            turn = unit.turn(turn_id)
            assert turn is not None
            kept = unit.record_reply(turn_id, Reply("x", text), RECORD)
            if kept:
                unit.save_state(turn.conversation_id, state or unit.state(turn.conversation_id), self.clock.now())
            unit.commit()
        return kept

    def publishes(self, turn_id: str, conversation_id: str = "web-1") -> None:
        """Publish a stored reply as the runner does."""
        with self.store() as unit:
            reply = unit.stored_reply(turn_id)
            if reply and unit.finish_turn(turn_id, "answered", self.clock.now()):
                body = reply.to_payload()
                unit.append_event(conversation_id, EventKind.ASSISTANT, body, turn_id, self.clock.now())
                unit.commit()

    def answers(self, conversation_id: str = "web-1", text: str = "Đây ạ.") -> list[str]:
        """Let the assistant answer all that waits; return what it was asked."""
        asked = []
        while turn_id := self.takes(conversation_id):
            with self.store() as unit:
                turn = unit.turn(turn_id)
            assert turn is not None
            asked.append(turn.text)
            self.replies(turn_id, text)
            self.publishes(turn_id, conversation_id)
        return asked

    def asks_for_person(self, conversation_id: str = "web-1", why: Why = Why.ASKED) -> str:
        """Let the citizen ask for a person, through a whole turn."""
        self.says("gặp người", conversation_id)
        turn_id = self.takes(conversation_id)
        assert turn_id is not None
        look = self.front.look(conversation_id, self.clock.now())
        with self.store() as unit:
            turn = unit.turn(turn_id)
            assert turn is not None
            unit.record_reply(turn_id, Reply("handover", "Chờ chút ạ."), replace(RECORD, outcome="handed_over"))
            AskPerson(why, look.floor.standing(conversation_id, 1)).apply(unit, replace(turn, now=self.clock.now()))
            unit.save_state(conversation_id, unit.state(conversation_id), self.clock.now())
            unit.commit()
        self.publishes(turn_id, conversation_id)
        return conversation_id

    def waiting(self, conversation_id: str = "web-1", why: Why = Why.ASKED) -> str:
        """Open a conversation whose citizen waits for a person."""
        self.open(conversation_id)
        return self.asks_for_person(conversation_id, why)

    def there(self, *people: Principal) -> None:
        for person in people:
            self.desk.be(person, State.AVAILABLE)

    def attention(self, conversation_id: str = "web-1") -> Attention:
        with self.store() as unit:
            return unit.handovers.attention(conversation_id)

    def log(self, conversation_id: str = "web-1") -> list[Event]:
        with self.store() as unit:
            return unit.events_after(conversation_id, 0, 1000)

    def heard(self, conversation_id: str = "web-1") -> list[tuple[str, str]]:
        """Return (kind, act or text) of what was said."""
        return [
            (e.kind.value, e.body["text"] if e.kind in {EventKind.CITIZEN, EventKind.OPERATOR} else e.body["act"])
            for e in self.log(conversation_id)
        ]

    def audited(self, conversation_id: str = "web-1") -> list[tuple[str, str]]:
        with self.store() as unit:
            return [(e.principal, e.action) for e in unit.audit.entries(subject=conversation_id)]

    def due(self) -> list[str]:
        with self.store() as unit:
            return unit.due_conversations(self.clock.now(), 100)

    def tasks(self) -> list[str]:
        with self.store() as unit:
            return [task.kind for task in unit.tasks.open()]
