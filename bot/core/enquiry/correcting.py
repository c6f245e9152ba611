"""«không, ý tôi là…», «chứ không phải…»: what is meant, read together with what was under discussion."""

from bot.core.conversation import ConversationState
from bot.core.enquiry.cues import Correction, Cues
from bot.core.enquiry.findings import Zone
from bot.core.enquiry.settling import NEAR_SCORE, Settling, facets_of, names_topic
from bot.core.enquiry.signals import Enquiry, Kind, Signal
from bot.core.enquiry.titles import matter_name, plain_name
from bot.core.enquiry.twins import LEVELS, same_matter
from bot.core.ports import KnowledgeBase
from bot.core.procedures import Facet, Procedure
from nlu.text import fold


class Correcting:
    """Resolves a turn that sets right what was understood. Blocking (search)."""

    def __init__(self, knowledge: KnowledgeBase, settling: Settling) -> None:
        self._knowledge = knowledge
        self._settling = settling

    def resolve(self, signal: Signal, cues: Cues, state: ConversationState) -> Enquiry | None:
        """Return what is meant instead of the procedure under discussion; None where this corrects nothing."""
        said = cues.correction
        if said is None and signal.intent == "correction" and not cues.qualifies:
            said = Correction(signal.text, "")
        before = self._before(signal, state)
        if cues.rejects and (state.offered or before is None):
            return Enquiry(Kind.RESTATE)
        if cues.rejects:
            said = Correction("", "")
        if said is None or before is None:
            return None
        facet = state.facet if state.procedure else state.pending_facet
        level = cues.level or self._settled_level(before, state, signal)
        if not said.kept:
            return self._without(said, before, facet, signal)
        meant = self._knowledge.search(said.kept, signal.now)
        facets = facets_of(meant, facet)
        if not names_topic(meant) and meant.facet_explicit:
            twin = self._knowledge.procedure(state.twin, signal.now) if state.twin else None
            return self._settling.answer(signal.now, before, facets, twin=twin)
        if cues.level and (switched := self.at_level(said.kept, before, facets, signal)):
            return switched
        found = self._settling.procedures(meant, signal.now)
        top = found[0] if found else None
        if said.negated and _holds(before, said.negated):
            # «không phải gia hạn, cấp lại cơ»: the act was wrong, what it is done to was right.
            for words in dict.fromkeys((said.kept, *reversed(said.clauses))):
                named, near = self._settling.in_context(words, before, signal.now, said.negated)
                if named and named.field == before.field:
                    best, twin = self._settling.best([named, *near], level)
                    return self._settling.answer(signal.now, best, facets, words, twin=twin)
        if meant.zone is Zone.ANSWER and top and self._is_new(top, before, said):
            best, twin = self._settling.best(found, level)
            return self._settling.answer(signal.now, best, facets, said.kept, twin=twin)
        named, near = self._settling.in_context(said.kept, before, signal.now, said.negated)
        if named:
            best, twin = self._settling.best([named, *near], level)
            return self._settling.answer(signal.now, best, facets, said.kept, twin=twin)
        if not names_topic(meant) and not cues.level:
            return self._without(Correction("", ""), before, facet, signal)
        if meant.zone is Zone.REFUSE and meant.agency:
            return None
        close = {hit.procedure_id for hit in meant.hits if hit.score >= NEAR_SCORE}
        others = [p for p in found if p.id in close and p.id != before.id]
        choices = self._settling.choices(others or (near if signal.intent == "correction" else ()))
        return Enquiry(Kind.CLARIFY, facets[0], choices=choices, more=facets[1:]) if choices else None

    def at_level(self, text: str, before: Procedure, facets: tuple[Facet, ...], signal: Signal) -> Enquiry | None:
        """Return the answer at the level that is all `text` names; None where it names something else as well."""
        cues = Cues(text)
        if cues.level is None or names_topic(self._knowledge.search(cues.without_level, signal.now)):
            return None
        if before.level == cues.level:
            return self._settling.answer(signal.now, before, facets)
        twin = self._settling.twin(before, signal.now)
        return self._settling.answer(signal.now, twin, facets) if twin and twin.level == cues.level else None

    def _settled_level(self, before: Procedure | None, state: ConversationState, signal: Signal) -> str | None:
        """Return the level that was chosen of two, not to be asked for again; None where there was no choice."""
        if before is None or not state.procedure or state.twin or before.level not in LEVELS:
            return None
        return before.level if self._settling.twin(before, signal.now) else None

    def _before(self, signal: Signal, state: ConversationState) -> Procedure | None:
        known = state.procedure or (state.offered[0].procedure_id if state.offered else "")
        return self._knowledge.procedure(known, signal.now) if known else None

    def _is_new(self, top: Procedure, before: Procedure, said: Correction) -> bool:
        if top.id == before.id or same_matter(top, before):
            # «gia hạn chứ không phải cấp lại»: rightly understood, and said once more.
            return (
                bool(said.negated)
                and self._knowledge.choose(said.negated, {"top": plain_name(top), "other": said.negated}) == "other"
            )
        return True

    def _without(self, said: Correction, before: Procedure, facet: Facet | None, signal: Signal) -> Enquiry:
        """Only what is not meant was said: offer what is near to it."""
        _, near = self._settling.in_context("", before, signal.now, said.negated)
        choices = self._settling.choices(near)
        if not choices:
            return Enquiry(Kind.RESTATE)
        return Enquiry(Kind.CLARIFY, facet or Facet.GENERAL, choices=choices)


def _holds(procedure: Procedure, words: str) -> bool:
    """True when words stand in a record's name, one after another."""
    return f" {fold(words)} " in f" {fold(matter_name(procedure))} "
