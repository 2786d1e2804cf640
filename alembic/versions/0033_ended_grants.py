"""Personal calendars that agents signed out of.

Revision: 0033
"""

import sqlalchemy as sa

from alembic import op

revision = "0033"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "ended_grant",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_ended_grant_ended_at", "ended_grant", ["ended_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("ended_grant")
