"""The tables of complaints and of who may act on them. What is not queried is sealed; see SEALED_CASES."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
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

# `identity` holds the contact and the words as typed, `staff` the accused: sealed apart, so that what somebody may
# not see need not be opened for them. `behaviours` is « CODE CODE », a space around every code. `phone_hash` and
# `email_hash` are keyed (bot.store.lookup). `next_event` is the timeline's next sequence.
cases = Table(
    "cases",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", String, nullable=False),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("secret_hash", String, nullable=False),
    Column("wrong_tries", Integer, nullable=False),
    Column("locked_until", UtcDateTime),
    Column("status", String, nullable=False),
    Column("access", String, nullable=False),
    Column("input_type", String, nullable=False),
    Column("behaviour", String),
    Column("behaviours", String, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("unit", String),
    Column("desk", String, nullable=False),
    Column("event_date", Date),
    Column("received_at", UtcDateTime, nullable=False),
    Column("due_on", Date),
    Column("clock_basis", String, nullable=False),
    Column("assigned_unit", String),
    Column("assigned_to", String),
    Column("published", Boolean, nullable=False),
    Column("reopened", Boolean, nullable=False),
    Column("score", Integer),
    Column("cluster", String),
    Column("related", String, nullable=False),
    Column("backend_reference", String),
    Column("backend_state", String),
    Column("phone_hash", String),
    Column("email_hash", String),
    Column("next_event", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("identity", LargeBinary, nullable=False),
    Column("staff", LargeBinary, nullable=False),
    Column("answer", LargeBinary),
    UniqueConstraint("number"),
    CheckConstraint("score BETWEEN 1 AND 5", name="score"),
)
Index("ix_cases_conversation", cases.c.conversation_id, cases.c.received_at)
Index("ix_cases_received", cases.c.received_at)
Index("ix_cases_unit_day", cases.c.unit, cases.c.event_date)
Index("ix_cases_unit_received", cases.c.unit, cases.c.received_at)

# Append-only, by triggers: rows are never deleted, and change only where a body is sealed anew under another key.
case_events = Table(
    "case_events",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("key", String, nullable=False),
    Column("status", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("uncertain", Boolean, nullable=False),
    Column("error", String),
    Column("next_attempt_at", UtcDateTime),
    Column("lease_owner", String),
    Column("lease_expires_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("delivered_at", UtcDateTime),
    Column("payload", LargeBinary, nullable=False),
    UniqueConstraint("key"),
    CheckConstraint("kind IN ('case', 'event')", name="kind"),
    CheckConstraint("status IN ('waiting', 'retrying', 'refused', 'delivered')", name="status"),
)
_UNDELIVERED = text("status <> 'delivered'")
Index("ix_outbox_undelivered", outbox.c.id, postgresql_where=_UNDELIVERED, sqlite_where=_UNDELIVERED)
Index(
    "ix_outbox_undelivered_case",
    outbox.c.case_id,
    outbox.c.id,
    postgresql_where=_UNDELIVERED,
    sqlite_where=_UNDELIVERED,
)

# `case_id` is the first case that a file was given to; deferred, for files are given to a case before it is written.
attachments = Table(
    "attachments",
    metadata,
    Column("id", String, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("case_id", ForeignKey("cases.id", deferrable=True, initially="DEFERRED")),
    Column("media_type", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("name", LargeBinary, nullable=False),
    Column("original", LargeBinary, nullable=False),
    Column("clean", LargeBinary, nullable=False),
    # What a recording was heard to say; empty where nothing was understood, NULL where nobody listened.
    Column("heard", LargeBinary),
    UniqueConstraint("conversation_id", "sha256"),
)

# One photo may show what two linked cases are about.
case_attachments = Table(
    "case_attachments",
    metadata,
    Column("case_id", ForeignKey("cases.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    Column("attachment_id", ForeignKey("attachments.id"), primary_key=True),
)

ratings = Table(
    "ratings",
    metadata,
    Column("id", String, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("case_id", ForeignKey("cases.id")),
    Column("score", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("dossier_code", LargeBinary),
    Column("comment", LargeBinary),
    CheckConstraint("score BETWEEN 1 AND 5", name="score"),
)
Index("ix_ratings_at", ratings.c.at)

tasks = Table(
    "tasks",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("case_id", ForeignKey("cases.id")),
    Column("conversation_id", ForeignKey("conversations.id")),
    Column("due_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Column("done_by", String),
    Column("note", LargeBinary, nullable=False),
)
Index(
    "ix_tasks_open",
    tasks.c.due_at,
    postgresql_where=text("done_at IS NULL"),
    sqlite_where=text("done_at IS NULL"),
)

principals = Table(
    "principals",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("unit", String),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("deactivated_at", UtcDateTime),
)

tokens = Table(
    "tokens",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("principal_id", ForeignKey("principals.id"), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

# Append-only, by triggers; `hash` chains each entry to the one before it.
audit = Table(
    "audit",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("principal", String, nullable=False),
    Column("role", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("hash", String, nullable=False),
)
Index("ix_audit_subject", audit.c.subject, audit.c.sequence)

# The one row that says where the audit ends; `mac` is keyed, so that whoever edits rows cannot make it fit.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("entries", Integer, nullable=False),
    Column("hash", String, nullable=False),
    Column("mac", String, nullable=False),
    CheckConstraint("id = 1", name="id"),
)

# Keys of hashes that must stay comparable for ever; sealed, so that rotation renews what protects them, not them.
lookup_keys = Table(
    "lookup_keys",
    metadata,
    Column("name", String, primary_key=True),
    Column("key", LargeBinary, nullable=False),
)

SEALED_CASES: tuple[tuple[Table, Column[bytes]], ...] = (
    (cases, cases.c.record),
    (cases, cases.c.identity),
    (cases, cases.c.staff),
    (cases, cases.c.answer),
    (case_events, case_events.c.body),
    (outbox, outbox.c.payload),
    (attachments, attachments.c.name),
    (attachments, attachments.c.original),
    (attachments, attachments.c.clean),
    (attachments, attachments.c.heard),
    (ratings, ratings.c.dossier_code),
    (ratings, ratings.c.comment),
    (tasks, tasks.c.note),
    (lookup_keys, lookup_keys.c.key),
)
