"""Opening hours of institution, branches and queues; without any there is no bound.

Revision: 0046
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0046"
down_revision = "0041"
branch_labels = None
depends_on = None

TABLES = ("institution", "branch", "queue")


def upgrade() -> None:
    """Add the columns; nothing is bound until somebody enters hours."""
    for table in TABLES:
        words = postgresql.ARRAY(sa.String())
        column = sa.Column("opening_hours", words, nullable=False, server_default="{}")
        op.add_column(table, column)
        op.alter_column(table, "opening_hours", server_default=None)


def downgrade() -> None:
    """Remove the columns."""
    for table in TABLES:
        op.drop_column(table, "opening_hours")
