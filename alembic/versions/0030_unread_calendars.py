"""Since when an agent's calendar cannot be read, and why in the provider's words.

A failure that was stored before counts from its last try.

Revision: 0030
"""

import sqlalchemy as sa

from alembic import op

revision = "0030"
down_revision = "0026"
branch_labels = None
depends_on = None

COLUMNS = {
    "problem_code": (sa.String(60), ""),
    "unread_reported": (sa.Boolean(), sa.false()),
}


def upgrade() -> None:
    """Add the columns."""
    since = sa.Column("unread_since", sa.DateTime(timezone=True), nullable=True)
    op.add_column("agent_calendar", since)
    for name, (kind, default) in COLUMNS.items():
        column = sa.Column(name, kind, nullable=False, server_default=default)
        op.add_column("agent_calendar", column)
        op.alter_column("agent_calendar", name, server_default=None)
    # Nothing about anybody's time changes, so no day of theirs counts as changed.
    op.execute("ALTER TABLE agent_calendar DISABLE TRIGGER USER")
    op.execute(
        "UPDATE agent_calendar SET unread_since = tried_at"
        " WHERE registered AND problem <> '' AND read_at IS DISTINCT FROM tried_at"
    )
    op.execute("ALTER TABLE agent_calendar ENABLE TRIGGER USER")


def downgrade() -> None:
    """Remove the columns."""
    for name in ("unread_since", *COLUMNS):
        op.drop_column("agent_calendar", name)
