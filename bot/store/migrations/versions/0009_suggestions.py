"""Suggestions to operators: drafts, verdicts, notes to editors, quick replies, the review queue."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TIME = sa.DateTime(timezone=True)
_TO_REVIEW = "outcome IN ('refused', 'clarification')"


def upgrade() -> None:
    """Make the tables of suggestions, and find turns to review by their time."""
    _drafts()
    _verdicts()
    _quick_replies()
    _review()
    where = sa.text(_TO_REVIEW)
    op.create_index("ix_turns_to_review", "turns", ["created_at"], postgresql_where=where, sqlite_where=where)


def _drafts() -> None:
    op.create_table(
        "suggestions",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("conversation_id", sa.String, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_suggestions"),
        sa.UniqueConstraint("conversation_id", "sequence", name="uq_suggestions_conversation_id_sequence"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_suggestions_conversation_id"),
    )
    op.create_table(
        "suggestion_actions",
        sa.Column("suggestion_id", sa.String, nullable=False),
        sa.Column("item", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("principal_id", sa.String, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("suggestion_id", "item", "action", "principal_id", name="pk_suggestion_actions"),
        sa.ForeignKeyConstraint(["suggestion_id"], ["suggestions.id"], name="fk_suggestion_actions_suggestion_id"),
        sa.CheckConstraint(
            "action IN ('displayed', 'inserted', 'edited', 'sent', 'ignored')", name="ck_suggestion_actions_action"
        ),
    )
    op.create_index("ix_suggestion_actions_at", "suggestion_actions", ["at"])


def _verdicts() -> None:
    op.create_table(
        "verdicts",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("subject_id", sa.String, nullable=False),
        sa.Column("item", sa.String),
        sa.Column("procedure_id", sa.String),
        sa.Column("facet", sa.String),
        sa.Column("conversation_id", sa.String),
        sa.Column("verdict", sa.String, nullable=False),
        sa.Column("principal_id", sa.String, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_verdicts"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_verdicts_conversation_id"),
        sa.CheckConstraint("kind IN ('suggestion', 'procedure', 'answer')", name="ck_verdicts_kind"),
        sa.CheckConstraint("verdict IN ('dung', 'sai', 'loi_thoi', 'thieu')", name="ck_verdicts_verdict"),
    )
    op.create_index("ix_verdicts_at", "verdicts", ["at"])
    op.create_table(
        "record_notes",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("procedure_id", sa.String, nullable=False),
        sa.Column("facet", sa.String),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("principal_id", sa.String, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("done_at", _TIME),
        sa.Column("done_by", sa.String),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_record_notes"),
    )
    still_open = sa.text("done_at IS NULL")
    op.create_index(
        "ix_record_notes_open",
        "record_notes",
        ["procedure_id", "at"],
        postgresql_where=still_open,
        sqlite_where=still_open,
    )


def _quick_replies() -> None:
    op.create_table(
        "quick_replies",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("scope", sa.String, nullable=False),
        sa.Column("owner", sa.String),
        sa.Column("deleted", sa.Boolean, nullable=False),
        sa.Column("changed_by", sa.String, nullable=False),
        sa.Column("changed_at", _TIME, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quick_replies"),
        sa.CheckConstraint("scope IN ('personal', 'shared')", name="ck_quick_replies_scope"),
        sa.CheckConstraint("(scope = 'personal') = (owner IS NOT NULL)", name="ck_quick_replies_owner"),
    )
    op.create_index("ix_quick_replies_owner", "quick_replies", ["owner"])


def _review() -> None:
    op.create_table(
        "review_items",
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("source_id", sa.String, nullable=False),
        sa.Column("gap", sa.String, nullable=False),
        sa.Column("group_id", sa.String, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("origin", "source_id", name="pk_review_items"),
        sa.CheckConstraint("origin IN ('turn', 'verdict')", name="ck_review_items_origin"),
        sa.CheckConstraint(
            "gap IN ('refused', 'clarified', 'wrong', 'outdated', 'missing')", name="ck_review_items_gap"
        ),
        sa.CheckConstraint("status IN ('open', 'closed', 'dismissed')", name="ck_review_items_status"),
    )
    op.create_index("ix_review_items_status", "review_items", ["status", "at"])
    op.create_index("ix_review_items_group", "review_items", ["group_id"])
    op.create_table(
        "review_decisions",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("group_id", sa.String, nullable=False),
        sa.Column("choice", sa.String, nullable=False),
        sa.Column("procedure_id", sa.String),
        sa.Column("facet", sa.String),
        sa.Column("principal_id", sa.String, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_review_decisions"),
        sa.CheckConstraint("choice IN ('example', 'alias', 'note', 'dismiss')", name="ck_review_decisions_choice"),
    )
    op.create_index("ix_review_decisions_at", "review_decisions", ["at"])
