"""Number of the lease of the worker that writes events.

Revision: 0059
"""

import sqlalchemy as sa

from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the number."""
    number = sa.Column(
        "writing_fence", sa.BigInteger(), nullable=False, server_default="0"
    )
    op.add_column("connection", number)


def downgrade() -> None:
    """Take the number back."""
    op.drop_column("connection", "writing_fence")
