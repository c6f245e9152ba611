"""Channels outside the web: threads, what arrived, tokens, dead letters, counts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of channels."""
    _threads()
    _inbox()
    op.create_table(
        "channel_tokens",
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("channel", name="pk_channel_tokens"),
    )
    _dead_letters()
    op.create_table(
        "channel_counts",
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("amount", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("channel", "name", name="pk_channel_counts"),
    )


def _threads() -> None:
    op.create_table(
        "channel_threads",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("address_hash", sa.String, nullable=False),
        sa.Column("address", sa.LargeBinary, nullable=False),
        sa.Column("conversation_id", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_inbound_at", _TIME),
        sa.Column("greeted_at", _TIME),
        sa.Column("paused_until", _TIME),
        sa.Column("slowed_at", _TIME),
        sa.Column("pending", sa.LargeBinary),
        sa.Column("next_inbound", sa.Integer, nullable=False),
        sa.Column("in_owner", sa.String),
        sa.Column("in_until", _TIME),
        sa.Column("in_next_at", _TIME),
        sa.Column("sent_sequence", sa.Integer, nullable=False),
        sa.Column("sent_piece", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("failure", sa.String),
        sa.Column("out_owner", sa.String),
        sa.Column("out_until", _TIME),
        sa.Column("out_next_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_channel_threads"),
        sa.UniqueConstraint("conversation_id", name="uq_channel_threads_conversation_id"),
        sa.UniqueConstraint("channel", "address_hash", name="uq_channel_threads_channel_address_hash"),
        sa.CheckConstraint("status IN ('open', 'window', 'blocked', 'left')", name="ck_channel_threads_status"),
    )


def _inbox() -> None:
    op.create_table(
        "channel_inbox",
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("platform_id", sa.String, nullable=False),
        sa.Column("thread_id", sa.String, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("received_at", _TIME, nullable=False),
        sa.Column("done_at", _TIME),
        sa.PrimaryKeyConstraint("channel", "platform_id", name="pk_channel_inbox"),
        sa.UniqueConstraint("thread_id", "sequence", name="uq_channel_inbox_thread_id_sequence"),
        sa.ForeignKeyConstraint(["thread_id"], ["channel_threads.id"], name="fk_channel_inbox_thread_id"),
        sa.CheckConstraint("status IN ('waiting', 'done', 'dead')", name="ck_channel_inbox_status"),
    )
    waiting = sa.text("status = 'waiting'")
    op.create_index(
        "ix_channel_inbox_waiting",
        "channel_inbox",
        ["thread_id", "sequence"],
        postgresql_where=waiting,
        sqlite_where=waiting,
    )
    op.create_index("ix_channel_inbox_done", "channel_inbox", ["thread_id", "done_at"])


def _dead_letters() -> None:
    op.create_table(
        "channel_dead_letters",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("inbound", sa.Boolean, nullable=False),
        sa.Column("thread_id", sa.String),
        sa.Column("failure", sa.String, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("replay_at", _TIME),
        sa.Column("done_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_channel_dead_letters"),
        sa.ForeignKeyConstraint(["thread_id"], ["channel_threads.id"], name="fk_channel_dead_letters_thread_id"),
    )
    still_open = sa.text("done_at IS NULL")
    op.create_index(
        "ix_channel_dead_letters_open",
        "channel_dead_letters",
        ["channel", "created_at"],
        postgresql_where=still_open,
        sqlite_where=still_open,
    )
