"""Telephone calls with their lines, codes given to callers, and cases that officers filed for somebody."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of calls and of what is filed for somebody."""
    _calls()
    _lines()
    _codes()
    op.create_table(
        "filed",
        sa.Column("key", sa.String, nullable=False),
        sa.Column("principal_id", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("secrets", sa.LargeBinary),
        sa.PrimaryKeyConstraint("key", name="pk_filed"),
    )
    op.create_index("ix_filed_created", "filed", ["created_at"])


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("opaque", sa.String, nullable=False),
        sa.Column("line", sa.String, nullable=False),
        sa.Column("provider_id", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("answered_at", _TIME),
        sa.Column("ended_at", _TIME),
        sa.Column("called", sa.String),
        sa.Column("extension", sa.String),
        sa.Column("cause", sa.String),
        sa.Column("operator", sa.String),
        sa.Column("outcome", sa.String),
        sa.Column("wrapped_at", _TIME),
        sa.Column("number_hash", sa.String),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.Column("number", sa.LargeBinary),
        sa.Column("told", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
        sa.UniqueConstraint("opaque", name="uq_calls_opaque"),
        sa.UniqueConstraint("provider_id", name="uq_calls_provider_id"),
        sa.CheckConstraint("state IN ('ringing', 'answered', 'ended')", name="ck_calls_state"),
    )
    op.create_index("ix_calls_state", "calls", ["state", "started_at"])
    op.create_index("ix_calls_started", "calls", ["started_at"])
    op.create_index("ix_calls_ended", "calls", ["ended_at"])


def _lines() -> None:
    op.create_table(
        "call_lines",
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("side", sa.String, nullable=False),
        sa.Column("place", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("final", sa.Boolean, nullable=False),
        sa.Column("confidence", sa.Float),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("call_id", "side", "place", name="pk_call_lines"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_call_lines_call_id"),
        sa.CheckConstraint("side IN ('caller', 'operator', 'unknown')", name="ck_call_lines_side"),
    )
    op.create_table(
        "call_lookups",
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("procedure_id", sa.String, nullable=False),
        sa.Column("facet", sa.String, nullable=False),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("call_id", "procedure_id", "facet", name="pk_call_lookups"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_call_lookups_call_id"),
    )


def _codes() -> None:
    op.create_table(
        "call_codes",
        sa.Column("code_hash", sa.String, nullable=False),
        sa.Column("call_id", sa.String),
        sa.Column("procedure_id", sa.String, nullable=False),
        sa.Column("facet", sa.String, nullable=False),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("used_at", _TIME),
        sa.Column("conversation_id", sa.String),
        sa.PrimaryKeyConstraint("code_hash", name="pk_call_codes"),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_call_codes_call_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_call_codes_conversation_id"),
    )
    op.create_index("ix_call_codes_expires", "call_codes", ["expires_at"])
    op.create_table(
        "code_tries",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("conversation_id", sa.String, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_code_tries"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_code_tries_conversation_id"),
    )
    op.create_index("ix_code_tries_at", "code_tries", ["at"])
