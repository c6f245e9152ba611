"""The tables of suggestions: drafts and what became of them, verdicts, notes to editors, quick replies, the review.

What people wrote is in sealed columns; the review holds no words at all, only which turn or verdict asked.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from bot.store.tables.columns import UtcDateTime
from bot.store.tables.metadata import metadata

suggestions = Table(
    "suggestions",
    metadata,
    Column("id", String, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("conversation_id", "sequence"),
)

# Append-only: what was done with a draft, once a person and kind.
suggestion_actions = Table(
    "suggestion_actions",
    metadata,
    Column("suggestion_id", ForeignKey("suggestions.id"), primary_key=True),
    Column("item", String, primary_key=True),
    Column("action", String, primary_key=True),
    Column("principal_id", String, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("action IN ('displayed', 'inserted', 'edited', 'sent', 'ignored')", name="action"),
)
Index("ix_suggestion_actions_at", suggestion_actions.c.at)

verdicts = Table(
    "verdicts",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("subject_id", String, nullable=False),
    Column("item", String),
    Column("procedure_id", String),
    Column("facet", String),
    Column("conversation_id", ForeignKey("conversations.id")),
    Column("verdict", String, nullable=False),
    Column("principal_id", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
    CheckConstraint("kind IN ('suggestion', 'procedure', 'answer')", name="kind"),
    CheckConstraint("verdict IN ('dung', 'sai', 'loi_thoi', 'thieu')", name="verdict"),
)
Index("ix_verdicts_at", verdicts.c.at)

record_notes = Table(
    "record_notes",
    metadata,
    Column("id", String, primary_key=True),
    Column("procedure_id", String, nullable=False),
    Column("facet", String),
    Column("kind", String, nullable=False),
    Column("principal_id", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Column("done_by", String),
    Column("body", LargeBinary, nullable=False),
)
Index(
    "ix_record_notes_open",
    record_notes.c.procedure_id,
    record_notes.c.at,
    postgresql_where=text("done_at IS NULL"),
    sqlite_where=text("done_at IS NULL"),
)

# One row over a shipped reply changes or deletes it for everybody.
quick_replies = Table(
    "quick_replies",
    metadata,
    Column("id", String, primary_key=True),
    Column("scope", String, nullable=False),
    Column("owner", String),
    Column("deleted", Boolean, nullable=False),
    Column("changed_by", String, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
    CheckConstraint("scope IN ('personal', 'shared')", name="scope"),
    CheckConstraint("(scope = 'personal') = (owner IS NOT NULL)", name="owner"),
)
Index("ix_quick_replies_owner", quick_replies.c.owner)

review_items = Table(
    "review_items",
    metadata,
    Column("origin", String, primary_key=True),
    Column("source_id", String, primary_key=True),
    Column("gap", String, nullable=False),
    Column("group_id", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("status", String, nullable=False),
    CheckConstraint("origin IN ('turn', 'verdict')", name="origin"),
    CheckConstraint("gap IN ('refused', 'clarified', 'wrong', 'outdated', 'missing')", name="gap"),
    CheckConstraint("status IN ('open', 'closed', 'dismissed')", name="status"),
)
Index("ix_review_items_status", review_items.c.status, review_items.c.at)
Index("ix_review_items_group", review_items.c.group_id)

review_decisions = Table(
    "review_decisions",
    metadata,
    Column("id", String, primary_key=True),
    Column("group_id", String, nullable=False),
    Column("choice", String, nullable=False),
    Column("procedure_id", String),
    Column("facet", String),
    Column("principal_id", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
    CheckConstraint("choice IN ('example', 'alias', 'note', 'dismiss')", name="choice"),
)
Index("ix_review_decisions_at", review_decisions.c.at)

SEALED_SUGGESTIONS: tuple[tuple[Table, Column[bytes]], ...] = (
    (suggestions, suggestions.c.body),
    (verdicts, verdicts.c.body),
    (record_notes, record_notes.c.body),
    (quick_replies, quick_replies.c.body),
    (review_decisions, review_decisions.c.body),
)
