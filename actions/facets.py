"""What is said about each facet of a procedure in force: one sentence, and the whole fact in a block. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from actions.wording import clip, lower_first, sentence
from bot.core.enquiry.titles import dossier_cases, plain_name
from bot.core.phrases import Phrases, vietnamese_date
from bot.core.ports import Calendar
from bot.core.procedures import DossierItem, Facet, Procedure, TimeLimit, TimeUnit
from bot.core.replies import Block

# Of the sixty words of a first answer, a fact may take this many; a longer one stands whole below.
FACT_WORDS = 28


@dataclass(frozen=True)
class Part:
    """A composed sentence with its blocks; `missing` when the asked fact is unknown, `due` the date it states."""

    act: str
    text: str
    blocks: tuple[Block, ...] = ()
    missing: bool = False
    due: date | None = None


class FacetWriter:
    """Writes the part for a facet; immutable. The procedure's name takes at most `name_words` words of it."""

    def __init__(self, phrases: Phrases, calendar: Calendar, name_words: int) -> None:
        self._phrases = phrases
        self._calendar = calendar
        self._name_words = name_words

    def write(self, p: Procedure, facet: Facet, case: str | None, address: str | None, today: date) -> Part:
        """Return the part for `facet`; one that admits the gap where the fact is unknown."""
        writers: dict[Facet, Callable[[Procedure, str | None], Part | None]] = {
            Facet.GENERAL: self._general,
            Facet.DOCUMENTS: lambda q, a: self._documents(q, case, a),
            Facet.FEE: self._fee,
            Facet.TIME: lambda q, a: self._time(q, a, today),
            Facet.WHERE: self._where,
            Facet.ONLINE: self._online,
            Facet.STEPS: self._steps,
            Facet.CONDITIONS: self._conditions,
            Facet.RESULT: self._result,
            Facet.LEGAL: self._legal,
            Facet.AUTHORITY: self._authority,
        }
        return writers[facet](p, address) or self._missing(p, facet, address)

    def _general(self, p: Procedure, address: str | None) -> Part:
        facts = {
            "applicants": p.applicants,
            "documents": len(p.dossier),
            "time": self.limit(p.time_limit),
            "fee": p.fee,
            "where": p.place,
            "authority": p.authority,
        }
        items = tuple(self._phrases.word(f"general_{name}", fact=fact) for name, fact in facts.items() if fact)
        blocks = (Block(kind="list", items=items),) if items else ()
        if not p.applicants:
            act = "answer_general_bare"
            return Part(act, self._phrases.say(act, address, name=self.name(p)), blocks)
        who = clip(lower_first(p.applicants), FACT_WORDS // 2).rstrip(".")
        text = self._phrases.say("answer_general", address, name=self.name(p), who=who)
        return Part("answer_general", text, blocks)

    def _documents(self, p: Procedure, case: str | None, address: str | None) -> Part | None:
        if not p.dossier:
            return None
        say, name, cases = self._phrases.say, self.name(p), dossier_cases(p)
        if case:
            items = [d for d in p.dossier if d.case in {None, case} or d.case not in cases]
            text = say("answer_documents_case", address, name=name, case=case, count=len(items))
            return Part("answer_documents_case", text, (self._papers("dossier_title", items),))
        if not cases:
            text = say("answer_documents", address, name=name, count=len(p.dossier))
            return Part("answer_documents", text, (self._papers("dossier_title", list(p.dossier)),))
        blocks = [self._papers("dossier_common", [d for d in p.dossier if d.case not in cases])]
        blocks += [self._papers("dossier_case", [d for d in p.dossier if d.case == c], case=c) for c in cases]
        listed = clip(" / ".join(cases), 16)
        text = say("answer_documents_cases", address, name=name, count=len(p.dossier), cases=listed)
        return Part("answer_documents_cases", text, tuple(b for b in blocks if b.items))

    def _papers(self, title: str, items: list[DossierItem], **facts: object) -> Block:
        apart = "case" in facts
        lines = tuple(self._paper(d, with_case=not apart) for d in items)
        return Block(kind="documents", title=self._phrases.word(title, **facts), items=lines)

    def _paper(self, d: DossierItem, with_case: bool) -> str:
        say = self._phrases.word
        details = [
            say("copies_original", n=d.original) if d.original else None,
            say("copies_copy", n=d.copy) if d.copy else None,
            d.form,
            d.note,
            d.case if with_case else None,
        ]
        extra = "; ".join(t for t in details if t)
        return f"{d.name} ({extra})" if extra else d.name

    def _fee(self, p: Procedure, address: str | None) -> Part | None:
        if not p.fee:
            return None
        if p.fee.strip().lower() == "không":
            return Part("answer_fee_free", self._phrases.say("answer_fee_free", address, name=self.name(p)))
        fee, blocks = self.fold(p.fee)
        return Part("answer_fee", self._phrases.say("answer_fee", address, name=self.name(p), fee=fee), blocks)

    def _time(self, p: Procedure, address: str | None, today: date) -> Part | None:
        t, say, name = p.time_limit, self._phrases.say, self.name(p)
        if t is None or (t.value is None and not t.counting and not t.per_agency):
            return None
        stages: tuple[Block, ...] = (Block(kind="list", items=t.per_agency),) if t.per_agency else ()
        limit = self.limit(t)
        if limit is None:
            wording, blocks = self.fold(t.counting or self._phrases.word("stages"))
            text = say("answer_time_wording", address, name=name, wording=lower_first(wording))
            return Part("answer_time_wording", text, blocks + stages)
        if not t.for_result:
            how, blocks = self.fold(t.counting or limit)
            text = say("answer_time_other", address, name=name, limit=limit, how=lower_first(how))
            return Part("answer_time_other", text, blocks + stages)
        counting: tuple[Block, ...] = (Block(kind="note", text=sentence(t.counting)),) if t.counting else ()
        due = self.due(t, today)
        if due is None:
            text = say("answer_time", address, name=name, limit=limit)
            return Part("answer_time", text, counting + stages)
        if self._calendar.projected_between(today, due):
            counting += (Block(kind="warning", text=self._phrases.word("projected")),)
        days = {"today": vietnamese_date(today), "due": vietnamese_date(due)}
        text = say("answer_time_due", address, name=name, limit=limit, **days)
        return Part("answer_time_due", text, counting + stages, due=due)

    def limit(self, t: TimeLimit | None) -> str | None:
        """Return «60 ngày làm việc», or None where no number is known."""
        if t is None or t.value is None or t.unit is None:
            return None
        return f"{t.value} {self._phrases.word(t.unit.value)}"

    def due(self, t: TimeLimit, today: date) -> date | None:
        """Return the last day of a limit that starts by handing in today; None where it cannot be computed."""
        if t.value is None or t.unit is None or not t.for_result:
            return None
        if t.unit is TimeUnit.WORKING_DAYS:
            return self._calendar.add_working_days(today, t.value)
        return self._calendar.add_days(today, t.value)

    def _where(self, p: Procedure, address: str | None) -> Part | None:
        if not p.place:
            return None
        place, blocks = self.fold(p.place)
        blocks += self._channels(p)
        return Part(
            "answer_where", self._phrases.say("answer_where", address, name=self.name(p), place=place), blocks
        )

    def _online(self, p: Procedure, address: str | None) -> Part:
        act = {True: "answer_online", False: "answer_online_no", None: "answer_online_unknown"}[p.online]
        blocks = self._channels(p)
        text = self._phrases.say(act, address, name=self.name(p))
        return Part(act, text, blocks, missing=p.online is None)

    def _channels(self, p: Procedure) -> tuple[Block, ...]:
        if not p.channels:
            return ()
        items = p.channels + ((p.channels_note,) if p.channels_note else ())
        return (Block(kind="list", title=self._phrases.word("channels_title"), items=items),)

    def _steps(self, p: Procedure, address: str | None) -> Part | None:
        if not p.steps:
            return None
        text = self._phrases.say("answer_steps", address, name=self.name(p), count=len(p.steps))
        title = self._phrases.word("steps_title")
        return Part("answer_steps", text, (Block(kind="steps", title=title, items=p.steps),))

    def _conditions(self, p: Procedure, address: str | None) -> Part | None:
        if not p.conditions:
            return None
        say, name = self._phrases.say, self.name(p)
        if len(p.conditions.split()) <= FACT_WORDS:
            return Part("answer_conditions", say("answer_conditions", address, name=name, conditions=p.conditions))
        block = Block(kind="paragraph", title=self._phrases.word("conditions_title"), text=p.conditions)
        return Part("answer_conditions_long", say("answer_conditions_long", address, name=name), (block,))

    def _result(self, p: Procedure, address: str | None) -> Part | None:
        if not p.result:
            return None
        result, blocks = self.fold(p.result)
        text = self._phrases.say("answer_result", address, name=self.name(p), result=lower_first(result).rstrip("."))
        return Part("answer_result", text, blocks)

    def _legal(self, p: Procedure, address: str | None) -> Part | None:
        if not p.legal_basis:
            return None
        items, ended = [], self._phrases.word("legal_ended")
        for b in p.legal_basis:
            line = ", ".join(t for t in (b.number, b.title, b.article) if t)
            if not b.in_force:
                gone = self._phrases.word("legal_replaced", by=b.replaced_by) if b.replaced_by else ended
                line += f" ({gone})"
            items.append(line)
        title = self._phrases.word("legal_title")
        text = self._phrases.say("answer_legal", address, name=self.name(p), count=len(items))
        return Part("answer_legal", text, (Block(kind="list", title=title, items=tuple(items)),))

    def _authority(self, p: Procedure, address: str | None) -> Part | None:
        if not p.authority:
            return None
        authority, blocks = self.fold(p.authority)
        if p.delegation:
            blocks += (Block(kind="note", text=sentence(p.delegation)),)
        text = self._phrases.say("answer_authority", address, name=self.name(p), authority=authority)
        return Part("answer_authority", text, blocks)

    def _missing(self, p: Procedure, facet: Facet, address: str | None) -> Part:
        fact = self._phrases.word(f"fact_{facet.value}")
        where = self.where_to_ask(p)
        text = self._phrases.say("answer_missing", address, fact=fact, name=self.name(p), where=where)
        return Part("answer_missing", text, missing=True)

    def where_to_ask(self, p: Procedure) -> str:
        """Return where the citizen can ask about this procedure."""
        hotline = self._phrases.contacts.hotline
        return f"{clip(p.place, 14)} hoặc {hotline}" if p.place else hotline

    def fold(self, fact: str) -> tuple[str, tuple[Block, ...]]:
        """Return the fact for the sentence; a long one is cut there and stands whole in a block."""
        fact = fact.strip().rstrip(".")
        if len(fact.split()) <= FACT_WORDS:
            return fact, ()
        return clip(fact, FACT_WORDS), (Block(kind="paragraph", text=sentence(fact)),)

    def name(self, p: Procedure) -> str:
        """Return the procedure's name, short enough for a sentence."""
        return clip(plain_name(p), self._name_words)
