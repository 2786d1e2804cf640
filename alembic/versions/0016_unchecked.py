"""When an appointment was booked without an answer of the agent's calendar.

Revision: 0016
"""

import sqlalchemy as sa

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nothing is marked so far."""
    op.add_column("appointment", sa.Column("unchecked_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Remove the column."""
    op.drop_column("appointment", "unchecked_at")
