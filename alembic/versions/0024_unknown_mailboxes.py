"""Since when a mailbox is unknown, and whether administrators were told.

Mailboxes that are unknown already count as reported: the page Calendars lists them.

Revision: 0024
"""

import sqlalchemy as sa

from alembic import op

revision = "0024"
down_revision = "0019"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add both columns."""
    op.add_column("agent_calendar", sa.Column("unknown_since", MOMENT, nullable=True))
    column = sa.Column(
        "reported", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("agent_calendar", column)
    op.alter_column("agent_calendar", "reported", server_default=None)
    # Nothing about anybody's time changes, so no day of theirs counts as changed.
    op.execute("ALTER TABLE agent_calendar DISABLE TRIGGER USER")
    op.execute("UPDATE agent_calendar SET reported = NOT registered")
    op.execute("ALTER TABLE agent_calendar ENABLE TRIGGER USER")


def downgrade() -> None:
    """Remove both columns."""
    for name in ("unknown_since", "reported"):
        op.drop_column("agent_calendar", name)
