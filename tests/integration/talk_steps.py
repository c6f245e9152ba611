"""Steps of tests of turns about joining and news: whole turns over a real store, without Rasa."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from actions.cases.news import CaseNews
from actions.cases.status import CaseStatus
from actions.joining import JoinTalk
from actions.tracking import TrackAction
from actions.turn_action import Decision, Intent, TurnAction
from bot.core.cases.number import new_number, new_secret
from bot.core.cases.record import CaseRecord, Filing
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.messages import Event, EventKind, InboundMessage
from bot.core.phrases import load_phrases
from bot.core.replies import Reply
from bot.store import Store
from tests.contracts.case_steps import RECORD

NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
PHRASES = load_phrases()


@dataclass
class Talks:
    """Conversations whose turns are decided as the service does, as far as joining, news and tracking go."""

    store: Store
    now: datetime = NOW
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._track = TrackAction(PHRASES, self.store, CaseStatus(PHRASES))
        news = CaseNews(PHRASES, self.store, self._track)
        decide = JoinTalk(PHRASES, self.store, self._track).around(news.around(self._other))
        self._action = TurnAction("action_converse", decide, self.store, PHRASES)

    def _other(self, signal: Signal, state: ConversationState) -> Decision:
        if "phiếu" in signal.text or "PA-" in signal.text or (state.awaited or "").startswith(("number", "secret")):
            return self._track(signal, state)
        return Decision(Reply("other", signal.text), replace(state, awaited=None))

    def open(self, channel: str = "web", name: str = "") -> str:
        name = name or f"{channel}-{uuid.uuid4().hex}"
        with self.store() as unit:
            unit.create_conversation(name, channel, self.now)
            unit.commit()
        return name

    def file(self, conversation: str, **changes: Any) -> str:
        """File a case and return its id; its codes are in `codes`."""
        record: CaseRecord = replace(RECORD, received_at=self.now, **changes)
        filing = Filing(uuid.uuid4().hex, new_number(), new_secret(), conversation, record, None, "")
        with self.store() as unit:
            assert unit.cases.file(filing, self.now)
            unit.commit()
        self.codes[filing.case_id] = (filing.number, filing.secret)
        return filing.case_id

    def says(self, conversation: str, text: str, button: str | None = None) -> Reply:
        """Take a message through its whole turn and return the answer."""
        self.now += timedelta(seconds=1)
        with self.store() as unit:
            unit.store_inbound(InboundMessage(conversation, uuid.uuid4().hex, text, self.now, button), 20)
            turn = unit.claim_turn(conversation, "w", self.now, 60)
            unit.commit()
        assert turn is not None
        reply = self._action._once(turn.id, Intent("nlu_fallback", 0.3))
        with self.store() as unit:
            unit.append_event(conversation, EventKind.ASSISTANT, reply.to_payload(), turn.id, self.now)
            unit.finish_turn(turn.id, "answered", self.now)
            unit.commit()
        return reply

    def presses(self, conversation: str, button: str) -> Reply:
        return self.says(conversation, "bấm", button)

    def code(self, conversation: str) -> str:
        """Ask for a code and return it."""
        reply = self.says(conversation, "lấy mã nối tài khoản")
        assert reply.act == "join_code"
        return reply.text.partition(": ")[2][:12]

    def join(self, one: str, other: str, *, own: bool = True) -> None:
        """Join two conversations; on the other the citizen says whose the device is."""
        assert self.says(other, self.code(one)).act == "join_whose"
        if own:
            assert self.presses(other, "j:own").act == "join_own"

    def state(self, conversation: str) -> ConversationState:
        with self.store() as unit:
            return unit.state(conversation)

    def log(self, conversation: str) -> list[Event]:
        with self.store() as unit:
            return unit.events_after(conversation, 0)

    def tasks(self) -> list[str]:
        with self.store() as unit:
            return [task.kind for task in unit.tasks.open()]
