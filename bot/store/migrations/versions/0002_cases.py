"""Cases with their timeline, outbox, attachments, ratings and tasks; principals and tokens; the audit log."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of complaints, and the triggers that keep what is append-only."""
    _cases()
    _handing_over()
    _attachments()
    _people()
    _audit()
    if op.get_bind().dialect.name == "postgresql":
        _triggers_on_postgresql()
    else:
        _triggers_on_sqlite()


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("conversation_id", sa.String, nullable=False),
        sa.Column("secret_hash", sa.String, nullable=False),
        sa.Column("wrong_tries", sa.Integer, nullable=False),
        sa.Column("locked_until", _TIME),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("access", sa.String, nullable=False),
        sa.Column("input_type", sa.String, nullable=False),
        sa.Column("behaviour", sa.String),
        sa.Column("behaviours", sa.String, nullable=False),
        sa.Column("severity", sa.Integer, nullable=False),
        sa.Column("unit", sa.String),
        sa.Column("desk", sa.String, nullable=False),
        sa.Column("event_date", sa.Date),
        sa.Column("received_at", _TIME, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("clock_basis", sa.String, nullable=False),
        sa.Column("assigned_unit", sa.String),
        sa.Column("assigned_to", sa.String),
        sa.Column("published", sa.Boolean, nullable=False),
        sa.Column("reopened", sa.Boolean, nullable=False),
        sa.Column("score", sa.Integer),
        sa.Column("cluster", sa.String),
        sa.Column("related", sa.String, nullable=False),
        sa.Column("backend_reference", sa.String),
        sa.Column("backend_state", sa.String),
        sa.Column("phone_hash", sa.String),
        sa.Column("email_hash", sa.String),
        sa.Column("next_event", sa.Integer, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False),
        sa.Column("identity", sa.LargeBinary, nullable=False),
        sa.Column("staff", sa.LargeBinary, nullable=False),
        sa.Column("answer", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_cases_conversation_id"),
        sa.UniqueConstraint("number", name="uq_cases_number"),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="ck_cases_score"),
    )
    op.create_index("ix_cases_conversation", "cases", ["conversation_id", "received_at"])
    op.create_index("ix_cases_received", "cases", ["received_at"])
    op.create_index("ix_cases_unit_day", "cases", ["unit", "event_date"])
    op.create_index("ix_cases_unit_received", "cases", ["unit", "received_at"])
    op.create_table(
        "case_events",
        sa.Column("case_id", sa.String, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "sequence", name="pk_case_events"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_events_case_id"),
    )


def _handing_over() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("case_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("uncertain", sa.Boolean, nullable=False),
        sa.Column("error", sa.String),
        sa.Column("next_attempt_at", _TIME),
        sa.Column("lease_owner", sa.String),
        sa.Column("lease_expires_at", _TIME),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("delivered_at", _TIME),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_outbox_case_id"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
        sa.CheckConstraint("kind IN ('case', 'event')", name="ck_outbox_kind"),
        sa.CheckConstraint("status IN ('waiting', 'retrying', 'refused', 'delivered')", name="ck_outbox_status"),
    )
    _index("ix_outbox_undelivered", "outbox", ["id"], "status <> 'delivered'")
    _index("ix_outbox_undelivered_case", "outbox", ["case_id", "id"], "status <> 'delivered'")
    op.create_table(
        "tasks",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("case_id", sa.String),
        sa.Column("conversation_id", sa.String),
        sa.Column("due_at", _TIME, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("done_at", _TIME),
        sa.Column("done_by", sa.String),
        sa.Column("note", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_tasks_case_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_tasks_conversation_id"),
    )
    _index("ix_tasks_open", "tasks", ["due_at"], "done_at IS NULL")
    op.create_table(
        "ratings",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("conversation_id", sa.String, nullable=False),
        sa.Column("case_id", sa.String),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("dossier_code", sa.LargeBinary),
        sa.Column("comment", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_ratings"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_ratings_conversation_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_ratings_case_id"),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="ck_ratings_score"),
    )
    op.create_index("ix_ratings_at", "ratings", ["at"])


def _attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("conversation_id", sa.String, nullable=False),
        sa.Column("case_id", sa.String),
        sa.Column("media_type", sa.String, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("original", sa.LargeBinary, nullable=False),
        sa.Column("clean", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_attachments_conversation_id"),
        _deferred_case("fk_attachments_case_id"),
        sa.UniqueConstraint("conversation_id", "sha256", name="uq_attachments_conversation_id_sha256"),
    )
    op.create_table(
        "case_attachments",
        sa.Column("case_id", sa.String, nullable=False),
        sa.Column("attachment_id", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "attachment_id", name="pk_case_attachments"),
        _deferred_case("fk_case_attachments_case_id"),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachments.id"], name="fk_case_attachments_attachment_id"),
    )


def _people() -> None:
    op.create_table(
        "principals",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("unit", sa.String),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("deactivated_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_principals"),
    )
    op.create_table(
        "tokens",
        sa.Column("token_hash", sa.String, nullable=False),
        sa.Column("principal_id", sa.String, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_tokens"),
        sa.ForeignKeyConstraint(["principal_id"], ["principals.id"], name="fk_tokens_principal_id"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("sequence", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("principal", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit"),
    )
    op.create_index("ix_audit_subject", "audit", ["subject", "sequence"])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.Column("mac", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
        sa.CheckConstraint("id = 1", name="ck_audit_head_id"),
    )
    op.bulk_insert(head, [{"id": 1, "entries": 0, "hash": "", "mac": ""}])
    op.create_table(
        "lookup_keys",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lookup_keys"),
    )


def _triggers_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    refuse = "EXECUTE FUNCTION refuse_change()"
    op.execute(f"CREATE TRIGGER audit_update BEFORE UPDATE ON audit FOR EACH ROW {refuse}")
    unsealed = f"FOR EACH ROW WHEN (NOT ({_RESEALED}))"
    op.execute(f"CREATE TRIGGER case_events_update BEFORE UPDATE ON case_events {unsealed} {refuse}")
    for table in ("audit", "case_events"):
        op.execute(f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")


def _triggers_on_sqlite() -> None:
    for table, key, updates in (
        ("audit", "sequence = NEW.sequence", ""),
        ("case_events", "case_id = NEW.case_id AND sequence = NEW.sequence", f"WHEN NOT ({_RESEALED})"),
    ):
        refuse = f"SELECT RAISE(ABORT, '{table} is append-only')"
        op.execute(f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} {updates} BEGIN {refuse}; END")
        op.execute(f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} BEGIN {refuse}; END")
        # INSERT OR REPLACE deletes without a delete trigger.
        taken = f"EXISTS (SELECT 1 FROM {table} WHERE {key})"  # noqa: S608 -- names of this file alone
        op.execute(f"CREATE TRIGGER {table}_replace BEFORE INSERT ON {table} WHEN {taken} BEGIN {refuse}; END")


# The one change that an entry allows: its body sealed under another key (bytes 1 to 5 name version and key).
_RESEALED = (
    "NEW.case_id = OLD.case_id AND NEW.sequence = OLD.sequence AND NEW.at = OLD.at AND NEW.kind = OLD.kind"
    " AND NEW.actor = OLD.actor AND substr(NEW.body, 1, 5) <> substr(OLD.body, 1, 5)"
)


def _deferred_case(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=name, deferrable=True, initially="DEFERRED")


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    """Make a partial index on either database."""
    condition = sa.text(where)
    op.create_index(name, table, columns, postgresql_where=condition, sqlite_where=condition)
