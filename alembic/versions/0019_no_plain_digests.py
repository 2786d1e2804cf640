"""Remove hashes of addresses that were made without a key.

The counts of contacts and sign-ins of the last day start again at zero.

Revision: 0019
"""

import sqlalchemy as sa

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COUNTED = ("contact_use", "sign_in_failure", "link_request")
HASHED = "encode(sha256(convert_to(customer_email, 'UTF8')), 'hex')"
WITH_ADDRESS = sa.text("email_hash <> ''")


def upgrade() -> None:
    """Forget what was counted, and mails with links that name a hash."""
    for table in COUNTED:
        op.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
    op.execute("DELETE FROM outbox WHERE payload ? 'address' OR payload ? 'account'")
    op.drop_index("ix_appointment_email_hash", "appointment")
    op.drop_column("appointment", "email_hash")


def downgrade() -> None:
    """Bring back the hash of an appointment's address."""
    for table in COUNTED:
        op.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
    column = sa.Column("email_hash", sa.String(64), nullable=False, server_default="")
    op.add_column("appointment", column)
    op.alter_column("appointment", "email_hash", server_default=None)
    op.execute(
        f"UPDATE appointment SET email_hash = {HASHED} WHERE customer_email <> ''"  # noqa: S608
    )
    op.create_index(
        "ix_appointment_email_hash",
        "appointment",
        ["email_hash"],
        postgresql_where=WITH_ADDRESS,
    )
