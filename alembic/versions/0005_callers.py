"""Who did it, and where the request came from, in the audit trail.

Revision: 0005
"""

import sqlalchemy as sa

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was written before came from nowhere we know."""
    op.add_column("audit", sa.Column("actor_id", sa.Uuid(), nullable=True))
    for name, length in (("interface", 16), ("address", 64), ("request_id", 32)):
        column = sa.Column(name, sa.String(length), nullable=False, server_default="")
        op.add_column("audit", column)
        op.alter_column("audit", name, server_default=None)


def downgrade() -> None:
    """Remove the columns."""
    for name in ("actor_id", "interface", "address", "request_id"):
        op.drop_column("audit", name)
