"""What drafts, verdicts and quick replies need from others: Protocols. The store's are inside a unit of work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.core.conversation import ConversationState
from bot.core.procedures import Facet
from bot.core.suggestions.items import Draft
from bot.core.suggestions.review import ReviewQueue


class Drafter(Protocol):
    """Drafts answers to a citizen's message. Blocking; callers use a thread."""

    def drafts(self, text: str, state: ConversationState, now: datetime) -> tuple[Draft, ...]:
        """Return up to three drafts, the likeliest first; none where nothing fits."""
        ...


class Action(StrEnum):
    """What an operator did with a draft."""

    DISPLAYED = "displayed"
    INSERTED = "inserted"
    EDITED = "edited"
    SENT = "sent"
    IGNORED = "ignored"


@dataclass(frozen=True)
class StoredDrafts:
    """The drafts of one message of a conversation, kept as they were shown."""

    id: str
    conversation_id: str
    sequence: int
    created_at: datetime
    drafts: tuple[Draft, ...]


class SuggestionLog(Protocol):
    """Drafts that were shown, and what became of them; texts are sealed."""

    def add(self, drafts: StoredDrafts) -> StoredDrafts:
        """Keep the drafts of a message once; return those that are kept, the first ones where it had some."""
        ...

    def of_message(self, conversation_id: str, sequence: int) -> StoredDrafts | None:
        """Return the drafts of a message, if it has some."""
        ...

    def by_id(self, suggestion_id: str) -> StoredDrafts | None:
        """Return drafts by their id."""
        ...

    def note(self, suggestion_id: str, item: str, action: Action, by: str, now: datetime) -> bool:
        """Note once per person and draft what they did; False where that was noted, or there is no such draft."""
        ...

    def figures(self, since: datetime, until: datetime) -> Mapping[Action, int]:
        """Return how many drafts each action was done with in a period; all five are there."""
        ...


class Verdict(StrEnum):
    """What somebody thinks of an answer: right, wrong, outdated, something is missing."""

    RIGHT = "dung"
    WRONG = "sai"
    OUTDATED = "loi_thoi"
    MISSING = "thieu"


class Judged(StrEnum):
    """What a verdict is about: a draft, a suggested procedure, or an answer of the assistant."""

    SUGGESTION = "suggestion"
    PROCEDURE = "procedure"
    ANSWER = "answer"


@dataclass(frozen=True)
class Judgement:
    """A verdict with what it is about; `question` and `note` are people's words and are sealed."""

    id: str
    kind: Judged
    subject_id: str
    verdict: Verdict
    by: str
    at: datetime
    item: str | None = None
    procedure_id: str | None = None
    facet: Facet | None = None
    conversation_id: str | None = None
    question: str = ""
    note: str = ""


class Verdicts(Protocol):
    """Verdicts on answers."""

    def add(self, judgement: Judgement) -> bool:
        """Keep a verdict once per id; False (and no change) if it was there."""
        ...

    def of_person(self, judgement: Judgement, since: datetime) -> Judgement | None:
        """Return the last verdict since a moment that the same person gave on the same subject and question."""
        ...

    def change(self, judgement: Judgement) -> None:
        """Put another verdict and note in place of those with its id."""
        ...

    def figures(self, since: datetime, until: datetime) -> Mapping[Verdict, int]:
        """Return how often each verdict was given in a period; all four are there."""
        ...


@dataclass(frozen=True)
class RecordNote:
    """Something that the editor of a record must look at; the words are sealed. `done_at` is None while open.

    `question` is what was asked where a verdict is behind the note: read where that is kept, never copied.
    """

    id: str
    procedure_id: str
    facet: Facet | None
    kind: str
    text: str
    by: str
    at: datetime
    done_at: datetime | None = None
    done_by: str | None = None
    question: str = ""


class RecordNotes(Protocol):
    """Notes to the editors of records."""

    def add(self, note: RecordNote) -> bool:
        """Keep a note once per id."""
        ...

    def drop(self, note_id: str) -> None:
        """Take an open note away: it was a mistake."""
        ...

    def open(self, procedure_id: str | None = None, limit: int = 200) -> Sequence[RecordNote]:
        """Return open notes, oldest first; those of one record where one is named."""
        ...

    def finish(self, note_id: str, by: str, now: datetime) -> bool:
        """Close a note; False if it was closed or is unknown."""
        ...


class Scope(StrEnum):
    """Who has a quick reply: everybody, or the one who wrote it."""

    PERSONAL = "personal"
    SHARED = "shared"


@dataclass(frozen=True)
class QuickReply:
    """A text kept for use again, with variables; `owner` None for a shared one."""

    id: str
    title: str
    text: str
    shortcut: str
    scope: Scope
    owner: str | None = None


class QuickReplies(Protocol):
    """Quick replies that people wrote; their words are sealed."""

    def changed(self, owner: str) -> Mapping[str, QuickReply | None]:
        """Return the shared ones and those of `owner` by id; None for a shipped one that was deleted."""
        ...

    def put(self, reply: QuickReply, by: str, now: datetime) -> None:
        """Add a reply or replace the one with its id."""
        ...

    def remove(self, reply: QuickReply, by: str, now: datetime) -> None:
        """Let nobody see the reply any more."""
        ...


class SuggestionParts(Protocol):
    """What suggestions keep, all inside one unit of work."""

    @property
    def log(self) -> SuggestionLog: ...
    @property
    def verdicts(self) -> Verdicts: ...
    @property
    def notes(self) -> RecordNotes: ...
    @property
    def quick_replies(self) -> QuickReplies: ...
    @property
    def review(self) -> ReviewQueue: ...
