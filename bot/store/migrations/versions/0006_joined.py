"""Accounts of several channels that are one person's, and what citizens are told about their cases."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of joined accounts and of notices."""
    op.create_table(
        "join_codes",
        sa.Column("code_hash", sa.String, nullable=False),
        sa.Column("conversation_id", sa.String, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name="pk_join_codes"),
        sa.UniqueConstraint("conversation_id", name="uq_join_codes_conversation_id"),
        _of_conversation("join_codes"),
    )
    op.create_table(
        "joined_conversations",
        sa.Column("conversation_id", sa.String, nullable=False),
        sa.Column("person_id", sa.String, nullable=False),
        sa.Column("joined_at", _TIME, nullable=False),
        sa.Column("own", sa.Boolean),
        sa.Column("notices", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_joined_conversations"),
        _of_conversation("joined_conversations"),
    )
    op.create_index("ix_joined_conversations_person", "joined_conversations", ["person_id"])
    op.create_table(
        "join_tries",
        sa.Column("conversation_id", sa.String, nullable=False),
        sa.Column("wrong_tries", sa.Integer, nullable=False),
        sa.Column("locked_until", _TIME),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_join_tries"),
        _of_conversation("join_tries"),
    )
    _notices()
    op.create_index("ix_web_sessions_conversation", "web_sessions", ["conversation_id"])
    op.create_index("ix_web_sessions_expires", "web_sessions", ["expires_at"])


def _notices() -> None:
    op.create_table(
        "case_notices",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("case_id", sa.String, nullable=False),
        sa.Column("conversation_id", sa.String, nullable=False),
        sa.Column("news", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("refused", sa.Boolean, nullable=False),
        sa.Column("sequence", sa.Integer),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("next_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_case_notices"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_notices_case_id"),
        _of_conversation("case_notices"),
        sa.CheckConstraint(
            "status IN ('waiting', 'chat', 'sent', 'template', 'person', 'dropped')", name="ck_case_notices_status"
        ),
    )
    still_open = sa.text("status IN ('waiting', 'chat')")
    op.create_index(
        "ix_case_notices_open", "case_notices", ["next_at"], postgresql_where=still_open, sqlite_where=still_open
    )


def _of_conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=f"fk_{table}_conversation_id")
