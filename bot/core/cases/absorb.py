"""What a message adds to a draft: facts go to their places, corrections replace, the rest of the story is kept."""

import re
from dataclasses import dataclass, replace

from bot.core.cases.draft import Draft, Slot
from bot.core.cases.heard import Heard, Judgement, StoryReader
from bot.core.cases.record import Contact, Story
from bot.core.cases.short_answers import steers, tells_nothing
from bot.core.cases.who import said_of_staff
from bot.core.kinds import InputType
from bot.core.privacy import mask
from bot.core.story import (
    DeskKind,
    Identity,
    Problem,
    identity_answer,
    name_answer,
    reach_said,
    yes_no,
)
from bot.core.units import Certainty, DeskHint, UnitMention
from nlu.text import clean

# An answer to another question is story only when it is long, or tells of a behaviour.
STORY_WORDS = 12
TELLING_WORDS = 7
# «phản ánh cán bộ» announces a story; this many words without a behaviour tell one.
THIN_WORDS = 9
# More messages than this are no first story; what follows is added to the filed case.
MAX_TOLD = 40
LATE_CODE = "HS-CHAM"
_ABOUT_SELF = frozenset({Slot.IDENTITY, Slot.CONSENT, Slot.CONTACT})
MAX_READ, MAX_JUDGED = 2_000, 6_000


@dataclass(frozen=True)
class Absorbed:
    """The draft after a message, what must be said about it (acts of phrases), and the slots it filled or changed."""

    draft: Draft
    notes: tuple[str, ...]
    filled: frozenset[Slot]


class Absorber:
    """Merges messages into drafts; immutable."""

    def __init__(self, reader: StoryReader) -> None:
        self._reader = reader

    def __call__(self, draft: Draft, heard: Heard) -> Absorbed:
        """Take in everything that `heard` says."""
        before, notes = draft, list[str]()
        draft = self._unit(draft, heard, notes)
        draft = self._when(draft, heard, notes)
        draft = self._people(draft, heard)
        draft = self._contact(draft, heard, notes)
        draft = self._story(draft, heard, notes)
        filled = frozenset(s for s in Slot if s is not Slot.REVIEW and _value(draft, s) != _value(before, s))
        return Absorbed(draft, tuple(dict.fromkeys(notes)), filled)

    def told(self, draft: Draft, heard: Heard, notes: list[str]) -> Draft:
        """Add the message to the story and read the whole anew."""
        if heard.text in draft.told:
            return draft
        if len(draft.told) >= MAX_TOLD:
            notes.append("case_story_full")
            return draft
        # Of a long message the readers see the beginning; what is kept is the whole.
        text = heard.text if len(heard.raw) <= MAX_READ else mask(clean(heard.raw))
        draft = replace(draft, told=(*draft.told, text), told_raw=(*draft.told_raw, heard.raw))
        return self.judged(draft, heard.intent, notes)

    def judged(self, draft: Draft, intent: str, notes: list[str]) -> Draft:
        """Read the whole story anew: its kind, its behaviours, how grave it is."""
        return self._judged(draft, self._reader.judge(draft.narrative[:MAX_JUDGED], intent), notes)

    def _unit(self, draft: Draft, heard: Heard, notes: list[str]) -> Draft:
        asked = draft.asked is Slot.UNIT
        if asked and draft.unit_options and (chosen := self._reader.units.choose(heard.text, draft.unit_options)):
            return replace(draft, unit=chosen, passed=_without(draft, Slot.UNIT))
        mention = _best(heard.units)
        if mention is None and asked and heard.words <= 6:
            mention = next(
                filter(None, (_best(self._reader.units.find(f"{p} {heard.text}")) for p in _PREFIXES)), None
            )
        if mention is None or not (asked or heard.corrects or (draft.unit is None and draft.unit_said is None)):
            return draft
        passed = _without(draft, Slot.UNIT)
        said = mention.former or mention.text
        if mention.certainty is Certainty.CERTAIN:
            former = mention.former
            return replace(draft, unit=mention.units[0], unit_said=former, unit_options=(), passed=passed)
        notes.append(_UNIT_NOTES.get(mention.certainty, "case_unit_ambiguous"))
        return replace(draft, unit=None, unit_said=said, unit_options=mention.units, passed=passed)

    def _when(self, draft: Draft, heard: Heard, notes: list[str]) -> Draft:
        when = heard.when
        told = {*draft.behaviours, *heard.judgement.behaviours}
        if draft.event_date is None and heard.overdue_since and LATE_CODE in told:
            # What a late file is about is the day on which it was due.
            return replace(draft, event_date=heard.overdue_since, passed=_without(draft, Slot.WHEN))
        if when is None:
            return draft
        wanted = draft.asked is Slot.WHEN or heard.corrects
        if when.problem in _WHEN_NOTES:
            if wanted or draft.event_date is None:
                notes.append(_WHEN_NOTES[when.problem])
            return draft
        if when.problem is Problem.VAGUE and draft.asked is Slot.WHEN and draft.tries == 0:
            notes.append("case_when_vague")
        if when.date and (wanted or draft.event_date is None):
            return replace(
                draft,
                event_date=when.date,
                event_time=when.time or (draft.event_time if not heard.corrects else None),
                approximate=when.approximate,
                passed=_without(draft, Slot.WHEN),
            )
        if when.time and (wanted or draft.event_time is None):
            return replace(draft, event_time=when.time)
        return draft

    def _people(self, draft: Draft, heard: Heard) -> Draft:
        facts = heard.facts
        if facts.desk is None and draft.desk is None and any(m.desk_hint is DeskHint.ONE_STOP for m in heard.units):
            facts = replace(facts, desk=DeskKind.ONE_STOP)
        if facts.desk and (draft.desk is None or draft.asked is Slot.DESK or heard.corrects):
            draft = replace(draft, desk=facts.desk, passed=_without(draft, Slot.DESK))
        if facts.counter and (draft.counter is None or heard.corrects):
            draft = replace(draft, counter=facts.counter)
        staff = said_of_staff(draft, heard)
        if staff and (draft.staff is None or draft.asked is Slot.STAFF or heard.corrects):
            draft = replace(draft, staff=staff, passed=_without(draft, Slot.STAFF))
        if facts.dossier_code:
            draft = replace(draft, dossier_code=facts.dossier_code)
        known = draft.story
        return replace(
            draft,
            story=Story(
                said=known.said or facts.said,
                waited_minutes=known.waited_minutes or facts.waited_minutes,
                visits=known.visits or facts.visits,
                amount=facts.amount if facts.amount and heard.corrects else known.amount or facts.amount,
                witnesses=known.witnesses or facts.witnesses,
                evidence=tuple(dict.fromkeys((*known.evidence, *facts.evidence))),
                wanted=known.wanted or facts.wanted,
            ),
        )

    def _contact(self, draft: Draft, heard: Heard, notes: list[str]) -> Draft:
        given = heard.contacts
        agrees, asked = yes_no(heard.text), draft.asked
        identity = identity_answer(heard.text)
        if identity is Identity.NAMED and draft.input_type is InputType.TO_CAO:
            identity = Identity.HIDDEN  # whoever denounces is kept secret by law; the name goes to no unit
        if identity:
            draft = replace(draft, identity=identity)
            if identity is Identity.ANONYMOUS:
                draft = replace(draft, consent=None, consent_at=None, contact=Contact())
        reachable = bool(given.phone or given.email)
        if asked in _ABOUT_SELF and not heard.judgement.behaviours and (reach := reach_said(heard.text)):
            draft = replace(draft, reach=reach)
        if draft.child or (draft.identity is Identity.ANONYMOUS and not reachable):
            return draft
        if reachable or given.name or (asked is Slot.CONTACT and name_answer(heard.text)):
            name = given.name or draft.contact.name or (name_answer(heard.text) if asked is Slot.CONTACT else None)
            draft = replace(
                draft,
                contact=Contact(name, given.phone or draft.contact.phone, given.email or draft.contact.email),
                passed=_without(draft, Slot.CONTACT),
            )
        if reachable and draft.consent is False:
            draft = replace(draft, consent=None)  # a number after a no: asked once more, never taken in silence
        if reachable and draft.identity in {None, Identity.ANONYMOUS}:
            # Whoever leaves a number wants to hear back; hiding from the unit is the safe way to take it.
            draft = replace(draft, identity=Identity.HIDDEN)
        if asked is Slot.IDENTITY and not identity and not reachable and _AGREES.fullmatch(heard.folded.strip(" .!")):
            # «Đồng ý» to «để số điện thoại …»: the terms are said before a number is asked for.
            draft = self._consented(replace(draft, identity=Identity.HIDDEN), heard, True)
            notes.append("case_consent_terms")
        elif asked is Slot.CONSENT and agrees is not None and not identity:
            draft = self._consented(draft, heard, agrees)
        elif reachable and draft.consent is None and _CONSENTS.search(heard.folded):
            draft = self._consented(draft, heard, True)
            notes.append("case_consent_terms")
        return draft

    def _consented(self, draft: Draft, heard: Heard, agrees: bool) -> Draft:
        if agrees:
            return replace(draft, consent=True, consent_at=heard.now)
        return replace(draft, consent=False, consent_at=None, contact=Contact(), identity=Identity.ANONYMOUS)

    def _story(self, draft: Draft, heard: Heard, notes: list[str]) -> Draft:
        if steers(heard) or tells_nothing(heard):
            return draft
        answers_about_self = draft.asked in _ABOUT_SELF
        contact = heard.contacts.phone or heard.contacts.email
        long = heard.words >= STORY_WORDS
        # «khoảng tháng 8 năm ngoái» is no date, and is kept as it was said.
        vague = draft.asked is Slot.WHEN and heard.when is not None and heard.when.problem is Problem.VAGUE
        tells = bool(heard.judgement.behaviours) and heard.words >= 3 and not heard.kind.hypothetical
        # «giấu tên tôi nhé» answers; «lúc ấy nó còn dọa gạch hồ sơ của tôi» goes on telling.
        answers = answers_about_self and (heard.words < TELLING_WORDS or contact or identity_answer(heard.text))
        if (
            draft.asked is Slot.NARRATIVE
            or vague
            or (long and not (answers and not tells))
            or (tells and not answers)
        ):
            return self.told(draft, heard, notes)
        return draft

    def _judged(self, draft: Draft, judged: Judgement, notes: list[str]) -> Draft:
        kind, found = judged.kind, judged.behaviours
        # A code once found stays while the story goes on, unless three better ones take its place.
        behaviours = tuple(dict.fromkeys((*found, *draft.behaviours)))[:3]
        severity = self._reader.taxonomy.severity(behaviours, money=kind.money, danger=kind.danger is not None)
        input_type, statements = draft.input_type, draft.statements
        if input_type is InputType.YEU_CAU_DLCN and kind.main in _CONDUCT:
            input_type = InputType.PHAN_ANH_HANH_VI  # what began as a request tells of somebody's conduct
        if kind.main is InputType.TO_CAO and input_type is not InputType.TO_CAO:
            input_type = InputType.TO_CAO
            notes.append("case_law_to_cao")
            statements = (*statements, "TO_CAO")
        others = tuple(dict.fromkeys((*draft.others, *(o for o in kind.others if _links(o, input_type)))))
        words = len(draft.narrative.split())
        thin = not behaviours and words < THIN_WORDS
        return replace(
            draft,
            input_type=input_type,
            statements=statements,
            others=others,
            behaviours=behaviours,
            severity=severity,
            thin=thin,
        )


_AGREES = re.compile(
    r"(?:vang |da |ok |u )*(?:toi |em |chau |minh |con |tui )?dong y(?: (?:a|nhe|luu so|cho luu so))*"
)
_CONSENTS = re.compile(r"(?<!khong )(?<!ko )(?<!chua )\bdong y\b")
_CONDUCT = {InputType.PHAN_ANH_HANH_VI, InputType.TO_CAO}
_PREFIXES = ("phường", "xã", "ở")
_UNIT_NOTES = {Certainty.SPLIT: "case_unit_split", Certainty.DISTRICT: "case_unit_district"}
_WHEN_NOTES = {Problem.FUTURE: "case_when_future", Problem.IMPOSSIBLE: "case_when_impossible"}


def _links(other: InputType, main: InputType) -> bool:
    """True for a kind that gets a case of its own beside the main one: a suggestion, or the conduct beside it."""
    suggestions = {InputType.PHAN_ANH_QDHC, InputType.KIEN_NGHI}
    return other is not main and (
        other in suggestions or (main in suggestions and other is InputType.PHAN_ANH_HANH_VI)
    )


def _best(mentions: tuple[UnitMention, ...]) -> UnitMention | None:
    """Return the mention to go by: where it happened before where they live, a certain one before a doubtful one."""
    ours = [m for m in mentions if m.certainty is not Certainty.OTHER_BODY and m.units]
    return min(ours, key=lambda m: (m.home, m.certainty is not Certainty.CERTAIN), default=None)


def _without(draft: Draft, slot: Slot) -> tuple[Slot, ...]:
    return tuple(s for s in draft.passed if s is not slot)


def _value(draft: Draft, slot: Slot) -> object:
    match slot:
        case Slot.NARRATIVE:
            return draft.told
        case Slot.UNIT:
            return draft.unit, draft.unit_said
        case Slot.DESK:
            return draft.desk, draft.counter
        case Slot.WHEN:
            return draft.event_date, draft.event_time
        case Slot.STAFF:
            return draft.staff
        case Slot.IDENTITY:
            return draft.identity
        case Slot.CONSENT:
            return draft.consent
        case Slot.CONTACT:
            return draft.contact
        case _:
            return draft.input_type
