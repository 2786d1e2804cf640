"""Names of queues and branches, and directions, in other languages.

Revision: 0052
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the texts, none at first."""
    for table in ("queue", "branch"):
        column = sa.Column(
            "translations", JSONB, nullable=False, server_default=sa.text("'{}'")
        )
        op.add_column(table, column)


def downgrade() -> None:
    """Take the texts back."""
    for table in ("queue", "branch"):
        op.drop_column(table, "translations")
