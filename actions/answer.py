"""Answers about procedures: the resolved enquiry becomes a reply and the state that follows it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from actions.combining import Combined, Combining
from actions.compose import Composer
from actions.handover.action import HandOverAction
from actions.refusing import FOR_A_PERSON, Refusing
from actions.turn_action import Decide, Decision
from actions.wording import clip
from bot.core.conversation import ConversationState, Matter
from bot.core.enquiry.findings import Findings
from bot.core.enquiry.machine import EnquiryResolver
from bot.core.enquiry.signals import Enquiry, Kind, Remark, Signal
from bot.core.enquiry.titles import matter_name, plain_name
from bot.core.phrases import Phrases
from bot.core.procedures import Procedure, Status
from bot.core.replies import Button, Reply
from bot.core.routes import Agency, Outcome, Reason, Route

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
TITLE_WORDS = 16
UNSURE = frozenset({Kind.REFUSE, Kind.CLARIFY, Kind.WHICH})
# Questions back that name no choices of their own.
ASKING = {Kind.WHICH: "clarify_which", Kind.RESTATE: "clarify_restate", Kind.COMPARE_WHICH: "compare_which"}


class AnswerAction:
    """Decides a turn about a procedure. `guesses` decide a turn that is none, by the intent Rasa guessed."""

    def __init__(
        self,
        resolver: EnquiryResolver,
        composer: Composer,
        hand_over: HandOverAction,
        phrases: Phrases,
        guesses: Mapping[str, Decide],
    ) -> None:
        self._resolver = resolver
        self._hand_over = hand_over
        self._composer = composer
        self._phrases = phrases
        self._guesses = guesses
        self._combining = Combining(composer, phrases)
        self._refusing = Refusing(phrases)

    def __call__(self, signal: Signal, state: ConversationState, findings: Findings | None = None) -> Decision:
        """Return the reply and the state after it; `findings` are the turn's, if it has been searched already."""
        enquiry = self._resolver.resolve(signal, state, findings)
        if enquiry.kind is Kind.PERSON:
            return self._hand_over(signal, state)
        known = enquiry.reason in FOR_A_PERSON
        unsure = enquiry.kind in UNSURE and Remark.TOPIC not in enquiry.remarks
        if unsure and not known and signal.guess and signal.guess in self._guesses:
            # Neither Rasa nor the catalogue is sure: its best guess helps more than «tôi chưa hiểu».
            return self._guesses[signal.guess](replace(signal, intent=signal.guess, guess=None), state)
        return self.decide(enquiry, state, signal.now)

    def decide(self, enquiry: Enquiry, state: ConversationState, now: datetime) -> Decision:
        """Turn a resolved enquiry into reply and state."""
        today = now.astimezone(VIETNAM).date()
        if enquiry.kind is Kind.ANSWER and enquiry.procedure:
            return self._answered(enquiry, state, today)
        if enquiry.kind in {Kind.SEVERAL, Kind.COMPARE} and enquiry.procedure:
            return self._combined(enquiry, state, today)
        state = replace(
            state,
            route=enquiry.route,
            reason=enquiry.reason,
            agency=enquiry.agency,
            facts=_without(state, "due_date"),
        )
        if enquiry.kind in {Kind.CLARIFY, Kind.ASK_CASE, Kind.ASK_LEVEL} or (
            enquiry.choices and enquiry.kind in ASKING
        ):
            return self._offered(enquiry, state)
        if enquiry.kind is Kind.REFUSE:
            state = replace(
                state,
                outcome=Outcome.REFUSED,
                offered=(),
                pending_facet=None,
                pending_more=(),
                failures=state.failures + 1,
            )
            return Decision(self._refusing.reply(enquiry, state), state)
        act = ASKING.get(enquiry.kind, "clarify_which")
        if enquiry.kind is Kind.WHICH:
            state = replace(state, pending_facet=enquiry.facet, pending_more=enquiry.more)
        state = replace(state, outcome=Outcome.CLARIFICATION, offered=())
        return Decision(self._reply(act, state), state)

    def _answered(self, enquiry: Enquiry, state: ConversationState, today: date) -> Decision:
        procedure = enquiry.procedure
        assert procedure is not None  # noqa: S101  (narrowing; the caller has checked)
        answer = self._composer.enquiry(enquiry, state.address, today)
        elsewhere = procedure.status is Status.ROUTING
        state = replace(
            _settled(state, enquiry, procedure, answer.due_date),
            route=Route.OTHER_AGENCY if elsewhere else Route.ASK_PROCEDURE,
            outcome=Outcome.REFUSED if elsewhere else Outcome.ANSWERED,
            reason=Reason.OTHER_AGENCY if elsewhere else None,
            agency=(procedure.agency or Agency.OTHER) if elsewhere else None,
        ).remembering((_matter(enquiry, procedure),))
        return Decision(answer.reply, state, answer.fact_missing)

    def _combined(self, enquiry: Enquiry, state: ConversationState, today: date) -> Decision:
        first = enquiry.procedure
        assert first is not None  # noqa: S101  (narrowing; the caller has checked)
        if enquiry.kind is Kind.SEVERAL:
            combined = self._combining.several(enquiry, state.address, today)
        else:
            combined = Combined(self._combining.compare(enquiry, state.address, today))
        state = replace(
            _settled(state, enquiry, first, combined.due_date),
            route=Route.ASK_PROCEDURE,
            outcome=Outcome.ANSWERED,
            reason=None,
            agency=None,
        ).remembering([_matter(e, e.procedure) for e in enquiry.parts if e.procedure])
        return Decision(combined.reply, state)

    def _offered(self, enquiry: Enquiry, state: ConversationState) -> Decision:
        choices, facet = enquiry.choices, enquiry.facet.value
        state = replace(
            state,
            outcome=Outcome.CLARIFICATION,
            offered=choices,
            pending_facet=enquiry.facet,
            pending_more=enquiry.more,
        )
        if enquiry.kind is Kind.ASK_CASE and enquiry.procedure:
            name = clip(plain_name(enquiry.procedure), TITLE_WORDS)
            cases = [
                Button(f"c:{facet}:{c.procedure_id}:{i}", clip(c.title, TITLE_WORDS)) for i, c in enumerate(choices)
            ]
            return Decision(self._reply("ask_case", state, tuple(cases), name=name), state)
        buttons = [Button(f"f:{facet}:{c.procedure_id}", clip(c.title, TITLE_WORDS)) for c in choices]
        if enquiry.kind is Kind.ASK_LEVEL and enquiry.procedure:
            name = clip(matter_name(enquiry.procedure), TITLE_WORDS)
            return Decision(self._reply("ask_level", state, tuple(buttons), name=name), state)
        buttons.append(Button("none", self._phrases.word("none_of_these")))
        if enquiry.kind is Kind.CLARIFY:
            several = "clarify_topic" if Remark.TOPIC in enquiry.remarks else "clarify_procedure"
            act = "clarify_one" if len(choices) == 1 else several
        else:
            act = ASKING[enquiry.kind]
        name = clip(choices[0].title, TITLE_WORDS)
        return Decision(self._reply(act, state, tuple(buttons), name=name), state)

    def _reply(self, act: str, state: ConversationState, buttons: tuple[Button, ...] = (), **facts: object) -> Reply:
        return Reply(act=act, text=self._phrases.say(act, state.address, **facts), buttons=buttons)


def _settled(state: ConversationState, enquiry: Enquiry, procedure: Procedure, due: date | None) -> ConversationState:
    """Return the state in which `procedure` is under discussion and nothing waits for a choice."""
    return replace(
        state,
        procedure=procedure.id,
        case=enquiry.case,
        facet=enquiry.facet,
        offered=(),
        pending_facet=None,
        pending_more=(),
        failures=0,
        facts={**_without(state, "due_date"), **({"due_date": due.isoformat()} if due else {})},
    )


def _matter(enquiry: Enquiry, procedure: Procedure) -> Matter:
    return Matter(procedure.id, enquiry.facet, enquiry.twin.id if enquiry.twin else None)


def _without(state: ConversationState, key: str) -> dict[str, object]:
    return {k: v for k, v in state.facts.items() if k != key}
