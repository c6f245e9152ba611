"""What every action shares: it finds its turn, decides once, and commits state and reply under the turn's id."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.core.address import address_of
from bot.core.cases.effects import Effect
from bot.core.cases.interview import OWN_BUTTON
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.errors import CaseError, DecideAnew, StoreUnavailable, UnknownTurn
from bot.core.messages import Turn, TurnRecord
from bot.core.phrases import Phrases
from bot.core.ports import UnitOfWorkFactory
from bot.core.privacy import mask
from bot.core.replies import Reply
from bot.core.routes import Outcome, Reason, Route
from bot.core.turns import MAX_READ_CHARACTERS
from nlu.text import clean, looks_garbled

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Decision:
    """What an action decided: the reply, the state after the turn, and whether the asked fact was missing.

    `effects` are what else changes: they are applied in the transaction that stores the reply, once per turn.
    """

    reply: Reply
    state: ConversationState
    fact_missing: bool = False
    effects: tuple[Effect, ...] = ()


FALLBACK = "nlu_fallback"
# A case number is one of ten million; so many in a row are taken only if something is broken.
MAX_NUMBERS = 5
GO_ON = f"{OWN_BUTTON}go_on"
Decide = Callable[[Signal, ConversationState], Decision]
Finish = Callable[[ConversationState, Decision], Decision]


@dataclass(frozen=True)
class Intent:
    """What Rasa made of a message; `guess` is its best intent where it fell back for being unsure."""

    name: str
    confidence: float
    guess: str | None = None

    @classmethod
    def of(cls, message: dict[str, Any]) -> "Intent":
        """Read the intent of a tracker's latest message."""
        intent = message.get("intent") or {}
        name = str(intent.get("name") or FALLBACK)
        ranking = message.get("intent_ranking") or []
        others = [str(other.get("name")) for other in ranking if other.get("name") not in {None, FALLBACK}]
        guess = others[0] if name == FALLBACK and others else None
        return cls(name, float(intent.get("confidence") or 0.0), guess)


class TurnAction(Action):  # type: ignore[misc]  # rasa_sdk is untyped
    """A Rasa custom action that runs one decision function exactly once per turn.

    The citizen's words are read from the store by the turn's id, not from the tracker. Called again for a turn
    that has a reply, it changes nothing. A decision that fails is answered with an apology, never with silence.
    `finish` is given the state before the turn and what was decided, whatever that is, and has the last word.
    """

    def __init__(
        self,
        name: str,
        decide: Decide,
        units: UnitOfWorkFactory,
        phrases: Phrases,
        finish: Finish = lambda _before, decision: decision,
    ) -> None:
        self._name = name
        self._decide = decide
        self._units = units
        self._phrases = phrases
        self._finish = finish

    def name(self) -> str:
        """Return the action's name in the domain."""
        return self._name

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],  # noqa: ARG002  (rasa_sdk's signature)
    ) -> list[dict[str, Any]]:
        """Decide, commit, and tell Rasa which act was stored (the words themselves stay in our store)."""
        message = tracker.latest_message or {}
        turn_id = str((message.get("metadata") or {}).get("turn_id", ""))
        reply = await asyncio.to_thread(self._once, turn_id, Intent.of(message))
        dispatcher.utter_message(json_message={"act": reply.act, "turn_id": turn_id})
        return []

    def _once(self, turn_id: str, intent: Intent) -> Reply:
        started = time.perf_counter()
        with self._units() as unit:
            turn = unit.turn(turn_id)
            if turn is None:
                raise UnknownTurn(turn_id)
            if stored := unit.stored_reply(turn_id):
                return stored
            state = unit.state(turn.conversation_id)
        for _ in range(MAX_NUMBERS):
            try:
                return self._decide_and_commit(turn, state, intent, started)
            except DecideAnew:
                continue  # with another number, or told that somebody was faster
            except CaseError as error:
                # Somebody else changed the case meanwhile: nothing was kept, and the citizen is told so.
                log.warning("effect refused", extra={"turn_id": turn.id, "cause": type(error).__name__})
                return self._commit(turn, self._failed(state), intent, started)
        raise StoreUnavailable("no free case number was found, or others were always faster")

    def _decide_and_commit(self, turn: Turn, state: ConversationState, intent: Intent, started: float) -> Reply:
        # Search and composing run outside any transaction; the lease keeps others off this conversation.
        return self._commit(turn, self._decided(turn, state, intent), intent, started)

    def _commit(self, turn: Turn, decision: Decision, intent: Intent, started: float) -> Reply:
        record = TurnRecord(
            intent=intent.name,
            intent_confidence=intent.confidence,
            route=decision.state.route,
            outcome=decision.state.outcome or Outcome.ERROR,
            reason=decision.state.reason,
            procedure_id=decision.reply.data.get("procedure"),
            facet=decision.reply.data.get("facet"),
            fact_missing=decision.fact_missing,
            duration_ms=(time.perf_counter() - started) * 1000,
        )
        with self._units() as unit:
            if not unit.record_reply(turn.id, decision.reply, record):
                return unit.stored_reply(turn.id) or decision.reply
            for effect in decision.effects:
                effect.apply(unit, turn)
            unit.save_state(turn.conversation_id, decision.state, turn.now)
            unit.commit()
        return decision.reply

    def _decided(self, turn: Turn, state: ConversationState, intent: Intent) -> Decision:
        try:
            return self._finish(state, self._read_and_decide(turn, state, intent))
        except StoreUnavailable:
            raise  # the turn is tried again, which may well succeed
        except Exception as error:
            log.error("decision failed", extra={"turn_id": turn.id, "cause": type(error).__name__})
            return self._finish(state, self._failed(state))

    def _read_and_decide(self, turn: Turn, state: ConversationState, intent: Intent) -> Decision:
        start = turn.text[:MAX_READ_CHARACTERS]
        cleaned = clean(start)
        text = mask(cleaned)
        facts = {**state.facts, "pii_masked": True} if text != cleaned else state.facts
        state = replace(state, address=address_of(text) or state.address, facts=facts)
        if not turn.button and (act := self._unreadable(start, text)):
            if act != "empty" or state.draft is None:
                return self._unread(act, state)
            turn = replace(turn, text="", button=GO_ON)  # «?» in the middle of a talk: its question again
        signal = Signal(
            text, intent.name, intent.confidence, turn.now, turn.button, intent.guess, turn.text, turn.conversation_id
        )
        decision = self._decide(signal, state)
        if len(turn.text) > MAX_READ_CHARACTERS and not turn.button:
            note = self._phrases.say("too_long", state.address)
            decision = replace(decision, reply=replace(decision.reply, text=note + decision.reply.text))
        return decision

    def _unreadable(self, raw: str, text: str) -> str | None:
        if looks_garbled(raw):
            return "garbled"
        return None if any(c.isalnum() for c in text) else "empty"

    def _unread(self, act: str, state: ConversationState) -> Decision:
        reply = Reply(act=act, text=self._phrases.say(act, state.address))
        state = replace(state, route=Route.OUT_OF_SCOPE, outcome=Outcome.REFUSED, reason=Reason.NOT_UNDERSTOOD)
        return Decision(reply, replace(state, failures=state.failures + 1))

    def _failed(self, state: ConversationState) -> Decision:
        reply = Reply(act="failed", text=self._phrases.say("failed", state.address))
        failures = state.failures + 1
        return Decision(reply, replace(state, route=None, outcome=Outcome.ERROR, reason=None, failures=failures))
