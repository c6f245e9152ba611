"""Drafts under citizens' messages: made once for a message, kept, and what becomes of each is noted."""

import uuid
from dataclasses import dataclass, replace

from bot.core.cases.people import Principal
from bot.core.errors import UnknownConversation
from bot.core.messages import Event, EventKind
from bot.core.ports import Clock, UnitOfWork, UnitOfWorkFactory
from bot.core.procedures import Facet
from bot.core.suggestions.found import TypedSearch
from bot.core.suggestions.ports import Action, Drafter, Judged, Judgement, StoredDrafts


class UnknownSubject(Exception):
    """There is no such message, draft, answer or procedure."""


@dataclass(frozen=True)
class DraftDesk:
    """Makes, keeps and notes. Blocking; callers use a thread."""

    units: UnitOfWorkFactory
    drafter: Drafter
    search: TypedSearch
    clock: Clock

    def drafts(self, conversation_id: str, sequence: int | None = None) -> StoredDrafts:
        """Return the drafts for a citizen's message, the last one where none is named; the same ones every time.

        Raises UnknownConversation, and UnknownSubject where there is no such message of the citizen. What was hidden
        from answers since is left out.
        """
        now = self.clock.now()
        with self.units() as unit:
            message = _message(unit, conversation_id, sequence)
            kept = unit.suggestions.log.of_message(conversation_id, message.sequence)
            state = unit.state(conversation_id)
        if kept is None:
            # Search and composing run outside any transaction.
            made = self.drafter.drafts(str(message.body.get("text", "")), state, now)
            kept = StoredDrafts(uuid.uuid4().hex, conversation_id, message.sequence, now, made)
            with self.units() as unit:
                kept = unit.suggestions.log.add(kept)
                unit.commit()
        shown = [d for d in kept.drafts if d.procedure_id is None or self.search.procedure(d.procedure_id, now)]
        return replace(kept, drafts=tuple(shown))

    def note(self, caller: Principal, suggestion_id: str, item: str, action: Action) -> bool:
        """Note what the caller did with a draft; False where they did it before. Raises UnknownSubject."""
        with self.units() as unit:
            kept = unit.suggestions.log.by_id(suggestion_id)
            if kept is None or item not in {draft.id for draft in kept.drafts}:
                raise UnknownSubject(suggestion_id)
            new = unit.suggestions.log.note(suggestion_id, item, action, caller.id, self.clock.now())
            unit.commit()
        return new

    def completed(self, judgement: Judgement) -> Judgement:
        """Return a verdict with what its subject tells: procedure, facet, conversation. Raises UnknownSubject."""
        if judgement.kind is Judged.PROCEDURE:
            if self.search.procedure(judgement.subject_id, judgement.at) is None:
                raise UnknownSubject(judgement.subject_id)
            return replace(judgement, procedure_id=judgement.subject_id)
        with self.units() as unit:
            if judgement.kind is Judged.SUGGESTION:
                return _of_draft(unit, judgement)
            return _of_answer(unit, judgement)


def _message(unit: UnitOfWork, conversation_id: str, sequence: int | None) -> Event:
    """Return a citizen's message, or the last one."""
    if not unit.conversation_exists(conversation_id):
        raise UnknownConversation(f"conversation {conversation_id} does not exist")
    if sequence is not None:
        events = unit.events_after(conversation_id, sequence - 1, limit=1)
        found = [event for event in events if event.sequence == sequence]
    else:
        found, after = [], 0
        while page := unit.events_after(conversation_id, after):
            found, after = [*found, *page], page[-1].sequence
    said = [event for event in found if event.kind is EventKind.CITIZEN]
    if not said:
        raise UnknownSubject(conversation_id)
    return said[-1]


def _of_draft(unit: UnitOfWork, judgement: Judgement) -> Judgement:
    kept = unit.suggestions.log.by_id(judgement.subject_id)
    draft = next((d for d in kept.drafts if d.id == judgement.item), None) if kept else None
    if kept is None or draft is None:
        raise UnknownSubject(judgement.subject_id)
    return replace(
        judgement,
        procedure_id=draft.procedure_id,
        facet=judgement.facet or draft.facet,
        conversation_id=kept.conversation_id,
    )


def _of_answer(unit: UnitOfWork, judgement: Judgement) -> Judgement:
    """An answer is named by its conversation and its place there."""
    place = judgement.item or ""
    if not unit.conversation_exists(judgement.subject_id) or not place.isdecimal():
        raise UnknownSubject(judgement.subject_id)
    events = unit.events_after(judgement.subject_id, int(place) - 1, limit=1)
    answer = next((e for e in events if e.sequence == int(place) and e.kind is EventKind.ASSISTANT), None)
    if answer is None:
        raise UnknownSubject(judgement.subject_id)
    data = answer.body.get("data") or {}
    facet = str(data.get("facet"))
    return replace(
        judgement,
        procedure_id=data.get("procedure"),
        facet=judgement.facet or (Facet(facet) if facet in Facet.__members__.values() else None),
        conversation_id=judgement.subject_id,
    )
