"""The tables of the console's people. Credentials are sealed; of tokens and typed names there are hashes alone."""

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
)

from bot.store.tables.columns import UtcDateTime
from bot.store.tables.metadata import metadata

accounts = Table(
    "accounts",
    metadata,
    Column("principal_id", ForeignKey("principals.id"), primary_key=True),
    Column("login", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_login_at", UtcDateTime),
    Column("credentials", LargeBinary, nullable=False),
    UniqueConstraint("login"),
)

# What of an identity provider stands for an account; `subject` is who was first seen with an e-mail.
account_identities = Table(
    "account_identities",
    metadata,
    Column("kind", String, primary_key=True),
    Column("value", String, primary_key=True),
    Column("principal_id", ForeignKey("accounts.principal_id"), nullable=False),
    Column("subject", String),
    Column("created_at", UtcDateTime, nullable=False),
    CheckConstraint("kind IN ('email', 'subject')", name="kind"),
)
Index("ix_account_identities_principal", account_identities.c.principal_id)

# `mark` is a keyed hash of the token; its key is not in the database.
console_sessions = Table(
    "console_sessions",
    metadata,
    Column("mark", String, primary_key=True),
    Column("principal_id", ForeignKey("accounts.principal_id"), nullable=False),
    Column("way", String, nullable=False),
    Column("limited", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)
Index("ix_console_sessions_principal", console_sessions.c.principal_id)

# `key` is a keyed hash of a typed name or of an address.
login_failures = Table(
    "login_failures",
    metadata,
    Column("key", String, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("counted", Integer, nullable=False),
    Column("since", UtcDateTime),
    Column("locked_until", UtcDateTime),
)

SEALED_STAFF: tuple[tuple[Table, Column[bytes]], ...] = ((accounts, accounts.c.credentials),)
