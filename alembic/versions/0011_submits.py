"""What a key has made, whatever it is, and for how long a customer is waited for.

Revision: 0011
"""

import sqlalchemy as sa

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; until now keys have made nothing but appointments."""
    made = sa.Column("made", sa.String(400), nullable=False, server_default="")
    op.add_column("idempotency", made)
    op.execute("UPDATE idempotency SET made = appointment_id::text")
    op.alter_column("idempotency", "made", server_default=None)
    op.alter_column("idempotency", "appointment_id", nullable=True)
    op.add_column("appointment", sa.Column("waits_until", sa.DateTime(timezone=True)))
    op.add_column("appointment", sa.Column("waits_by", sa.Uuid()))


def downgrade() -> None:
    """Remove the columns, and what keys made besides appointments."""
    op.drop_column("appointment", "waits_by")
    op.drop_column("appointment", "waits_until")
    op.execute("DELETE FROM idempotency WHERE appointment_id IS NULL")
    op.alter_column("idempotency", "appointment_id", nullable=False)
    op.drop_column("idempotency", "made")
