"""SQL of drafts and what became of them; `SqlSuggestions` holds all parts of suggestions."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, func, select

from bot.core.suggestions.items import Draft
from bot.core.suggestions.ports import Action, StoredDrafts
from bot.store.console.quick_replies import SqlQuickReplies
from bot.store.console.review import SqlReview
from bot.store.console.verdicts import SqlRecordNotes, SqlVerdicts
from bot.store.parts import AnyRow, Part, insert_once
from bot.store.sealing import context
from bot.store.tables.suggestions import suggestion_actions, suggestions

_BY_ID = select(suggestions).where(suggestions.c.id == bindparam("suggestion"))
_OF_MESSAGE = select(suggestions).where(
    suggestions.c.conversation_id == bindparam("conversation"), suggestions.c.sequence == bindparam("place")
)
_FIGURES = (
    select(suggestion_actions.c.action, func.count())
    .where(suggestion_actions.c.at >= bindparam("since"), suggestion_actions.c.at < bindparam("until"))
    .group_by(suggestion_actions.c.action)
)


class SqlSuggestionLog(Part):
    """Implements bot.core.suggestions.ports.SuggestionLog."""

    def add(self, drafts: StoredDrafts) -> StoredDrafts:
        """Keep the drafts of a message once; return those that are kept."""
        told = {"drafts": [draft.to_json() for draft in drafts.drafts]}
        row = {
            "id": drafts.id,
            "conversation_id": drafts.conversation_id,
            "sequence": drafts.sequence,
            "created_at": drafts.created_at,
            "body": self._keys.seal_json(told, _context(drafts.id)),
        }
        if insert_once(self._write(), suggestions, row):
            return drafts
        return self.of_message(drafts.conversation_id, drafts.sequence) or drafts

    def of_message(self, conversation_id: str, sequence: int) -> StoredDrafts | None:
        """Return the drafts of a message, if it has some."""
        row = self._read().execute(_OF_MESSAGE, {"conversation": conversation_id, "place": sequence}).first()
        return None if row is None else self._opened(row)

    def by_id(self, suggestion_id: str) -> StoredDrafts | None:
        """Return drafts by their id."""
        row = self._read().execute(_BY_ID, {"suggestion": suggestion_id}).first()
        return None if row is None else self._opened(row)

    def note(self, suggestion_id: str, item: str, action: Action, by: str, now: datetime) -> bool:
        """Note once per person and draft what they did; False where that was noted, or there is no such draft."""
        found = self.by_id(suggestion_id)
        if found is None or item not in {draft.id for draft in found.drafts}:
            return False
        row = {"suggestion_id": suggestion_id, "item": item, "action": action.value, "principal_id": by, "at": now}
        return insert_once(self._write(), suggestion_actions, row)

    def figures(self, since: datetime, until: datetime) -> Mapping[Action, int]:
        """Return how many drafts each action was done with in a period."""
        found = {action: count for action, count in self._read().execute(_FIGURES, {"since": since, "until": until})}
        return {action: found.get(action.value, 0) for action in Action}

    def _opened(self, row: AnyRow) -> StoredDrafts:
        told = self._keys.open_json(row.body, _context(row.id))
        drafts = tuple(Draft.from_json(raw) for raw in told["drafts"])
        return StoredDrafts(row.id, row.conversation_id, row.sequence, row.created_at, drafts)


class SqlSuggestions(Part):
    """Implements bot.core.suggestions.ports.SuggestionParts."""

    @property
    def log(self) -> SqlSuggestionLog:
        """Drafts and what became of them."""
        return SqlSuggestionLog(self._read, self._write, self._keys)

    @property
    def verdicts(self) -> SqlVerdicts:
        """Verdicts on answers."""
        return SqlVerdicts(self._read, self._write, self._keys)

    @property
    def notes(self) -> SqlRecordNotes:
        """Notes to the editors of records."""
        return SqlRecordNotes(self._read, self._write, self._keys)

    @property
    def quick_replies(self) -> SqlQuickReplies:
        """Quick replies that people wrote."""
        return SqlQuickReplies(self._read, self._write, self._keys)

    @property
    def review(self) -> SqlReview:
        """The queue of questions that were not answered well."""
        return SqlReview(self._read, self._write, self._keys)


def _context(suggestion_id: str) -> bytes:
    return context("suggestions", "body", suggestion_id)
