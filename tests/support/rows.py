"""Rows for tests, stored without ORM objects, which cost most of a bank's set-up."""

from functools import cache
from typing import Any

from sqlalchemy import Insert, Table, insert
from sqlmodel import SQLModel

from invo_booking.persistence.tables.core import table_of
from invo_booking.persistence.unit_of_work import UnitOfWork


def add_rows(work: UnitOfWork, kind: type[SQLModel], *rows: dict[str, Any]) -> None:
    """Insert rows of a table at once; a field that a row leaves out has its default."""
    filled = [_filled(kind, row) for row in rows]
    work.session.connection().execute(_insert(table_of(kind)), filled)


def _filled(kind: type[SQLModel], row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: row[name] if name in row else _default(field)
        for name, field in kind.model_fields.items()
    }


def _default(field: Any) -> Any:
    """Return a field's default without asking for its factory's signature."""
    return field.default_factory() if field.default_factory else field.default


@cache
def _insert(table: Table) -> Insert:
    return insert(table)
