"""Several questions in one message: each is resolved, those about one matter together."""

import re
from dataclasses import replace

from bot.core.conversation import ConversationState
from bot.core.enquiry.cues import Cues
from bot.core.enquiry.findings import Findings, Zone
from bot.core.enquiry.settling import MAX_FACETS, NEAR_SCORE, Settling, facets_of, names_topic
from bot.core.enquiry.signals import Enquiry, Kind, Signal
from bot.core.enquiry.twins import same_matter
from bot.core.ports import KnowledgeBase
from bot.core.procedures import Facet, Procedure
from bot.core.routes import Reason, Route
from nlu.text import Part, split_questions, strip_accents

MAX_PARTS = 3
_GOES_ON = re.compile(r"\W*(?:va |the |vay |roi )*con\b")


class Several:
    """Resolves a message of several questions. Blocking (search)."""

    def __init__(self, knowledge: KnowledgeBase, settling: Settling) -> None:
        self._knowledge = knowledge
        self._settling = settling

    def resolve(self, signal: Signal, state: ConversationState) -> Enquiry | None:
        """Return SEVERAL where at least two matters are clearly asked about; None: read the message as one."""
        parts = _questions(signal.text)
        if len(parts) < 2:
            return None
        found: list[Enquiry] = []
        waiting: tuple[Facet, ...] = ()
        goes_on = [bool(_GOES_ON.match(strip_accents(part.text.lower()))) for part in parts]
        for number, part in enumerate(parts):
            findings = self._knowledge.search(part.text, signal.now)
            if not names_topic(findings) and not _elsewhere(findings):
                if findings.facet_explicit and found and found[-1].procedure:
                    found[-1] = self._widened(found[-1], facets_of(findings, None))
                elif findings.facet_explicit and not found:
                    waiting = facets_of(findings, None)
                    if under := self._knowledge.procedure(state.procedure or "", signal.now):
                        found.append(self._settling.answer(signal.now, under, waiting, part.text, ask=False))
                continue
            enquiry = self._part(part, findings, waiting, found, signal)
            if enquiry is None and any(goes_on[number : number + 2]):
                enquiry = self._unclear(findings, waiting, signal)
            if enquiry is None:
                return None
            waiting = ()
            if found and _one_matter(found[-1], enquiry):
                found[-1] = self._widened(found[-1], enquiry.facets)
            else:
                found.append(enquiry)
        answers = [e for e in found if e.kind is Kind.ANSWER]
        if len(found) < 2 or not answers or len(found) > MAX_PARTS:
            return None
        first = answers[0]
        return Enquiry(Kind.SEVERAL, first.facet, first.procedure, parts=tuple(found))

    def _part(
        self, part: Part, findings: Findings, waiting: tuple[Facet, ...], found: list[Enquiry], signal: Signal
    ) -> Enquiry | None:
        cues = Cues(part.text)
        before = found[-1] if found else None
        facets = facets_of(findings, waiting[0] if waiting else before.facet if before else None)
        if not findings.facet_explicit and waiting:
            facets = waiting
        elif not findings.facet_explicit and before:
            facets = before.facets
        if _elsewhere(findings):
            return Enquiry(
                Kind.REFUSE,
                facets[0],
                route=Route.OTHER_AGENCY,
                reason=Reason.OTHER_AGENCY,
                agency=findings.agency,
                office=findings.office,
            )
        near = self._settling.procedures(findings, signal.now)
        if findings.zone is Zone.ANSWER and near:
            best, twin = self._settling.best(near, cues.level)
            return self._settling.answer(signal.now, best, facets, part.text, twin=twin, ask=False)
        if before and before.procedure:
            # «cấp lại thẻ thương binh cần gì, còn cấp đổi thì sao»
            named, _ = self._settling.in_context(part.text, before.procedure, signal.now)
            if named:
                return self._settling.answer(signal.now, named, facets, part.text, ask=False)
        return None

    def _unclear(self, findings: Findings, waiting: tuple[Facet, ...], signal: Signal) -> Enquiry:
        """A part that «còn» sets beside another one is a question, even if it is not understood."""
        facets = facets_of(findings, waiting[0] if waiting else None)
        close = {hit.procedure_id for hit in findings.hits if hit.score >= NEAR_SCORE}
        near = self._settling.procedures(findings, signal.now)
        choices = self._settling.choices([p for p in near if p.id in close])
        if findings.zone is Zone.REFUSE or not choices:
            return Enquiry(Kind.REFUSE, facets[0], reason=Reason.NOT_IN_CATALOGUE)
        return Enquiry(Kind.CLARIFY, facets[0], choices=choices)

    def _widened(self, enquiry: Enquiry, facets: tuple[Facet, ...]) -> Enquiry:
        every = enquiry.facets if enquiry.facet is not Facet.GENERAL else ()
        merged = tuple(dict.fromkeys((*every, *facets)))[:MAX_FACETS]
        return replace(enquiry, facet=merged[0], more=merged[1:])


def _questions(text: str) -> list[Part]:
    """Return the parts of a message that ask, each with what is told before it; offsets true to `text`."""
    found: list[Part] = []
    end = 0
    for part in split_questions(text):
        if part.asks:
            told = len(text[end : part.start]) - len(text[end : part.start].lstrip(" ,.;:!?…"))
            found.append(Part(text[end + told : part.end], end + told, part.end, asks=True))
            end = part.end
    return found


def _elsewhere(findings: Findings) -> bool:
    return findings.agency is not None and findings.zone is Zone.REFUSE


def _one_matter(one: Enquiry, other: Enquiry) -> bool:
    left, right = one.procedure, other.procedure
    if left is None or right is None:
        return left is right and one.agency is not None and one.agency is other.agency
    return left.id == right.id or _twins(left, right, one)


def _twins(left: Procedure, right: Procedure, one: Enquiry) -> bool:
    return one.twin is not None and same_matter(left, right)
