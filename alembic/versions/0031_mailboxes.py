"""A mailbox for an agent's calendar beside the address of the sign-in.

Revision: 0031
"""

import sqlalchemy as sa

from alembic import op

revision = "0031"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty: the address of the sign-in is the mailbox."""
    column = sa.Column("mailbox", sa.String(254), nullable=False, server_default="")
    op.add_column("person", column)
    op.alter_column("person", "mailbox", server_default=None)


def downgrade() -> None:
    """Remove the column."""
    op.drop_column("person", "mailbox")
