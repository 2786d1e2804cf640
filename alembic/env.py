"""How Alembic reaches the database; ``invo-booking migrate`` runs it.

Whoever already has a connection hands it in as ``attributes["connection"]``.
"""

from sqlalchemy import Connection, create_engine, text
from sqlmodel import SQLModel

from alembic import context
from invo_booking.config import load_config
from invo_booking.persistence import (
    account_tables,
    contact_uses,
    limit_tables,
    link_tables,
    outside_tables,
    program_tables,
    supply_tables,
    tables,
    upkeep_tables,
)

MIGRATION_LOCK = 7_203_194_511
"""Advisory lock, so that two instances starting together migrate one by one."""

assert tables.__name__  # noqa: S101 - importing them fills the metadata
assert supply_tables.__name__  # noqa: S101
assert contact_uses.__name__  # noqa: S101
assert outside_tables.__name__  # noqa: S101
assert program_tables.__name__  # noqa: S101
assert limit_tables.__name__  # noqa: S101
assert link_tables.__name__  # noqa: S101
assert account_tables.__name__  # noqa: S101
assert upkeep_tables.__name__  # noqa: S101


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        connection.execute(
            text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK}
        )
        context.run_migrations()


def _run() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    url = context.config.attributes.get("url") or load_config().database_url
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            _migrate(connection)
            connection.commit()
    finally:
        engine.dispose()


_run()
