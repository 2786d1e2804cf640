"""When the host calendar was made or chosen.

Revision: 0025
"""

import sqlalchemy as sa

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    moment = sa.DateTime(timezone=True)
    op.add_column("connection", sa.Column("host_chosen_at", moment, nullable=True))


def downgrade() -> None:
    """Remove the column."""
    op.drop_column("connection", "host_chosen_at")
