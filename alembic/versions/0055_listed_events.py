"""What a provider has listed of the host calendar, and where to go on.

Revision: 0055
"""

import sqlalchemy as sa

from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create both tables; what is listed is read at the next run."""
    op.create_table(
        "host_cursor",
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("connection_id"),
    )
    op.create_table(
        "listed_event",
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.String(600), nullable=False),
        sa.Column("version", sa.String(200), nullable=False),
        sa.Column("uid", sa.String(600), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=True),
        sa.Column("series_id", sa.String(600), nullable=False),
        sa.Column("join_url", sa.String(2000), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=True),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("is_readable", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("connection_id", "event_id"),
    )
    op.create_index(
        "ix_listed_event_series", "listed_event", ["connection_id", "series_id"]
    )


def downgrade() -> None:
    """Remove both tables."""
    op.drop_table("listed_event")
    op.drop_table("host_cursor")
