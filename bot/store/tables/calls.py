"""The tables of telephone calls, of codes given in them, and of cases that officers filed for somebody.

A caller's number is sealed, and kept as a keyed hash to know the same caller again; both are deleted after a while,
and so are the lines of what was said.
"""

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

calls = Table(
    "calls",
    metadata,
    Column("id", String, primary_key=True),
    Column("opaque", String, nullable=False),
    Column("line", String, nullable=False),
    Column("provider_id", String, nullable=False),
    Column("state", String, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("called", String),
    Column("extension", String),
    Column("cause", String),
    Column("operator", String),
    Column("outcome", String),
    Column("wrapped_at", UtcDateTime),
    Column("number_hash", String),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("number", LargeBinary),
    Column("told", LargeBinary),
    UniqueConstraint("opaque"),
    UniqueConstraint("provider_id"),
    CheckConstraint("state IN ('ringing', 'answered', 'ended')", name="state"),
)
Index("ix_calls_state", calls.c.state, calls.c.started_at)
Index("ix_calls_started", calls.c.started_at)
Index("ix_calls_ended", calls.c.ended_at)

call_lines = Table(
    "call_lines",
    metadata,
    Column("call_id", ForeignKey("calls.id"), primary_key=True),
    Column("side", String, primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("final", Boolean, nullable=False),
    Column("confidence", Float),
    Column("started_at", UtcDateTime, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", LargeBinary, nullable=False),
    CheckConstraint("side IN ('caller', 'operator', 'unknown')", name="side"),
)

call_lookups = Table(
    "call_lookups",
    metadata,
    Column("call_id", ForeignKey("calls.id"), primary_key=True),
    Column("procedure_id", String, primary_key=True),
    Column("facet", String, primary_key=True),
    Column("made_by", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

call_codes = Table(
    "call_codes",
    metadata,
    Column("code_hash", String, primary_key=True),
    Column("call_id", ForeignKey("calls.id")),
    Column("procedure_id", String, nullable=False),
    Column("facet", String, nullable=False),
    Column("made_by", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("conversation_id", ForeignKey("conversations.id")),
)
Index("ix_call_codes_expires", call_codes.c.expires_at)

code_tries = Table(
    "code_tries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
Index("ix_code_tries_at", code_tries.c.at)

# `answer` is what the officer was told (numbers, days); `secrets` stay a moment, for an answer that was lost.
filed = Table(
    "filed",
    metadata,
    Column("key", String, primary_key=True),
    Column("principal_id", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("answer", LargeBinary),
    Column("secrets", LargeBinary),
)
Index("ix_filed_created", filed.c.created_at)

SEALED_CALLS: tuple[tuple[Table, Column[bytes]], ...] = (
    (calls, calls.c.number),
    (calls, calls.c.told),
    (call_lines, call_lines.c.text),
    (filed, filed.c.answer),
    (filed, filed.c.secrets),
)
