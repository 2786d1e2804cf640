"""Tries over all addresses, known browsers, links that set a password, alarms.

Revision: 0010
"""

import sqlalchemy as sa

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; tries counted so far are forgotten, they matter for an hour."""
    op.add_column(
        "person",
        sa.Column(
            "must_change_password", sa.Boolean(), nullable=False, server_default="false"
        ),
    )
    op.alter_column("person", "must_change_password", server_default=None)
    _count_by_network()
    _make_known_browsers()
    _make_links()
    op.create_table(
        "incident",
        sa.Column("kind", sa.String(24), primary_key=True),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
    )


def downgrade() -> None:
    """Remove the tables; tries counted so far are forgotten."""
    for table in ("incident", "link_request", "account_link", "known_browser"):
        op.drop_table(table)
    op.execute("DELETE FROM sign_in_failure")
    for index in ("ix_sign_in_failure_network", "ix_sign_in_failure_at"):
        op.drop_index(index, "sign_in_failure")
    op.drop_column("sign_in_failure", "browser")
    op.alter_column("sign_in_failure", "network", new_column_name="address")
    op.create_index("ix_sign_in_failure_address", "sign_in_failure", ["address", "at"])
    op.drop_column("person", "must_change_password")


def _count_by_network() -> None:
    op.execute("DELETE FROM sign_in_failure")
    op.drop_index("ix_sign_in_failure_address", "sign_in_failure")
    op.alter_column("sign_in_failure", "address", new_column_name="network")
    op.add_column(
        "sign_in_failure", sa.Column("browser", sa.String(64), nullable=False)
    )
    op.create_index("ix_sign_in_failure_network", "sign_in_failure", ["network", "at"])
    op.create_index("ix_sign_in_failure_at", "sign_in_failure", ["at"])


def _make_known_browsers() -> None:
    op.create_table(
        "known_browser",
        sa.Column("hash", sa.String(64), primary_key=True),
        _person(primary_key=True),
        sa.Column("used_at", INSTANT, nullable=False),
    )
    op.create_index("ix_known_browser_person_id", "known_browser", ["person_id"])


def _make_links() -> None:
    op.create_table(
        "account_link",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("purpose", sa.String(12), nullable=False),
        _person(),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
    )
    op.create_index("ix_account_link_person_id", "account_link", ["person_id"])
    op.create_table(
        "link_request",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), primary_key=True),
        sa.Column("account_hash", sa.String(64), nullable=False),
        sa.Column("network", sa.String(64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
    for name, column in (("account", "account_hash"), ("network", "network")):
        op.create_index(f"ix_link_request_{name}", "link_request", [column, "at"])


def _person(*, primary_key: bool = False) -> sa.Column[object]:
    return sa.Column(
        "person_id",
        sa.Uuid(),
        sa.ForeignKey("person.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )
