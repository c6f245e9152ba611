"""Drafted answers under a citizen's message: what the assistant would say, and what else may have been meant.

They come from the same state machine, search and composer as the assistant's own replies, with the conversation's
context. Nothing here is sent: a person picks, edits and sends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from actions.refusing import Refusing
from actions.suggestions import VIETNAM, Suggestions
from bot.core.conversation import ConversationState
from bot.core.enquiry.findings import Zone
from bot.core.enquiry.machine import EnquiryResolver
from bot.core.enquiry.signals import Enquiry, Kind, Signal
from bot.core.phrases import Phrases
from bot.core.ports import KnowledgeBase
from bot.core.privacy import mask
from bot.core.procedures import Facet, Procedure
from bot.core.replies import Block
from bot.core.routes import Reason, Route
from bot.core.suggestions.found import How, Sureness, Typed, TypedHit, TypedSearch
from bot.core.suggestions.items import MOST_DRAFTS, Colour, Draft, Light, Link, Why
from bot.core.suggestions.words import SuggestWords
from nlu.text import clean

#: So many sides are answered in one draft.
MOST_FACETS = 3
#: Another body is named for no fewer words.
FEWEST_WORDS = 3
#: What scores less than this share of the best is no second opinion.
NEAR = 0.7
_ANSWERED = frozenset({Kind.SEVERAL, Kind.COMPARE})


@dataclass(frozen=True)
class _Candidate:
    procedure: Procedure
    facets: tuple[Facet, ...]
    case: str | None
    hit: TypedHit | None
    how: str


class Drafting:
    """Implements bot.core.suggestions.ports.Drafter."""

    def __init__(
        self,
        knowledge: KnowledgeBase,
        search: TypedSearch,
        suggestions: Suggestions,
        phrases: Phrases,
        words: SuggestWords,
    ) -> None:
        self._knowledge = knowledge
        self._search = search
        self._resolver = EnquiryResolver(knowledge)
        self._suggestions = suggestions
        self._refusing = Refusing(phrases)
        self._words = words

    def drafts(self, text: str, state: ConversationState, now: datetime) -> tuple[Draft, ...]:
        """Return up to three drafts for a citizen's message, the likeliest first; none where nothing fits."""
        said = mask(clean(text))
        if not any(c.isalnum() for c in said):
            return ()
        signal = Signal(said, Route.ASK_PROCEDURE.value, 1.0, now)
        enquiry = self._resolver.resolve(signal, state)
        typed = self._search.typed(said, now, MOST_DRAFTS + 2, finished=True)
        if enquiry.kind is Kind.REFUSE and enquiry.reason is Reason.OTHER_AGENCY:
            # «vâng» and «dạ» are nobody's matter.
            return (self._elsewhere(enquiry, state),) if len(said.split()) >= FEWEST_WORDS else ()
        found: dict[str, _Candidate] = {}
        for candidate in (*self._meant(enquiry, typed, now), *self._near(enquiry, typed, now)):
            found.setdefault(candidate.procedure.id, candidate)
        kept = list(found.values())[:MOST_DRAFTS]
        return tuple(self._draft(str(n), each, state, now) for n, each in enumerate(kept, 1))

    def _meant(self, enquiry: Enquiry, typed: Typed, now: datetime) -> Iterator[_Candidate]:
        """Yield what the conversation's state machine would answer, or offer."""
        # What no word of the message names is meant by the conversation alone.
        hits = {hit.procedure_id: hit for hit in typed.hits if hit.how is not How.MEANING}
        answers = enquiry.parts if enquiry.kind in _ANSWERED else (enquiry,)
        for part in answers:
            if part.kind is Kind.ANSWER and part.procedure:
                how = How.WORDS.value if part.procedure.id in hits else "context"
                yield self._candidate(part.procedure, part.facets, part.case, hits, how)
        for choice in enquiry.choices:
            if procedure := self._knowledge.procedure(choice.procedure_id, now):
                yield self._candidate(procedure, enquiry.facets, choice.case, hits, "choice")

    def _near(self, enquiry: Enquiry, typed: Typed, now: datetime) -> Iterator[_Candidate]:
        """Yield what else the words may mean; nothing where the gate knows nothing like it."""
        if typed.zone is Zone.REFUSE or enquiry.kind is Kind.PERSON:
            return
        facets = enquiry.facets if enquiry.kind is not Kind.REFUSE else (typed.facet or Facet.GENERAL,)
        for hit in typed.hits:
            near = hit.score >= NEAR * typed.hits[0].score
            if near and (procedure := self._knowledge.procedure(hit.procedure_id, now)):
                yield _Candidate(procedure, facets, None, hit, self._how(hit.how.value))

    def _candidate(
        self,
        procedure: Procedure,
        facets: tuple[Facet, ...],
        case: str | None,
        hits: dict[str, TypedHit],
        how: str,
    ) -> _Candidate:
        hit = hits.get(procedure.id)
        return _Candidate(procedure, facets, case, hit, self._how(hit.how.value if hit and how == "words" else how))

    def _how(self, key: str) -> str:
        return self._words.say("how", key)

    def _draft(self, item: str, of: _Candidate, state: ConversationState, now: datetime) -> Draft:
        facet = of.facets[0]
        sources = self._suggestions.sources(of.procedure)
        return Draft(
            id=item,
            text=self._text(of, sources, state.address, now),
            procedure_id=of.procedure.id,
            facet=facet,
            sources=sources,
            why=Why(of.hit.words if of.hit else (), of.hit.alias if of.hit else None, of.how),
            light=self._suggestions.light(of.procedure, facet, now),
            confidence=of.hit.sureness if of.hit else Sureness.FAIRLY,
        )

    def _text(self, of: _Candidate, sources: Sequence[Link], address: str | None, now: datetime) -> str:
        today = now.astimezone(VIETNAM).date()
        composer, p = self._suggestions.composer, of.procedure
        replacements = self._suggestions.replacements(p, now)
        parts: list[str] = []
        for facet in of.facets[:MOST_FACETS]:
            # The chat's own summary speaks of buttons, which a person's message has not.
            if facet is Facet.GENERAL:
                light = self._suggestions.light(p, facet, now)
                script = self._suggestions.scripts.speaking_to(address)
                parts.append(" ".join(script.write(p, facet, today, light, replacements)))
                continue
            reply = composer.answer(p, facet, of.case, address, today, replacements).reply
            parts += [reply.text, *(_told(block) for block in reply.blocks)]
            if not composer.reliable(p, today):
                break
        if sources:
            parts.append(sources[0].label)
        return "\n".join(part for part in parts if part)

    def _elsewhere(self, enquiry: Enquiry, state: ConversationState) -> Draft:
        text = self._refusing.reply(enquiry, state).text
        how = self._how("elsewhere")
        return Draft("1", text, None, None, (), Why((), None, how), Light(Colour.AMBER, how), Sureness.FAIRLY)


def _told(block: Block) -> str:
    mark = "{n}. " if block.kind == "steps" else "- "
    items = [f"{mark.format(n=n)}{item}" for n, item in enumerate(block.items, 1)]
    title = f"{block.title}:" if block.title and (items or block.text) else block.title
    return "\n".join(part for part in (title, block.text, *items) if part)
