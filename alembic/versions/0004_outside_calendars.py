"""The connection to an outside calendar, and our appointments' events there.

And refusals by person, so that those noted lately are found at once.

Revision: 0004
"""

import sqlalchemy as sa

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables, and whether the provider knows an agent."""
    _add_to_calendars("registered", sa.Boolean(), sa.true())
    _add_to_calendars("mailbox", sa.String(254), "")
    op.add_column("agent_calendar", sa.Column("tried_at", MOMENT, nullable=True))
    _connection()
    _events()
    _sign_in_flow()
    op.create_index(
        "ix_audit_refused",
        "audit",
        ["actor", "id"],
        postgresql_where=sa.text("action = 'refused'"),
    )


def _add_to_calendars(
    name: str, kind: "sa.types.TypeEngine[object]", value: object
) -> None:
    column = sa.Column(name, kind, nullable=False, server_default=value)
    op.add_column("agent_calendar", column)
    op.alter_column("agent_calendar", name, server_default=None)


def downgrade() -> None:
    """Remove all of it."""
    op.drop_index("ix_audit_refused", "audit")
    for table in ("sign_in_flow", "host_busy", "host_event", "connection"):
        op.drop_table(table)
    for name in ("tried_at", "mailbox", "registered"):
        op.drop_column("agent_calendar", name)


def _connection() -> None:
    op.create_table(
        "connection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(12), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("problem", sa.String(500), nullable=False),
        sa.Column("account", sa.String(254), nullable=False),
        sa.Column("account_name", sa.String(120), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("host_id", sa.String(200), nullable=False),
        sa.Column("host_name", sa.String(200), nullable=False),
        sa.Column("host_address", sa.String(254), nullable=False),
        sa.Column("host_is_owner", sa.Boolean(), nullable=True),
        sa.Column("scopes", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("sealed_grant", sa.String(), nullable=False),
        sa.Column("grant_version", sa.Integer(), nullable=False),
        sa.Column("connected_by", sa.String(120), nullable=False),
        sa.Column("connected_at", MOMENT, nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("succeeded_at", MOMENT, nullable=True),
        sa.Column("next_run_at", MOMENT, nullable=True),
        sa.Column("paused_until", MOMENT, nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("write_from", MOMENT, nullable=True),
        sa.Column("writing_until", MOMENT, nullable=True),
        sa.Column("told_state", sa.String(12), nullable=False),
        sa.Column("warned_days", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "one_active_connection",
        "connection",
        ["active"],
        unique=True,
        postgresql_where=sa.text("active"),
    )


def _events() -> None:
    op.create_table(
        "host_event",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.String(600), nullable=False),
        sa.Column("version", sa.String(200), nullable=False),
        sa.Column("uid", sa.String(600), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("wanted_starts_at", MOMENT, nullable=True),
        sa.Column("wanted_ends_at", MOMENT, nullable=True),
        sa.Column("problem", sa.String(300), nullable=False),
        sa.Column("join_url", sa.String(2000), nullable=False),
        sa.Column("written_at", MOMENT, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("appointment_id", "connection_id"),
    )
    op.create_index("ix_host_event_event", "host_event", ["connection_id", "event_id"])
    op.create_table(
        "host_busy",
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("connection_id", "starts_at", "ends_at"),
    )


def _sign_in_flow() -> None:
    op.create_table(
        "sign_in_flow",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("session_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(12), nullable=False),
        sa.Column("sealed_flow", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash"),
    )
