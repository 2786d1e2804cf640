"""How often the links of an appointment were replaced.

Revision: 0012
"""

import sqlalchemy as sa

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; links made until now stay as they are."""
    generation = sa.Column(
        "link_generation", sa.Integer(), nullable=False, server_default="0"
    )
    op.add_column("appointment", generation)
    op.alter_column("appointment", "link_generation", server_default=None)


def downgrade() -> None:
    """Remove the column; links that were replaced have to be mailed again."""
    op.drop_column("appointment", "link_generation")
