"""Which events of the host calendar cannot be read.

Revision: 0015
"""

import sqlalchemy as sa

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; all events count as read until the next look."""
    note = sa.Column("unreadable", sa.String(500), nullable=False, server_default="")
    op.add_column("connection", note)
    op.alter_column("connection", "unreadable", server_default=None)


def downgrade() -> None:
    """Remove the column."""
    op.drop_column("connection", "unreadable")
