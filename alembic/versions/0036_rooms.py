"""Rooms of Answers and people, and when staff entered the room of an appointment.

Revision: 0036
"""

import sqlalchemy as sa

from alembic import op

revision = "0036"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLES = ("answer", "person")


def upgrade() -> None:
    """Add the columns; no existing Answer or person has a room of its own."""
    for table in TABLES:
        room = sa.Column("room", sa.String(500), nullable=False, server_default="")
        op.add_column(table, room)
        op.alter_column(table, "room", server_default=None)
    joined = sa.Column("staff_joined_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("appointment", joined)


def downgrade() -> None:
    """Remove the columns."""
    op.drop_column("appointment", "staff_joined_at")
    for table in TABLES:
        op.drop_column(table, "room")
