"""Runs of periodic tasks are recorded, so that a task that always fails is noticed.

Revision: 0061
"""

import sqlalchemy as sa

from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "periodic_task",
        sa.Column("task", sa.String(40), primary_key=True),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unsuccessful", sa.Integer(), nullable=False),
        sa.Column("unsuccessful_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(80), nullable=False),
        sa.Column("alarmed_at", sa.DateTime(timezone=True), nullable=True),
    )


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("periodic_task")
