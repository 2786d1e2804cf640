"""Periods of people's hours can name a branch.

Revision: 0048
"""

import sqlalchemy as sa

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

TABLES = ("working_hours", "day_exception")


def upgrade() -> None:
    """Add the columns; periods without a branch count at every one."""
    for table in TABLES:
        branch = sa.ForeignKey("branch.id")
        op.add_column(table, sa.Column("branch_id", sa.Uuid(), branch, nullable=True))


def downgrade() -> None:
    """Remove the columns."""
    for table in TABLES:
        op.drop_column(table, "branch_id")
