"""A migration that fails half-way leaves the schema and the data as they were."""

import shutil

import pytest
from alembic.config import Config
from sqlalchemy import create_engine, inspect, text

from alembic import command
from invo_booking.config import PROJECT
from invo_booking.run.schema import (
    current_schema_revision,
    migrate_schema,
    newest_schema_revision,
)

BROKEN = '''"""Fails after it has changed something."""

from alembic import op

revision = "9999"
down_revision = "{newest}"
branch_labels = depends_on = None


def upgrade():
    op.execute("ALTER TABLE institution ADD COLUMN half_way text")
    op.execute("CREATE TABLE half_way (id integer PRIMARY KEY)")
    op.execute("SELECT 1 / 0")
'''


@pytest.fixture
def broken(tmp_path, own_database_url) -> Config:
    """The migrations of today and one that fails, for the database of this test."""
    shutil.copytree(PROJECT / "alembic", tmp_path / "alembic")
    text_of_it = BROKEN.format(newest=newest_schema_revision())
    (tmp_path / "alembic" / "versions" / "9999_broken.py").write_text(text_of_it)
    settings = Config()
    settings.set_main_option("script_location", str(tmp_path / "alembic"))
    settings.attributes["url"] = own_database_url
    return settings


def columns_and_tables(url: str) -> tuple[set[str], set[str]]:
    """Return the columns of the institution, and all tables."""
    engine = create_engine(url)
    seen = inspect(engine)
    columns = {it["name"] for it in seen.get_columns("institution")}
    tables = set(seen.get_table_names())
    engine.dispose()
    return columns, tables


def test_failed_migration_changes_nothing_and_the_version_before_goes_on(
    broken, own_database_url
):
    migrate_schema(own_database_url)
    before = columns_and_tables(own_database_url)

    with pytest.raises(Exception, match="division by zero"):
        command.upgrade(broken, "head")

    assert columns_and_tables(own_database_url) == before
    assert current_schema_revision(own_database_url) == newest_schema_revision()


def test_migrations_before_the_failed_one_can_be_repeated(broken, own_database_url):
    engine = create_engine(own_database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in ("DROP SCHEMA public CASCADE", "CREATE SCHEMA public"):
            connection.execute(text(statement))
    engine.dispose()

    with pytest.raises(Exception, match="division by zero"):
        command.upgrade(broken, "head")
    _, after = migrate_schema(own_database_url)

    assert after == newest_schema_revision()
    assert "half_way" not in columns_and_tables(own_database_url)[1]
