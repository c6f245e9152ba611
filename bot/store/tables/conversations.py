"""The tables. The columns in SEALED hold AES-GCM values (bot.store.sealing); no other holds a citizen's words.

Those of other matters stand in the files beside this one; all make one metadata.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from bot.store.tables.calls import SEALED_CALLS
from bot.store.tables.cases import SEALED_CASES
from bot.store.tables.channels import SEALED_CHANNELS
from bot.store.tables.columns import UtcDateTime
from bot.store.tables.handover import SEALED_HANDOVERS
from bot.store.tables.metadata import metadata as metadata
from bot.store.tables.staff import SEALED_STAFF
from bot.store.tables.suggestions import SEALED_SUGGESTIONS

conversations = Table(
    "conversations",
    metadata,
    Column("id", String, primary_key=True),
    Column("channel", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("state", LargeBinary),
    Column("next_sequence", Integer, nullable=False),
    Column("lease_owner", String),
    Column("lease_expires_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)
Index("ix_conversations_updated", conversations.c.updated_at, conversations.c.id)
Index(
    "ix_conversations_handed_over",
    conversations.c.owner,
    postgresql_where=text("owner <> 'BOT'"),
    sqlite_where=text("owner <> 'BOT'"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", String, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("status", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", UtcDateTime),
    Column("now", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("reply", LargeBinary),
    Column("intent", String),
    Column("intent_confidence", Float),
    Column("route", String),
    Column("outcome", String),
    Column("reason", String),
    Column("procedure_id", String),
    Column("facet", String),
    Column("fact_missing", Boolean, nullable=False),
    Column("duration_ms", Float),
    CheckConstraint("status IN ('open', 'answered', 'expired')", name="status"),
)
Index(
    "uq_turns_one_open",
    turns.c.conversation_id,
    unique=True,
    postgresql_where=text("status = 'open'"),
    sqlite_where=text("status = 'open'"),
)
Index(
    "ix_turns_fact_missing",
    turns.c.procedure_id,
    turns.c.facet,
    postgresql_where=text("fact_missing"),
    sqlite_where=text("fact_missing"),
)
Index(
    "ix_turns_to_review",
    turns.c.created_at,
    postgresql_where=text("outcome IN ('refused', 'clarification')"),
    sqlite_where=text("outcome IN ('refused', 'clarification')"),
)
Index("ix_turns_created", turns.c.created_at)

inbox = Table(
    "inbox",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("channel_message_id", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("now", UtcDateTime),
    Column("turn_id", ForeignKey("turns.id")),
    UniqueConstraint("conversation_id", "channel_message_id"),
)
Index("ix_inbox_turn", inbox.c.turn_id, inbox.c.sequence)
Index(
    "ix_inbox_waiting",
    inbox.c.conversation_id,
    inbox.c.sequence,
    postgresql_where=text("turn_id IS NULL"),
    sqlite_where=text("turn_id IS NULL"),
)

events = Table(
    "events",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("turn_id", ForeignKey("turns.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
Index(
    "uq_events_one_answer",
    events.c.turn_id,
    unique=True,
    postgresql_where=text("kind = 'assistant'"),
    sqlite_where=text("kind = 'assistant'"),
)

web_sessions = Table(
    "web_sessions",
    metadata,
    Column("id", String, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("token_hash", String, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

Index("ix_web_sessions_conversation", web_sessions.c.conversation_id)
Index("ix_web_sessions_expires", web_sessions.c.expires_at)

# Append-only: a procedure is hidden when its latest row says so.
withdrawals = Table(
    "withdrawals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("procedure_id", String, nullable=False),
    Column("action", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("action IN ('hide', 'unhide')", name="action"),
)
Index("ix_withdrawals_procedure", withdrawals.c.procedure_id, withdrawals.c.id)

# One value sealed under every key in use: tells a lost or foreign key ring at start, not at the first citizen.
sealing_keys = Table(
    "sealing_keys",
    metadata,
    Column("key_id", BigInteger, primary_key=True, autoincrement=False),
    Column("canary", LargeBinary, nullable=False),
)

SEALED: tuple[tuple[Table, Column[bytes]], ...] = (
    (conversations, conversations.c.state),
    (turns, turns.c.reply),
    (inbox, inbox.c.body),
    (events, events.c.body),
    *SEALED_CASES,
    *SEALED_CHANNELS,
    *SEALED_STAFF,
    *SEALED_SUGGESTIONS,
    *SEALED_CALLS,
    *SEALED_HANDOVERS,
)
