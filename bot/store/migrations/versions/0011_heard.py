"""What a recording was heard to say is kept beside it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Give files a place for it."""
    op.add_column("attachments", sa.Column("heard", sa.LargeBinary))
