"""The queue of questions that were not answered well: collected, grouped by meaning, decided on by a person.

Nothing of the citizens' words is copied into the queue: it holds which turn or verdict asked, and the words are read,
masked, where they are kept. What is erased there is gone here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.core.procedures import Facet

#: Questions more alike than this have one meaning: of the validation questions two in three pairs about one procedure
#: are, and one in a thousand of the others.
ALIKE = 0.65
#: So many questions of a group are shown; all are counted.
SHOWN = 10


class Gap(StrEnum):
    """What was wrong with an answer."""

    REFUSED = "refused"
    CLARIFIED = "clarified"
    WRONG = "wrong"
    OUTDATED = "outdated"
    MISSING = "missing"


class Origin(StrEnum):
    """Where a question is kept."""

    TURN = "turn"
    VERDICT = "verdict"


class Choice(StrEnum):
    """What a person decides about a group: learn its question, learn its name, tell the record's editor, nothing."""

    EXAMPLE = "example"
    ALIAS = "alias"
    NOTE = "note"
    DISMISS = "dismiss"


LEARNING = frozenset({Choice.EXAMPLE, Choice.ALIAS})


@dataclass(frozen=True)
class Question:
    """A question with what was wrong with its answer; `text` is masked, and empty where it was erased."""

    origin: Origin
    source_id: str
    gap: Gap
    at: datetime
    text: str
    procedure_id: str | None = None
    facet: Facet | None = None
    conversation_id: str | None = None
    group_id: str | None = None


@dataclass(frozen=True)
class Group:
    """Open questions of one meaning; `title` is the one that stands for them, `procedure_id` what they are about."""

    id: str
    title: str
    count: int
    questions: tuple[str, ...]
    kinds: tuple[Gap, ...]
    last_at: datetime
    procedure_id: str | None = None


@dataclass(frozen=True)
class Decision:
    """What a person decided about a group; `text` is what is learned, or told to the editor."""

    id: str
    group_id: str
    choice: Choice
    by: str
    at: datetime
    procedure_id: str | None = None
    facet: Facet | None = None
    text: str = ""


class Likeness(Protocol):
    """How alike questions are in meaning. Blocking; callers use a thread."""

    def nearest(self, text: str, others: Mapping[str, str]) -> tuple[str, float] | None:
        """Return the key of the text that is most like `text`, and how alike they are in [0, 1]; None of none."""
        ...


class ReviewQueue(Protocol):
    """The queue inside a unit of work."""

    def fresh(self, since: datetime, limit: int) -> list[Question]:
        """Return turns and verdicts since a moment that are not in the queue, oldest first."""
        ...

    def add(self, question: Question, group_id: str, *, closed: bool = False) -> None:
        """Put a question into a group once; `closed` where its group was dismissed."""
        ...

    def forget(self, origin: Origin, source_id: str) -> None:
        """Take an open question out of the queue; it comes again if it still belongs there."""
        ...

    def open(self, limit: int) -> list[Question]:
        """Return open questions, oldest first, with their groups."""
        ...

    def dismissed(self, since: datetime) -> list[Question]:
        """Return one question for each group that was dismissed since a moment."""
        ...

    def decide(self, decision: Decision) -> int:
        """Close a group's open questions and keep the decision; return how many, 0 (and no change) for none."""
        ...

    def decisions(self, choices: Iterable[Choice] = tuple(Choice)) -> list[Decision]:
        """Return decisions of these kinds, oldest first."""
        ...

    def withdraw(self, decision_id: str) -> bool:
        """Forget what was to be learned; False for an unknown decision."""
        ...


@dataclass
class Grouping:
    """Gives each question the group of the one most like it, or a new one."""

    likeness: Likeness
    new_id: Callable[[], str]
    titles: dict[str, str] = field(default_factory=dict)

    def group(self, question: Question) -> str:
        """Return the question's group and remember it."""
        found = self.likeness.nearest(question.text, self.titles) if self.titles else None
        if found is not None and found[1] >= ALIKE:
            return found[0]
        group_id = self.new_id()
        self.titles[group_id] = question.text
        return group_id


def titles_of(questions: Iterable[Question]) -> dict[str, str]:
    """Return the question that stands for each group: its first one that still has words."""
    found: dict[str, str] = {}
    for question in questions:
        if question.group_id and question.text:
            found.setdefault(question.group_id, question.text)
    return found


def groups(questions: Sequence[Question], gap: Gap | None = None) -> list[Group]:
    """Return the groups of open questions (oldest first), most frequent first; those with a `gap` where one is named.

    Questions that were erased are not counted.
    """
    members: dict[str, list[Question]] = {}
    for question in questions:
        if question.group_id and question.text:
            members.setdefault(question.group_id, []).append(question)
    found = [_group(group_id, asked) for group_id, asked in members.items()]
    kept = [group for group in found if gap is None or gap in group.kinds]
    return sorted(kept, key=lambda group: (-group.count, -group.last_at.timestamp(), group.id))


def _group(group_id: str, asked: Sequence[Question]) -> Group:
    latest = sorted(asked, key=lambda question: question.at, reverse=True)
    about = [question.procedure_id for question in asked if question.procedure_id]
    procedure = max(dict.fromkeys(about), key=about.count, default=None)
    kinds = tuple(gap for gap in Gap if any(question.gap is gap for question in asked))
    texts = tuple(dict.fromkeys(question.text for question in latest))[:SHOWN]
    return Group(group_id, asked[0].text, len(asked), texts, kinds, latest[0].at, procedure)
