"""Turns about joining accounts: asking for a code, typing it elsewhere, saying whose the device is, parting again."""

from dataclasses import replace
from datetime import timedelta

from actions.turn_action import Decide, Decision
from bot.core.cases.effects import Effect
from bot.core.channels.joining import (
    LIFE,
    LOCK,
    MAX_TRIES,
    AnswerWhose,
    Judged,
    Leave,
    MissCode,
    NotifyHere,
    OfferCode,
    TakeCode,
    Wish,
    code_in,
    followed,
    join_wish,
    new_code,
    whose,
)
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.phrases import Phrases
from bot.core.ports import UnitOfWorkFactory
from bot.core.replies import Button, Reply
from bot.core.routes import Outcome, Route

BUTTON = "j:"
# What is awaited of the citizen: whose the device is.
WHOSE = "join_whose"
# The case at hand is another conversation's, and is seen here because they are joined.
BY_JOIN = "joined_case"
_REFUSED = {
    Judged.WRONG: "join_wrong",
    Judged.OWN: "join_own_code",
    Judged.SAME_CHANNEL: "join_same_channel",
    Judged.ALREADY: "join_already",
}
# A code that is good and yet refused tells a guesser something: these tries count too.
_COUNTED = frozenset({Judged.WRONG, Judged.SAME_CHANNEL})


class JoinTalk:
    """Decides turns about joining; `track` shows the cases that can be followed."""

    def __init__(self, phrases: Phrases, units: UnitOfWorkFactory, track: Decide) -> None:
        self._phrases = phrases
        self._units = units
        self._track = track

    def around(self, decide: Decide) -> Decide:
        """Return a decision that takes what is about joining, and leaves all else to `decide`."""

        def decided(signal: Signal, state: ConversationState) -> Decision:
            state = self._still(signal, state)
            button = signal.button or ""
            if button.startswith(BUTTON):
                return self._pressed(button.removeprefix(BUTTON), signal, state) or decide(signal, state)
            if button:
                return decide(signal, state)
            if code := code_in(signal.raw or signal.text):
                return self._typed(code, signal, state)
            wish = join_wish(signal.text)
            if wish is Wish.CODE:
                return self._offered(state)
            if wish is Wish.APART:
                return self._parted(signal, state)
            own = whose(signal.text) if state.awaited == WHOSE else None
            return decide(signal, state) if own is None else self._answered(own, state)

        return decided

    def _still(self, signal: Signal, state: ConversationState) -> ConversationState:
        """Return the state without a case that was seen here by a joining that is no more."""
        case_id = state.facts.get(BY_JOIN)
        if case_id is None:
            return state
        with self._units() as unit:
            if case_id == state.case_id:
                home = unit.cases.case(case_id).conversation_id
                if home in followed(unit, signal.conversation_id):
                    return state
        facts = {key: value for key, value in state.facts.items() if key != BY_JOIN}
        if case_id != state.case_id:
            return replace(state, facts=facts)
        return replace(state, facts=facts, case_id=None, awaited=None, held={})

    def _pressed(self, what: str, signal: Signal, state: ConversationState) -> Decision | None:
        match what:
            case "code":
                return self._offered(state)
            case "leave":
                return self._parted(signal, state)
            case "own" | "others" if self._joined(signal):
                return self._answered(what == "own", state)
            case "here" | "there" if self._joined(signal):
                other = self._button("there" if what == "here" else "here")
                return self._said(f"join_notices_{what}", state, (other,), (NotifyHere(what == "here"),))
            case "cases" if self._joined(signal):
                return self._track(replace(signal, text="phiếu của tôi", raw="", button=None), state)
            case _:
                return self._said("join_none", state) if what in _KNOWN else None

    def _joined(self, signal: Signal) -> bool:
        with self._units() as unit:
            return unit.joins.of(signal.conversation_id) is not None

    def _offered(self, state: ConversationState) -> Decision:
        code = new_code()
        return self._said("join_code", state, effects=(OfferCode(code),), code=code, limit=_minutes(LIFE))

    def _typed(self, code: str, signal: Signal, state: ConversationState) -> Decision:
        with self._units() as unit:
            judged = unit.joins.judge(signal.conversation_id, code, signal.now)
        if judged is Judged.FITS:
            asked = self._said("join_whose", state, whose_buttons(self._phrases), (TakeCode(code),))
            return replace(asked, state=replace(asked.state, awaited=WHOSE))
        facts = {"limit": _minutes(LIFE), "count": MAX_TRIES, "minutes": _minutes(LOCK)}
        effects = (MissCode(),) if judged in _COUNTED else ()
        return self._said(_REFUSED[judged], state, (), effects, **facts)

    def _answered(self, own: bool, state: ConversationState) -> Decision:
        buttons = (self._button("cases"), self._button("here"), self._button("leave")) if own else ()
        act = "join_own" if own else "join_others"
        return self._said(act, replace(state, awaited=None), buttons, (AnswerWhose(own),))

    def _parted(self, signal: Signal, state: ConversationState) -> Decision:
        if not self._joined(signal):
            return self._said("join_none", state, effects=(Leave(),))  # a code that waits is void all the same
        facts = {key: value for key, value in state.facts.items() if key != BY_JOIN}
        if state.facts.get(BY_JOIN) == state.case_id:
            state = replace(state, case_id=None, held={})
        return self._said("join_left", replace(state, facts=facts, awaited=None), effects=(Leave(),))

    def _button(self, what: str) -> Button:
        return Button(f"{BUTTON}{what}", self._phrases.word(f"join_{what}"))

    def _said(
        self,
        act: str,
        state: ConversationState,
        buttons: tuple[Button, ...] = (),
        effects: tuple[Effect, ...] = (),
        **facts: object,
    ) -> Decision:
        reply = Reply(act, self._phrases.say(act, state.address, **facts), buttons=buttons)
        state = replace(state, route=Route.TRACK_CASE, outcome=Outcome.STATUS, reason=None, agency=None)
        return Decision(reply, state, effects=effects)


def _minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)


_KNOWN = frozenset({"own", "others", "here", "there", "cases"})


def whose_buttons(phrases: Phrases) -> tuple[Button, ...]:
    """Return the answers to «anh/chị hỏi cho mình hay cho người khác?»."""
    return tuple(Button(f"{BUTTON}{what}", phrases.word(f"join_{what}")) for what in ("own", "others"))
