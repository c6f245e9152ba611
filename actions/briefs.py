"""The shortest true sentence about one facet, for a second question or a comparison. Pure."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from actions.facets import FacetWriter, Part
from actions.wording import clip, lower_first, sentence
from bot.core.phrases import Phrases, vietnamese_date
from bot.core.procedures import Facet, Procedure
from bot.core.replies import Block

BRIEF_WORDS = 40
WHO_WORDS = 18
# What a comparison sets side by side, in this order.
COMPARED = (Facet.WHERE, Facet.TIME, Facet.FEE, Facet.DOCUMENTS)
# Facts that begin with the name of a body.
NAMING = frozenset({Facet.WHERE, Facet.AUTHORITY})


class BriefWriter:
    """Writes a facet in one line without the procedure's name; long lists stand whole in blocks. Immutable."""

    def __init__(self, phrases: Phrases, writer: FacetWriter) -> None:
        self._phrases = phrases
        self._writer = writer

    def write(self, p: Procedure, facet: Facet, case: str | None, address: str | None, today: date) -> Part:
        """Return the line, of at most 40 words, with the blocks it speaks of."""
        whole = self._writer.write(p, facet, case, address, today)
        line = None if whole.missing and facet is not Facet.ONLINE else self._line(p, facet, case, today)
        if line is None:
            return Part("brief", self._missing(p), missing=True)
        said, blocks = self._writer.fold(line)
        if facet in {Facet.DOCUMENTS, Facet.STEPS, Facet.LEGAL}:
            blocks += whole.blocks
        return replace(whole, act="brief", text=clip(sentence(said), BRIEF_WORDS), blocks=blocks)

    def compared(self, p: Procedure) -> tuple[str, ...]:
        """Return the lines of a comparison: who it is for, where, how long, what it costs, how many papers."""
        say, unknown = self._phrases.word, self._phrases.word("unknown")
        lines = [say("general_applicants", fact=clip(lower_first(p.applicants), WHO_WORDS))] if p.applicants else []
        for facet in COMPARED:
            known = self._line(p, facet, None, None)
            lines.append(self.labelled(facet, clip(known, WHO_WORDS) if known else unknown))
        return tuple(lines)

    def labelled(self, facet: Facet, fact: str) -> str:
        """Return «Lệ phí: không thu»; names of bodies keep their capital."""
        return f"{self.title(facet)}: {fact if facet in NAMING else lower_first(fact)}"

    def title(self, facet: Facet) -> str:
        """Return the heading of a facet."""
        return self._phrases.word(f"fact_{facet.value}")

    def _line(self, p: Procedure, facet: Facet, case: str | None, today: date | None) -> str | None:
        say = self._phrases.word
        lines: dict[Facet, Callable[[], str | None]] = {
            Facet.GENERAL: lambda: p.applicants,
            Facet.DOCUMENTS: lambda: self._papers(p, case, listed=today is not None),
            Facet.FEE: lambda: say("brief_free") if (p.fee or "").strip().lower() == "không" else p.fee,
            Facet.TIME: lambda: self._time(p, today),
            Facet.WHERE: lambda: p.place,
            Facet.ONLINE: lambda: say({True: "brief_online", False: "brief_online_no", None: "unknown"}[p.online]),
            Facet.STEPS: lambda: say("brief_steps", count=len(p.steps)) if p.steps else None,
            Facet.CONDITIONS: lambda: p.conditions,
            Facet.RESULT: lambda: p.result,
            Facet.LEGAL: lambda: say("brief_legal", count=len(p.legal_basis)) if p.legal_basis else None,
            Facet.AUTHORITY: lambda: p.authority,
        }
        return lines[facet]()

    def _papers(self, p: Procedure, case: str | None, *, listed: bool) -> str | None:
        from_case = [d for d in p.dossier if d.case in {None, case, "nếu có"}] if case else p.dossier
        if not from_case:
            return None
        return self._phrases.word("brief_papers" if listed else "brief_count", count=len(from_case))

    def _time(self, p: Procedure, today: date | None) -> str | None:
        t = p.time_limit
        limit = self._writer.limit(t)
        if t is None or limit is None or not t.for_result:
            return t.counting if t else None
        due = self._writer.due(t, today) if today else None
        return f"{limit}, {self._phrases.word('brief_due', due=vietnamese_date(due))}" if due else limit

    def _missing(self, p: Procedure) -> str:
        return self._phrases.word("brief_missing", where=self._writer.where_to_ask(p))


def numbered(blocks: tuple[Block, ...], number: int) -> tuple[Block, ...]:
    """Return the blocks with «(2)» before their titles."""
    return tuple(replace(b, title=f"({number}) {b.title}") if b.title else b for b in blocks)
