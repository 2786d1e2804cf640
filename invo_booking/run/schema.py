"""Migrate and check the database's schema."""

from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from alembic import command
from invo_booking.config import PROJECT
from invo_booking.texts import say


class SchemaError(Exception):
    """The schema cannot be read or changed; the message says why."""


def migrate_schema(url: str) -> tuple[str | None, str | None]:
    """Migrate the schema to the newest revision. Idempotent.

    Returns:
        The revisions before and after the migration. The revision before is ``None`` if
        the database was empty.

    Raises:
        SchemaError: If the database cannot be reached.
    """
    before = current_schema_revision(url)
    settings = _settings()
    settings.attributes["url"] = url
    command.upgrade(settings, "head")
    return before, current_schema_revision(url)


def current_schema_revision(url: str) -> str | None:
    """Return the revision of the database's schema; ``None`` for an empty database.

    Raises:
        SchemaError: If the database cannot be reached.
    """
    try:
        return _read_revision(url)
    except OperationalError as error:
        reason = str(error.orig).strip().split("\n", 1)[0]
        raise SchemaError(
            say("operator.backup.database_unreachable", reason=reason)
        ) from error


def _read_revision(url: str) -> str | None:
    engine = create_engine(url, connect_args={"connect_timeout": 5})
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def newest_schema_revision() -> str | None:
    """Return the revision that this version needs."""
    return ScriptDirectory.from_config(_settings()).get_current_head()


def schema_mismatch(url: str) -> str:
    """Return why this version must not use a database, and what to do.

    Empty if the database has the schema of this version.

    Raises:
        SQLAlchemyError: If the database cannot be reached.
    """
    current = _read_revision(url)
    newest = newest_schema_revision()
    if current == newest:
        return ""
    if current is None or current in known_revisions():
        return say(
            "operator.start.schema_older",
            value=current or "none",
            newest=newest,
        )
    return say("operator.start.schema_newer", current=current, newest=newest)


def known_revisions() -> set[str]:
    """Return all schema revisions that this version knows, up to the newest."""
    scripts = ScriptDirectory.from_config(_settings()).walk_revisions()
    return {script.revision for script in scripts}


def _settings() -> AlembicConfig:
    return AlembicConfig(toml_file=PROJECT / "pyproject.toml")
