"""The console's people: accounts, identities of a provider, sessions, failures of signing in."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of accounts."""
    op.create_table(
        "accounts",
        sa.Column("principal_id", sa.String, nullable=False),
        sa.Column("login", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_login_at", _TIME),
        sa.Column("credentials", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("principal_id", name="pk_accounts"),
        sa.UniqueConstraint("login", name="uq_accounts_login"),
        sa.ForeignKeyConstraint(["principal_id"], ["principals.id"], name="fk_accounts_principal_id"),
    )
    op.create_table(
        "account_identities",
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("value", sa.String, nullable=False),
        sa.Column("principal_id", sa.String, nullable=False),
        sa.Column("subject", sa.String),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", name="pk_account_identities"),
        sa.ForeignKeyConstraint(
            ["principal_id"], ["accounts.principal_id"], name="fk_account_identities_principal_id"
        ),
        sa.CheckConstraint("kind IN ('email', 'subject')", name="ck_account_identities_kind"),
    )
    op.create_index("ix_account_identities_principal", "account_identities", ["principal_id"])
    op.create_table(
        "console_sessions",
        sa.Column("mark", sa.String, nullable=False),
        sa.Column("principal_id", sa.String, nullable=False),
        sa.Column("way", sa.String, nullable=False),
        sa.Column("limited", sa.Boolean, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_console_sessions"),
        sa.ForeignKeyConstraint(["principal_id"], ["accounts.principal_id"], name="fk_console_sessions_principal_id"),
    )
    op.create_index("ix_console_sessions_principal", "console_sessions", ["principal_id"])
    op.create_table(
        "login_failures",
        sa.Column("key", sa.String, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("counted", sa.Integer, nullable=False),
        sa.Column("since", _TIME),
        sa.Column("locked_until", _TIME),
        sa.PrimaryKeyConstraint("key", name="pk_login_failures"),
    )
