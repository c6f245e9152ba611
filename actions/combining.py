"""Replies about several matters: each question's answer under the other, or procedures side by side. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actions.briefs import COMPARED, BriefWriter, numbered
from actions.compose import MAX_WORDS, OFFERED, Composer
from actions.refusing import Refusing
from actions.wording import clip, lower_first
from bot.core.enquiry.signals import Enquiry, Kind
from bot.core.enquiry.titles import plain_name
from bot.core.enquiry.twins import alike, same_matter
from bot.core.phrases import Phrases
from bot.core.procedures import Facet, Procedure
from bot.core.replies import Block, Button, Reply, Source
from bot.core.routes import Agency, Reason

TITLE_WORDS = 14
# Buttons of all matters together.
MOST_BUTTONS = 6


@dataclass(frozen=True)
class Combined:
    """A reply about several matters, and the due date that its first answer states."""

    reply: Reply
    due_date: date | None = None


class Combining:
    """Composes replies about several matters; immutable. Each has its number, on its block, sources and buttons."""

    def __init__(self, composer: Composer, phrases: Phrases) -> None:
        self._composer = composer
        self._phrases = phrases
        self._refusing = Refusing(phrases)

    @property
    def _briefs(self) -> BriefWriter:
        return self._composer.briefs

    def several(self, enquiry: Enquiry, address: str | None, today: date) -> Combined:
        """Return one reply that answers each of the enquiry's parts, the first one in its text."""
        intro = self._phrases.say("several", address, count=len(enquiry.parts))
        text, due, blocks = "", None, []
        for number, part in enumerate(enquiry.parts, 1):
            said, below, when = self._part(part, number, address, today, MAX_WORDS - len(intro.split()) - 1)
            due = due or when
            if number == 1:
                text = f"{intro} (1) {said}"
            else:
                title = f"({number}) {self._title(part, address)}".strip()
                blocks.append(Block(kind="paragraph", title=title, text=said))
            blocks += below
        return Combined(self._reply("several", text, tuple(blocks), enquiry, self._buttons(enquiry.parts)), due)

    def compare(self, enquiry: Enquiry, address: str | None, today: date) -> Reply:
        """Return the enquiry's procedures side by side, and in which of the compared facts they differ."""
        found = [p.procedure for p in enquiry.parts if p.procedure]
        blocks = []
        for number, p in enumerate(found, 1):
            title = f"({number}) {plain_name(p)}"
            if self._composer.reliable(p, today):
                blocks.append(Block(kind="list", title=title, items=self._briefs.compared(p)))
            else:
                told = self._composer.answer(p, Facet.GENERAL, None, address, today).reply
                blocks.append(Block(kind="paragraph", title=title, text=told.text))
        both = all(self._composer.reliable(p, today) for p in found)
        known = [f for f in COMPARED if both and any(not self._unknown(p, f) for p in found)]
        same = [f for f in known if all(alike(found[0], p, (f,)) for p in found[1:])]
        differs = [f for f in known if f not in same]
        act = "compare_levels" if len(found) == 2 and same_matter(found[0], found[1]) else "compare"
        text = self._phrases.say(act, address, count=len(found))
        for word, facets in (("compare_differs", differs), ("compare_same", same)):
            if facets:
                listed = ", ".join(lower_first(self._briefs.title(f)) for f in facets)
                text += " " + self._phrases.word(word, facets=listed)
        asked = (Facet.DOCUMENTS, Facet.STEPS, Facet.CONDITIONS)
        buttons = self._numbered_buttons([(n, p, asked) for n, p in enumerate(found, 1)])
        return self._reply(act, text, tuple(blocks), enquiry, buttons)

    def _part(
        self, part: Enquiry, number: int, address: str | None, today: date, most: int
    ) -> tuple[str, list[Block], date | None]:
        p = part.procedure
        if part.kind is not Kind.ANSWER or p is None:
            return self._unanswered(part, address), [], None
        if number == 1 or not self._composer.reliable(p, today):
            answer = self._composer.enquiry(part, address, today, most)
            return answer.reply.text, list(numbered(answer.reply.blocks, number)), answer.due_date
        lines = [(f, self._briefs.write(p, f, part.case, address, today)) for f in part.facets]
        below = [b for _, line in lines for b in line.blocks]
        below += self._composer.doubts(p, [f for f, line in lines if not line.missing])
        told = " ".join(self._briefs.labelled(f, line.text) for f, line in lines)
        return told, list(numbered(tuple(below), number)), next((line.due for _, line in lines if line.due), None)

    def _unanswered(self, part: Enquiry, address: str | None) -> str:
        if part.kind is Kind.CLARIFY:
            return self._phrases.say("clarify_procedure", address)
        if part.reason is not Reason.OTHER_AGENCY:
            return self._phrases.say("several_unknown", address)
        act, facts = self._refusing.other_body(part, address)
        return self._phrases.say(act, address, **facts)

    def _title(self, part: Enquiry, address: str | None) -> str:
        if part.procedure:
            return clip(plain_name(part.procedure), TITLE_WORDS)
        if part.reason is not Reason.OTHER_AGENCY:
            return ""
        name, _ = self._phrases.agency(str(part.agency or Agency.OTHER), address)
        return name[:1].upper() + name[1:]

    def _unknown(self, p: Procedure, facet: Facet) -> bool:
        facts = {Facet.WHERE: p.place, Facet.TIME: p.time_limit, Facet.FEE: p.fee, Facet.DOCUMENTS: p.dossier}
        return not facts[facet]

    def _buttons(self, parts: Sequence[Enquiry]) -> tuple[Button, ...]:
        rows = [
            (n, e.procedure, tuple(f for f in OFFERED if f not in e.facets))
            for n, e in enumerate(parts, 1)
            if e.procedure and e.kind is Kind.ANSWER
        ]
        offered = tuple(
            Button(f"f:{e.facet.value}:{c.procedure_id}", clip(f"({n}) {c.title}", TITLE_WORDS))
            for n, e in enumerate(parts, 1)
            if e.kind is Kind.CLARIFY
            for c in e.choices
        )
        return offered + self._numbered_buttons(rows)

    def _numbered_buttons(self, rows: Sequence[tuple[int, Procedure, tuple[Facet, ...]]]) -> tuple[Button, ...]:
        each = MOST_BUTTONS // max(len(rows), 1)
        return tuple(
            Button(f"f:{f.value}:{p.id}", f"({n}) {self._phrases.word(f'facet_{f.value}')}")
            for n, p, facets in rows
            for f in facets[:each]
        )

    def _sources(self, parts: Sequence[Enquiry]) -> tuple[Source, ...]:
        """Return every source once, with the numbers of the matters it is for (none where it is for all)."""
        numbers: dict[Source, list[int]] = {}
        cited = [(n, e.procedure) for n, e in enumerate(parts, 1) if e.procedure]
        for n, p in cited:
            for source in self._composer.sources(p):
                numbers.setdefault(source, []).append(n)
        return tuple(
            source
            if len(found) == len(cited) > 1
            else Source(source.kind, f"({', '.join(map(str, found))}) {source.label}", source.url)
            for source, found in numbers.items()
        )

    def _reply(
        self, act: str, text: str, blocks: tuple[Block, ...], enquiry: Enquiry, buttons: tuple[Button, ...]
    ) -> Reply:
        p = enquiry.procedure
        answers = [
            {"procedure": e.procedure.id, "facets": [f.value for f in e.facets]} for e in enquiry.parts if e.procedure
        ]
        data = {
            "procedure": p.id if p else None,
            "name": p.name if p else None,
            "facet": enquiry.facet.value,
            "case": None,
            "answers": answers,
        }
        return Reply(act, clip(text, MAX_WORDS), blocks, self._sources(enquiry.parts), buttons, data)
