"""The tables of conversations that people attend; who answers is in `conversations.owner`. Notes are sealed."""

from sqlalchemy import (
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
)

from bot.store.tables.columns import UtcDateTime
from bot.store.tables.metadata import metadata

# One row for each conversation that a person was ever wanted in.
attentions = Table(
    "attentions",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("why", String),
    Column("urgency", Integer, nullable=False),
    Column("waiting_since", UtcDateTime),
    Column("attended_by", String),
    Column("last_attended_by", String),
    Column("since", UtcDateTime),
    Column("acted_at", UtcDateTime),
    Column("left_word", String),
    Column("told", String),
    Column("told_place", Integer),
    Column("told_minutes", Integer),
    Column("told_at", UtcDateTime),
    Column("told_times", Integer, nullable=False),
    Column("warned_at", UtcDateTime),
    Column("barred_until", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("ending", String),
    Column("moves", Integer, nullable=False),
)

# What happened, for waits and figures; no words.
moves = Table(
    "attention_moves",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("move", String, nullable=False),
    Column("done_by", String, nullable=False),
    Column("why", String),
    Column("waited", Float),
    Column("attended", Float),
)
Index("ix_attention_moves_at", moves.c.at)

notes = Table(
    "conversation_notes",
    metadata,
    Column("id", String, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("written_by", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("text", LargeBinary, nullable=False),
    CheckConstraint("kind IN ('note', 'transfer', 'summary', 'abuse')", name="kind"),
)
Index("ix_conversation_notes", notes.c.conversation_id, notes.c.at)

# Who wrote each OPERATOR event: the event itself, which citizens read, does not say it.
replies = Table(
    "operator_replies",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("client_id", String, nullable=False),
    Column("written_by", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("suggestion", String),
    Column("edited", Boolean, nullable=False),
    UniqueConstraint("conversation_id", "client_id"),
)

presence = Table(
    "presence",
    metadata,
    Column("principal_id", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    CheckConstraint("state IN ('available', 'busy', 'lunch', 'away')", name="state"),
)

# What operators' pages follow. The counter's one row is held by whoever appends until the transaction ends, so that
# sequences are committed in order and a reader who saw one has seen all before it.
counter = Table(
    "desk_counter",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("value", Integer, nullable=False),
    CheckConstraint("id = 1", name="id"),
)
changes = Table(
    "desk_changes",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("signal", String, nullable=False),
    Column("conversation_id", String),
    Column("version", Integer, nullable=False),
    Column("text", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

SEALED_HANDOVERS: tuple[tuple[Table, Column[bytes]], ...] = ((notes, notes.c.text),)
