"""A talk about an open draft: each message taken in, the next question asked, asides answered and come back from."""

from collections.abc import Mapping
from dataclasses import replace

from actions.cases.alarm import CaseAlarm
from actions.cases.answers import HOW_TO, CaseAnswers
from actions.cases.sending import CaseSending
from actions.cases.wording import LAW_FIRST, CaseWording
from actions.turn_action import Decide, Decision
from bot.core.cases.draft import Draft, Slot
from bot.core.cases.filing import new_case_id
from bot.core.cases.heard import StoryReader
from bot.core.cases.interview import OWN_BUTTON, Interview, Move, Step
from bot.core.conversation import ConversationState
from bot.core.enquiry.signals import Signal
from bot.core.kinds import InputType
from bot.core.phrases import Phrases
from bot.core.replies import Block, Button, Reply
from bot.core.routes import Outcome, Route
from bot.core.story import identity_answer

COMPLAINT_ROUTES = (Route.REPORT_STAFF, Route.FORMAL_COMPLAINT, Route.DENUNCIATION, Route.REGULATION_FEEDBACK)
OPENS_CASE = frozenset({*COMPLAINT_ROUTES, Route.PRIVACY_REQUEST})
ROUTE_OF_INPUT = {
    InputType.KHIEU_NAI: Route.FORMAL_COMPLAINT,
    InputType.TO_CAO: Route.DENUNCIATION,
    InputType.PHAN_ANH_QDHC: Route.REGULATION_FEEDBACK,
    InputType.KIEN_NGHI: Route.REGULATION_FEEDBACK,
    InputType.YEU_CAU_DLCN: Route.PRIVACY_REQUEST,
}
ASIDE_BUTTONS = 4


class CaseTalk:
    """Decides the turns of a conversation that has a draft."""

    def __init__(
        self,
        reader: StoryReader,
        interview: Interview,
        wording: CaseWording,
        answers: CaseAnswers,
        alarm: CaseAlarm,
        send: CaseSending,
        phrases: Phrases,
        others: Mapping[str, Decide],
    ) -> None:
        self._reader = reader
        self._interview = interview
        self._wording = wording
        self._answers = answers
        self._alarm = alarm
        self._send = send
        self._phrases = phrases
        self._others = others

    def hear(self, signal: Signal, state: ConversationState, draft: Draft, decide: Decide) -> Decision:
        """Take a message into the draft; `decide` answers what is no part of it."""
        heard = self._reader.hear(signal)
        chooses = draft.asked is Slot.IDENTITY and identity_answer(signal.text)
        if not (signal.button or chooses or heard.kind.danger):
            answered = self._answers.asked_about(signal.text, draft, state)
            if answered:
                return self.with_question(answered, draft)
        step = self._interview.hear(draft, heard)
        match step.move:
            case Move.ASIDE:
                return self._aside(signal, state, step.draft, decide)
            case Move.PERSON:
                return self.with_question(self._others["talk_to_human"](signal, state), step.draft, "case_person")
            case Move.DANGER:
                return self.with_question(self._alarm.raised(signal, state, heard), step.draft)
            case Move.CANCEL:
                return self._cancelled(state, draft)
            case Move.SEND:
                return self._send(signal, state, step.draft)
            case _:
                masked = ("case_masked",) if state.facts.get("pii_masked") and "[số giấy tờ]" in signal.text else ()
                sentences = [self._wording.notes((*masked, *step.notes), state.address)]
                return self.asked(step, state, sentences)

    def asked(
        self, step: Step, state: ConversationState, sentences: list[str], blocks: tuple[Block, ...] = ()
    ) -> Decision:
        """Return the reply that asks the draft's open question, after `sentences` and above `blocks`."""
        draft = step.draft
        if draft.asked is Slot.REVIEW:
            draft = draft if draft.case_id else replace(draft, case_id=new_case_id())
            law = () if draft.input_type in LAW_FIRST else (self._wording.law(draft, state.address),)
            blocks = (*blocks, *self._wording.review(draft), *law)
        question = self._wording.question(draft, state.address)
        text = " ".join(filter(None, (*sentences, question)))
        buttons = self._wording.buttons(draft)
        if blocks and draft.input_type in LAW_FIRST and draft.asked is not Slot.REVIEW:
            how = draft.input_type.value
            buttons = (*buttons, Button(f"{HOW_TO}{how}", self._phrases.word(f"how_to_{how}")))
        state = replace(
            state,
            draft=draft,
            route=ROUTE_OF_INPUT.get(draft.input_type, Route.REPORT_STAFF),
            outcome=Outcome.COMPLAINT_STEP,
            reason=None,
            failures=0,
            facts={k: v for k, v in state.facts.items() if k != "cancelled"},
        )
        reply = Reply(f"case_{draft.asked or 'step'}", text, blocks, buttons=buttons, data=_asks(draft))
        return Decision(reply, state)

    def _aside(self, signal: Signal, state: ConversationState, draft: Draft, decide: Decide) -> Decision:
        button = signal.button or ""
        if button.startswith(HOW_TO) and (told := self._answers.how_to(button.removeprefix(HOW_TO), state)):
            return self.with_question(told, draft)
        if signal.intent in OPENS_CASE:
            return self.with_question(self._answers.hypothetical(state), draft)
        decision = decide(signal, state)
        return self.with_question(decision, draft)

    def with_question(self, decision: Decision, draft: Draft, *notes: str) -> Decision:
        """Return the decision with the draft kept and its question asked again below the answer."""
        address = decision.state.address
        again = " ".join((*(self._phrases.say(n, address) for n in notes), self._wording.question(draft, address)))
        reply = decision.reply
        reply = replace(
            reply,
            blocks=(*reply.blocks, Block("note", again)),
            buttons=(*reply.buttons[:4], *self._wording.buttons(draft)),
            data={**reply.data, **_asks(draft)},
        )
        return replace(decision, reply=reply, state=replace(decision.state, draft=draft))

    def resumed(self, draft: Draft, state: ConversationState) -> Decision:
        """Take up again what was called off a moment ago."""
        back = self._phrases.say("case_welcome_back", state.address)
        return self.asked(Step(Move.STEP, replace(draft, tries=0)), state, [back])

    def _cancelled(self, state: ConversationState, draft: Draft) -> Decision:
        undo = Button(f"{OWN_BUTTON}undo", self._phrases.word("case_undo"))
        reply = Reply("case_cancelled", self._phrases.say("case_cancelled", state.address), buttons=(undo,))
        facts = {**state.facts, "cancelled": True, "undo": draft.to_json()}
        return Decision(reply, replace(state, draft=None, outcome=Outcome.COMPLAINT_STEP, reason=None, facts=facts))


def _asks(draft: Draft) -> dict[str, bool]:
    """Say to the platforms what is asked: some have a button that shares one's own number."""
    return {"asks_phone": True} if draft.asked is Slot.CONTACT else {}
