from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from invo_booking.persistence.tables import accounts, core, outside, programs, supply


def test_migrations_make_exactly_the_tables(database_url):
    assert core.NO_DOUBLE_BOOKING
    assert supply.AgentDayRow
    assert outside.ConnectionRow
    assert accounts.AccountLinkRow
    assert programs.ProgramRow
    engine = create_engine(database_url)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, SQLModel.metadata)
    engine.dispose()

    assert differences == []
