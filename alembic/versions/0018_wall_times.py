"""What the institution's clock was to show when an appointment's time was agreed.

Revision: 0018
"""

from zoneinfo import ZoneInfo

import sqlalchemy as sa

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_LIVE = sa.text(
    "SELECT id, starts_at FROM appointment WHERE status IN ('requested', 'confirmed')"
)
_SET = sa.text(
    "UPDATE appointment SET wall_time = :wall, wall_zone = :zone WHERE id = :id"
)


def upgrade() -> None:
    """Add the columns, and note for live appointments what clocks show by today."""
    for name, length in (("wall_time", 16), ("wall_zone", 64)):
        column = sa.Column(name, sa.String(length), nullable=False, server_default="")
        op.add_column("appointment", column)
        op.alter_column("appointment", name, server_default=None)
    work = op.get_bind()
    name = work.execute(sa.text("SELECT time_zone FROM institution")).scalar()
    for found in work.execute(_LIVE).all():
        wall = f"{found.starts_at.astimezone(ZoneInfo(name)):%Y-%m-%dT%H:%M}"
        work.execute(_SET, {"id": found.id, "wall": wall, "zone": name})


def downgrade() -> None:
    """Remove the columns."""
    op.drop_column("appointment", "wall_zone")
    op.drop_column("appointment", "wall_time")
