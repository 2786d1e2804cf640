"""Closed days of a branch, beside those of the institution.

Revision: 0047
"""

import sqlalchemy as sa

from alembic import op

revision = "0047"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; it has no index beside its key."""
    op.create_table(
        "branch_holiday",
        sa.Column(
            "branch_id",
            sa.Uuid(),
            sa.ForeignKey("branch.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
    )


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("branch_holiday")
