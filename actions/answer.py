"""Answers about procedures: the resolved enquiry becomes a reply and the state that follows it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from actions.compose import Answer, Composer
from actions.handover import HandOverAction
from actions.turn_action import Decide, Decision
from actions.wording import clip
from bot.core.conversation import ConversationState
from bot.core.enquiry import Enquiry, EnquiryResolver, Kind, Signal, plain_name
from bot.core.findings import Findings
from bot.core.phrases import Phrases
from bot.core.procedures import Status
from bot.core.replies import Button, Reply
from bot.core.routes import Agency, Outcome, Reason, Route

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
# After this many turns in a row that were not answered, a person is offered.
FAILURES_BEFORE_PERSON = 2
TITLE_WORDS = 16
UNSURE = frozenset({Kind.REFUSE, Kind.CLARIFY, Kind.WHICH})


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

    def __call__(self, signal: Signal, state: ConversationState, findings: Findings | None = None) -> Decision:
        """Return the reply and the state after it; `findings` are the turn's, if it has been searched already."""
        enquiry = self._resolver.resolve(signal, state, findings)
        if enquiry.kind is Kind.PERSON:
            return self._hand_over(signal, state)
        if enquiry.kind in UNSURE and signal.guess and signal.guess in self._guesses:
            # Neither Rasa nor the catalogue is sure: its best guess helps more than «tôi chưa hiểu».
            return self._guesses[signal.guess](replace(signal, intent=signal.guess, guess=None), state)
        return self.decide(enquiry, state, signal.now)

    def decide(self, enquiry: Enquiry, state: ConversationState, now: datetime) -> Decision:
        """Turn a resolved enquiry into reply and state."""
        if enquiry.kind is Kind.ANSWER and enquiry.procedure:
            return self._answered(enquiry, state, now)
        state = replace(
            state,
            route=enquiry.route,
            reason=enquiry.reason,
            agency=enquiry.agency,
            facts=_without(state, "due_date"),
        )
        if enquiry.kind in {Kind.CLARIFY, Kind.ASK_CASE}:
            return self._offered(enquiry, state)
        if enquiry.kind is Kind.REFUSE:
            return self._refused(enquiry, state)
        act = "clarify_restate" if enquiry.kind is Kind.RESTATE else "clarify_which"
        pending = enquiry.facet if enquiry.kind is Kind.WHICH else state.pending_facet
        state = replace(state, outcome=Outcome.CLARIFICATION, offered=(), pending_facet=pending)
        return Decision(self._reply(act, state), state)

    def _answered(self, enquiry: Enquiry, state: ConversationState, now: datetime) -> Decision:
        procedure = enquiry.procedure
        assert procedure is not None  # noqa: S101  (narrowing; the caller has checked)
        today = now.astimezone(VIETNAM).date()
        answer: Answer = self._composer.answer(
            procedure, enquiry.facet, enquiry.case, state.address, today, enquiry.replacements
        )
        elsewhere = procedure.status is Status.ROUTING
        facts = {
            **_without(state, "due_date"),
            **({"due_date": answer.due_date.isoformat()} if answer.due_date else {}),
        }
        state = replace(
            state,
            procedure=procedure.id,
            case=enquiry.case,
            facet=enquiry.facet,
            offered=(),
            pending_facet=None,
            route=Route.OTHER_AGENCY if elsewhere else Route.ASK_PROCEDURE,
            outcome=Outcome.REFUSED if elsewhere else Outcome.ANSWERED,
            reason=Reason.OTHER_AGENCY if elsewhere else None,
            agency=(procedure.agency or Agency.OTHER) if elsewhere else None,
            failures=0,
            facts=facts,
        )
        return Decision(answer.reply, state, answer.fact_missing)

    def _offered(self, enquiry: Enquiry, state: ConversationState) -> Decision:
        choices = enquiry.choices
        state = replace(
            state,
            outcome=Outcome.CLARIFICATION,
            offered=choices,
            pending_facet=enquiry.facet,
        )
        if enquiry.kind is Kind.ASK_CASE and enquiry.procedure:
            name = clip(plain_name(enquiry.procedure), TITLE_WORDS)
            buttons = [
                Button(f"c:{enquiry.facet.value}:{c.procedure_id}:{i}", clip(c.title, TITLE_WORDS))
                for i, c in enumerate(choices)
            ]
            return Decision(self._reply("ask_case", state, tuple(buttons), name=name), state)
        buttons = [Button(f"f:{enquiry.facet.value}:{c.procedure_id}", clip(c.title, TITLE_WORDS)) for c in choices]
        buttons.append(Button("none", self._phrases.word("none_of_these")))
        act = "clarify_one" if len(choices) == 1 else "clarify_procedure"
        name = clip(choices[0].title, TITLE_WORDS)
        return Decision(self._reply(act, state, tuple(buttons), name=name), state)

    def _refused(self, enquiry: Enquiry, state: ConversationState) -> Decision:
        state = replace(state, outcome=Outcome.REFUSED, offered=(), pending_facet=None, failures=state.failures + 1)
        buttons: tuple[Button, ...] = ()
        if state.failures >= FAILURES_BEFORE_PERSON:
            buttons = (Button("human", self._phrases.word("ask_person")),)
        if enquiry.reason is Reason.OTHER_AGENCY:
            if enquiry.agency in {None, Agency.OTHER}:
                return Decision(self._reply("refuse_other_body", state, buttons), state)
            name, where = self._phrases.agency(str(enquiry.agency), state.address)
            reply = self._reply("refuse_other_agency", state, buttons, agency=name, agency_where=where)
            return Decision(reply, state)
        act = {
            (Reason.NOT_UNDERSTOOD, Route.OUT_OF_SCOPE): "refuse_not_understood",
            (Reason.NOT_IN_CATALOGUE, Route.OUT_OF_SCOPE): "refuse_smalltalk_topic",
        }.get((enquiry.reason or Reason.NOT_IN_CATALOGUE, enquiry.route), "refuse_not_in_catalogue")
        return Decision(self._reply(act, state, buttons), state)

    def _reply(self, act: str, state: ConversationState, buttons: tuple[Button, ...] = (), **facts: object) -> Reply:
        return Reply(act=act, text=self._phrases.say(act, state.address, **facts), buttons=buttons)


def _without(state: ConversationState, key: str) -> dict[str, object]:
    return {k: v for k, v in state.facts.items() if k != key}
