"""The enquiry's state machine: from one turn's signals and the conversation's context to what must be answered.

Rasa says what kind of turn it is; the knowledge base says what the words are about; this decides. Pure but for
the two lookups of the knowledge base it is given.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.core.conversation import Choice, ConversationState
from bot.core.findings import Findings, Zone
from bot.core.ports import KnowledgeBase
from bot.core.procedures import Facet, Procedure
from bot.core.routes import Agency, Reason, Route

MAX_CHOICES = 3
# A turn of at most this many words may be a choice among what was offered, whatever its intent.
SHORT_TURN_WORDS = 8
# A question this short that names a facet and fits no procedure is about the one under discussion.
FOLLOW_UP_WORDS = 16
# A named procedure outweighs the intent «follow_up» from this confidence of the gate on.
NEW_TOPIC_CONFIDENCE = 0.6
# More papers than this, in several cases, are asked apart rather than listed together.
MAX_PAPERS_UNSPLIT = 12
# Where the intent is only a weak sign, the catalogue decides.
REFUSING_INTENTS = frozenset({Route.OUT_OF_SCOPE, Route.OTHER_AGENCY})


class Kind(StrEnum):
    """What the reply must do."""

    ANSWER = "answer"
    ASK_CASE = "ask_case"
    CLARIFY = "clarify"
    WHICH = "which"
    RESTATE = "restate"
    REFUSE = "refuse"
    PERSON = "person"


@dataclass(frozen=True)
class Signal:
    """What is known of a turn besides the context: the citizen's cleaned text, Rasa's intent, a pressed button.

    `guess` is Rasa's best intent where it was too unsure to give one (`intent` is then nlu_fallback).
    """

    text: str
    intent: str
    confidence: float
    now: datetime
    button: str | None = None
    guess: str | None = None


@dataclass(frozen=True)
class Enquiry:
    """What to answer; `procedure` and `choices` are resolved versions valid at the turn's `now`."""

    kind: Kind
    facet: Facet = Facet.GENERAL
    procedure: Procedure | None = None
    replacements: tuple[Procedure, ...] = ()
    case: str | None = None
    choices: tuple[Choice, ...] = ()
    route: Route = Route.ASK_PROCEDURE
    reason: Reason | None = None
    agency: Agency | None = None


def dossier_cases(procedure: Procedure) -> tuple[str, ...]:
    """Return the situations that a dossier tells apart, in order; a lone or «nếu có» case is not one."""
    cases = dict.fromkeys(d.case for d in procedure.dossier if d.case and d.case != "nếu có")
    return tuple(cases) if len(cases) > 1 else ()


class EnquiryResolver:
    """Resolves a turn about procedures against the conversation's context."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge

    def resolve(self, signal: Signal, state: ConversationState, findings: Findings | None = None) -> Enquiry:
        """Return what to answer; `findings` are the turn's, if it has been searched already. Blocking (search)."""
        if signal.button:
            return self._pressed(signal, state)
        findings = findings or self.findings(signal)
        if state.offered and (enquiry := self._chosen(signal, state, findings)):
            return enquiry
        if signal.intent == "deny" and not findings.has_topic:
            return Enquiry(Kind.RESTATE)
        if signal.intent == "correction" and state.procedure:
            findings = self._corrected(signal, state, findings)
        if self._is_follow_up(signal, state, findings):
            return self._follow_up(signal, state, findings)
        return self._by_zone(signal, state, findings)

    def findings(self, signal: Signal) -> Findings:
        """Return the knowledge base's reading alone (used where another route was recognised)."""
        return self._knowledge.search(signal.text, signal.now)

    # A pressed quick reply: «p:ID», «f:facet:ID», «c:facet:ID:index», «human», «none».
    def _pressed(self, signal: Signal, state: ConversationState) -> Enquiry:
        kind, *rest = (signal.button or "").split(":")
        if kind == "human":
            return Enquiry(Kind.PERSON, route=Route.TALK_TO_HUMAN)
        facet = state.pending_facet or Facet.GENERAL
        if kind in {"f", "c"} and rest and rest[0] in Facet.__members__.values():
            facet = Facet(rest.pop(0))
        procedure = self._knowledge.procedure(rest[0], signal.now) if rest and kind in {"p", "f", "c"} else None
        if procedure is None:
            return Enquiry(Kind.RESTATE)
        case = None
        if kind == "c" and len(rest) > 1:
            cases = dossier_cases(procedure)
            case = cases[int(rest[1])] if rest[1].isdecimal() and int(rest[1]) < len(cases) else None
        return self._answer(signal.now, procedure, facet, signal.text if case is None else "", case)

    def _chosen(self, signal: Signal, state: ConversationState, findings: Findings) -> Enquiry | None:
        options: Mapping[str, str] = {str(i): choice.title for i, choice in enumerate(state.offered)}
        short = len(signal.text.split()) <= SHORT_TURN_WORDS
        picked: Choice | None = None
        if signal.intent == "affirm" and len(state.offered) == 1:
            picked = state.offered[0]
        elif signal.intent in {"choose_option", "affirm", "correction"} or short:
            key = self._knowledge.choose(signal.text, options)
            picked = state.offered[int(key)] if key is not None else None
        if picked is None:
            return None
        procedure = self._knowledge.procedure(picked.procedure_id, signal.now)
        if procedure is None:
            return None
        facet = findings.facet if findings.facet_explicit else state.pending_facet or Facet.GENERAL
        return self._answer(signal.now, procedure, facet, signal.text, picked.case)

    # «không phải gia hạn, cấp lại cơ»: the new words, read together with what was being discussed.
    def _corrected(self, signal: Signal, state: ConversationState, findings: Findings) -> Findings:
        before = self._knowledge.procedure(state.procedure or "", signal.now)
        if before is None:
            return findings
        wider = self._knowledge.search(f"{signal.text}, {before.field}, {before.name}", signal.now)
        hits = tuple(h for h in wider.hits if h.procedure_id != before.id)
        if findings.zone is Zone.ANSWER and findings.hits and findings.hits[0].procedure_id != before.id:
            hits = findings.hits
        if not hits:
            return findings
        facet, explicit = findings.facet, findings.facet_explicit
        if not explicit and state.facet:
            facet, explicit = state.facet, True
        return replace(findings, hits=hits, zone=Zone.ANSWER, has_topic=True, facet=facet, facet_explicit=explicit)

    def _is_follow_up(self, signal: Signal, state: ConversationState, findings: Findings) -> bool:
        if signal.intent == "correction":
            return False
        named = findings.zone is Zone.ANSWER and findings.confidence >= NEW_TOPIC_CONFIDENCE
        if not findings.has_topic and not named:
            return findings.facet_explicit or signal.intent in {"follow_up", "choose_option", "affirm"}
        if not state.procedure:
            return False
        lost = findings.zone is Zone.REFUSE and findings.agency is None and signal.intent not in REFUSING_INTENTS
        if lost and findings.facet_explicit and len(signal.text.split()) <= FOLLOW_UP_WORDS:
            return True
        if signal.intent != "follow_up":
            return False
        return not named or findings.hits[0].procedure_id == state.procedure

    def _follow_up(self, signal: Signal, state: ConversationState, findings: Findings) -> Enquiry:
        procedure = self._knowledge.procedure(state.procedure, signal.now) if state.procedure else None
        if procedure is None:
            return Enquiry(Kind.WHICH, facet=findings.facet)
        return self._answer(signal.now, procedure, findings.facet, signal.text, state.case)

    def _by_zone(self, signal: Signal, state: ConversationState, findings: Findings) -> Enquiry:
        facet = findings.facet if findings.facet_explicit else state.pending_facet or findings.facet
        if findings.zone is Zone.ANSWER and findings.hits:
            procedure = self._knowledge.procedure(findings.hits[0].procedure_id, signal.now)
            if procedure:
                return self._answer(signal.now, procedure, facet, signal.text)
        if findings.zone is Zone.CLARIFY and findings.hits and signal.intent not in REFUSING_INTENTS:
            choices = self._choices(findings, signal.now)
            if choices:
                return Enquiry(Kind.CLARIFY, facet=facet, choices=choices)
        return self._refuse(signal, findings)

    def _choices(self, findings: Findings, now: datetime) -> tuple[Choice, ...]:
        procedures = [self._knowledge.procedure(h.procedure_id, now) for h in findings.hits[:MAX_CHOICES]]
        found = [p for p in procedures if p]
        names = [plain_name(p) for p in found]
        return tuple(
            Choice(p.id, f"{name} ({p.level})" if names.count(name) > 1 and p.level else name)
            for p, name in zip(found, names, strict=True)
        )

    def _refuse(self, signal: Signal, findings: Findings) -> Enquiry:
        if findings.agency or signal.intent == Route.OTHER_AGENCY:
            return Enquiry(
                Kind.REFUSE,
                route=Route.OTHER_AGENCY,
                reason=Reason.OTHER_AGENCY,
                agency=findings.agency or Agency.OTHER,
            )
        if signal.intent == Route.OUT_OF_SCOPE:
            return Enquiry(Kind.REFUSE, route=Route.OUT_OF_SCOPE, reason=Reason.NOT_IN_CATALOGUE)
        unclear = signal.intent == "nlu_fallback" or findings.reason is Reason.NOT_UNDERSTOOD
        reason = Reason.NOT_UNDERSTOOD if unclear else Reason.NOT_IN_CATALOGUE
        route = Route.OUT_OF_SCOPE if unclear else Route.ASK_PROCEDURE
        return Enquiry(Kind.REFUSE, route=route, reason=reason)

    def _answer(
        self, now: datetime, procedure: Procedure, facet: Facet, text: str, case: str | None = None
    ) -> Enquiry:
        cases = dossier_cases(procedure) if facet is Facet.DOCUMENTS else ()
        if case is None and cases:
            key = self._knowledge.choose(text, {str(i): name for i, name in enumerate(cases)}) if text else None
            case = cases[int(key)] if key is not None else None
        if case is None and cases and len(procedure.dossier) > MAX_PAPERS_UNSPLIT:
            choices = tuple(Choice(procedure.id, name, case=name) for name in cases)
            return Enquiry(Kind.ASK_CASE, facet=facet, procedure=procedure, choices=choices)
        found = [self._knowledge.procedure(i, now) for i in procedure.replaced_by_ids]
        replacements = tuple(p for p in found if p)
        return Enquiry(Kind.ANSWER, facet=facet, procedure=procedure, replacements=replacements, case=case)


_LEADING = re.compile(r"^\s*thủ tục\s+", re.IGNORECASE)


def plain_name(procedure: Procedure) -> str:
    """Return the name as it reads inside a sentence: without «Thủ tục», with the level where it is the commune's."""
    name = _LEADING.sub("", procedure.name).strip()
    name = name[:1].upper() + name[1:]
    return f"{name} (cấp xã)" if procedure.level == "xã" and "xã" not in name.lower() else name
