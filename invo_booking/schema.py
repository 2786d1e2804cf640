"""The database's schema, brought to where this version of the product needs it."""

from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from alembic import command
from invo_booking.config import PROJECT


class SchemaError(Exception):
    """The schema cannot be read or changed; says why."""


def migrate(url: str) -> tuple[str | None, str | None]:
    """Bring the schema to the newest revision; harmless if it is there already.

    Args:
        url: SQLAlchemy address of the database.

    Returns:
        The revisions before and after.

    Raises:
        SchemaError: If the database cannot be reached.
    """
    before = current(url)
    settings = _settings()
    settings.attributes["url"] = url
    command.upgrade(settings, "head")
    return before, current(url)


def current(url: str) -> str | None:
    """Return the revision the database is at, or None for an empty one.

    Raises:
        SchemaError: If the database cannot be reached.
    """
    engine = create_engine(url, connect_args={"connect_timeout": 5})
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except OperationalError as error:
        reason = str(error.orig).strip().split("\n", 1)[0]
        raise SchemaError(f"The database cannot be reached: {reason}.") from error
    finally:
        engine.dispose()


def newest() -> str | None:
    """Return the revision this version of the product needs."""
    return ScriptDirectory.from_config(_settings()).get_current_head()


def _settings() -> AlembicConfig:
    return AlembicConfig(toml_file=PROJECT / "pyproject.toml")
