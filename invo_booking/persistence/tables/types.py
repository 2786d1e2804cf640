"""Define columns for instants and for texts in several languages."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, DateTime, Dialect, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field


class UtcDateTime(TypeDecorator[datetime]):
    """A column type for instants, which stores and returns UTC.

    Raises an error for naive datetimes.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Convert to UTC."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!s}")
        return value.astimezone(UTC)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Return an aware datetime in UTC."""
        del dialect
        return None if value is None else value.astimezone(UTC)


def translations_column() -> Any:
    """Return a column of texts by language and field."""
    column = Column(JSONB, nullable=False, server_default=text("'{}'"))
    return Field(default_factory=dict, sa_column=column)
