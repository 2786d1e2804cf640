"""Which database this is, so that a copy of it is recognized.

Revision: 0045
"""

import sqlalchemy as sa

from alembic import op

revision = "0045"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; the first periodic task fills it."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "database_identity",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("identity", sa.String(60), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("backup_at", moment, nullable=True),
        sa.CheckConstraint("id = 1", name="only_one_identity"),
    )


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("database_identity")
