"""How Alembic reaches the database; ``invo-booking migrate`` runs it.

Whoever already has a connection hands it in as ``attributes["connection"]``.
"""

from sqlalchemy import Connection, create_engine, text
from sqlmodel import SQLModel

from alembic import context
from invo_booking.config import load_config
from invo_booking.persistence.tables import (
    accounts,
    core,
    limits,
    links,
    outside,
    programs,
    supply,
    upkeep,
)
from invo_booking.persistence.upkeep import contact_uses

MIGRATION_LOCK = 7_203_194_511
"""Advisory lock, so that two instances starting together migrate one by one."""

assert core.__name__  # noqa: S101 - importing them fills the metadata
assert supply.__name__  # noqa: S101
assert contact_uses.__name__  # noqa: S101
assert outside.__name__  # noqa: S101
assert programs.__name__  # noqa: S101
assert limits.__name__  # noqa: S101
assert links.__name__  # noqa: S101
assert accounts.__name__  # noqa: S101
assert upkeep.__name__  # noqa: S101


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
