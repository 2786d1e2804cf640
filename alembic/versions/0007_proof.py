"""Whether the contact of an appointment is proven, and how often contacts are used.

Revision: 0007
"""

import sqlalchemy as sa

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COUNTED = "regexp_replace(customer_email, '^([^+@]+)\\+[^@]*@', '\\1@')"

HASHED = "encode(sha256(convert_to(customer_email, 'UTF8')), 'hex')"


def upgrade() -> None:
    """Add the columns and the table; requests that wait have no proof yet."""
    op.add_column(
        "appointment",
        sa.Column("has_proof", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.alter_column("appointment", "has_proof", server_default=None)
    op.execute("UPDATE appointment SET has_proof = false WHERE status = 'requested'")
    for name, length in (("email_hash", 64), ("counted_email", 254)):
        column = sa.Column(name, sa.String(length), nullable=False, server_default="")
        op.add_column("appointment", column)
        op.alter_column("appointment", name, server_default=None)
    op.execute(
        f"UPDATE appointment SET counted_email = {COUNTED}, email_hash = {HASHED} "  # noqa: S608
        "WHERE customer_email <> ''"
    )
    for name in ("email_hash", "counted_email"):
        given = sa.text(f"{name} <> ''")
        op.create_index(
            f"ix_appointment_{name}", "appointment", [name], postgresql_where=given
        )
    op.drop_index("ix_appointment_email", "appointment")
    op.create_table(
        "contact_use",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column("contact_hash", sa.String(64), nullable=False),
        sa.Column("use", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_contact_use", "contact_use", ["contact_hash", "use", "at"])


def downgrade() -> None:
    """Remove them."""
    op.drop_table("contact_use")
    op.create_index(
        "ix_appointment_email",
        "appointment",
        ["customer_email"],
        postgresql_where=sa.text("customer_email <> ''"),
    )
    for name in ("email_hash", "counted_email"):
        op.drop_index(f"ix_appointment_{name}", "appointment")
        op.drop_column("appointment", name)
    op.drop_column("appointment", "has_proof")
