"""What is asked without a sign-in, used proofs of work, and queues being filled up.

Revision: 0008
"""

import sqlalchemy as sa

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "asked",
        sa.Column("who", sa.String(64), primary_key=True),
        sa.Column("what", sa.String(12), primary_key=True),
        sa.Column("asked_at", sa.ARRAY(MOMENT), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
    )
    op.create_index("ix_asked_last_at", "asked", ["last_at"])
    op.create_table(
        "spent_proof",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("used_for", sa.String(64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
    )
    op.create_index("ix_spent_proof_expires_at", "spent_proof", ["expires_at"])
    op.create_table(
        "open_starts",
        _queue(),
        sa.Column("at", MOMENT, primary_key=True),
        sa.Column("open_starts", sa.Integer(), nullable=False),
    )
    op.create_table(
        "flood",
        _queue(),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
    )


def downgrade() -> None:
    """Remove the tables."""
    for name in ("flood", "open_starts", "spent_proof", "asked"):
        op.drop_table(name)


def _queue() -> "sa.Column[object]":
    owner = sa.ForeignKey("queue.id", ondelete="CASCADE")
    return sa.Column("queue_id", sa.Uuid(), owner, primary_key=True)
