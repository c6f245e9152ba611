"""The day's figures: turns are found by when they began."""

from collections.abc import Sequence

from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_turns_created", "turns", ["created_at"])
