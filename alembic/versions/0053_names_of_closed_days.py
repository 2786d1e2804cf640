"""Names of closed days in other languages.

Revision: 0053
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the names, none at first."""
    for table in ("holiday", "branch_holiday"):
        column = sa.Column(
            "translations", JSONB, nullable=False, server_default=sa.text("'{}'")
        )
        op.add_column(table, column)


def downgrade() -> None:
    """Take the names back."""
    for table in ("holiday", "branch_holiday"):
        op.drop_column(table, "translations")
