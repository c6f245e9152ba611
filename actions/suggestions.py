"""Composes what operators see while they type, and a procedure in full: records in, items out."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from actions.compose import Composer
from actions.lights import Lights
from actions.scripts import ScriptWriter, facets_known
from bot.core.enquiry.titles import plain_name
from bot.core.phrases import Phrases
from bot.core.ports import Calendar
from bot.core.procedures import DossierItem, Facet, Procedure, Status
from bot.core.replies import Block
from bot.core.routes import Agency
from bot.core.suggestions.found import Typed, TypedHit, TypedSearch
from bot.core.suggestions.items import (
    Check,
    Elsewhere,
    FacetLabel,
    FacetText,
    Item,
    Light,
    Link,
    PublishedBy,
    Sheet,
    Suggested,
    Why,
)
from bot.core.suggestions.words import SuggestWords

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
#: Rows that may be repealed, or lack a record by now, are asked for beyond the limit.
_SPARE = 2


class Suggestions:
    """Implements bot.core.suggestions.items.Suggester."""

    def __init__(self, search: TypedSearch, phrases: Phrases, calendar: Calendar, words: SuggestWords) -> None:
        self._search = search
        self._phrases = phrases
        self._words = words
        self.composer = Composer(phrases, calendar)
        self._lights = Lights(words)
        self.scripts = ScriptWriter(self.composer, phrases, calendar, words)

    def suggest(
        self, text: str, now: datetime, facet: Facet | None = None, limit: int = 5, *, finished: bool = False
    ) -> Suggested:
        """Return suggestions for the words so far, best first."""
        typed = self._search.typed(text, now, limit + _SPARE, finished=finished)
        items: list[Item] = []
        for hit in typed.hits:
            procedure = self._search.procedure(hit.procedure_id, now)
            if procedure is not None and len(items) < limit:
                items.append(self.item(procedure, facet or typed.facet or Facet.GENERAL, hit, now))
        return Suggested(tuple(items), self.elsewhere(typed))

    def item(self, p: Procedure, facet: Facet, hit: TypedHit, now: datetime) -> Item:
        """Return one suggestion."""
        today = now.astimezone(VIETNAM).date()
        light = self.light(p, facet, now)
        replacements = self.replacements(p, now)
        return Item(
            procedure_id=p.id,
            title=plain_name(p),
            level=p.level,
            code=p.code,
            facet=facet,
            facet_label=self.label(facet),
            script=self.scripts.write(p, facet, today, light, replacements),
            why=Why(hit.words, hit.alias, self._words.say("how", hit.how.value)),
            confidence=hit.sureness,
            light=light,
            decision=_published(p),
            basis=_basis(p),
            due_if_today=self.scripts.due(p, today),
            checklist=self.checklist(p),
            sources=self.sources(p),
            facets=tuple(FacetLabel(f, self.label(f)) for f in facets_known(p)),
        )

    def sheet(self, procedure_id: str, now: datetime) -> Sheet | None:
        """Return everything that is known of a procedure."""
        p = self._search.procedure(procedure_id, now)
        if p is None:
            return None
        today = now.astimezone(VIETNAM).date()
        told = tuple(self._facet_text(p, facet, now, today) for facet in facets_known(p))
        return Sheet(plain_name(p), p.level, p.code, self.light(p, Facet.GENERAL, now), told, self.checklist(p))

    def light(self, p: Procedure, facet: Facet, now: datetime) -> Light:
        """Return the validity light of one side of a procedure."""
        change = self._search.next_change(p.id, now)
        return self._lights.light(p, facet, change, now.astimezone(VIETNAM).date())

    def replacements(self, p: Procedure, now: datetime) -> tuple[Procedure, ...]:
        """Return what stands for a procedure that has ended."""
        found = (self._search.procedure(other, now) for other in p.replaced_by_ids)
        return tuple(other for other in found if other is not None)

    def label(self, facet: Facet) -> str:
        """Return the heading of a side."""
        return self._words.say("facets", facet.value)

    def sources(self, p: Procedure) -> tuple[Link, ...]:
        """Return where a procedure is written."""
        return tuple(Link(source.label, source.url) for source in self.composer.sources(p))

    def checklist(self, p: Procedure) -> tuple[Check, ...]:
        """Return what to tick: the papers, or the steps where no papers are known; nothing that is not in force."""
        if p.status not in {Status.IN_FORCE, Status.UNCERTAIN}:
            return ()
        if p.dossier:
            return tuple(Check(str(n), d.name, self._note(d)) for n, d in enumerate(p.dossier, 1))
        return tuple(
            Check(str(n), step, self._words.say("check", "steps", number=n)) for n, step in enumerate(p.steps, 1)
        )

    def elsewhere(self, typed: Typed) -> Elsewhere | None:
        """Return the other body whose matter the words seem to be."""
        if typed.agency is None and not typed.office:
            return None
        if typed.agency in {None, Agency.OTHER}:
            return Elsewhere("", typed.office or self._phrases.contacts.hotline)
        name, where = self._phrases.agency(str(typed.agency))
        return Elsewhere(name, where)

    def _note(self, d: DossierItem) -> str | None:
        say = self._phrases.word
        parts = [
            say("copies_original", n=d.original) if d.original else None,
            say("copies_copy", n=d.copy) if d.copy else None,
            d.form,
            d.note,
            self._words.say("check", "case", case=d.case) if d.case else None,
        ]
        return "; ".join(part for part in parts if part) or None

    def _facet_text(self, p: Procedure, facet: Facet, now: datetime, today: date) -> FacetText:
        script = self.scripts.write(p, facet, today, self.light(p, facet, now), self.replacements(p, now))
        blocks = self.composer.answer(p, facet, None, None, today).reply.blocks
        return FacetText(facet, self.label(facet), " ".join(script), tuple(lines(blocks)), self.sources(p))


def lines(blocks: Sequence[Block]) -> list[str]:
    """Return what stands below an answer, line by line, with the headings of its parts where there are several."""
    titled = sum(bool(block.title and block.items) for block in blocks) > 1
    found: list[str] = []
    for block in blocks:
        if titled and block.title:
            found.append(f"{block.title}:")
        found += [block.text] if block.text else []
        found += block.items
    return found


def _published(p: Procedure) -> PublishedBy | None:
    return PublishedBy(p.decision.number, p.decision.date, p.decision.body) if p.decision else None


def _basis(p: Procedure) -> str | None:
    if p.decision is not None:
        return None
    held = next((basis for basis in p.legal_basis if basis.in_force), None)
    if held is None:
        return None
    return ", ".join(part for part in (held.number, held.title, held.article) if part)
