"""Texts of the institution and of Answers in other languages.

Revision: 0050
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0050"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the texts, none at first."""
    for table in ("institution", "answer"):
        column = sa.Column(
            "translations", JSONB, nullable=False, server_default=sa.text("'{}'")
        )
        op.add_column(table, column)


def downgrade() -> None:
    """Take the texts back."""
    for table in ("institution", "answer"):
        op.drop_column(table, "translations")
