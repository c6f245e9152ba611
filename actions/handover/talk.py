"""While the citizen waits for a person, or leaves word for one: a call booked, words left, the wait ended."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from actions.handover.action import WAIT_BUTTON, HandOverAction
from actions.turn_action import GO_ON, Decide, Decision
from bot.core.channels.rendering import chosen
from bot.core.conversation import ConversationState, Owner
from bot.core.enquiry.signals import Signal
from bot.core.handover import saying
from bot.core.handover.asking import (
    asks_place,
    drops,
    goes_back,
    here,
    leaves_word,
    wants_call,
    writes_only,
)
from bot.core.handover.attention import URGENCY, Left, Why
from bot.core.handover.effects import GoBack, LeaveWord
from bot.core.handover.floor import FrontDesk
from bot.core.handover.hours import VIETNAM, Span
from bot.core.handover.queue import Standing
from bot.core.phrases import Phrases
from bot.core.replies import Button, Reply
from bot.core.routes import Outcome, Route
from bot.core.story import contacts, yes_no
from nlu.text import fold

# What was asked of the citizen: a number to call, where to write to, when, the words to leave.
NUMBER, CONTACT, SLOT, WORDS = "h:number", "h:contact", "h:slot", "h:words"
HELD = "callback"
CALL, TEXT = "call", "text"
# Changes when the wording of callback_slot changes: a consent names the wording that was agreed to.
CONSENT_VERSION = "goi-lai-2026-11-1"
_LEAST_DIGITS = 6

Dangerous = Callable[[Signal], bool]


class HandOverTalk:
    """Decides turns about the wait for a person. `dangerous`: whether a message tells of danger, which goes first."""

    def __init__(self, phrases: Phrases, desk: FrontDesk, hand_over: HandOverAction, dangerous: Dangerous) -> None:
        self._phrases = phrases
        self._desk = desk
        self._hand_over = hand_over
        self._dangerous = dangerous

    def around(self, decide: Decide) -> Decide:
        """Return a decision that takes what is about the wait, and leaves all else to `decide`."""

        def decided(signal: Signal, state: ConversationState) -> Decision:
            awaited, held = state.awaited or "", state.held.get(HELD, "")
            if awaited.startswith(WAIT_BUTTON) or held:
                rest = {key: value for key, value in state.held.items() if key != HELD}
                state = replace(state, awaited=None, held=rest)
            if signal.button and signal.button.startswith(WAIT_BUTTON):
                return self._pressed(signal.button.removeprefix(WAIT_BUTTON), held, signal, state)
            if awaited.startswith(WAIT_BUTTON) and not signal.button and not self._dangerous(signal):
                answered = self._answered(awaited, held, signal, state)
                if answered is not None:
                    return answered
            if state.owner is Owner.WAITING and not signal.button:
                if goes_back(signal.text):
                    return self._back(signal, state)
                if asks_place(signal.text):
                    return self._hand_over(signal, state)
                if wants_call(signal.text) or leaves_word(signal.text):
                    return self._offered(signal, state)
            return decide(signal, state)

        return decided

    def _pressed(self, what: str, held: str, signal: Signal, state: ConversationState) -> Decision:
        name, _, value = what.partition(":")
        barred = self._desk.look(signal.conversation_id, signal.now).attention.barred(signal.now)
        if barred and name not in {"back", "cancel", "drop"}:
            return self._hand_over(replace(signal, button=None), state)
        match name:
            case "back" | "cancel":
                return self._back(signal, state)
            case "call":
                return self._ask("callback_number", NUMBER, ("text", "drop"), state, asks_phone=True)
            case "text":
                return self._ask("callback_text", CONTACT, ("here", "drop"), state)
            case "here":
                return self._here(signal, state)
            case "leave":
                return self._leave(signal, state)
            case "slot" if held:
                return self._booked(held, value, signal, state)
            case "drop":
                return self._said("callback_dropped", state)
            case _:
                return self._hand_over(replace(signal, button=None), state)

    def _offered(self, signal: Signal, state: ConversationState) -> Decision:
        """Take in words what the buttons offer to who waits."""
        if leaves_word(signal.text):
            return self._pressed("leave", "", signal, state)
        answered = self._answered(NUMBER, "", signal, state)
        return answered or self._pressed("call", "", signal, state)

    def _answered(self, awaited: str, held: str, signal: Signal, state: ConversationState) -> Decision | None:
        """Take what was asked for; None where the message is about something else."""
        raw = signal.raw or signal.text
        if awaited == WORDS:
            return self._back(signal, state) if drops(signal.text) else self._kept("message_left", signal, state)
        if awaited == SLOT:
            return self._chosen(held, signal, state)
        given = contacts(raw)
        if given.phone:
            way = CALL if awaited == NUMBER and not writes_only(raw) else TEXT
            return self._slots(f"{way} {given.phone}", signal, state)
        if given.email:
            return self._slots(f"{TEXT} {given.email}", signal, state)
        if drops(signal.text):
            return self._said("callback_dropped", state)
        if here(signal.text) and awaited == CONTACT:
            return self._here(signal, state)
        if writes_only(signal.text):
            return self._ask("callback_text", CONTACT, ("here", "drop"), state)
        if sum(sign.isdigit() for sign in raw) >= _LEAST_DIGITS:
            return self._ask("callback_number", awaited, ("text", "drop"), state, variant="again", asks_phone=True)
        return None

    def _ask(
        self,
        act: str,
        awaited: str,
        buttons: tuple[str, ...],
        state: ConversationState,
        *,
        variant: str = "text",
        asks_phone: bool = False,
    ) -> Decision:
        data = {"asks_phone": True} if asks_phone else {}
        text = self._phrases.variant(act, variant, state.address)
        reply = Reply(act, text, buttons=(*map(self._button, buttons), *self._draft(state)), data=data)
        return Decision(reply, replace(_routed(state), awaited=awaited))

    def _slots(self, held: str, signal: Signal, state: ConversationState) -> Decision:
        """Ask when, and by that for leave to keep the contact."""
        say = self._phrases
        buttons = [(_key(span), saying.slot(say, span, signal.now)) for span in self._spans(signal)]
        text = say.say("callback_slot", state.address, contact=hint(held.partition(" ")[2]))
        choices = tuple(Button(f"{WAIT_BUTTON}slot:{key}", title[:1].upper() + title[1:]) for key, title in buttons)
        reply = Reply("callback_slot", text, buttons=(*choices, self._button("drop")))
        return Decision(reply, replace(_routed(state), awaited=SLOT, held={**state.held, HELD: held}))

    def _chosen(self, held: str, signal: Signal, state: ConversationState) -> Decision | None:
        spans = self._spans(signal)
        titles = [saying.slot(self._phrases, span, signal.now) for span in spans]
        which = chosen(signal.text, titles)
        if which is None:
            named = [at for at, title in enumerate(titles) if fold(title) in fold(signal.text)]
            which = named[0] if len(named) == 1 else 0 if yes_no(signal.text) is True and spans else None
        if which is not None and held:
            return self._booked(held, _key(spans[which]), signal, state)
        if drops(signal.text) or yes_no(signal.text) is False:
            return self._said("callback_dropped", state)
        if held and (given := contacts(signal.raw or signal.text)) and (given.phone or given.email):
            way = TEXT if given.email and not given.phone else held.partition(" ")[0]
            return self._slots(f"{way} {given.phone or given.email}", signal, state)
        return None

    def _booked(self, held: str, start: str, signal: Signal, state: ConversationState) -> Decision:
        spans = {_key(span): span for span in self._spans(signal)}
        span = spans.get(start) or next(iter(spans.values()), None)
        if span is None:
            return self._hand_over(replace(signal, button=None), state)
        way, _, contact = held.partition(" ")
        when = saying.slot(self._phrases, span, signal.now)
        left = Left.CALL if way == CALL else Left.TEXT
        verb = "Gọi" if left is Left.CALL else "Nhắn tin, không gọi,"
        consent = f"Đồng ý lưu để liên hệ: {CONSENT_VERSION}, {_local(signal.now)}."
        note = f"{verb} {contact}, {when} ({_local(span.start)}). {consent}"
        effect = LeaveWord(left, self._standing(signal), note, max(span.start, signal.now))
        variant = "text" if left is Left.CALL else "written"
        return self._waits("callback_booked", variant, state, effect, contact=hint(contact), when=when)

    def _here(self, signal: Signal, state: ConversationState) -> Decision:
        """Book an answer in writing, in this very chat: nothing more is kept of the citizen."""
        spans = self._spans(signal)
        due = max(spans[0].start, signal.now) if spans else signal.now
        note = "Trả lời bằng chữ ngay trong khung chat này, không gọi điện."
        effect = LeaveWord(Left.TEXT, self._standing(signal), note, due)
        when = saying.slot(self._phrases, spans[0], signal.now) if spans else ""
        return self._waits("callback_booked", "here" if spans else "here_unknown", state, effect, when=when)

    def _leave(self, signal: Signal, state: ConversationState) -> Decision:
        """Ask for the words; from now on the conversation waits for somebody to read it."""
        decision = self._kept("message_leave", signal, state)
        return replace(decision, state=replace(decision.state, awaited=WORDS))

    def _kept(self, act: str, signal: Signal, state: ConversationState) -> Decision:
        look = self._desk.look(signal.conversation_id, signal.now)
        opens = look.floor.at.next_open
        effect = LeaveWord(Left.MESSAGE, self._standing(signal))
        if opens is None:
            return self._waits(act, "unknown", state, effect)
        return self._waits(act, "text", state, effect, when=saying.moment(self._phrases, opens, signal.now))

    def _waits(
        self, act: str, variant: str, state: ConversationState, effect: LeaveWord, **facts: object
    ) -> Decision:
        text = self._phrases.variant(act, variant, state.address, **facts)
        end = "back" if effect.due_at is None else "cancel"
        reply = Reply(act, text, buttons=(self._button(end), *self._draft(state)))
        owner = state.owner if state.owner is Owner.OPERATOR else Owner.WAITING
        return Decision(reply, replace(_routed(state), owner=owner), effects=(effect,))

    def _back(self, signal: Signal, state: ConversationState) -> Decision:
        """End the wait, with the call that was booked."""
        left = self._desk.look(signal.conversation_id, signal.now).attention.left
        decision = self._said("handover_back", state, "booked" if left in {Left.CALL, Left.TEXT} else "text")
        owner = Owner.BOT if state.owner is Owner.WAITING else state.owner
        return replace(decision, state=replace(decision.state, owner=owner), effects=(GoBack(),))

    def _said(self, act: str, state: ConversationState, variant: str = "text") -> Decision:
        state = replace(state, route=Route.TALK_TO_HUMAN, outcome=Outcome.SMALL_TALK, reason=None, agency=None)
        text = self._phrases.variant(act, variant, state.address)
        return Decision(Reply(act, text, buttons=self._draft(state)), state)

    def _standing(self, signal: Signal) -> Standing:
        look = self._desk.look(signal.conversation_id, signal.now)
        return look.floor.standing(signal.conversation_id, max(URGENCY[Why.ASKED], look.attention.urgency))

    def _spans(self, signal: Signal) -> Sequence[Span]:
        staffed = bool(self._desk.look(signal.conversation_id, signal.now).floor.on_duty)
        return self._desk.slots(signal.now, staffed=staffed)

    def _draft(self, state: ConversationState) -> tuple[Button, ...]:
        """Return the way back to a story that is told by half."""
        return (Button(GO_ON, self._phrases.word("handover_go_on")),) if state.draft else ()

    def _button(self, name: str) -> Button:
        return Button(f"{WAIT_BUTTON}{name}", self._phrases.word(f"handover_{name}"))


def hint(contact: str) -> str:
    """Return a contact as its owner knows it again and nobody else can use it."""
    name, at, host = contact.partition("@")
    return f"{name[:2]}…@{host}" if at else f"số đuôi {contact[-3:]}"


def _routed(state: ConversationState) -> ConversationState:
    return replace(
        state, route=Route.TALK_TO_HUMAN, outcome=Outcome.HANDED_OVER, reason=None, agency=None, failures=0
    )


def _key(span: Span) -> str:
    return f"{span.start:%Y-%m-%dT%H:%M}"


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
