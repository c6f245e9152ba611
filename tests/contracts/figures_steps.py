"""Steps of the tests of figures: turns, hand-overs, calls and suggestions at chosen moments of Hà Nội's clock."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.calls.model import CallEvent, CallState
from bot.core.calls.ports import LookedUp
from bot.core.conversation import Owner
from bot.core.handover.attention import Attention, Move, Why
from bot.core.handover.ports import Sent
from bot.core.messages import EventKind, InboundMessage
from bot.core.routes import Outcome
from bot.core.suggestions.ports import Action, StoredDrafts
from bot.store import Store
from tests.contracts.steps import LEASE, MANY, RECORD, REPLY
from tests.contracts.suggest_steps import DRAFT


@dataclass
class Diary:
    """Writes into a store what happened when."""

    store: Store
    written: int = 0

    def turn(
        self,
        of: str,
        at: datetime,
        channel: str = "web",
        *,
        outcome: Outcome = Outcome.ANSWERED,
        reason: str | None = None,
        procedure: str | None = None,
        route: str = "ask_procedure",
        taken_after: float = 0.5,
        answered_after: float | None = 2,
    ) -> None:
        """Let a citizen write and the assistant answer so many seconds later, or not yet."""
        self.written += 1
        taken = at + timedelta(seconds=taken_after)
        with self.store() as unit:
            if not unit.conversation_exists(of):
                unit.create_conversation(of, channel, at)
            unit.store_inbound(InboundMessage(of, f"m{self.written}", "hỏi", at), MANY)
            turn = unit.claim_turn(of, "w", taken, LEASE)
            assert turn is not None
            if answered_after is not None:
                record = replace(
                    RECORD, outcome=outcome, reason=reason, procedure_id=procedure, facet=None, route=route
                )
                assert unit.record_reply(turn.id, REPLY, record)
                unit.append_event(of, EventKind.ASSISTANT, REPLY.to_payload(), turn.id, taken)
                unit.finish_turn(turn.id, "answered", at + timedelta(seconds=answered_after))
            unit.commit()

    def attended(self, of: str, at: datetime) -> None:
        """Let a citizen write to the person who attends the conversation: their words make a turn of nobody's."""
        self.written += 1
        with self.store() as unit:
            unit.store_inbound(InboundMessage(of, f"m{self.written}", "thưa", at), MANY)
            unit.handovers.save(of, Attention(Owner.OPERATOR, by="op", since=at), at)
            assert unit.claim_turn(of, "w", at, LEASE) is None
            unit.commit()

    def moved(self, of: str, at: datetime, move: Move, why: Why | None = None, waited: float | None = None) -> None:
        """Add to the history of who answers."""
        with self.store() as unit:
            unit.handovers.record(of, move, "op", at, why=why, waited=waited)
            unit.commit()

    def wrote(self, of: str, at: datetime) -> None:
        """Let a person of the office write."""
        self.written += 1
        with self.store() as unit:
            sequence = unit.append_event(of, EventKind.OPERATOR, {"text": "dạ"}, None, at)
            unit.switchboard.add_reply(Sent(of, sequence, f"r{self.written}", "op", at, None, False))
            unit.commit()

    def call(self, name: str, at: datetime, *procedures: str, answered: bool = True) -> None:
        """Let somebody ring, and an operator look procedures up for them."""
        with self.store() as unit:
            call = unit.calls.record(CallEvent("pbx", name, CallState.RINGING, at, number="0912345678"), at)
            if answered:
                unit.calls.record(CallEvent("pbx", name, CallState.ANSWERED, at, extension="101"), at)
            for procedure in procedures:
                unit.calls.look_up(call.id, LookedUp(procedure, "fee", at), "op")
                unit.calls.look_up(call.id, LookedUp(procedure, "dossier", at), "op")
            unit.commit()

    def suggested(self, of: str, at: datetime, *actions: Action) -> None:
        """Show a draft for the newest message and do something with it."""
        self.written += 1
        with self.store() as unit:
            kept = unit.suggestions.log.add(StoredDrafts(f"s{self.written}", of, self.written, at, (DRAFT,)))
            for action in actions:
                assert unit.suggestions.log.note(kept.id, DRAFT.id, action, "op", at)
            unit.commit()
