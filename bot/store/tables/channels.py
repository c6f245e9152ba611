"""The tables of channels outside the web: threads, what arrived, tokens, dead letters, counts.

A thread is one person or chat of a platform; its address is kept as a keyed hash to find it and sealed to send to it.
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

threads = Table(
    "channel_threads",
    metadata,
    Column("id", String, primary_key=True),
    Column("channel", String, nullable=False),
    Column("address_hash", String, nullable=False),
    Column("address", LargeBinary, nullable=False),
    # Made with the first message that needs it, so no reference to `conversations`.
    Column("conversation_id", String, nullable=False, unique=True),
    Column("status", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_inbound_at", UtcDateTime),
    Column("greeted_at", UtcDateTime),
    Column("paused_until", UtcDateTime),
    Column("slowed_at", UtcDateTime),
    Column("pending", LargeBinary),
    Column("next_inbound", Integer, nullable=False),
    Column("in_owner", String),
    Column("in_until", UtcDateTime),
    Column("in_next_at", UtcDateTime),
    Column("sent_sequence", Integer, nullable=False),
    Column("sent_piece", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("failure", String),
    Column("out_owner", String),
    Column("out_until", UtcDateTime),
    Column("out_next_at", UtcDateTime),
    UniqueConstraint("channel", "address_hash"),
    CheckConstraint("status IN ('open', 'window', 'blocked', 'left')", name="status"),
)

inbox = Table(
    "channel_inbox",
    metadata,
    Column("channel", String, primary_key=True),
    Column("platform_id", String, primary_key=True),
    Column("thread_id", ForeignKey("channel_threads.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("part", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("status", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    UniqueConstraint("thread_id", "sequence"),
    CheckConstraint("status IN ('waiting', 'done', 'dead')", name="status"),
)
Index(
    "ix_channel_inbox_waiting",
    inbox.c.thread_id,
    inbox.c.sequence,
    postgresql_where=text("status = 'waiting'"),
    sqlite_where=text("status = 'waiting'"),
)
Index("ix_channel_inbox_done", inbox.c.thread_id, inbox.c.done_at)

tokens = Table(
    "channel_tokens",
    metadata,
    Column("channel", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
)

dead_letters = Table(
    "channel_dead_letters",
    metadata,
    Column("id", String, primary_key=True),
    Column("channel", String, nullable=False),
    Column("inbound", Boolean, nullable=False),
    Column("thread_id", ForeignKey("channel_threads.id")),
    Column("failure", String, nullable=False),
    Column("code", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("replay_at", UtcDateTime),
    Column("done_at", UtcDateTime),
)
Index(
    "ix_channel_dead_letters_open",
    dead_letters.c.channel,
    dead_letters.c.created_at,
    postgresql_where=text("done_at IS NULL"),
    sqlite_where=text("done_at IS NULL"),
)

counts = Table(
    "channel_counts",
    metadata,
    Column("channel", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("amount", Integer, nullable=False),
)

SEALED_CHANNELS: tuple[tuple[Table, Column[bytes]], ...] = (
    (threads, threads.c.address),
    (threads, threads.c.pending),
    (inbox, inbox.c.body),
    (tokens, tokens.c.state),
    (dead_letters, dead_letters.c.body),
)
