"""The talk about a draft: what a message does to it and what is asked next. Pure; the words are made elsewhere."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from bot.core.cases.absorb import Absorbed, Absorber
from bot.core.cases.amending import amends, corrected
from bot.core.cases.draft import SKIPPABLE, Draft, Slot
from bot.core.cases.heard import Heard, StoryReader
from bot.core.cases.opening import opened_as
from bot.core.cases.short_answers import (
    MAX_TRIES,
    SKIP_TRIES,
    agrees_to,
    names_place,
    passes,
    says_something,
    spares,
    wants_sent,
)
from bot.core.kinds import InputType
from bot.core.routes import Route
from bot.core.story import (
    DeskKind,
    Identity,
    Problem,
    edit_target,
    is_back,
    is_cancel,
    is_done,
    is_unknown,
)

# Intents of turns that may be something else in the middle of a talk.
ASIDES = frozenset(
    {
        "ask_procedure",
        "follow_up",
        "choose_option",
        "correction",
        "track_case",
        "capability",
        "nlu_fallback",
        "out_of_scope",
        "other_agency",
        "survey",
        "privacy_request",
    }
)
OWN_BUTTON = "k:"
AWAY = timedelta(hours=8)
SHORT_WORDS = 8
# «khoảng tháng 8 năm ngoái»: as exact as it will get.
_LONG_AGO = re.compile(r"\b(?:thang|nam)\b")
_PERSON = re.compile(
    r"\b(?:noi chuyen|gap|chat|noi may|trao doi) (?:truc tiep )?(?:voi )?"
    r"(?:nguoi (?:that|truc)|tong dai|tu van vien)\b"
)


# «mà cho hỏi cái này trước: …», «tiện thể …»: a question of its own, whatever its words remind of.
_BEGS = re.compile(r"\b(?:cho (?:\w+ )?hoi|hoi (?:cai nay|chut|ti|them|luon|ngang)|tien the|nhan tien)\b")


class Move(StrEnum):
    """What a message did."""

    STEP = "step"  # the draft moved on, or its question is asked again
    ASIDE = "aside"  # it asks something else: answered first, then the draft's question again
    PERSON = "person"
    DANGER = "danger"
    CANCEL = "cancel"
    SEND = "send"


@dataclass(frozen=True)
class Step:
    """What follows from a message: the draft after it, and what is to be said (acts) before its question."""

    move: Move
    draft: Draft
    notes: tuple[str, ...] = ()


class Interview:
    """Decides each message of a talk; immutable."""

    def __init__(self, reader: StoryReader) -> None:
        self._absorb = Absorber(reader)

    def open(self, heard: Heard, story: str | None = None) -> Step:
        """Begin a draft with a first message; `story` is the part of it that is ours, where not all is."""
        draft = Draft(
            input_type=opened_as(heard),
            started_at=heard.now,
            touched_at=heard.now,
            child=heard.child,
            asked=Slot.NARRATIVE,
        )
        if story:
            heard = replace(heard, text=story)
        absorbed = self._absorb(draft, heard)
        draft = absorbed.draft
        if draft.input_type in {InputType.TO_CAO, InputType.KHIEU_NAI}:
            draft = replace(draft, statements=tuple(dict.fromkeys((*draft.statements, draft.input_type.value))))
        notes = tuple(n for n in absorbed.notes if n != "case_law_to_cao")
        return self._ask(replace(draft, asked=None), notes)

    def hear(self, draft: Draft, heard: Heard) -> Step:
        """Take a message into an open draft."""
        notes: tuple[str, ...] = ()
        if heard.now - draft.touched_at >= AWAY:
            notes = ("case_welcome_back",)
        draft = replace(draft, touched_at=heard.now, child=draft.child or heard.child)
        step = self._hear(draft, heard)
        return replace(step, notes=(*notes, *step.notes)) if step.move is Move.STEP else step

    def _hear(self, draft: Draft, heard: Heard) -> Step:
        if heard.button and heard.button.startswith(OWN_BUTTON):
            return self._pressed(draft, heard.button.removeprefix(OWN_BUTTON), heard)
        if heard.button:
            return Step(Move.ASIDE, draft)
        if heard.kind.danger:
            return Step(Move.DANGER, self._absorb(draft, heard).draft)
        if is_cancel(heard.text) and not spares(draft, heard):
            return Step(Move.CANCEL, draft)
        if is_back(heard.text):
            return self._back(draft)
        target = edit_target(heard.text)
        heard = replace(heard, amends=amends(draft, heard, target))
        if draft.asked is Slot.PARALLEL and (agrees := agrees_to(heard)) is not None:
            return self._parallel(draft, agrees)
        if wants_sent(heard.text):
            absorbed = self._absorb(draft, heard)
            # What came along with «gửi» is read back before it goes.
            return self._send(absorbed.draft) if not absorbed.filled else self._ask(absorbed.draft, absorbed.notes)
        if is_done(heard.text) and (done := self._done(draft, heard)):
            return done
        if _PERSON.search(heard.folded) or (
            heard.intent == "talk_to_human" and draft.asked is not Slot.STAFF and not heard.facts.desk
        ):
            return Step(Move.PERSON, draft)
        if self._other_matter(draft, heard, target):
            return Step(Move.ASIDE, draft)
        absorbed = self._absorb(draft, heard)
        return self._after(draft, absorbed, heard, target)

    def _done(self, draft: Draft, heard: Heard) -> Step | None:
        """Nothing to add: leave open what may be; None where the message says something after all."""
        absorbed = self._absorb(draft, heard)
        if absorbed.filled:
            return None
        return self._ask(draft.hurried)

    def _after(self, before: Draft, absorbed: Absorbed, heard: Heard, target: str | None) -> Step:
        draft, asked = absorbed.draft, absorbed.draft.asked
        if heard.amends and absorbed.filled and (done := corrected(before, draft)):
            absorbed = replace(absorbed, notes=(*absorbed.notes, done))
        if target and (slot := _SLOT_OF_TARGET.get(target)):
            if slot not in absorbed.filled:
                return self._ask(draft.reopening(slot), absorbed.notes, slot)
            return self._ask(draft, absorbed.notes)
        if asked and asked not in absorbed.filled and asked in SKIPPABLE and passes(draft, heard):
            return self._ask(draft.passing(asked), absorbed.notes)
        if (
            asked is Slot.WHEN
            and heard.when
            and heard.when.problem is Problem.VAGUE
            and _LONG_AGO.search(heard.folded)
        ):
            return self._ask(draft.passing(Slot.WHEN), tuple(n for n in absorbed.notes if n != "case_when_vague"))
        if asked is Slot.CONSENT and Slot.CONTACT in absorbed.filled and draft.consent is None:
            return self._ask(draft, (*absorbed.notes, "case_number_heard"))
        if asked is Slot.DESK and is_unknown(heard.text):
            return self._ask(replace(draft, desk=DeskKind.UNKNOWN), absorbed.notes)
        if asked and asked is not Slot.REVIEW and not absorbed.filled and not absorbed.notes:
            return self._unheard(draft, heard)
        return self._ask(draft, absorbed.notes)

    def _unheard(self, draft: Draft, heard: Heard) -> Step:
        """The message fits nowhere: say so kindly once, then pass over what may be passed over."""
        asked = draft.asked
        if asked is Slot.UNIT and draft.tries >= 1 and names_place(heard):
            # The office they mean is in no list of ours: their own words are kept, people will find it.
            return self._ask(replace(draft, unit_said=heard.text).passing(Slot.UNIT), ("case_unit_kept",))
        if asked in SKIPPABLE and draft.tries >= SKIP_TRIES and asked is not None:
            return self._ask(draft.passing(asked), ("case_passed_over",))
        if asked is Slot.NARRATIVE and draft.tries >= 1:
            return self._ask(draft, ("case_story_help",))
        if asked in {Slot.CONSENT, Slot.IDENTITY} and draft.tries >= MAX_TRIES:
            anonymous = replace(draft, identity=Identity.ANONYMOUS, consent=None).reopening(Slot.CONTACT)
            return self._ask(anonymous, ("case_taken_anonymous",))
        if asked is not Slot.NARRATIVE and says_something(heard):
            return self._ask(self._absorb.told(draft, heard, []), ("case_noted",))
        note = "case_soothe" if heard.route is Route.ABUSE else "case_not_heard"
        if heard.intent in {"greeting", "thanks_bye", "affirm"}:
            note = "case_go_on"
        if heard.intent == "emergency":
            note = "case_if_danger"
        return self._ask(draft, (note,))

    def _other_matter(self, draft: Draft, heard: Heard, target: str | None) -> bool:
        """True for a question about something else, which must not be swallowed as an answer."""
        if heard.kind.hypothetical:
            return True
        if target or heard.intent not in ASIDES or not heard.asks:
            return False
        if _BEGS.search(heard.plain[:60]):
            return True
        if heard.judgement.behaviours:
            return False
        if heard.corrects and (heard.when or heard.units):
            return False
        if draft.asked is Slot.WHEN and heard.when and heard.when.date and heard.words <= SHORT_WORDS:
            return False
        return not (draft.asked is Slot.NARRATIVE and heard.words > 25)

    def _pressed(self, draft: Draft, what: str, heard: Heard) -> Step:
        slot_name, _, value = what.partition(":")
        if what == "send":
            return self._send(draft)
        if what == "cancel":
            return Step(Move.CANCEL, draft)
        if what == "back":
            return self._back(draft)
        slot = next((s for s in Slot if s.value == slot_name), None)
        if slot is None:
            return self._ask(draft)
        match slot, value:
            case _, "edit":
                return self._ask(draft.reopening(slot), (), slot)
            case Slot.PARALLEL, _:
                return self._parallel(draft, value == "yes")
            case _, "skip" if slot in SKIPPABLE:
                passed = replace(draft, desk=DeskKind.UNKNOWN) if slot is Slot.DESK else draft.passing(slot)
                return self._ask(passed)
            case Slot.UNIT, _ if value in draft.unit_options:
                return self._ask(replace(draft, unit=value))
            case Slot.DESK, _ if value in set(DeskKind):
                return self._ask(replace(draft, desk=DeskKind(value)))
            case Slot.IDENTITY, _ if value in set(Identity):
                return self._ask(draft.identified(Identity(value)))
            case Slot.CONSENT, "yes":
                return self._ask(replace(draft, consent=True, consent_at=heard.now))
            case Slot.CONSENT, "no":
                return self._ask(replace(draft.identified(Identity.ANONYMOUS), consent=False))
            case _:
                return self._ask(draft)

    def _parallel(self, draft: Draft, agrees: bool) -> Step:
        return self._ask(draft.passing(Slot.PARALLEL)) if agrees else Step(Move.CANCEL, draft)

    def _back(self, draft: Draft) -> Step:
        if not draft.before:
            return self._ask(draft, ("case_no_back",))
        slot, before = draft.before[-1], draft.before[:-1]
        draft = draft.reopening(slot)
        return Step(Move.STEP, replace(draft, asked=slot, tries=0, before=before))

    def _send(self, draft: Draft) -> Step:
        """File what was read back; before that, «gửi» means: ask only what cannot be done without."""
        if draft.asked is Slot.REVIEW and draft.complete:
            return Step(Move.SEND, draft)
        hurried = draft.hurried
        reachable = bool(draft.contact.phone or draft.contact.email)
        if draft.asked is Slot.CONSENT and hurried.consent is None and draft.tries >= 1 + reachable:
            hurried = replace(hurried.identified(Identity.ANONYMOUS), consent=False)
            return self._ask(hurried, ("case_taken_anonymous",))
        if draft.asked is Slot.IDENTITY and hurried.identity is None and draft.tries >= 1:
            return self._ask(hurried.identified(Identity.ANONYMOUS), ("case_taken_anonymous",))
        notes = ("case_before_sending",) if not hurried.complete else ()
        return self._ask(hurried, notes)

    def _ask(self, draft: Draft, notes: tuple[str, ...] = (), slot: Slot | None = None) -> Step:
        return Step(Move.STEP, draft.asking(slot or draft.next), notes)


_SLOT_OF_TARGET = {
    "unit": Slot.UNIT,
    "desk": Slot.DESK,
    "event_time": Slot.WHEN,
    "staff": Slot.STAFF,
    "narrative": Slot.NARRATIVE,
    "contact": Slot.CONTACT,
    "anonymous": Slot.IDENTITY,
}
