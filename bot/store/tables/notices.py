"""The tables of joined accounts and of what citizens are told about their cases. Nothing in them is anybody's words.

A code is kept as a keyed hash alone. The rows of one person share `person_id`, which names nobody.
"""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, text

from bot.store.tables.columns import UtcDateTime
from bot.store.tables.metadata import metadata

join_codes = Table(
    "join_codes",
    metadata,
    Column("code_hash", String, primary_key=True),
    # One code at a time for each conversation.
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

joined = Table(
    "joined_conversations",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("person_id", String, nullable=False),
    Column("joined_at", UtcDateTime, nullable=False),
    # None until the citizen says whether the device is theirs alone.
    Column("own", Boolean),
    Column("notices", Boolean, nullable=False),
)
Index("ix_joined_conversations_person", joined.c.person_id)

join_tries = Table(
    "join_tries",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("wrong_tries", Integer, nullable=False),
    Column("locked_until", UtcDateTime),
    Column("at", UtcDateTime, nullable=False),
)

notices = Table(
    "case_notices",
    metadata,
    Column("id", String, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("news", String, nullable=False),
    Column("status", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("refused", Boolean, nullable=False),
    Column("sequence", Integer),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime),
    CheckConstraint("status IN ('waiting', 'chat', 'sent', 'template', 'person', 'dropped')", name="status"),
)
_OPEN = text("status IN ('waiting', 'chat')")
Index("ix_case_notices_open", notices.c.next_at, postgresql_where=_OPEN, sqlite_where=_OPEN)
