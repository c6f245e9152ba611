"""A code that a caller sends is answered before the dialogue engine sees it: by its exact shape, once, not too often.

Stands before the dialogue engine and keeps its promise: the answer is committed under the turn's id, with the code
used up in the same transaction, so that a repetition of the turn finds both.
"""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from bot.core.calls.codes import code_of, looks_like_code
from bot.core.calls.tools import CallRules
from bot.core.conversation import ConversationState
from bot.core.messages import DialogueInput, Turn, TurnRecord
from bot.core.phrases import Phrases
from bot.core.ports import Dialogue, UnitOfWork, UnitOfWorkFactory
from bot.core.procedures import Facet
from bot.core.replies import Reply
from bot.core.routes import Outcome, Route

log = logging.getLogger(__name__)
INTENT = "call_code"
# Wrong tries are counted over this time, in one conversation and in all.
WINDOW = timedelta(hours=1)


@dataclass(frozen=True)
class Answered:
    """An answer of the catalogue, and the state of the conversation after it."""

    reply: Reply
    state: ConversationState


class Answering(Protocol):
    """Composes the answer about one side of a procedure, as pressing its button in the chat would."""

    def __call__(self, procedure_id: str, facet: Facet, state: ConversationState, turn: Turn) -> Answered | None:
        """Return the answer; None where the procedure is not told about just now."""
        ...


class CodeDialogue:
    """Implements bot.core.ports.Dialogue: codes are answered here, everything else by `engine`."""

    def __init__(
        self,
        engine: Dialogue,
        units: UnitOfWorkFactory,
        answering: Answering,
        phrases: Phrases,
        rules: CallRules | None = None,
    ) -> None:
        self._engine = engine
        self._units = units
        self._answering = answering
        self._phrases = phrases
        self._rules = rules or CallRules()

    async def respond(self, message: DialogueInput) -> None:
        """Run one turn. Raises DialogueUnavailable, DialogueFailed as the engine does."""
        # Masking never changes the shape of a code, so most turns cost one look at their text.
        if not (looks_like_code(message.text) and await asyncio.to_thread(self._redeem, message.turn_id)):
            await self._engine.respond(message)

    def _redeem(self, turn_id: str) -> bool:
        with self._units() as unit:
            turn = unit.turn(turn_id)
            if turn is None or turn.button or not looks_like_code(turn.text):
                return False
            if unit.stored_reply(turn_id) is not None:
                return True
            state = unit.state(turn.conversation_id)
        with self._units() as unit:
            answered = self._answered(unit, turn, state)
            record = TurnRecord(
                intent=INTENT,
                intent_confidence=1.0,
                route=answered.state.route,
                outcome=answered.state.outcome or Outcome.ANSWERED,
                duration_ms=0.0,
                procedure_id=answered.reply.data.get("procedure"),
                facet=answered.reply.data.get("facet"),
            )
            if unit.record_reply(turn.id, answered.reply, record):
                unit.save_state(turn.conversation_id, answered.state, turn.now)
                unit.commit()
        return True

    def _answered(self, unit: UnitOfWork, turn: Turn, state: ConversationState) -> Answered:
        since = turn.created_at - WINDOW
        here = unit.call_codes.wrong_since(since, turn.conversation_id)
        if here >= self._rules.code_tries or unit.call_codes.wrong_since(since) >= self._rules.code_tries_of_all:
            return self._said("call_code_too_often", state)
        code = code_of(turn.text)
        what = unit.call_codes.take(code, turn.conversation_id, turn.created_at) if code else None
        if what is None:
            unit.call_codes.count_wrong(turn.conversation_id, turn.created_at)
            return self._said("call_code_wrong", state)
        return self._answering(what.procedure_id, Facet(what.facet), state, turn) or self._said(
            "call_code_gone", state
        )

    def _said(self, act: str, state: ConversationState) -> Answered:
        text = self._phrases.say(act, state.address)
        state = replace(state, route=Route.ASK_PROCEDURE, outcome=Outcome.CLARIFICATION, reason=None)
        return Answered(Reply(act, text), state)
