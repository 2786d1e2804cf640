"""Read the audit log."""

from datetime import datetime
from operator import attrgetter

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from invo_booking.domain import contact
from invo_booking.domain.audit import AuditQuery, LoggedEntry
from invo_booking.persistence.audit.entries import ROUTINE
from invo_booking.persistence.mapping import row_reader
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.audit import AuditRow

LATELY = 20_000
"""Only this number of latest entries is searched for filter values, because a search of
all entries takes too long."""


class AuditLog(Repository):
    """The audit log as readers see it."""

    def newest(
        self, query: AuditQuery, *, before: int | None, limit: int
    ) -> list[LoggedEntry]:
        """Return entries, newest first.

        Args:
            query: The filter.
            before: Only entries with lower numbers are returned, to continue a list.
            limit: Largest number of entries to return.
        """
        statement = (
            _entries_statement(query).order_by(col(AuditRow.id).desc()).limit(limit)
        )
        if before is not None:
            statement = statement.where(col(AuditRow.id) < before)
        return self._read(statement)

    def oldest(
        self, query: AuditQuery, *, after: int, last: int, limit: int
    ) -> list[LoggedEntry]:
        """Return entries numbered above ``after`` up to ``last``, earliest first."""
        statement = (
            _entries_statement(query)
            .where(col(AuditRow.id) > after, col(AuditRow.id) <= last)
            .order_by(col(AuditRow.id))
            .limit(limit)
        )
        return self._read(statement)

    def holds(self, column: str, value: str) -> bool:
        """Whether any entry has exactly this value in a column, such as ``object_id``.

        Reads all entries if none has the value.
        """
        known = col(getattr(AuditRow, column)) == value
        one = select(AuditRow.id).where(known).limit(1)
        return self._session.exec(one).first() is not None

    def last_number(self) -> int:
        """Return the number of the newest entry; 0 if there is none."""
        return self._session.exec(select(func.max(AuditRow.id))).one() or 0

    def counts(self) -> tuple[int, int]:
        """Return the number of all entries and the number of sealed entries."""
        counted = select(func.count(), func.count(col(AuditRow.seal)))
        total, sealed = self._session.exec(counted.select_from(AuditRow)).one()
        return total, sealed

    def count_unsealed(self) -> tuple[int, datetime | None]:
        """Return the number of unsealed entries and the time of the oldest."""
        counts = select(func.count(), func.min(AuditRow.at))
        unsealed = counts.where(col(AuditRow.seal).is_(None)).select_from(AuditRow)
        count, oldest = self._session.exec(unsealed).one()
        return count, oldest

    def kinds(self) -> list[tuple[str, str]]:
        """Return the pairs of object kind and action in recent entries, sorted."""
        newest = select(AuditRow.object_kind, AuditRow.action)
        lately = newest.order_by(col(AuditRow.id).desc()).limit(LATELY).subquery()
        pairs = select(lately.c.object_kind, lately.c.action).distinct()
        return sorted((kind, action) for kind, action in self._session.exec(pairs))

    def _read(self, statement: SelectOfScalar[AuditRow]) -> list[LoggedEntry]:
        return list(map(_logged, self._session.exec(statement)))


def _entries_statement(query: AuditQuery) -> SelectOfScalar[AuditRow]:
    statement = select(AuditRow)
    exact = {
        AuditRow.action: query.action,
        AuditRow.object_kind: query.object_kind,
        AuditRow.object_id: query.object_id,
    }
    for column, value in exact.items():
        if value:
            statement = statement.where(col(column) == value)
    if sought := contact.visible_text(query.actor):
        matches = col(AuditRow.actor).icontains(sought, autoescape=True)
        statement = statement.where(matches)
    if query.actor_id is not None:
        statement = statement.where(col(AuditRow.actor_id) == query.actor_id)
    if query.is_brief:
        statement = statement.where(col(AuditRow.action).not_in(ROUTINE))
    if query.since is not None:
        statement = statement.where(col(AuditRow.at) >= query.since)
    if query.until is not None:
        statement = statement.where(col(AuditRow.at) < query.until)
    return statement


_logged = row_reader(LoggedEntry, number=attrgetter("id"))
