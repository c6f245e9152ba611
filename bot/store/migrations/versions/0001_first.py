"""Conversations, inbox, turns, events, web sessions, withdrawals; sealed from the start."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make every table."""
    time = sa.DateTime(timezone=True)
    op.create_table(
        "conversations",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("state", sa.LargeBinary),
        sa.Column("next_sequence", sa.Integer, nullable=False),
        sa.Column("lease_owner", sa.String),
        sa.Column("lease_expires_at", time),
        sa.Column("created_at", time, nullable=False),
        sa.Column("updated_at", time, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_table(
        "turns",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("conversation_id", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", time),
        sa.Column("now", time, nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.Column("finished_at", time),
        sa.Column("reply", sa.LargeBinary),
        sa.Column("intent", sa.String),
        sa.Column("intent_confidence", sa.Float),
        sa.Column("route", sa.String),
        sa.Column("outcome", sa.String),
        sa.Column("reason", sa.String),
        sa.Column("procedure_id", sa.String),
        sa.Column("facet", sa.String),
        sa.Column("fact_missing", sa.Boolean, nullable=False),
        sa.Column("duration_ms", sa.Float),
        sa.PrimaryKeyConstraint("id", name="pk_turns"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_turns_conversation_id"),
        sa.CheckConstraint("status IN ('open', 'answered', 'expired')", name="ck_turns_status"),
    )
    _index("uq_turns_one_open", "turns", ["conversation_id"], "status = 'open'", unique=True)
    _index("ix_turns_fact_missing", "turns", ["procedure_id", "facet"], "fact_missing")
    op.create_table(
        "inbox",
        sa.Column("conversation_id", sa.String, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("channel_message_id", sa.String, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("received_at", time, nullable=False),
        sa.Column("now", time),
        sa.Column("turn_id", sa.String),
        sa.PrimaryKeyConstraint("conversation_id", "sequence", name="pk_inbox"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_inbox_conversation_id"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_inbox_turn_id"),
        sa.UniqueConstraint(
            "conversation_id", "channel_message_id", name="uq_inbox_conversation_id_channel_message_id"
        ),
    )
    op.create_index("ix_inbox_turn", "inbox", ["turn_id", "sequence"])
    _index("ix_inbox_waiting", "inbox", ["conversation_id", "sequence"], "turn_id IS NULL")
    op.create_table(
        "events",
        sa.Column("conversation_id", sa.String, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("turn_id", sa.String),
        sa.Column("created_at", time, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "sequence", name="pk_events"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_events_conversation_id"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_events_turn_id"),
    )
    _index("uq_events_one_answer", "events", ["turn_id"], "kind = 'assistant'", unique=True)
    op.create_table(
        "web_sessions",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("conversation_id", sa.String, nullable=False),
        sa.Column("token_hash", sa.String, nullable=False),
        sa.Column("expires_at", time, nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_web_sessions"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_web_sessions_conversation_id"),
    )
    op.create_table(
        "withdrawals",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("procedure_id", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("at", time, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_withdrawals"),
        sa.CheckConstraint("action IN ('hide', 'unhide')", name="ck_withdrawals_action"),
    )
    op.create_index("ix_withdrawals_procedure", "withdrawals", ["procedure_id", "id"])
    op.create_table(
        "sealing_keys",
        sa.Column("key_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("canary", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("key_id", name="pk_sealing_keys"),
    )


def _index(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    """Make a partial index on either database."""
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, postgresql_where=condition, sqlite_where=condition)
