"""Settles what is said about a procedure once it is found: its level, its case, and what else may be meant."""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.core.conversation import Choice
from bot.core.enquiry.findings import Findings, Zone
from bot.core.enquiry.signals import Enquiry, Kind, Remark
from bot.core.enquiry.titles import dossier_cases, level_title, matter_name, plain_name
from bot.core.enquiry.twins import LEVELS, alike, same_matter, twin_among
from bot.core.ports import KnowledgeBase
from bot.core.procedures import Facet, Procedure, Status
from nlu.text import fold

MAX_CHOICES = 3
# More papers than this, in several cases, are asked apart rather than listed together.
MAX_PAPERS_UNSPLIT = 12
# A question may name so many facets of one matter; what is left has its button.
MAX_FACETS = 4
POOL = 8
# Districts ended on 1 July 2025; their procedures are kept so that citizens hear what replaced them.
DISTRICT = "huyện"
# A named procedure outweighs what else a turn looks like from this confidence of the gate on.
NEW_TOPIC_CONFIDENCE = 0.6
# A record that scores less than this is not near enough to be suggested.
NEAR_SCORE = 0.55
# Of the words that name a record, at least this share stands in its name.
LEAST_SAID = 0.6
# «cấp mới» is how people call what the names call «cấp».
_NEWLY = frozenset({"cap moi", "xin moi", "lam moi", "cap lan dau", "xin cap moi", "lam lan dau"})
_FIRST_TIME = re.compile(r"cap (?!lai\b|doi\b|bo sung\b)")


def names_topic(findings: Findings) -> bool:
    """True when a question names a matter itself; a clearly found one counts although its words read as fillers."""
    return findings.has_topic or (findings.zone is Zone.ANSWER and findings.confidence >= NEW_TOPIC_CONFIDENCE)


def facets_of(findings: Findings, otherwise: Facet | None) -> tuple[Facet, ...]:
    """Return the facets that were asked, in order; where none was, `otherwise` or GENERAL."""
    if findings.facet_explicit:
        return (findings.facets or (findings.facet,))[:MAX_FACETS]
    return (otherwise or findings.facet,)


class Settling:
    """Turns a found procedure into an enquiry to answer. Blocking (search)."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge

    def procedures(self, findings: Findings, now: datetime) -> list[Procedure]:
        """Return the records of the hits, best first."""
        found = (self._knowledge.procedure(hit.procedure_id, now) for hit in findings.hits[:POOL])
        return [p for p in found if p]

    def answer(
        self,
        now: datetime,
        procedure: Procedure,
        facets: Sequence[Facet],
        text: str = "",
        case: str | None = None,
        twin: Procedure | None = None,
        remarks: tuple[Remark, ...] = (),
        ask: bool = True,
    ) -> Enquiry:
        """Return the answer, or the question about level or case that must come first (where `ask`).

        `twin` is the same matter at the other level while no level was named; `text` may name the case.
        """
        facet, more = facets[0], tuple(dict.fromkeys(f for f in facets[1:] if f is not facets[0]))
        if twin:
            same = alike(procedure, twin, (facet, *more))
            if not same and ask and facet is not Facet.GENERAL:
                both = sorted((procedure, twin), key=lambda p: LEVELS.index(p.level))
                choices = tuple(Choice(p.id, level_title(p)) for p in both)
                return Enquiry(Kind.ASK_LEVEL, facet, procedure, choices=choices, more=more, twin=twin)
            remarks += (Remark.LEVELS_ALIKE if same else Remark.OTHER_LEVEL,)
        cases = dossier_cases(procedure) if Facet.DOCUMENTS in facets else ()
        if case is None and cases:
            key = self._knowledge.choose(text, {str(i): name for i, name in enumerate(cases)}) if text else None
            case = cases[int(key)] if key is not None else None
        if case is None and cases and ask and len(procedure.dossier) > MAX_PAPERS_UNSPLIT:
            offered = tuple(Choice(procedure.id, name, case=name) for name in cases)
            return Enquiry(Kind.ASK_CASE, Facet.DOCUMENTS, procedure, choices=offered, more=_rest(facets))
        found = [self._knowledge.procedure(i, now) for i in procedure.replaced_by_ids]
        return Enquiry(
            Kind.ANSWER,
            facet,
            procedure,
            replacements=tuple(p for p in found if p),
            case=case,
            more=more,
            twin=twin,
            remarks=remarks,
        )

    def best(self, found: Sequence[Procedure], level: str | None) -> tuple[Procedure, Procedure | None]:
        """Return the record to answer from the (non-empty) best-first ones, and its twin where no level was named.

        One that has ended gives way to what replaced it, unless the level of former districts was named.
        """
        top = found[0]
        if top.status is Status.REPEALED and level != DISTRICT:
            heirs = [p for p in found if p.status is Status.IN_FORCE and level in {None, p.level}]
            top = next((p for p in heirs if p.id in top.replaced_by_ids or same_matter(top, p)), top)
        twin = twin_among(top, found)
        if twin and level:
            return (twin if twin.level == level else top), None
        return top, twin

    def twin(self, procedure: Procedure, now: datetime) -> Procedure | None:
        """Look the same matter at the other level up by name."""
        if procedure.level not in LEVELS:
            return None
        other = next(level for level in LEVELS if level != procedure.level)
        wanted = self._knowledge.search(f"{matter_name(procedure)} cấp {other}", now)
        return twin_among(procedure, self.procedures(wanted, now))

    def choices(
        self, found: Sequence[Procedure], level: str | None = None, most: int = MAX_CHOICES
    ) -> tuple[Choice, ...]:
        """Return what to offer, best first: one choice for each matter, its level left open unless it was named."""
        kept: list[tuple[Procedure, Procedure | None]] = []
        for p in found:
            if len(kept) < most and not any(p.id == k.id or same_matter(p, k) for k, _ in kept):
                kept.append(self.best([p, *(o for o in found if same_matter(p, o))], level))
        names = [matter_name(p) if twin else plain_name(p) for p, twin in kept]
        return tuple(
            Choice(
                p.id,
                f"{name} ({p.level})" if names.count(name) > 1 and p.level else name,
                twin=twin.id if twin else None,
            )
            for (p, twin), name in zip(kept, names, strict=True)
        )

    def named(self, words: str, found: Sequence[Procedure]) -> Procedure | None:
        """Return the record that few words name, of the best-first ones: the words as they stand, or most of them."""
        said = fold(words)
        if said in _NEWLY:
            return next((p for p in found if _FIRST_TIME.match(fold(plain_name(p)))), None)
        if saying := next((p for p in found if said and said in fold(plain_name(p))), None):
            return saying
        key = self._knowledge.choose(words, {p.id: plain_name(p) for p in found})
        picked = next((p for p in found if p.id == key), None)
        if picked is None:
            return None
        # «hồ» is not «hỗ»: accents count where they were typed.
        own, name = set(words.lower().split()), plain_name(picked).lower()
        has = set(re.findall(r"\w+", fold(name) if words.isascii() else name))
        return picked if len(own & has) >= LEAST_SAID * len(own) else None

    def in_context(
        self, words: str, former: Procedure, now: datetime, negated: str = ""
    ) -> tuple[Procedure | None, list[Procedure]]:
        """Read few words together with the matter under discussion, itself left out.

        Returns the one record that the words name, or None, and all that came near, best first.
        """
        wider = self._knowledge.search(", ".join(filter(None, (words, former.field, former.name))), now)
        near = [
            p
            for p in self.procedures(wider, now)
            if p.id != former.id and not same_matter(p, former) and p.status is not Status.REPEALED
        ]
        if negated:
            out = self.named(negated, (former, *near))
            near = [p for p in near if p is not out] or near
        return self.named(words, near) if words else None, near


def _rest(facets: Sequence[Facet]) -> tuple[Facet, ...]:
    return tuple(dict.fromkeys(f for f in facets if f is not Facet.DOCUMENTS))
