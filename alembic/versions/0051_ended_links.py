"""Hashes of links whose appointments were purged.

Revision: 0051
"""

import sqlalchemy as sa

from alembic import op

revision = "0051"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; links purged before are not in it."""
    op.create_table(
        "ended_link",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_ended_link_ended_at", "ended_link", ["ended_at"])


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("ended_link")
