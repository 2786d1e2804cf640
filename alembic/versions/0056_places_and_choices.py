"""Which branch open starts were counted for, and which agent a customer chose.

Revision: 0056
"""

import sqlalchemy as sa

from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

NO_BRANCH = "00000000-0000-0000-0000-000000000000"
CHOSEN = """
UPDATE appointment SET chosen_agent_id = agent_id
WHERE assigned_because = 'Chosen by the customer'
"""


def upgrade() -> None:
    """Add both; the choice was recognized by its sentence before."""
    branch = sa.Column("branch_id", sa.Uuid(), nullable=False, server_default=NO_BRANCH)
    op.add_column("open_starts", branch)
    op.drop_constraint("open_starts_pkey", "open_starts")
    op.create_primary_key(
        "open_starts_pkey", "open_starts", ["queue_id", "branch_id", "at"]
    )
    op.add_column("appointment", sa.Column("chosen_agent_id", sa.Uuid(), nullable=True))
    op.execute(CHOSEN)


def downgrade() -> None:
    """Take both back; counts are made again every minute."""
    op.drop_column("appointment", "chosen_agent_id")
    op.execute("DELETE FROM open_starts")
    op.drop_constraint("open_starts_pkey", "open_starts")
    op.drop_column("open_starts", "branch_id")
    op.create_primary_key("open_starts_pkey", "open_starts", ["queue_id", "at"])
