from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from invo_booking.persistence import (
    account_tables,
    outside_tables,
    program_tables,
    supply_tables,
    tables,
)


def test_migrations_make_exactly_the_tables(database_url):
    assert tables.NO_DOUBLE_BOOKING
    assert supply_tables.DaySheetRow
    assert outside_tables.ConnectionRow
    assert account_tables.AccountLinkRow
    assert program_tables.ProgramRow
    engine = create_engine(database_url)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, SQLModel.metadata)
    engine.dispose()

    assert differences == []
