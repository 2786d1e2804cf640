"""Names of what administrators and customers were last mailed about.

Revision: 0026
"""

import sqlalchemy as sa

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

COLUMNS = {"told_state": "mailed_state", "warned_days": "last_warning_days"}
KEYS = {"told_before": "last_mailed"}

RENAME_KEY = sa.text(
    "UPDATE outbox"
    " SET payload = payload - CAST(:old AS text)"
    " || jsonb_build_object(CAST(:new AS text), payload -> CAST(:old AS text))"
    " WHERE jsonb_exists(payload, CAST(:old AS text))"
)


def upgrade() -> None:
    """Rename columns, and keys of stored messages."""
    rename(COLUMNS, KEYS)


def downgrade() -> None:
    """Give both their earlier names."""
    rename(
        {new: old for old, new in COLUMNS.items()},
        {new: old for old, new in KEYS.items()},
    )


def rename(columns: dict[str, str], keys: dict[str, str]) -> None:
    """Rename columns of connections, and keys of the outbox's payloads."""
    for old, new in columns.items():
        op.alter_column("connection", old, new_column_name=new)
    for old, new in keys.items():
        op.execute(RENAME_KEY.bindparams(old=old, new=new))
