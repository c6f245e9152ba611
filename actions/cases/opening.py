"""Complaints in a conversation: a message that tells of something to report opens a draft. Around every action."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from actions.cases.alarm import ALARM, LATE, CaseAlarm
from actions.cases.answers import HOW_TO, CaseAnswers
from actions.cases.doubt import (
    DOUBT,
    DOUBTED,
    DOUBTED_CODES,
    DOUBTED_ROUTE,
    HAPPENED,
    MAY_HAVE_HAPPENED,
    SURELY,
    CaseDoubt,
    enough,
    plainly_told,
)
from actions.cases.sending import CaseSending
from actions.cases.talk import COMPLAINT_ROUTES, OPENS_CASE, CaseTalk
from actions.cases.wording import LAW_FIRST, CaseWording
from actions.handover.action import HandOverAction
from actions.turn_action import Decide, Decision
from bot.core.attachments import FileLimits
from bot.core.cases import supposing
from bot.core.cases.announcing import announced, shy
from bot.core.cases.draft import Draft
from bot.core.cases.earlier import of_earlier_report
from bot.core.cases.faq import Faq
from bot.core.cases.filing import CaseFiling
from bot.core.cases.heard import Heard, StoryReader
from bot.core.cases.interview import OWN_BUTTON, Interview
from bot.core.cases.scoring import praises
from bot.core.cases.speaking_of import asks_papers, looks_up, of_officials, returns, would_file
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.kinds import Danger, despairs, part_of_ours
from bot.core.phrases import Phrases
from bot.core.ports import UnitOfWorkFactory
from bot.core.replies import Reply
from bot.core.routes import Outcome, Route
from bot.core.story import is_send, yes_no
from nlu.text import fold

# Turns of these intents are read for a complaint whatever their length; others only when they may well be one.
READ_ALWAYS = frozenset(
    {*(r.value for r in OPENS_CASE), "emergency", "abuse", "other_agency", "nlu_fallback", "survey", "out_of_scope"}
)
STORY_WORDS = 12
UNDO = "undo"
QUESTIONS = frozenset({"ask_procedure", "follow_up"})
LATE_CODE = "HS-CHAM"


@dataclass(frozen=True)
class CaseTools:
    """What talking about cases needs; `others` decide the turns that turn out to be something else, by route."""

    reader: StoryReader
    interview: Interview
    wording: CaseWording
    filing: CaseFiling
    phrases: Phrases
    hand_over: HandOverAction
    faq: Faq
    limits: FileLimits
    units: UnitOfWorkFactory
    others: Mapping[str, Decide]


class ComplaintTalk:
    """Decides turns while a draft is open, and opens one where a message tells of something to report."""

    def __init__(self, tools: CaseTools) -> None:
        self._reader = tools.reader
        self._interview = tools.interview
        self._wording = tools.wording
        self._phrases = tools.phrases
        self._others = tools.others
        self._answers = CaseAnswers(tools.phrases, tools.faq, tools.limits)
        self._alarm = CaseAlarm(tools.phrases, tools.hand_over, tools.others)
        self._doubt = CaseDoubt(tools.phrases)
        self._talk = CaseTalk(
            tools.reader,
            tools.interview,
            tools.wording,
            self._answers,
            self._alarm,
            CaseSending(tools.phrases, tools.units, tools.filing),
            tools.phrases,
            tools.others,
        )

    def around(self, decide: Decide) -> Decide:
        """Return a decision that talks about a case where there is one, and else leaves the turn to `decide`."""

        def decided(signal: Signal, state: ConversationState) -> Decision:
            undo = state.facts.get(UNDO)
            state = replace(state, facts={k: v for k, v in state.facts.items() if k != UNDO})
            if undo and self._takes_back(signal):
                return self._talk.resumed(Draft.from_json(undo), state)
            if state.awaited == ALARM and (calm := self._alarm.calmed(signal, state)):
                calm = replace(calm, state=replace(calm.state, awaited=None))
                return self._talk.with_question(calm, state.draft) if state.draft else calm
            if state.draft is not None:
                awaited = None if state.awaited == ALARM else state.awaited
                return self._talk.hear(signal, replace(state, awaited=awaited), state.draft, decide)
            if state.awaited == LATE and not signal.button and yes_no(signal.text):
                return self._late(signal, replace(state, awaited=None))
            # Its buttons answer a doubt for good, words alone the one that was just asked.
            open_doubt = state.held.get(DOUBT) and (signal.button or state.awaited == DOUBT)
            if open_doubt and (settled := self._settled(signal, replace(state, awaited=None))):
                return settled
            alarmed = state
            state = replace(state, awaited=None) if state.awaited in {LATE, ALARM, DOUBT} else state
            if signal.button and signal.button.startswith(OWN_BUTTON):
                return self._own_button(signal, state)
            if signal.button and signal.button.startswith(HOW_TO):
                return self._answers.how_to(signal.button.removeprefix(HOW_TO), state) or decide(signal, state)
            if signal.intent == Route.TRACK_CASE and state.procedure and would_file(fold(signal.text)):
                return self._others[Route.ASK_PROCEDURE.value](replace(signal, intent="follow_up"), state)
            if not signal.button and (answered := self._answers.asked_about(signal.text, None, state)):
                return answered
            if not signal.button and (kind := announced(signal.text)):
                return self._open(self._reader.hear(replace(signal, intent=kind.value, confidence=1.0)), state)
            if not signal.button and shy(signal.text):
                heard = self._reader.hear(replace(signal, intent=Route.REPORT_STAFF, confidence=1.0))
                return self._open(heard, state, "case_shy")
            if signal.button or not self._may_tell(signal):
                return decide(signal, state)
            return self._first(signal, alarmed, decide)

        return decided

    def _takes_back(self, signal: Signal) -> bool:
        """True when what was called off a moment ago is wanted after all."""
        if signal.button:
            return signal.button == f"{OWN_BUTTON}{UNDO}"
        return is_send(signal.text) or returns(fold(signal.text))

    def __call__(self, signal: Signal, state: ConversationState) -> Decision:
        """Decide a turn that Rasa took for a complaint, or guessed to be one."""
        heard = self._reader.hear(signal)
        if heard.kind.hypothetical:
            return self._answers.hypothetical(state)
        sure = self._reader.happened(heard)
        return self._believed(signal, heard, sure, state) or self._answers.hypothetical(state)

    def _may_tell(self, signal: Signal) -> bool:
        long = len(signal.text.split()) >= STORY_WORDS
        return long or signal.intent in READ_ALWAYS or of_officials(fold(signal.text))

    def _first(self, signal: Signal, state: ConversationState, decide: Decide) -> Decision:
        heard = self._reader.hear(signal)
        kind, route = heard.kind, heard.route
        distressed = state.facts.get("alarm") == Danger.SELF_HARM and despairs(signal.text)
        if kind.danger or distressed:
            alarm = self._alarm.raised(signal, state, heard)
            # What an official did is kept, so that it need not be told twice; who is in danger is asked nothing now.
            draft = self._interview.open(heard).draft if supposing.of_ours(heard) else None
            return replace(alarm, state=replace(alarm.state, draft=draft))
        if route is Route.EMERGENCY and not (supposing.of_ours(heard) and heard.judgement.behaviours):
            return self._alarm.doubted(signal, state)
        state = replace(state, awaited=None)
        if route is Route.EMERGENCY:
            return self._open(heard, state, "case_if_danger")
        if route is Route.PRIVACY_REQUEST and looks_up(heard.folded):
            return self._instead(Route.TRACK_CASE, signal, state)
        told = kind.hypothetical or route in OPENS_CASE
        sure = self._reader.happened(heard) if told else 0.0
        # What an official did goes before an earlier report and before one's own data.
        done = bool(set(heard.judgement.behaviours) - {LATE_CODE}) and sure >= MAY_HAVE_HAPPENED
        if told and not signal.chosen and of_earlier_report(signal.text):
            return self._doubt.ask(signal, heard, state) if done else self._instead(Route.TRACK_CASE, signal, state)
        if not signal.chosen and (kind.hypothetical or (route in OPENS_CASE and supposing.only_asks(heard))):
            if sure >= SURELY and not kind.agency:
                return self._doubt.ask(signal, heard, state)
            return self._asked_only(signal, heard, state, decide)
        if route is Route.PRIVACY_REQUEST and not signal.chosen and not supposing.wants_own_data(heard):
            if not done:
                return self._instead(route, signal, state)
            heard = replace(heard, route=Route.REPORT_STAFF)
            route = heard.route
        if kind.agency and not kind.ours and route is Route.OTHER_AGENCY and self._complains(heard):
            return self._answers.other_body(heard, state, kind.agency)
        asks = heard.asks and (signal.intent in QUESTIONS or asks_papers(heard.folded))
        if route in OPENS_CASE and asks and self._of_nobody(heard):
            # «ông tui cụt chân, xin tiền làm chân giả thì cần giấy chi» is a question, whatever its words remind of.
            decision = self._instead(Route.ASK_PROCEDURE, signal, state)
            if decision.state.outcome is not Outcome.REFUSED:
                return decision
        if route in DOUBTED and supposing.only_praises(heard) and sure < HAPPENED:
            return self._instead(Route.SURVEY, signal, state)
        if route in OPENS_CASE:
            return self._believed(signal, heard, sure, state) or self._asked_only(signal, heard, state, decide)
        if route is not Route.ASK_PROCEDURE and signal.intent in READ_ALWAYS and route.value in self._others:
            return self._instead(route, signal, state)
        return decide(signal, state)

    def _believed(self, signal: Signal, heard: Heard, sure: float, state: ConversationState) -> Decision | None:
        """Open a draft of what happened (`sure`, 0–1), or ask whether it did; None where it very likely did not."""
        if heard.route is Route.REGULATION_FEEDBACK and not signal.chosen and not supposing.proposes(heard):
            return self._doubt.ask(signal, heard, state)
        maybe = MAY_HAVE_HAPPENED <= sure < SURELY and heard.route in DOUBTED
        if maybe and praises(signal.text) and not signal.chosen:
            return self._doubt.ask(signal, heard, state)  # «phục vụ tận tình ghê», meant or not
        certain = supposing.attacks(heard) or heard.route in OPENS_CASE - DOUBTED
        plain = signal.chosen or certain or plainly_told(heard, sure)
        if plain or sure >= enough(heard):
            return self._open(heard, state)
        return self._doubt.ask(signal, heard, state) if sure >= MAY_HAVE_HAPPENED else None

    def _asked_only(self, signal: Signal, heard: Heard, state: ConversationState, decide: Decide) -> Decision:
        """Answer what is only asked: where to report is known even where no procedure answers it."""
        of_conduct = of_officials(heard.folded) or supposing.tells_of_conduct(heard)
        if signal.intent in OPENS_CASE:
            if of_conduct:
                return self._answers.hypothetical(state)
            decide, signal = self._others[Route.ASK_PROCEDURE.value], replace(signal, intent="ask_procedure")
        decision = decide(signal, state)
        refused = decision.state.outcome is Outcome.REFUSED
        return self._answers.hypothetical(state) if refused and of_conduct else decision

    def _instead(self, route: Route, signal: Signal, state: ConversationState) -> Decision:
        """Leave a message to the decision of another route."""
        return self._others[route.value](replace(signal, intent=route.value), state)

    def _settled(self, signal: Signal, state: ConversationState) -> Decision | None:
        """Take the answer to «did it happen, or is it a question»; None for anything that is no answer."""
        held, route, happened = state.held[DOUBT], state.held.get(DOUBTED_ROUTE), self._doubt.answer(signal)
        facts = {k: v for k, v in state.facts.items() if k != DOUBTED_CODES}
        left = {k: v for k, v in state.held.items() if k not in {DOUBT, DOUBTED_ROUTE}}
        state = replace(state, held=left, facts=facts)
        told = self._doubt.told(signal, held, route)
        if happened is None:
            # Who goes on telling has answered; who asks something else has not.
            more = self._reader.hear(signal)
            if signal.button or more.asks or not self._goes_on(more):
                return None
            told = self._doubt.told(signal, f"{held}\n{signal.raw or signal.text}", route)
        if happened is not False:
            return self._open(self._reader.hear(told), state)
        decision = self._instead(Route.ASK_PROCEDURE, told, state)
        return decision if decision.state.outcome is not Outcome.REFUSED else self._answers.hypothetical(state)

    def _goes_on(self, more: Heard) -> bool:
        """True where a message tells more of what was told: a place, a desk, a time, or what was done."""
        there = more.units or more.facts.counter or more.when
        return bool(there) or self._reader.happened(more) >= HAPPENED

    def _of_nobody(self, heard: Heard) -> bool:
        """True when no office and nobody of one is named."""
        return not (heard.units or heard.kind.agency or of_officials(heard.folded))

    def _complains(self, heard: Heard) -> bool:
        return bool(heard.judgement.behaviours) or heard.intent in {r.value for r in COMPLAINT_ROUTES}

    def _open(self, heard: Heard, state: ConversationState, note: str | None = None) -> Decision:
        kind = heard.kind
        mixed = kind.agency is not None and kind.ours
        step = self._interview.open(heard, part_of_ours(heard.text) if mixed else None)
        address = state.address
        first = self._wording.acknowledgement(step.draft, address)
        sentences = [self._wording.notes((note,), address) if note else first]
        if mixed and kind.agency:
            name, where = self._phrases.agency(kind.agency, address, complaint=True)
            sentences.append(self._phrases.say("case_other_body", address, agency=name, agency_where=where))
        if step.notes:
            sentences.append(self._wording.notes(step.notes, address))
        if step.draft.others:
            sentences.append(self._phrases.say("case_linked", address))
        blocks = (self._wording.law(step.draft, address),) if step.draft.input_type in LAW_FIRST else ()
        state = replace(state, agency=kind.agency if mixed else None)
        return self._talk.asked(step, state, sentences, blocks)

    def _own_button(self, signal: Signal, state: ConversationState) -> Decision:
        if signal.button == f"{OWN_BUTTON}late":
            return self._late(signal, state)
        if signal.button == f"{OWN_BUTTON}open":
            heard = self._reader.hear(replace(signal, text="", raw="", intent=Route.REPORT_STAFF))
            return self._open(heard, state)
        number = state.facts.get("case_code")
        act = "case_sent_already" if state.case_id and number else "case_no_draft"
        text = self._phrases.say(act, state.address, number=number)
        return Decision(Reply(act, text), replace(state, outcome=Outcome.CLARIFICATION, reason=None))

    def _late(self, signal: Signal, state: ConversationState) -> Decision:
        """Open a draft about a file that is overdue, with what is known of it."""
        heard = self._reader.hear(replace(signal, text="", raw="", button=None, intent=Route.REPORT_STAFF))
        step = self._interview.open(heard)
        code = state.facts.get("dossier_code")
        severity = self._reader.taxonomy.severity((LATE_CODE,), money=False, danger=False)
        draft = replace(
            step.draft, behaviours=(LATE_CODE,), severity=severity, dossier_code=str(code) if code else None
        )
        return self._talk.asked(
            replace(step, draft=draft), state, [self._wording.acknowledgement(draft, state.address)]
        )
