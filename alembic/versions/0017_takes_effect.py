"""When a setting takes effect whose effect cannot be undone.

Revision: 0017
"""

import sqlalchemy as sa

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; without a value it is the midnight after the last change."""
    op.add_column("setting", sa.Column("takes_effect_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Remove the column."""
    op.drop_column("setting", "takes_effect_at")
