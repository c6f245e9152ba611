"""Composes the answer about one facet of one procedure from its facts alone. Pure.

The first sentence(s) stay within 60 words; whatever is longer stands whole in a block below. A fact that is null
is admitted with where to ask, one that is unverified is marked, and every answer names where it is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from actions.briefs import BriefWriter
from actions.facets import FACT_WORDS, FacetWriter, Part
from actions.wording import clip, lower_first
from bot.core.enquiry.signals import Enquiry, Remark
from bot.core.enquiry.titles import level_title, plain_name
from bot.core.phrases import Phrases, vietnamese_date
from bot.core.ports import Calendar
from bot.core.procedures import Confidence, Facet, Procedure, Status
from bot.core.replies import Block, Button, Reply, Source

MAX_WORDS = 60
# How many words of the name are tried, longest first; the full name stands in the reply's data.
NAME_WORDS = (22, 14, 8)
# The facets that buttons offer, most asked first.
OFFERED = (Facet.DOCUMENTS, Facet.TIME, Facet.WHERE, Facet.FEE, Facet.STEPS, Facet.ONLINE, Facet.CONDITIONS)
MAX_FACET_BUTTONS = 5
MAX_REPLACEMENTS = 3
TITLE_WORDS = 14
# Which group of `Procedure.confidence` proves a facet.
PROOF = {
    Facet.DOCUMENTS: "dossier",
    Facet.FEE: "fee",
    Facet.TIME: "time_limit",
    Facet.WHERE: "place",
    Facet.ONLINE: "channels",
    Facet.STEPS: "steps",
    Facet.CONDITIONS: "conditions",
    Facet.RESULT: "result",
    Facet.LEGAL: "legal_basis",
    Facet.AUTHORITY: "authority",
}


@dataclass(frozen=True)
class Answer:
    """A composed reply, whether its fact was missing, and the due date it states (None: states none)."""

    reply: Reply
    fact_missing: bool = False
    due_date: date | None = None


class Composer:
    """Composes answers; immutable."""

    def __init__(self, phrases: Phrases, calendar: Calendar) -> None:
        self._phrases = phrases
        self._writers = [FacetWriter(phrases, calendar, words) for words in NAME_WORDS]
        self.briefs = BriefWriter(phrases, self._writers[0])

    def enquiry(self, e: Enquiry, address: str | None, today: date, most_words: int = MAX_WORDS) -> Answer:
        """Return the answer to an enquiry about one procedure: its first facet, then the others and the remarks."""
        p = e.procedure
        assert p is not None  # noqa: S101  (an enquiry to answer has a procedure)
        first = self.answer(p, e.facet, e.case, address, today, e.replacements, most_words)
        if not self.reliable(p, today):
            return first
        more = [(f, self.briefs.write(p, f, e.case, address, today)) for f in e.more]
        untitled, titled = [b for b in first.reply.blocks if not b.title], [b for b in first.reply.blocks if b.title]
        notes = [b for b in untitled if b.text == self._phrases.word("unverified")]
        said = [b for b in untitled if b not in notes]
        for facet, part in more:
            said.append(Block(kind="paragraph", title=self.briefs.title(facet), text=part.text))
            said += [b for b in part.blocks if not b.title]
            titled += [b for b in part.blocks if b.title]
        doubtful = [f for f, part in more if not part.missing]
        if doubts := self.doubts(p, doubtful):
            notes = list(self.doubts(p, [e.facet, *doubtful]) if notes else doubts)
        twin = e.twin if Remark.OTHER_LEVEL in e.remarks else None
        buttons = tuple(b for b in first.reply.buttons if not any(b.id == f"f:{f.value}:{p.id}" for f in e.more))
        if twin:
            buttons = (Button(f"f:{e.facet.value}:{twin.id}", level_title(twin)), *buttons)
        remarks = [Block(kind="note", text=self._remark(r, p, address)) for r in e.remarks]
        reply = replace(
            first.reply,
            blocks=(*said, *titled, *remarks, *notes),
            buttons=buttons,
            data={**first.reply.data, "facets": [f.value for f in e.facets]},
        )
        due = first.due_date or next((part.due for _, part in more if part.due), None)
        return Answer(reply, first.fact_missing, due)

    def answer(
        self,
        procedure: Procedure,
        facet: Facet,
        case: str | None,
        address: str | None,
        today: date,
        replacements: Sequence[Procedure] = (),
        most_words: int = MAX_WORDS,
    ) -> Answer:
        """Return the answer for a version valid on `today` (a Vietnamese local date).

        `replacements` are the procedures that stand for one that has ended.
        """
        part = self._fitting(procedure, facet, case, address, today, replacements, most_words)
        notes: tuple[Block, ...] = ()
        if not part.missing and self._unverified(procedure, facet) and procedure.status is Status.IN_FORCE:
            notes = (Block(kind="warning", text=self._phrases.word("unverified")),)
        reply = Reply(
            act=part.act,
            text=part.text,
            blocks=part.blocks + notes,
            sources=self.sources(procedure),
            buttons=self._buttons(procedure, facet, replacements),
            data={"procedure": procedure.id, "name": procedure.name, "facet": facet.value, "case": case},
        )
        return Answer(reply, part.missing, part.due)

    def doubts(self, p: Procedure, facets: Sequence[Facet]) -> tuple[Block, ...]:
        """Return the note that names those of the facets that are not verified; nothing where all are."""
        listed = ", ".join(lower_first(self.briefs.title(f)) for f in facets if self._unverified(p, f))
        return (Block(kind="note", text=self._phrases.word("unverified_parts", facets=listed)),) if listed else ()

    def reliable(self, p: Procedure, today: date) -> bool:
        """True when the facts of this record can be answered as they stand."""
        return p.status is Status.IN_FORCE and (p.valid_to is None or p.valid_to >= today)

    def _remark(self, remark: Remark, p: Procedure, address: str | None) -> str:
        return self._phrases.say(f"remark_{remark.value}", address, level=lower_first(level_title(p)))

    def _fitting(
        self,
        p: Procedure,
        facet: Facet,
        case: str | None,
        address: str | None,
        today: date,
        replacements: Sequence[Procedure],
        most: int,
    ) -> Part:
        """Return the part with as much of the name as leaves the first answer within its length."""
        parts = (self._part(write, p, facet, case, address, today, replacements) for write in self._writers)
        part = next(q for n, q in enumerate(parts, 1) if len(q.text.split()) <= most or n == len(NAME_WORDS))
        return replace(part, text=clip(part.text, most))

    def _part(
        self,
        write: FacetWriter,
        p: Procedure,
        facet: Facet,
        case: str | None,
        address: str | None,
        today: date,
        replacements: Sequence[Procedure],
    ) -> Part:
        if ended := self._ended(write, p, address, today, replacements):
            return ended
        known = write.write(p, facet, case, address, today)
        return self._unreliable(write, p, address, known) or known

    def sources(self, procedure: Procedure) -> tuple[Source, ...]:
        """Return decision (or legal basis and the admission that the decision is unknown), portal, day checked."""
        say = self._phrases.word
        found: list[Source] = []
        if procedure.decision:
            label = say("decision", number=procedure.decision.number)
            if procedure.decision.date:
                label += f" ({vietnamese_date(procedure.decision.date)})"
            found.append(Source("decision", label))
        else:
            basis = next((b for b in procedure.legal_basis if b.in_force), None)
            if basis:
                name = f"{clip(basis.title, TITLE_WORDS)} ({basis.number})" if basis.title else basis.number
                found.append(
                    Source("legal_basis", say("legal_basis", basis=", ".join(filter(None, (basis.article, name)))))
                )
            found.append(Source("decision", say("no_decision")))
        if procedure.code:
            url = self._phrases.contacts.procedure_url.replace("{code}", procedure.code)
            found.append(Source("portal", say("portal_label", code=procedure.code), url))
        found.append(Source("checked_on", say("checked_on", date=vietnamese_date(procedure.checked_on))))
        return tuple(found)

    def _ended(
        self, write: FacetWriter, p: Procedure, address: str | None, today: date, replacements: Sequence[Procedure]
    ) -> Part | None:
        over = p.valid_to is not None and p.valid_to < today
        if not over and p.status not in {Status.REPEALED, Status.SUSPENDED}:
            return None
        word = self._phrases.word
        since = word("since", date=vietnamese_date(p.valid_to + timedelta(days=1))) if p.valid_to else ""
        by = word("by_decision", decision=clip(p.repealed_by, FACT_WORDS // 2)) if p.repealed_by else ""
        blocks: tuple[Block, ...] = ()
        if replacements:
            names = ", ".join(f"«{write.name(r)}»" for r in replacements[:MAX_REPLACEMENTS])
            replacement = word("now_under", names=names)
            blocks = (Block(kind="list", items=tuple(plain_name(r) for r in replacements)),)
        elif p.replaced_by:
            how, blocks = write.fold(p.replaced_by)
            replacement = word("now_as", how=lower_first(how))
        else:
            replacement = word("now_ask", where=write.where_to_ask(p))
        act = "answer_suspended" if p.status is Status.SUSPENDED else "answer_repealed"
        text = self._phrases.say(act, address, name=write.name(p), since=since, by=by, replacement=replacement)
        return Part(act, text, blocks)

    def _unreliable(self, write: FacetWriter, p: Procedure, address: str | None, known: Part) -> Part | None:
        """Return what is said instead of a fact that a citizen could not rely on; what is `known` stands below it."""
        say, name, hotline = self._phrases.say, write.name(p), self._phrases.contacts.hotline
        if p.status is Status.ROUTING:
            body = clip(p.responsible or p.authority or "", FACT_WORDS // 2)
            where = clip(p.place or hotline, FACT_WORDS // 2)
            return Part("answer_routing", say("answer_routing", address, name=name, body=body, where=where))
        if p.status in {Status.INTERNAL, Status.UNCERTAIN}:
            act = f"answer_{p.status.value}"
            # Whoever hands in for an office is served by the fact as it stands.
            served = p.status is Status.INTERNAL and not known.missing
            blocks = (Block(kind="paragraph", text=known.text), *known.blocks) if served else known.blocks
            reference = (
                (Block(kind="note", text=self._phrases.word("for_reference") + ":"), *blocks) if blocks else ()
            )
            return Part(act, say(act, address, name=name, where=hotline), reference)
        return None

    def _unverified(self, p: Procedure, facet: Facet) -> bool:
        group = PROOF.get(facet)
        return group is not None and p.confidence.get(group, Confidence.UNVERIFIED) is Confidence.UNVERIFIED

    def _buttons(self, p: Procedure, facet: Facet, replacements: Sequence[Procedure]) -> tuple[Button, ...]:
        if replacements:
            shown = replacements[:MAX_REPLACEMENTS]
            return tuple(Button(f"f:{facet.value}:{r.id}", clip(plain_name(r), TITLE_WORDS)) for r in shown)
        if p.status is not Status.IN_FORCE:
            return ()
        others = [f for f in OFFERED if f is not facet][:MAX_FACET_BUTTONS]
        return tuple(Button(f"f:{f.value}:{p.id}", self._phrases.word(f"facet_{f.value}")) for f in others)
