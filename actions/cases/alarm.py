"""Danger in a conversation: the numbers to call come first, people are told at once, and «tôi không sao» is heard."""

import re
from collections.abc import Mapping
from dataclasses import replace

from actions.handover.action import HandOverAction
from actions.turn_action import Decide, Decision
from bot.core.cases.effects import RaiseTask
from bot.core.cases.heard import Heard
from bot.core.cases.interview import OWN_BUTTON
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.kinds import Danger, despairs
from bot.core.phrases import Phrases
from bot.core.replies import Button, Reply
from bot.core.routes import Outcome, Reason, Route
from nlu.text import fold

# What a conversation may await: whether somebody is safe; whether an overdue file is to be reported.
ALARM, LATE = "alarm", "late"
ACT = "emergency"
_VARIANTS = {Danger.SELF_HARM: "self_harm", Danger.CHILD: "child"}
_CALM = re.compile(
    r"\b(?:khong sao|ko sao|k sao|chang sao|on roi|van on|toi on|em on|chau on|an toan (?:roi|ca|a)|qua roi|chi buc"
    r"|buc (?:thoi|qua thoi)|noi (?:choi|dua|buc|vay|the) ?(?:thoi|ma)?|khong co gi dau|yen tam|do roi)\b"
)
_CALM_WORDS = 16


class CaseAlarm:
    """Composes what is said to somebody in danger; `others` decides the route of an emergency."""

    def __init__(self, phrases: Phrases, hand_over: HandOverAction, others: Mapping[str, Decide]) -> None:
        self._phrases = phrases
        self._hand_over = hand_over
        self._others = others

    def raised(self, signal: Signal, state: ConversationState, heard: Heard) -> Decision:
        """Name the numbers that fit the danger, say whether somebody is there to read, raise the alarm, and let them
        wait for a person before all others.

        Said once in full; while the talk is still about it, shortly.
        """
        before = state.facts.get("alarm")
        danger = heard.kind.danger or (Danger.SELF_HARM if despairs(signal.text) else None)
        decision = self._others[Route.EMERGENCY.value](replace(signal, intent=Route.EMERGENCY.value), state)
        variant = _VARIANTS.get(danger, "text") if danger else "text"
        staffed, waiting, asked = self._hand_over.in_danger(signal, decision.state)
        names = [variant, "staffed" if staffed else "unstaffed"]
        if before:
            names = [f"again_{Danger.SELF_HARM}" if Danger.SELF_HARM in (before, danger) else "again"]
        text = " ".join(self._phrases.variant(ACT, name, state.address) for name in names)
        kind = str(danger or before or "emergency")
        facts = {**decision.state.facts, "danger": list(heard.judgement.behaviours), "alarm": kind}
        return replace(
            decision,
            reply=replace(decision.reply, text=text, buttons=self._offer()),
            state=replace(waiting, facts=facts, awaited=ALARM),
            effects=(*decision.effects, RaiseTask("alarm", kind, signal.now), asked),
        )

    def doubted(self, signal: Signal, state: ConversationState) -> Decision:
        """Answer what only sounds like an emergency: the numbers if it is one, an open ear if not; no alarm."""
        decision = self._others[Route.EMERGENCY.value](replace(signal, intent=Route.EMERGENCY.value), state)
        distressed = state.awaited == ALARM and state.facts.get("alarm") == Danger.SELF_HARM
        name = f"again_{Danger.SELF_HARM}" if distressed else "doubted"
        text = self._phrases.variant(ACT, name, state.address)
        awaited = ALARM if distressed else None
        reply = replace(decision.reply, text=text, buttons=self._offer())
        return replace(decision, reply=reply, state=replace(decision.state, awaited=awaited))

    def calmed(self, signal: Signal, state: ConversationState) -> Decision | None:
        """Answer «tôi không sao» after an alarm; None for anything else."""
        folded = fold(signal.text)
        if signal.button or len(folded.split()) > _CALM_WORDS or not _CALM.search(folded):
            return None
        reply = Reply("emergency_calm", self._phrases.variant(ACT, "calm", state.address), buttons=self._offer())
        state = replace(state, route=Route.EMERGENCY, outcome=Outcome.SMALL_TALK, reason=Reason.NEEDS_PERSON)
        return Decision(reply, state)

    def _offer(self) -> tuple[Button, ...]:
        return (Button(f"{OWN_BUTTON}open", self._phrases.word("report_it")),)
