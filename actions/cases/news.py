"""«Xem tin mới»: what happened to a case is shown once the citizen has said that they ask for themselves."""

from dataclasses import replace

from actions.tracking import NUMBER
from actions.turn_action import Decide, Decision
from bot.core.cases.news import NEWS_BUTTON
from bot.core.channels.joining import followed, whose
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.errors import UnknownCase
from bot.core.phrases import Phrases
from bot.core.ports import UnitOfWorkFactory
from bot.core.replies import Button, Reply
from bot.core.routes import Outcome, Route

WHOSE = "news_whose:"
# Said once in a conversation: the device is the citizen's alone.
OWN_DEVICE = "own_device"


class CaseNews:
    """Decides turns that open what a notice told of."""

    def __init__(self, phrases: Phrases, units: UnitOfWorkFactory, track: Decide) -> None:
        self._phrases = phrases
        self._units = units
        self._track = track

    def around(self, decide: Decide) -> Decide:
        """Return a decision that opens news, and leaves all else to `decide`."""

        def decided(signal: Signal, state: ConversationState) -> Decision:
            button = signal.button or ""
            if button.startswith(NEWS_BUTTON):
                what, _, case_id = button.removeprefix(NEWS_BUTTON).partition(":")
                return self._pressed(what, case_id, signal, state)
            if not button and state.awaited and state.awaited.startswith(WHOSE):
                own = whose(signal.text)
                if own is not None:
                    case_id = state.awaited.removeprefix(WHOSE)
                    return self._pressed("own" if own else "others", case_id, signal, state)
            return decide(signal, state)

        return decided

    def _pressed(self, what: str, case_id: str, signal: Signal, state: ConversationState) -> Decision:
        number = self._number(case_id, signal.conversation_id)
        if number is None:
            return self._said("news_gone", replace(state, awaited=NUMBER))
        if what == "others":
            return self._said("news_others", replace(state, awaited=NUMBER))
        if what == "own":
            state = replace(state, facts={**state.facts, OWN_DEVICE: True})
        elif not state.facts.get(OWN_DEVICE):
            buttons = tuple(
                Button(f"{NEWS_BUTTON}{own}:{case_id}", self._phrases.word(f"join_{own}"))
                for own in ("own", "others")
            )
            return self._said("news_whose", replace(state, awaited=f"{WHOSE}{case_id}"), buttons)
        return self._track(replace(signal, text=number, raw=number, button=None), replace(state, awaited=None))

    def _number(self, case_id: str, conversation_id: str) -> str | None:
        """Return the case's number where it is shown here without its secret: anybody can send any button."""
        with self._units() as unit:
            try:
                case = unit.cases.case(case_id)
            except UnknownCase:
                return None
            return case.number if case.conversation_id in followed(unit, conversation_id) else None

    def _said(self, act: str, state: ConversationState, buttons: tuple[Button, ...] = ()) -> Decision:
        reply = Reply(act, self._phrases.say(act, state.address), buttons=buttons)
        state = replace(state, route=Route.TRACK_CASE, outcome=Outcome.CLARIFICATION, reason=None, agency=None)
        return Decision(reply, state)
