"""Conversations that people attend: who, the history, notes, replies, presence, and the log that pages follow."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TIME = sa.DateTime(timezone=True)
# Whoever asked for a person before this version waits from now on.
_WAITING = """
INSERT INTO attentions (conversation_id, why, urgency, waiting_since, told_times, moves)
SELECT id, 'asked', 1, updated_at, 0, 1 FROM conversations WHERE owner = 'WAITING'
"""


def upgrade() -> None:
    """Make the tables of hand-over."""
    handed_over = sa.text("owner <> 'BOT'")
    op.create_index("ix_conversations_updated", "conversations", ["updated_at", "id"])
    op.create_index(
        "ix_conversations_handed_over",
        "conversations",
        ["owner"],
        postgresql_where=handed_over,
        sqlite_where=handed_over,
    )
    _attentions()
    _words()
    _pages()
    op.execute(sa.text(_WAITING))


def _attentions() -> None:
    op.create_table(
        "attentions",
        sa.Column("conversation_id", sa.String, nullable=False),
        sa.Column("why", sa.String),
        sa.Column("urgency", sa.Integer, nullable=False),
        sa.Column("waiting_since", _TIME),
        sa.Column("attended_by", sa.String),
        sa.Column("last_attended_by", sa.String),
        sa.Column("since", _TIME),
        sa.Column("acted_at", _TIME),
        sa.Column("left_word", sa.String),
        sa.Column("told", sa.String),
        sa.Column("told_place", sa.Integer),
        sa.Column("told_minutes", sa.Integer),
        sa.Column("told_at", _TIME),
        sa.Column("told_times", sa.Integer, nullable=False),
        sa.Column("warned_at", _TIME),
        sa.Column("barred_until", _TIME),
        sa.Column("closed_at", _TIME),
        sa.Column("ending", sa.String),
        sa.Column("moves", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_attentions"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_attentions_conversation_id"),
    )
    op.create_table(
        "attention_moves",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("conversation_id", sa.String, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("move", sa.String, nullable=False),
        sa.Column("done_by", sa.String, nullable=False),
        sa.Column("why", sa.String),
        sa.Column("waited", sa.Float),
        sa.Column("attended", sa.Float),
        sa.PrimaryKeyConstraint("id", name="pk_attention_moves"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_attention_moves_conversation_id"),
    )
    op.create_index("ix_attention_moves_at", "attention_moves", ["at"])


def _words() -> None:
    op.create_table(
        "conversation_notes",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("conversation_id", sa.String, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("written_by", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversation_notes"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_conversation_notes_conversation_id"
        ),
        sa.CheckConstraint("kind IN ('note', 'transfer', 'summary', 'abuse')", name="ck_conversation_notes_kind"),
    )
    op.create_index("ix_conversation_notes", "conversation_notes", ["conversation_id", "at"])
    op.create_table(
        "operator_replies",
        sa.Column("conversation_id", sa.String, nullable=False),
        sa.Column("sequence", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("client_id", sa.String, nullable=False),
        sa.Column("written_by", sa.String, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("suggestion", sa.String),
        sa.Column("edited", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "sequence", name="pk_operator_replies"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_operator_replies_conversation_id"
        ),
        sa.UniqueConstraint("conversation_id", "client_id", name="uq_operator_replies_conversation_id_client_id"),
    )


def _pages() -> None:
    op.create_table(
        "presence",
        sa.Column("principal_id", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("since", _TIME, nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("principal_id", name="pk_presence"),
        sa.CheckConstraint("state IN ('available', 'busy', 'lunch', 'away')", name="ck_presence_state"),
    )
    counter = op.create_table(
        "desk_counter",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk_counter"),
        sa.CheckConstraint("id = 1", name="ck_desk_counter_id"),
    )
    op.bulk_insert(counter, [{"id": 1, "value": 0}])
    op.create_table(
        "desk_changes",
        sa.Column("sequence", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("signal", sa.String, nullable=False),
        sa.Column("conversation_id", sa.String),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_desk_changes"),
    )
