"""Who invites each customer: the product's mails or the host calendar.

Revision: 0058
"""

import sqlalchemy as sa

from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

MAILED = """
INSERT INTO inviter (appointment_id, name)
SELECT DISTINCT appointment.id, CASE WHEN EXISTS (
  SELECT FROM setting WHERE key = 'calendars.invite_customer' AND value = 'on'
) AND EXISTS (
  SELECT FROM host_event JOIN connection ON connection.id = host_event.connection_id
  WHERE host_event.appointment_id = appointment.id AND connection.active
) THEN 'host' ELSE 'mail' END
FROM appointment JOIN outbox ON outbox.appointment_id = appointment.id
WHERE appointment.status = 'confirmed' AND outbox.kind = 'mail'
  AND outbox.state = 'done'
  AND outbox.payload->>'mail' IN ('confirmed', 'changed', 'agent')
"""


def upgrade() -> None:
    """Make the table; whose mails had no invitation is known from the settings."""
    op.create_table(
        "inviter",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("appointment_id"),
    )
    op.execute(MAILED)


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("inviter")
