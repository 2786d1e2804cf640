"""What is over without a record that the customer came is ended, not completed.

Revision: 0014
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Call completed only those appointments whose customer joined."""
    op.execute(
        "UPDATE appointment SET status = 'ended' "
        "WHERE status = 'completed' AND joined_at IS NULL"
    )


def downgrade() -> None:
    """Call everything completed that is over."""
    op.execute("UPDATE appointment SET status = 'completed' WHERE status = 'ended'")
