"""What outside calendars take, derived day sheets, and what administrators keep.

Revision: 0002
"""

import sqlalchemy as sa

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables and columns."""
    for table in ("person", "queue", "answer"):
        _add(table, sa.Column("version", sa.Integer(), nullable=False), "1")
    _add("queue", sa.Column("assignment", sa.String(12), nullable=False), "unassigned")
    _supply()
    _administration()


def _add(table: str, column: "sa.Column[object]", value: str) -> None:
    column.server_default = sa.DefaultClause(value)
    op.add_column(table, column)
    op.alter_column(table, column.name, server_default=None)


def _supply() -> None:
    op.create_table(
        "busy_interval",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name="busy_starts_before_it_ends"),
        sa.CheckConstraint(
            "ends_at <= (date_trunc('day', starts_at, 'UTC') + interval '1 day')",
            name="busy_within_one_day",
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_busy_interval_agent_start", "busy_interval", ["agent_id", "starts_at"]
    )
    op.create_table(
        "agent_calendar",
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("problem", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("agent_id"),
    )
    op.create_table(
        "day_sheet",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("spans", sa.LargeBinary(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", "language", "day"),
    )
    op.create_index("ix_day_sheet_changed", "day_sheet", ["changed"])


def _administration() -> None:
    op.create_table(
        "api_token",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("ix_api_token_person_id", "api_token", ["person_id"])
    op.create_table(
        "image",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("media_type", sa.String(20), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(120), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "counter",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("half_hour", sa.Integer(), nullable=False),
        sa.Column("queue_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "half_hour", "queue_id", "language", "channel", "outcome"
        ),
    )


def downgrade() -> None:
    """Remove them with all they hold."""
    for table in (
        "counter",
        "image",
        "api_token",
        "day_sheet",
        "agent_calendar",
        "busy_interval",
    ):
        op.drop_table(table)
    op.drop_column("queue", "assignment")
    for table in ("answer", "queue", "person"):
        op.drop_column(table, "version")
