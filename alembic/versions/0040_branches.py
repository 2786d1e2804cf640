"""Branches, and the branch of each visit.

Revision: 0040
"""

from uuid import uuid4

import sqlalchemy as sa

from alembic import op

revision = "0040"
down_revision = "0030"
branch_labels = None
depends_on = None

_FIRST = sa.text(
    "INSERT INTO branch (id, name, street, town, region, postal_code, country, phone,"
    " directions, time_zone, active, version)"
    " SELECT :id, name, '{}', '', '', '', country, phone, '', time_zone, true, 1"
    " FROM institution"
)
_VISITS = sa.text(
    "UPDATE appointment SET branch_id = branch.id FROM branch WHERE channel = 'branch'"
)


def upgrade() -> None:
    """Add branches; an existing institution gets one, at which all its visits are."""
    op.create_table(
        "branch",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False, unique=True),
        sa.Column("street", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("town", sa.String(80), nullable=False),
        sa.Column("region", sa.String(80), nullable=False),
        sa.Column("postal_code", sa.String(16), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("phone", sa.String(32), nullable=False),
        sa.Column("directions", sa.String(500), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("latitude", sa.Float()),
        sa.Column("longitude", sa.Float()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.add_column("appointment", sa.Column("branch_id", sa.Uuid()))
    op.create_foreign_key(None, "appointment", "branch", ["branch_id"], ["id"])
    work = op.get_bind()
    work.execute(_FIRST, {"id": uuid4()})
    work.execute(_VISITS)


def downgrade() -> None:
    """Remove them."""
    op.drop_column("appointment", "branch_id")
    op.drop_table("branch")
