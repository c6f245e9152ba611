"""What editors do with the review queue, and operators with verdicts: checked, audited, in one transaction each."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.core.cases.people import Principal, Role
from bot.core.personal_numbers import PLACEHOLDERS
from bot.core.ports import Clock, UnitOfWork, UnitOfWorkFactory
from bot.core.privacy import mask
from bot.core.procedures import Procedure
from bot.core.suggestions.found import TypedSearch
from bot.core.suggestions.ports import Judgement, RecordNote, Verdict
from bot.core.suggestions.review import (
    LEARNING,
    Choice,
    Decision,
    Gap,
    Group,
    Grouping,
    Likeness,
    Origin,
    groups,
    titles_of,
)
from nlu.text import clean

#: Questions older than this are not collected any more.
SINCE = timedelta(days=90)
#: So many questions are grouped at once, and looked at when groups are shown.
BATCH, MOST_OPEN = 400, 5_000
MOST_GROUPS, MOST_ABOUT = 200, 60
#: Lengths of what is learned: an alias is a name, an example a question.
MOST_ALIAS, MOST_EXAMPLE, MOST_NOTE = 120, 300, 2_000
#: So much of a question is kept with a verdict, and so long a verdict can be thought over.
MOST_QUESTION = 2_000
SECOND_THOUGHT = timedelta(minutes=30)
REVIEWERS = frozenset({Role.KNOWLEDGE_EDITOR, Role.SUPERVISOR, Role.ADMINISTRATOR})
_NOTED = {Verdict.WRONG: Gap.WRONG, Verdict.OUTDATED: Gap.OUTDATED, Verdict.MISSING: Gap.MISSING}


class Unusable(Exception):
    """A decision cannot be taken as it was given; `problems` says why, by field."""

    def __init__(self, **problems: str) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class ReviewDesk:
    """Collects, shows and decides. Blocking; callers use a thread."""

    units: UnitOfWorkFactory
    search: TypedSearch
    likeness: Likeness
    clock: Clock

    def refresh(self) -> int:
        """Put what happened since into the queue; return how many were looked at."""
        now = self.clock.now()
        with self.units() as unit:
            fresh = unit.suggestions.review.fresh(now - SINCE, BATCH)
            if not fresh:
                return 0
            known = titles_of(unit.suggestions.review.open(MOST_OPEN))
            dismissed = titles_of(unit.suggestions.review.dismissed(now - SINCE))
        # Grouping takes a while and holds no transaction; two at once make two groups of one meaning at worst.
        grouping = Grouping(self.likeness, lambda: uuid.uuid4().hex, {**dismissed, **known})
        placed = [(question, grouping.group(question)) for question in fresh if question.text]
        with self.units() as unit:
            for question, group_id in placed:
                unit.suggestions.review.add(
                    question, group_id, closed=group_id in dismissed and group_id not in known
                )
            for question in fresh:
                if not question.text:
                    unit.suggestions.review.add(question, "", closed=True)
            unit.commit()
        return len(fresh)

    def groups(self, gap: Gap | None = None) -> list[tuple[Group, Procedure | None]]:
        """Return the open groups, most frequent first, with the procedure that they seem to be about."""
        while self.refresh() == BATCH:
            pass
        with self.units() as unit:
            found = groups(unit.suggestions.review.open(MOST_OPEN), gap)[:MOST_GROUPS]
        # A search each; whoever has decided on so many looks again.
        return [(group, self._about(group) if n < MOST_ABOUT else None) for n, group in enumerate(found)]

    def _about(self, group: Group) -> Procedure | None:
        now = self.clock.now()
        if group.procedure_id:
            return self.search.procedure(group.procedure_id, now)
        hits = self.search.typed(group.title, now, 1, finished=True).hits
        return self.search.procedure(hits[0].procedure_id, now) if hits else None

    def decide(self, caller: Principal, decision: Decision) -> bool:
        """Decide about a group; False where it has no open question. Raises Unusable."""
        decision = self._checked(decision)
        with self.units() as unit:
            if not unit.suggestions.review.decide(decision):
                return False
            if decision.choice is Choice.NOTE:
                self._note(unit, decision)
            reason = f"{decision.procedure_id or ''} {decision.facet or ''}".strip()
            action = f"review_{decision.choice.value}"
            unit.audit.append(caller.id, caller.role.value, action, decision.group_id, reason, decision.at)
            unit.commit()
        return True

    def _checked(self, decision: Decision) -> Decision:
        if decision.choice is Choice.DISMISS:
            return replace(decision, text="", procedure_id=None, facet=None)
        if not decision.procedure_id or self.search.procedure(decision.procedure_id, decision.at) is None:
            raise Unusable(procedure_id="không có thủ tục này")
        text = clean(decision.text) or (self._title(decision.group_id) if decision.choice is Choice.EXAMPLE else "")
        if problem := text_problem(decision.choice, text):
            raise Unusable(text=problem)
        return replace(decision, text=text)

    def _title(self, group_id: str) -> str:
        with self.units() as unit:
            return clean(titles_of(unit.suggestions.review.open(MOST_OPEN)).get(group_id, ""))

    def _note(self, unit: UnitOfWork, decision: Decision) -> None:
        assert decision.procedure_id is not None  # noqa: S101  (checked)
        unit.suggestions.notes.add(
            RecordNote(
                uuid.uuid4().hex,
                decision.procedure_id,
                decision.facet,
                "review",
                decision.text,
                decision.by,
                decision.at,
            )
        )

    def judge(self, caller: Principal, judgement: Judgement) -> bool:
        """Keep a verdict, and tell the record's editor of a bad one; False where it was kept before.

        Another verdict of the same person on the same thing, soon after, takes the place of the first: a note that
        follows, or a second thought.
        """
        question = mask(clean(judgement.question[:MOST_QUESTION]))
        judgement = replace(judgement, question=question, note=mask(clean(judgement.note)))
        with self.units() as unit:
            before = unit.suggestions.verdicts.of_person(judgement, judgement.at - SECOND_THOUGHT)
            if before is not None:
                if (before.verdict, before.note) == (judgement.verdict, judgement.note):
                    return False
                judgement = replace(judgement, id=before.id)
                unit.suggestions.verdicts.change(judgement)
                unit.suggestions.notes.drop(before.id)
                unit.suggestions.review.forget(Origin.VERDICT, before.id)
            elif not unit.suggestions.verdicts.add(judgement):
                return False
            if judgement.verdict in _NOTED and judgement.procedure_id:
                unit.suggestions.notes.add(_as_note(judgement))
            subject = judgement.procedure_id or judgement.subject_id
            action = f"verdict_{judgement.verdict.value}"
            unit.audit.append(caller.id, caller.role.value, action, subject, judgement.kind.value, judgement.at)
            unit.commit()
        return True

    def notes(self, procedure_id: str | None = None) -> Sequence[RecordNote]:
        """Return the open notes to editors."""
        with self.units() as unit:
            return unit.suggestions.notes.open(procedure_id)

    def finish_note(self, caller: Principal, note_id: str) -> bool:
        """Close a note; False where it is closed or unknown."""
        now = self.clock.now()
        with self.units() as unit:
            if not unit.suggestions.notes.finish(note_id, caller.id, now):
                return False
            unit.audit.append(caller.id, caller.role.value, "record_note_done", note_id, "", now)
            unit.commit()
        return True


def text_problem(choice: Choice, text: str) -> str | None:
    """Return what is wrong with a text that is to be learned or told; None where nothing is."""
    most = {Choice.ALIAS: MOST_ALIAS, Choice.EXAMPLE: MOST_EXAMPLE}.get(choice, MOST_NOTE)
    if not text:
        return "cần có nội dung"
    if len(text) > most:
        return f"dài quá {most} ký tự"
    if choice not in LEARNING:
        return None
    if len(text.split()) < 2:
        return "cần ít nhất hai từ"
    if mask(text) != text or any(placeholder in text for placeholder in PLACEHOLDERS.values()):
        return "có số riêng của người dân; hãy viết lại cho chung"
    return None


def _as_note(judgement: Judgement) -> RecordNote:
    assert judgement.procedure_id is not None  # noqa: S101  (checked)
    gap = _NOTED[judgement.verdict]
    return RecordNote(
        judgement.id, judgement.procedure_id, judgement.facet, gap.value, judgement.note, judgement.by, judgement.at
    )
