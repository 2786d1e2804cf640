"""Mail servers that are left alone for a while, and how much at once is usual.

Revision: 0013
"""

import sqlalchemy as sa

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "mail_server",
        sa.Column("name", sa.String(300), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(300), nullable=False),
        sa.Column("failed_at", INSTANT, nullable=False),
        sa.Column("paused_until", INSTANT),
    )
    op.create_table(
        "usual_amount",
        sa.Column("kind", sa.String(12), primary_key=True),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
    )


def downgrade() -> None:
    """Remove the tables."""
    op.drop_table("usual_amount")
    op.drop_table("mail_server")
