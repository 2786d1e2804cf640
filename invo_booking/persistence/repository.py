"""Run statements in the caller's transaction, for the repositories of each subject."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult, Executable, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, SQLModel, delete, select, update


class Repository:
    """Rows of one subject as one transaction sees them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def _run(
        self, statement: Executable, **values: Any
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run a statement with its parameters, past the session's objects."""
        return self._session.connection().execute(statement, values)

    def _put(
        self, table: type[SQLModel], key: Mapping[str, Any], values: Mapping[str, Any]
    ) -> None:
        """Add a row, or replace these values in the row with this primary key."""
        statement = insert(table).values(**key, **values)
        self._run(
            statement.on_conflict_do_update(index_elements=[*key], set_={**values})
        )

    def _change(self, table: type[SQLModel], *conditions: Any, **values: Any) -> int:
        """Change the rows that fulfill all conditions; return how many there were."""
        statement = update(table).where(*conditions).values(**values)
        return self._session.exec(statement).rowcount

    def _delete(self, table: type[SQLModel], *conditions: Any) -> int:
        """Delete the rows that fulfill all conditions; return how many there were."""
        return self._session.exec(delete(table).where(*conditions)).rowcount

    def _count(self, table: type[SQLModel], *conditions: Any) -> int:
        """Count the rows that fulfill all conditions."""
        statement = select(func.count()).select_from(table).where(*conditions)
        return self._session.exec(statement).one()
