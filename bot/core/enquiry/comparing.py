"""«A với B khác gì nhau», «cấp mới hay cấp lại», «hai cái đó khác chỗ nào»: which procedures are compared."""

from collections.abc import Sequence

from bot.core.conversation import ConversationState
from bot.core.enquiry.cues import Cues
from bot.core.enquiry.findings import Findings, Zone
from bot.core.enquiry.settling import Settling
from bot.core.enquiry.signals import Enquiry, Kind, Signal
from bot.core.ports import KnowledgeBase
from bot.core.procedures import Facet, Procedure

# «cấp mới hay cấp lại» without «khác gì» compares only where it is about all that is said.
EITHER_WORDS = 12
# A longer text tells a story in which «khác» compares nothing.
COMPARISON_WORDS = 40
MOST_SIDES = 3
MOST = 3
# Of the other side's words at most so many, less one, are its own rather than common to both.
MOST_CUT = 5


class Comparing:
    """Finds what a comparison compares. Blocking (search)."""

    def __init__(self, knowledge: KnowledgeBase, settling: Settling) -> None:
        self._knowledge = knowledge
        self._settling = settling

    def resolve(self, signal: Signal, cues: Cues, state: ConversationState, findings: Findings) -> Enquiry | None:
        """Return the comparison that is asked for, a question about what is missing of it, or None."""
        explicit = cues.may_compare
        if len(cues.text.split()) > COMPARISON_WORDS:
            return None
        if not explicit and not state.procedure and not state.offered and findings.zone is Zone.REFUSE:
            return None
        if not explicit and (findings.facet_explicit or len(cues.text.split()) > EITHER_WORDS):
            return None
        sides = cues.sides()[:MOST_SIDES]
        pool = self._pool(signal, state, findings) if sides else []
        for one, other in sides:
            if (left := self._side(one, other, pool, signal)) is None:
                continue
            right = self._side(other, one, [p for p in pool if p.id != left.id], signal)
            if right and right.id != left.id and (explicit or left.field == right.field):
                return self._compared(signal, (left, right))
        if not cues.compares:
            return None
        return self._named_before(signal, cues, state, findings)

    def _pool(self, signal: Signal, state: ConversationState, findings: Findings) -> list[Procedure]:
        """Return the records that short words such as «cấp lại» may name, those in sight first."""
        ids = [c.procedure_id for c in state.offered] + [m.procedure_id for m in state.matters]
        found = [self._knowledge.procedure(i, signal.now) for i in ids]
        former = next((p for p in found if p), None)
        if former:
            near = self._settling.in_context(signal.text, former, signal.now)[1]
        else:
            near = self._settling.procedures(findings, signal.now)
        return list({p.id: p for p in (*(p for p in found if p), *near)}.values())

    def _side(self, words: str, other: str, pool: Sequence[Procedure], signal: Signal) -> Procedure | None:
        """Return the record one side names: by itself, with what the other side adds, or among those in sight."""
        alone = self._knowledge.search(words, signal.now)
        if alone.zone is Zone.REFUSE and alone.agency:
            return None
        if alone.zone is Zone.ANSWER and alone.has_topic and alone.hits:
            found = self._knowledge.procedure(alone.hits[0].procedure_id, signal.now)
            if found:
                return found
        # «cấp lại với gia hạn giấy phép lao động»: what both are about stands on one side only.
        spoken = other.split()
        for cut in range(1, min(len(spoken), MOST_CUT)):
            for text in (f"{words} {' '.join(spoken[cut:])}", f"{' '.join(spoken[:-cut])} {words}"):
                both = self._knowledge.search(text, signal.now)
                near = self._settling.procedures(both, signal.now)
                if both.zone is Zone.ANSWER and near and self._settling.named(words, near[:MOST]) is near[0]:
                    return near[0]
        return self._settling.named(words, pool)

    def _named_before(
        self, signal: Signal, cues: Cues, state: ConversationState, findings: Findings
    ) -> Enquiry | None:
        if state.together > 1:
            ids = [m.procedure_id for m in state.matters[: state.together]]
        elif len(state.offered) > 1 and not state.offered[0].case:
            ids = [c.procedure_id for c in state.offered]
        else:
            ids = [m.procedure_id for m in state.matters[:2]]
        found = [p for i in dict.fromkeys(ids) if (p := self._knowledge.procedure(i, signal.now))][:MOST]
        if len(found) > 1 and (cues.about_several or not findings.has_topic or not cues.sides()):
            return self._compared(signal, found)
        if len(found) == 1 and state.twin and (twin := self._knowledge.procedure(state.twin, signal.now)):
            return self._compared(signal, (found[0], twin))
        near = self._settling.choices(self._settling.procedures(findings, signal.now)) if findings.has_topic else ()
        return Enquiry(Kind.COMPARE_WHICH, choices=near if findings.zone is not Zone.REFUSE else ())

    def _compared(self, signal: Signal, found: Sequence[Procedure]) -> Enquiry:
        parts = tuple(self._settling.answer(signal.now, p, (Facet.GENERAL,), ask=False) for p in found)
        return Enquiry(Kind.COMPARE, Facet.GENERAL, found[0], parts=parts)
