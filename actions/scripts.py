"""What an operator reads aloud about one side of a procedure: at most three sentences from its facts alone. Pure.

Long facts are cut where a listener would lose them; what is cut stands in full beside the script.
"""

from collections.abc import Callable, Sequence
from datetime import date

from actions.compose import Composer
from actions.facets import FacetWriter
from actions.wording import clip, lower_first, sentence
from bot.core.enquiry.titles import dossier_cases
from bot.core.phrases import Phrases, vietnamese_date
from bot.core.ports import Calendar
from bot.core.procedures import Facet, Procedure, TimeLimit
from bot.core.suggestions.items import MOST_SENTENCES, Colour, DueDay, Light
from bot.core.suggestions.words import SuggestWords

#: So many words of a name, of a fact and of one paper can be listened to.
NAME_WORDS, FACT_WORDS, PAPER_WORDS = 14, 28, 12
#: So many papers are named in one sentence.
NAMED_PAPERS = 4
FIRST_PAPERS = 3
_CASE_WORDS = 20


class ScriptWriter:
    """Writes scripts; immutable."""

    def __init__(
        self,
        composer: Composer,
        phrases: Phrases,
        calendar: Calendar,
        words: SuggestWords,
        address: str | None = None,
    ) -> None:
        """`address` is how the listener is called («anh/chị» where it is not known)."""
        self._composer = composer
        self._address = address
        self._calendar = calendar
        self._phrases = phrases
        self._words = words
        self._facets = FacetWriter(phrases, calendar, NAME_WORDS)

    def write(
        self, p: Procedure, facet: Facet, today: date, light: Light, replacements: Sequence[Procedure] = ()
    ) -> tuple[str, ...]:
        """Return the sentences for a facet, the most important first; an admission where the fact is unknown."""
        if not self._composer.reliable(p, today):
            return _sentences(self._composer.answer(p, facet, None, self._address, today, replacements).reply.text)
        writers: dict[Facet, Callable[[Procedure, date], Sequence[str] | None]] = {
            Facet.GENERAL: self._general,
            Facet.DOCUMENTS: self._documents,
            Facet.FEE: self._fee,
            Facet.TIME: self._time,
            Facet.WHERE: self._where,
            Facet.ONLINE: self._online,
            Facet.STEPS: self._steps,
            Facet.CONDITIONS: self._conditions,
            Facet.LEGAL: self._legal,
        }
        found = writers[facet](p, today) if facet in writers else None
        if found is None:
            # Sentences of the chat that say nothing of buttons or of what stands below.
            part = self._facets.write(p, facet, None, self._address, today)
            found = _sentences(part.text)
            if part.missing:
                return found
        if light.colour is Colour.AMBER and len(found) < MOST_SENTENCES and self._unproven(p, facet):
            found = (*found, self._say("check"))
        return tuple(found)[:MOST_SENTENCES]

    def speaking_to(self, address: str | None) -> "ScriptWriter":
        """Return a writer for somebody who is called so."""
        return ScriptWriter(self._composer, self._phrases, self._calendar, self._words, address)

    def due(self, p: Procedure, today: date) -> DueDay | None:
        """Return when the result is due if everything is handed in today; None where it cannot be computed."""
        limit = self._facets.limit(p.time_limit)
        day = self._facets.due(p.time_limit, today) if p.time_limit else None
        if day is None or limit is None or not self._composer.reliable(p, today):
            return None
        days = {"today": vietnamese_date(today), "due": vietnamese_date(day)}
        text = self._words.say("due", "text", **days, limit=limit)
        if self._calendar.projected_between(today, day):
            text += "; " + self._words.say("due", "projected")
        return DueDay(day, text)

    def _say(self, key: str, **facts: object) -> str:
        # A fact that was cut ends with its own mark.
        return self._words.say("script", key, self._address, **facts).replace("….", "…")

    def _unproven(self, p: Procedure, facet: Facet) -> bool:
        return facet is not Facet.GENERAL and bool(self._composer.doubts(p, (facet,)))

    def _documents(self, p: Procedure, _today: date) -> list[str] | None:
        if not p.dossier:
            return None
        name, cases = self._facets.name(p), dossier_cases(p)
        papers = [clip(lower_first(d.name), PAPER_WORDS).rstrip(".;") for d in p.dossier]
        if cases:
            listed = clip("; ".join(lower_first(case) for case in cases), _CASE_WORDS)
            return [self._say("papers_cases", name=name, count=len(papers), cases=listed), self._say("which_case")]
        if len(papers) == 1:
            return [self._say("papers_one", name=name, first=papers[0])]
        first = self._say("papers", name=name, count=len(papers))
        if len(papers) <= NAMED_PAPERS:
            return [first, self._say("papers_listed", papers="; ".join(papers))]
        listed = "; ".join(papers[:FIRST_PAPERS])
        return [first, self._say("papers_many", papers=listed, rest=len(papers) - FIRST_PAPERS)]

    def _fee(self, p: Procedure, _today: date) -> list[str] | None:
        if not p.fee:
            return None
        name = self._facets.name(p)
        if _is_free(p.fee):
            return [self._say("fee_free", name=name)]
        return [self._say("fee", name=name, fee=_spoken(p.fee))]

    def _time(self, p: Procedure, today: date) -> list[str] | None:
        t, name = p.time_limit, self._facets.name(p)
        limit = self._facets.limit(t)
        if t is None:
            return None
        if limit is None or not t.for_result:
            return self._without_day(t, name, limit)
        found = [self._say("limit", name=name, limit=limit)]
        due = self._facets.due(t, today)
        if due is not None:
            found.append(self._say("due", today=vietnamese_date(today), due=vietnamese_date(due)))
            if self._calendar.projected_between(today, due):
                found.append(self._say("due_moves"))
        return found

    def _without_day(self, t: TimeLimit, name: str, limit: str | None) -> list[str] | None:
        """Say a limit that does not run from handing in to the result, or has no one number of days."""
        stages = _spoken("; ".join(t.per_agency))
        wording = _spoken(lower_first(t.counting)) if t.counting else stages
        if not wording:
            return None
        if limit is not None:
            return [self._say("other_limit", name=name, limit=limit, how=wording)]
        said = self._say("wording" if t.counting else "stages", name=name, wording=wording)
        return [said, self._say("no_day")]

    def _where(self, p: Procedure, _today: date) -> list[str] | None:
        if not p.place:
            return None
        found = [self._say("where", name=self._facets.name(p), place=_spoken(p.place))]
        if p.channels:
            found.append(self._say("channels", channels=", ".join(p.channels)))
        return found

    def _steps(self, p: Procedure, _today: date) -> list[str] | None:
        if not p.steps:
            return None
        found = [self._say("steps", name=self._facets.name(p), count=len(p.steps))]
        for key, step in zip(("step_first", "step_next"), p.steps, strict=False):
            found.append(self._say(key, step=_spoken(lower_first(step))))
        return found

    def _online(self, p: Procedure, _today: date) -> list[str]:
        key = {True: "online", False: "online_no", None: "online_unknown"}[p.online]
        found = [self._say(key, name=self._facets.name(p), portal=self._phrases.contacts.portal)]
        if p.online is False and p.channels:
            found.append(self._say("channels", channels=", ".join(p.channels)))
        if p.online is None:
            found.append(self._say("ask", where=self._facets.where_to_ask(p)))
        return found

    def _conditions(self, p: Procedure, _today: date) -> list[str] | None:
        if not p.conditions:
            return None
        return [self._say("conditions", name=self._facets.name(p), conditions=_spoken(lower_first(p.conditions)))]

    def _general(self, p: Procedure, _today: date) -> list[str]:
        name = self._facets.name(p)
        who = _spoken(lower_first(p.applicants)) if p.applicants else None
        found = [self._say("general", name=name, who=who) if who else self._say("general_bare", name=name)]
        limit = self._facets.limit(p.time_limit)
        facts = [
            self._say("fact_papers", count=len(p.dossier)) if p.dossier else None,
            self._say("fact_limit", limit=limit) if limit and p.time_limit and p.time_limit.for_result else None,
            self._fee_fact(p),
        ]
        if told := ", ".join(fact for fact in facts if fact):
            found.append(self._say("general_facts", facts=told))
        if p.place:
            found.append(self._say("general_place", place=_spoken(p.place)))
        return found

    def _fee_fact(self, p: Procedure) -> str | None:
        if not p.fee:
            return None
        return self._say("fact_free") if _is_free(p.fee) else self._say("fact_fee", fee=_spoken(p.fee, 12))

    def _legal(self, p: Procedure, _today: date) -> list[str] | None:
        held = [basis for basis in p.legal_basis if basis.in_force]
        if not held:
            return None
        first = f"{held[0].number}" + (f", {lower_first(held[0].title)}" if held[0].title else "")
        found = [self._say("legal", name=self._facets.name(p), first=_spoken(first))]
        if len(held) > 1:
            found.append(self._say("legal_more", count=len(held) - 1))
        return found


def facets_known(p: Procedure) -> tuple[Facet, ...]:
    """Return the sides that have an answer, in the order in which callers ask for them."""
    known: tuple[tuple[Facet, object], ...] = (
        (Facet.GENERAL, True),
        (Facet.DOCUMENTS, p.dossier),
        (Facet.TIME, p.time_limit),
        (Facet.WHERE, p.place),
        (Facet.FEE, p.fee),
        (Facet.STEPS, p.steps),
        (Facet.ONLINE, p.online is not None),
        (Facet.CONDITIONS, p.conditions),
        (Facet.RESULT, p.result),
        (Facet.LEGAL, p.legal_basis),
        (Facet.AUTHORITY, p.authority),
    )
    return tuple(facet for facet, fact in known if fact)


def _is_free(fee: str) -> bool:
    return fee.strip().lower() == "không"


def _spoken(fact: str, words: int = FACT_WORDS) -> str:
    return clip(fact.strip().rstrip(".;"), words)


def _sentences(text: str) -> tuple[str, ...]:
    """Cut a composed text into at most MOST_SENTENCES sentences; what is left goes with the last one."""
    found: list[str] = []
    rest = text.strip().replace("….", "…")
    while rest:
        at = next((i for i in _ends(rest) if len(found) < MOST_SENTENCES - 1), len(rest))
        found.append(sentence(rest[:at]))
        rest = rest[at:].strip()
    return tuple(found)


def _ends(text: str) -> list[int]:
    """Return where sentences end: a mark, a space and a capital; «TP. Hà Nội» is one word."""
    marks = [i + 1 for i, c in enumerate(text[:-2]) if c in ".!?" and text[i + 1] == " " and text[i + 2].isupper()]
    return [at for at in marks if text[:at].rsplit(" ", 1)[-1] not in {"TP.", "Tp.", "P.", "Q.", "TT.", "TS.", "Th."}]
