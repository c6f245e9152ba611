"""The enquiry's state machine: from one turn's signals and the conversation's context to what must be answered.

Rasa says what kind of turn it is; the knowledge base says what the words are about; this decides. Pure but for
the two lookups of the knowledge base it is given.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.core.conversation import Choice, ConversationState
from bot.core.enquiry.comparing import Comparing
from bot.core.enquiry.correcting import Correcting
from bot.core.enquiry.cues import Cues
from bot.core.enquiry.findings import Findings, Zone
from bot.core.enquiry.settling import NEAR_SCORE, NEW_TOPIC_CONFIDENCE, Settling, facets_of, names_topic
from bot.core.enquiry.several import Several
from bot.core.enquiry.signals import Enquiry, Kind, Remark, Signal
from bot.core.enquiry.titles import LEVEL_TITLES, dossier_cases, plain_name
from bot.core.enquiry.topics import Topics
from bot.core.ports import KnowledgeBase
from bot.core.procedures import Facet, Procedure
from bot.core.routes import Agency, Reason, Route

# A turn of at most this many words may be a choice among what was offered, whatever its intent.
SHORT_TURN_WORDS = 8
# A question this short that names a facet and fits no procedure is about the one under discussion.
FOLLOW_UP_WORDS = 16
# A refusal suggests at most this many near topics.
NEAR_TOPICS = 2
# Where the intent is only a weak sign, the catalogue decides.
REFUSING_INTENTS = frozenset({Route.OUT_OF_SCOPE, Route.OTHER_AGENCY})


class EnquiryResolver:
    """Resolves a turn about procedures against the conversation's context."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._settling = Settling(knowledge)
        self._comparing = Comparing(knowledge, self._settling)
        self._correcting = Correcting(knowledge, self._settling)
        self._several = Several(knowledge, self._settling)
        self._topics = Topics(knowledge, self._settling)

    def resolve(self, signal: Signal, state: ConversationState, findings: Findings | None = None) -> Enquiry:
        """Return what to answer; `findings` are the turn's, if it has been searched already. Blocking (search)."""
        if signal.button and not signal.button.startswith("t:"):
            return self._pressed(signal, state)
        findings = findings or self.findings(signal)
        cues = Cues(signal.text)
        if compared := self._comparing.resolve(signal, cues, state, findings):
            return compared
        if state.offered and not cues.rejects and (enquiry := self._chosen(signal, state, findings, cues)):
            return enquiry
        if back := self._returned(signal, cues, state):
            return back
        if corrected := self._correcting.resolve(signal, cues, state):
            return corrected
        if signal.intent == "deny" and not findings.has_topic:
            return Enquiry(Kind.RESTATE)
        if several := self._several.resolve(signal, state):
            return several
        if state.procedure and (switched := self._other_level(signal, cues, state, findings)):
            return switched
        if gone_on := self._gone_on(signal, cues, state, findings):
            return gone_on
        follows = cues.going_on or (state.procedure and (signal.intent == "follow_up" or not findings.has_topic))
        if not follows and findings.agency is None and (broad := self.broad(signal, state)):
            return broad
        if self._is_follow_up(signal, state, findings, cues):
            return self._follow_up(signal, state, findings, cues)
        return self._by_zone(signal, state, findings, cues)

    def broad(self, signal: Signal, state: ConversationState) -> Enquiry | None:
        """Return the choice to offer where a message but names what many procedures are about. Blocking (search)."""
        facets = (state.pending_facet or Facet.GENERAL, *state.pending_more)
        return self._topics.resolve(signal, Cues(signal.text).level, facets)

    def findings(self, signal: Signal) -> Findings:
        """Return the knowledge base's reading alone (used where another route was recognised)."""
        return self._knowledge.search(signal.text, signal.now)

    # A pressed quick reply: «p:ID», «f:facet:ID», «c:facet:ID:index», «human», «none»; «t:…» is its title typed.
    def _pressed(self, signal: Signal, state: ConversationState) -> Enquiry:
        kind, *rest = (signal.button or "").split(":")
        if kind == "human":
            return Enquiry(Kind.PERSON, route=Route.TALK_TO_HUMAN)
        facet = state.pending_facet or Facet.GENERAL
        if kind in {"f", "c"} and rest and rest[0] in Facet.__members__.values():
            facet = Facet(rest.pop(0))
        procedure = self._procedure(rest[0], signal) if rest and kind in {"p", "f", "c"} else None
        if procedure is None:
            return Enquiry(Kind.RESTATE)
        offered = next((c for c in state.offered if c.procedure_id == procedure.id), None)
        more = state.pending_more if offered and facet is state.pending_facet else ()
        if kind == "c" and len(rest) > 1:
            cases = dossier_cases(procedure)
            case = cases[int(rest[1])] if rest[1].isdecimal() and int(rest[1]) < len(cases) else None
            text = signal.text if case is None else ""
            return self._settling.answer(signal.now, procedure, (facet, *more), text, case)
        open_twin = offered.twin if offered else state.twin if procedure.id == state.procedure else None
        twin = self._procedure(open_twin, signal)
        return self._settling.answer(signal.now, procedure, (facet, *more), signal.text, twin=twin)

    def _procedure(self, procedure_id: str | None, signal: Signal) -> Procedure | None:
        return self._knowledge.procedure(procedure_id, signal.now) if procedure_id else None

    def _chosen(self, signal: Signal, state: ConversationState, findings: Findings, cues: Cues) -> Enquiry | None:
        options: Mapping[str, str] = {str(i): choice.title for i, choice in enumerate(state.offered)}
        short = len(signal.text.split()) <= SHORT_TURN_WORDS
        picked: Choice | None = None
        if signal.intent == "affirm" and len(state.offered) == 1:
            picked = state.offered[0]
        elif signal.intent in {"choose_option", "affirm", "correction"} or short:
            said = (cues.correction.kept if cues.correction else "") or signal.text
            level = LEVEL_TITLES.get(cues.level or "")
            key = next((k for k, title in options.items() if title == level), None)
            key = key or self._knowledge.choose(said, options)
            picked = state.offered[int(key)] if key is not None else None
        procedure = self._procedure(picked.procedure_id, signal) if picked else None
        if picked is None or procedure is None:
            return None
        pending = (state.pending_facet or Facet.GENERAL, *state.pending_more)
        facets = facets_of(findings, None) if findings.facet_explicit else pending
        twin = None if cues.level else self._procedure(picked.twin, signal)
        return self._settling.answer(signal.now, procedure, facets, signal.text, picked.case, twin)

    # «quay lại cái đổi tên hội lúc nãy»
    def _returned(self, signal: Signal, cues: Cues, state: ConversationState) -> Enquiry | None:
        words = cues.returning
        if words is None or not state.matters:
            return None
        kept = {m.procedure_id: p for m in state.matters if (p := self._procedure(m.procedure_id, signal))}
        findings = self._knowledge.search(words, signal.now) if words else None
        key = self._knowledge.choose(words, {i: plain_name(p) for i, p in kept.items()}) if words else None
        if key is None and findings and findings.has_topic and findings.zone is not Zone.REFUSE:
            key = next((h.procedure_id for h in findings.hits[:NEAR_TOPICS] if h.procedure_id in kept), None)
            if key is None:
                return None
        # Without a name the one before the last is meant: about the last nobody says «quay lại».
        key = key or next((m.procedure_id for m in state.matters[1:] if m.procedure_id in kept), None)
        key = key or next(iter(kept), None)
        if key is None:
            return None
        matter = next(m for m in state.matters if m.procedure_id == key)
        facets = facets_of(findings, None) if findings else (Facet.GENERAL,)
        return self._settling.answer(signal.now, kept[key], facets, words, twin=self._procedure(matter.twin, signal))

    # «vậy ở cấp xã thì sao»
    def _other_level(
        self, signal: Signal, cues: Cues, state: ConversationState, findings: Findings
    ) -> Enquiry | None:
        before = self._procedure(state.procedure, signal)
        if cues.level is None or before is None:
            return None
        facets = facets_of(findings, state.facet)
        rest = self._knowledge.search(cues.without_level, signal.now)
        if names_topic(rest):
            return None
        if switched := self._correcting.at_level(signal.text, before, facets_of(rest, state.facet), signal):
            return switched
        return self._settling.answer(signal.now, before, facets, remarks=(Remark.ONLY_LEVEL,))

    # «thế còn gia hạn thì sao», after «cấp lại giấy phép lao động mất bao lâu»
    def _gone_on(self, signal: Signal, cues: Cues, state: ConversationState, findings: Findings) -> Enquiry | None:
        before = self._procedure(state.procedure, signal)
        if cues.going_on is None or before is None or not findings.has_topic:
            return None
        if findings.zone is Zone.ANSWER:
            return self._by_zone(signal, state, findings, cues)
        named, _ = self._settling.in_context(cues.going_on, before, signal.now)
        return (
            self._settling.answer(signal.now, named, facets_of(findings, state.facet), signal.text) if named else None
        )

    def _is_follow_up(self, signal: Signal, state: ConversationState, findings: Findings, cues: Cues) -> bool:
        named = findings.zone is Zone.ANSWER and findings.confidence >= NEW_TOPIC_CONFIDENCE
        if not findings.has_topic and not named:
            if state.procedure and (cues.refers or cues.qualifies):
                return True
            return findings.facet_explicit or signal.intent in {"follow_up", "choose_option", "affirm"}
        if not state.procedure:
            return False
        if cues.refers and findings.zone is not Zone.ANSWER and findings.facet_explicit:
            return True
        if cues.qualifies and findings.zone is not Zone.ANSWER and findings.agency is None:
            return True  # «tôi là người nước ngoài có lập được không», after «lập quỹ»
        lost = findings.zone is Zone.REFUSE and findings.agency is None and signal.intent not in REFUSING_INTENTS
        if lost and findings.facet_explicit and len(signal.text.split()) <= FOLLOW_UP_WORDS:
            return True
        if signal.intent != "follow_up":
            return False
        return not named or findings.hits[0].procedure_id == state.procedure

    def _follow_up(self, signal: Signal, state: ConversationState, findings: Findings, cues: Cues) -> Enquiry:
        if cues.file:
            return self._refusal(Reason.NEEDS_FILE)
        procedure = self._procedure(state.procedure, signal)
        facets = facets_of(findings, None)
        if procedure is None:
            if cues.qualifies:
                return self._refusal(Reason.NEEDS_FILE)
            return Enquiry(Kind.WHICH, facet=facets[0], more=facets[1:])
        if state.together > 1 and not cues.qualifies:
            together = [p for m in state.matters[: state.together] if (p := self._procedure(m.procedure_id, signal))]
            parts = tuple(self._settling.answer(signal.now, p, facets, signal.text, ask=False) for p in together)
            if len(parts) > 1:
                return Enquiry(Kind.SEVERAL, facets[0], procedure, parts=parts)
        twin = self._procedure(state.twin, signal)
        remarks = (Remark.PERSONAL,) if cues.qualifies else ()
        return self._settling.answer(signal.now, procedure, facets, signal.text, state.case, twin, remarks)

    def _by_zone(self, signal: Signal, state: ConversationState, findings: Findings, cues: Cues) -> Enquiry:
        facets = facets_of(findings, None)
        # «nộp ở đâu» – «thủ tục nào ạ?» – «hồ sơ hưởng trợ cấp»: what was asked before is meant, not the papers.
        named = facets in {(Facet.DOCUMENTS,), (Facet.GENERAL,)}
        names = named and state.pending_facet is not Facet.GENERAL and not cues.asks
        if state.pending_facet and (names or not findings.facet_explicit):
            facets = (state.pending_facet, *state.pending_more)
        found = self._settling.procedures(findings, signal.now)
        level = cues.level
        if cues.going_on and (before := self._procedure(state.procedure, signal)):
            facets = facets if findings.facet_explicit else (state.facet or facets[0],)
            if level is None and state.twin is None and found and found[0].field == before.field:
                level = before.level
        if findings.zone is Zone.ANSWER and found:
            best, twin = self._settling.best(found, level)
            remarks = (Remark.PERSONAL,) if cues.qualifies and Facet.CONDITIONS in facets else ()
            return self._settling.answer(signal.now, best, facets, signal.text, twin=twin, remarks=remarks)
        if cues.file:
            return self._refusal(Reason.NEEDS_FILE)
        if findings.zone is Zone.CLARIFY and found and signal.intent not in REFUSING_INTENTS:
            choices = self._settling.choices(found, cues.level)
            return Enquiry(Kind.CLARIFY, facet=facets[0], choices=choices, more=facets[1:])
        close = {hit.procedure_id for hit in findings.hits if hit.score >= NEAR_SCORE}
        near = self._settling.choices([p for p in found if p.id in close], cues.level, NEAR_TOPICS)
        return self._refuse(signal, findings, cues, near)

    def _refuse(self, signal: Signal, findings: Findings, cues: Cues, near: tuple[Choice, ...]) -> Enquiry:
        if findings.agency or signal.intent == Route.OTHER_AGENCY:
            return Enquiry(
                Kind.REFUSE,
                route=Route.OTHER_AGENCY,
                reason=Reason.OTHER_AGENCY,
                agency=findings.agency or Agency.OTHER,
                office=findings.office,
            )
        if findings.reason is Reason.BEING_REVISED:
            return self._refusal(findings.reason)
        if cues.needs_person:
            return self._refusal(Reason.NEEDS_PERSON)
        if signal.intent == Route.OUT_OF_SCOPE:
            return Enquiry(Kind.REFUSE, route=Route.OUT_OF_SCOPE, reason=Reason.NOT_IN_CATALOGUE)
        if cues.qualifies and not findings.has_topic:
            return self._refusal(Reason.NEEDS_FILE)
        unclear = signal.intent == "nlu_fallback" or findings.reason is Reason.NOT_UNDERSTOOD
        if unclear:
            return replace(self._refusal(Reason.NOT_UNDERSTOOD), route=Route.OUT_OF_SCOPE, choices=near)
        return replace(self._refusal(Reason.NOT_IN_CATALOGUE), choices=near)

    def _refusal(self, reason: Reason) -> Enquiry:
        return Enquiry(Kind.REFUSE, route=Route.ASK_PROCEDURE, reason=reason)
