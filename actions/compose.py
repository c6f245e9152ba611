"""Composes the answer about one facet of one procedure from its facts alone. Pure.

The first sentence(s) stay within 60 words; whatever is longer stands whole in a block below. A fact that is null
is admitted with where to ask, one that is unverified is marked, and every answer names where it is written.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from actions.facets import FACT_WORDS, FacetWriter, Part
from actions.wording import clip, sentence
from bot.core.phrases import Phrases, vietnamese_date
from bot.core.ports import Calendar
from bot.core.procedures import Confidence, Facet, Procedure, Status
from bot.core.replies import Block, Button, Reply, Source

# The facets that buttons offer, most asked first.
OFFERED = (Facet.DOCUMENTS, Facet.TIME, Facet.WHERE, Facet.FEE, Facet.STEPS, Facet.ONLINE, Facet.CONDITIONS)
MAX_FACET_BUTTONS = 5
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
        self._write = FacetWriter(phrases, calendar)

    def answer(
        self, procedure: Procedure, facet: Facet, case: str | None, address: str | None, today: date
    ) -> Answer:
        """Return the answer for a version valid on `today` (a Vietnamese local date)."""
        part = self._by_status(procedure, address, today) or self._write.write(procedure, facet, case, address, today)
        notes: tuple[Block, ...] = ()
        if not part.missing and self._unverified(procedure, facet) and procedure.status is Status.IN_FORCE:
            notes = (Block(kind="note", text=self._phrases.word("unverified")),)
        reply = Reply(
            act=part.act,
            text=part.text,
            blocks=part.blocks + notes,
            sources=self.sources(procedure),
            buttons=self._buttons(procedure, facet),
            data={"procedure": procedure.id, "name": procedure.name, "facet": facet.value, "case": case},
        )
        return Answer(reply, part.missing, part.due)

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
                text = ", ".join(t for t in (basis.article, basis.number) if t)
                found.append(Source("legal_basis", say("legal_basis", number=text)))
            found.append(Source("decision", say("no_decision")))
        if procedure.code:
            url = self._phrases.contacts.procedure_url.replace("{code}", procedure.code)
            found.append(Source("portal", say("portal_label", code=procedure.code), url))
        found.append(Source("checked_on", say("checked_on", date=vietnamese_date(procedure.checked_on))))
        return tuple(found)

    def _by_status(self, p: Procedure, address: str | None, today: date) -> Part | None:
        say, name = self._phrases.say, self._write.name(p)
        ended = p.status is Status.REPEALED or (p.valid_to is not None and p.valid_to < today)
        if ended or p.status is Status.SUSPENDED:
            act = "answer_suspended" if p.status is Status.SUSPENDED else "answer_repealed"
            since = f" từ {vietnamese_date(p.valid_to + timedelta(days=1))}" if p.valid_to else ""
            by = f" theo {p.repealed_by}" if p.repealed_by else ""
            blocks: tuple[Block, ...] = ()
            if p.replaced_by:
                replacement, blocks = self._write.fold(f"Nay làm theo: {sentence(p.replaced_by)}")
            else:
                replacement = f"Việc nay làm thế nào, xin hỏi {self._write.where_to_ask(p)}."
            return Part(act, say(act, address, name=name, since=since, by=by, replacement=replacement), blocks)
        if p.status is Status.INTERNAL:
            where = self._phrases.contacts.hotline
            return Part("answer_internal", say("answer_internal", address, name=name, where=where))
        if p.status is Status.ROUTING:
            body = clip(p.responsible or p.authority or "cơ quan khác", FACT_WORDS // 2)
            where = clip(p.place or self._phrases.contacts.hotline, FACT_WORDS // 2)
            return Part("answer_routing", say("answer_routing", address, name=name, body=body, where=where))
        if p.status is Status.UNCERTAIN:
            where = self._phrases.contacts.hotline
            return Part("answer_uncertain", say("answer_uncertain", address, name=name, where=where))
        return None

    def _unverified(self, p: Procedure, facet: Facet) -> bool:
        group = PROOF.get(facet)
        return group is not None and p.confidence.get(group, Confidence.UNVERIFIED) is Confidence.UNVERIFIED

    def _buttons(self, p: Procedure, facet: Facet) -> tuple[Button, ...]:
        if p.status in {Status.REPEALED, Status.SUSPENDED}:
            label, ids = self._phrases.word("see_replacement"), p.replaced_by_ids[:3]
            numbered = [f"{label} {n}" for n in range(1, len(ids) + 1)] if len(ids) > 1 else [label]
            return tuple(Button(f"f:{facet.value}:{i}", title) for i, title in zip(ids, numbered, strict=False))
        if p.status is not Status.IN_FORCE:
            return ()
        others = [f for f in OFFERED if f is not facet][:MAX_FACET_BUTTONS]
        return tuple(Button(f"f:{f.value}:{p.id}", self._phrases.word(f"facet_{f.value}")) for f in others)
