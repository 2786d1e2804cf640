"""Mails that failed are found without reading the whole outbox.

Revision: 0057
"""

import sqlalchemy as sa

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_outbox_failed",
        "outbox",
        ["id"],
        postgresql_where=sa.text("state = 'failed'"),
    )


def downgrade() -> None:
    """Remove the index."""
    op.drop_index("ix_outbox_failed", table_name="outbox")
