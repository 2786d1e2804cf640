"""Scopes of people's tokens, and programs with tokens of their own.

Revision: 0009
"""

import sqlalchemy as sa

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add them.

    A token made before may read and write; for administration a new one is made, by
    somebody who says so. Tokens of disabled people end: before, they would have come
    back to life with the account.
    """
    scope = sa.Column("scope", sa.String(8), nullable=False, server_default="write")
    op.add_column("api_token", scope)
    op.alter_column("api_token", "scope", server_default=None)
    op.execute(
        "DELETE FROM api_token WHERE person_id IN"
        " (SELECT id FROM person WHERE NOT active)"
    )
    op.create_table(
        "program",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
        sa.Column("scope", sa.String(8), nullable=False),
        sa.Column("queues", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(120), nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "program_token",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("hash"),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_program_token_program_id", "program_token", ["program_id"])
    op.create_table(
        "program_appointment",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("appointment_id"),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], ondelete="CASCADE"),
    )
    op.create_index(
        "ix_program_appointment_program_id", "program_appointment", ["program_id"]
    )


def downgrade() -> None:
    """Remove them."""
    for table in ("program_appointment", "program_token", "program"):
        op.drop_table(table)
    op.drop_column("api_token", "scope")
