"""Of which legal kind an input is, by its content first and by the intent where content says nothing. Pure."""

from dataclasses import dataclass, replace

from bot.core.kinds.asking import asks, is_hypothetical
from bot.core.kinds.bodies import Bodies, read_bodies
from bot.core.kinds.danger import Danger, idle_words, read_danger
from bot.core.kinds.input_types import InputType
from bot.core.kinds.lexicon import mark
from bot.core.kinds.marking import Marked
from bot.core.kinds.matter import Matter, read_matter
from bot.core.kinds.parts import without_others
from bot.core.routes import Agency

COMPLAINTS = frozenset({"report_staff", "formal_complaint", "denunciation"})
TYPE_OF_INTENT = {
    "report_staff": InputType.PHAN_ANH_HANH_VI,
    "formal_complaint": InputType.KHIEU_NAI,
    "denunciation": InputType.TO_CAO,
    "regulation_feedback": InputType.PHAN_ANH_QDHC,
    "privacy_request": InputType.YEU_CAU_DLCN,
    "survey": InputType.DANH_GIA,
    "emergency": InputType.KHAN_CAP,
    "other_agency": InputType.NGOAI_PHAM_VI,
    "out_of_scope": InputType.NGOAI_PHAM_VI,
    "abuse": InputType.NGOAI_PHAM_VI,
    "injection": InputType.NGOAI_PHAM_VI,
}
# Intents that say on their own what they are; only an event told as such overrules them.
_PLAIN = frozenset(
    {"privacy_request", "injection", "talk_to_human", "greeting", "thanks_bye", "track_case", "survey", "capability"}
)
_QUESTIONS = frozenset({"ask_procedure", "follow_up", "choose_option", "correction"})
_UNSURE = "nlu_fallback"
_ABOUT_OFFICES = frozenset({InputType.PHAN_ANH_HANH_VI, InputType.KHIEU_NAI, InputType.TO_CAO})
_ORDER = (
    InputType.TO_CAO,
    InputType.KHIEU_NAI,
    InputType.YEU_CAU_DLCN,
    InputType.PHAN_ANH_HANH_VI,
    InputType.PHAN_ANH_QDHC,
    InputType.KIEN_NGHI,
    InputType.DANH_GIA,
)


@dataclass(frozen=True)
class KindReading:
    """What a message is in law.

    `main` decides; `others` are the further kinds of a mixed text, in the order of decision. `hypothetical`: a
    question about complaints or the law, never a case. `danger`: what threatens somebody now. `money`: an official
    asked for, hinted at or took money or a gift for himself. `agency`: the other body that is complained about.
    `ours`: a part is about the city's own offices. `decision`: a decision or act against the writer is attacked, so
    that 90 days may be running. `told`: the content says so itself, not the intent alone. `insult`: abuse alone.
    """

    main: InputType
    others: tuple[InputType, ...] = ()
    hypothetical: bool = False
    danger: Danger | None = None
    money: bool = False
    agency: Agency | None = None
    ours: bool = False
    decision: bool = False
    told: bool = False
    insult: bool = False


def read_kind(text: str, intent: str, guess: str | None, behaviours: tuple[str, ...]) -> KindReading:
    """Read of which kind a message is; never raises, in time linear in its length.

    `intent` is Rasa's, `guess` its best guess beneath nlu_fallback, `behaviours` the codes that a classifier found.
    """
    marked = mark(text)
    believed = guess if intent == _UNSURE and guess else intent
    whole = read_matter(marked)
    bodies = _bodies(marked, believed, whole, told=bool(behaviours))
    hypothetical = _hypothetical(marked, believed)
    danger = read_danger(
        marked, school=marked.has("people.truong_hoc_staff"), suspected=believed == "emergency" and not hypothetical
    )
    if hypothetical and danger is not Danger.SELF_HARM:
        return KindReading(InputType.HOI_TTHC, hypothetical=True, ours=bodies.ours)
    matter = _of_ours(marked, bodies, whole) if bodies.agency and bodies.ours else whole
    kinds = _kinds(matter, intent, told=bool(behaviours))
    elsewhere = bodies.agency is not None and not bodies.ours
    reading = KindReading(
        main=InputType.NGOAI_PHAM_VI,
        danger=danger,
        money=matter.money,
        agency=bodies.agency,
        ours=bodies.ours,
        decision=matter.decision,
        told=bool(kinds) or marked.has("talk.report", "talk.topic", "talk.manner"),
        insult=not elsewhere and _only_insults(matter, believed),
    )
    if danger:
        return replace(reading, main=InputType.KHAN_CAP, others=tuple(kinds))
    if elsewhere:
        return reading
    main = kinds[0] if kinds else _of_intent(marked, believed, matter, bodies)
    # Whoever complains about nobody else complains about the city's offices.
    ours = reading.ours or (reading.agency is None and main in _ABOUT_OFFICES)
    return replace(reading, main=main, others=tuple(kind for kind in kinds if kind is not main), ours=ours)


def _hypothetical(marked: Marked, intent: str) -> bool:
    """True for a question about complaints or the law; some intents rule that out, or nearly."""
    if intent == "emergency":
        possible = marked.has("asking.if")
    elif intent == "capability":
        possible = marked.has("asking.learn")
    elif intent == "out_of_scope":
        possible = marked.has("asking.legal")
    else:
        possible = intent not in _PLAIN
    return possible and is_hypothetical(marked, asked=intent in _QUESTIONS)


def _bodies(marked: Marked, intent: str, matter: Matter, *, told: bool) -> Bodies:
    """Return who is complained about, nobody where there is no complaint."""
    complains = intent in COMPLAINTS or matter.conduct or told or (intent == "other_agency" and not asks(marked))
    bodies = read_bodies(marked, complains=complains)
    # Who is appointed, graded, dismissed in schools and hospitals is the office's own field.
    if matter.service and (matter.attacked or matter.money or matter.crime):
        return replace(bodies, agency=bodies.agency if bodies.ours else None, ours=True)
    suggests = intent == "regulation_feedback" and (matter.rule or matter.wish)
    doubtful = suggests or intent in {*_QUESTIONS, *_PLAIN, "out_of_scope"}
    if doubtful and not (matter.grave or (intent == "survey" and matter.event)):
        return replace(bodies, agency=None)
    return bodies


def _of_ours(marked: Marked, bodies: Bodies, whole: Matter) -> Matter:
    """Return what a mixed text says of the city's offices: the other body's money is not theirs."""
    part = read_matter(without_others(marked, bodies, whole))
    return replace(part, own=whole.own, event=part.conduct and whole.own, grave=part.heavy and whole.own)


def _only_insults(matter: Matter, intent: str) -> bool:
    if matter.people or intent in COMPLAINTS:
        return False
    return intent == "abuse" or (matter.insult and matter.machine and intent in {"out_of_scope", *_QUESTIONS})


def _kinds(matter: Matter, intent: str, *, told: bool) -> list[InputType]:
    """Return the kinds that the content speaks of, in the order of decision."""
    found = {
        InputType.TO_CAO: _denounced(matter, intent),
        InputType.KHIEU_NAI: _appealed(matter, intent),
        InputType.YEU_CAU_DLCN: intent == "privacy_request" or (intent == _UNSURE and matter.privacy),
        InputType.PHAN_ANH_HANH_VI: _conduct(matter, intent, told=told),
        InputType.PHAN_ANH_QDHC: matter.rule and intent in {_UNSURE, "regulation_feedback", *COMPLAINTS},
        InputType.KIEN_NGHI: not matter.rule and _suggests(matter, intent),
        InputType.DANH_GIA: intent == "survey" or _praises(matter, intent),
    }
    return [kind for kind in _ORDER if found[kind]]


def _denounced(matter: Matter, intent: str) -> bool:
    if matter.money or matter.crime:
        sure = intent in {"abuse", "emergency", "survey", *COMPLAINTS} or (intent == "talk_to_human" and matter.own)
        return sure or (intent in {_UNSURE, "other_agency"} and (matter.offices or matter.denounces or matter.people))
    # Rudeness and the like is no crime, whatever word is used for telling it.
    told = matter.manner or (matter.conduct and (matter.rude or not matter.weak))
    return intent == "denunciation" and not told and not matter.attacked


def _appealed(matter: Matter, intent: str) -> bool:
    if intent == "formal_complaint":
        service = matter.manner or (matter.conduct and (matter.rude or matter.slow_only or not matter.ruling))
        return matter.attacked or matter.undo or not service
    if intent in _QUESTIONS:
        return matter.attacked and matter.own and matter.undo
    return matter.attacked and (intent in {_UNSURE, *COMPLAINTS} or (intent == "abuse" and not matter.rule))


def _praises(matter: Matter, intent: str) -> bool:
    if matter.conduct:
        return False
    return (intent in {_UNSURE, "report_staff"} and matter.praise) or (intent == _UNSURE and matter.score)


def _suggests(matter: Matter, intent: str) -> bool:
    if intent in {_UNSURE, "regulation_feedback"}:
        return matter.wish and (intent != _UNSURE or not matter.conduct)
    return matter.improve and intent in COMPLAINTS


def _conduct(matter: Matter, intent: str, *, told: bool) -> bool:
    """True when an official's conduct is told: the less the intent expects it, the more is asked of the telling."""
    if intent in COMPLAINTS:
        return matter.conduct or matter.manner or told
    if intent in {"emergency", "abuse"}:
        return matter.conduct and matter.people
    if intent == "regulation_feedback" and (matter.rule or matter.wish):
        return matter.grave and matter.rude and matter.people
    if intent == _UNSURE:
        return matter.event or (matter.heavy and matter.people)
    if intent == "survey":
        return matter.event and (matter.rude or not matter.praise)
    if intent == "regulation_feedback":
        return matter.event
    if intent in _QUESTIONS:
        return matter.grave and matter.people
    if intent == "other_agency":
        return matter.heavy and matter.offices
    return matter.grave and matter.rude and matter.offices and not matter.track


def _of_intent(marked: Marked, intent: str, matter: Matter, bodies: Bodies) -> InputType:
    """Return the kind where content is silent."""
    if intent == "emergency" and idle_words(marked):
        return InputType.PHAN_ANH_HANH_VI if bodies.ours or matter.conduct else InputType.HOI_TTHC
    if intent == "regulation_feedback":
        return InputType.KIEN_NGHI if matter.wish and not matter.rule else InputType.PHAN_ANH_QDHC
    return TYPE_OF_INTENT.get(intent, InputType.HOI_TTHC)
