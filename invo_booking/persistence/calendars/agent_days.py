"""Read the busy spans of agents, which the database stores by day.

Triggers derive an agent's day from appointments and busy intervals. They run in the
transaction that changes an appointment or an interval, so a stored day always agrees
with both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlmodel import col

from invo_booking.domain.slots.days import Rows
from invo_booking.domain.slots.index import AgentBusy, AgentDay
from invo_booking.domain.slots.supply import CalendarFreshness
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.supply import NO_BRANCH, AgentDayRow

_COLUMNS = 5

_SINCE = text("""
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
  pg_current_xact_id_if_assigned() IS NOT NULL,
  owner_id, language, branch_id, day, spans, read_at, problem, registered
FROM (SELECT 1) AS one
LEFT JOIN (
  SELECT owner_id, language, branch_id, day, spans,
    NULL::timestamptz AS read_at, NULL::text AS problem, NULL::boolean AS registered
  FROM agent_day WHERE changed >= :mark AND day BETWEEN :first AND :last
  UNION ALL
  SELECT agent_id, '', NULL, NULL, NULL, read_at, problem, registered
  FROM agent_calendar WHERE changed >= :mark
) AS change ON true
""")
_BETWEEN = text("""
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
  pg_current_xact_id_if_assigned() IS NOT NULL,
  owner_id, language, branch_id, spans_of_days, read_at, problem, registered
FROM (SELECT 1) AS one
LEFT JOIN (
  SELECT owner_id, language, branch_id,
    string_agg(spans, '' ORDER BY day) AS spans_of_days,
    NULL::timestamptz AS read_at, NULL::text AS problem, NULL::boolean AS registered
  FROM agent_day WHERE day BETWEEN :first AND :last AND spans <> ''
  GROUP BY owner_id, language, branch_id
  UNION ALL
  SELECT agent_id, '', NULL, NULL, read_at, problem, registered FROM agent_calendar
) AS found ON true
""")


Readings = Mapping[UUID, CalendarFreshness | None]
"""When each agent's outside calendar was last read; ``None`` if the provider does not
know the agent."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The agents' days that changed since a mark: see ``AgentDays``.

    Attributes:
        mark: Mark from which to read the next time.
        written: Whether the reading transaction has written something itself. If so,
            its changes may be rolled back, so the data it has read must not be shared
            with other transactions.
        readings: When each outside calendar was last read, if its row changed since the
            mark. These times are read in the same snapshot as the days.
    """

    mark: int
    written: bool
    readings: Readings
    agent_days: tuple[AgentDay, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """The busy spans on some dates; ``mark`` and ``written`` as in ``Changes``."""

    mark: int
    written: bool
    readings: Readings
    busy_lists: tuple[AgentBusy, ...]


class AgentDays(Repository):
    """The busy spans of agents by day, as one transaction sees them.

    A *mark* is the number of the oldest transaction that still ran at the time of a
    read. All transactions with lower numbers had already ended, so the read saw their
    changes. The next read asks for the changes of the transactions numbered from the
    mark on. No change is missed, in whatever order transactions commit. Busy spans and
    the times at which calendars were read come from one statement, so they are
    consistent.
    """

    def changes_since(
        self, mark: int, first: date, last: date, limit: timedelta
    ) -> Changes:
        """Return the days that changed since a mark; a later call may repeat days.

        Args:
            mark: The mark that the previous read returned.
            first: First date, inclusive.
            last: Last date, inclusive.
            limit: Age up to which data read from an outside calendar is valid.
        """
        rows = self._run(_SINCE, mark=mark, first=first, last=last).all()
        mark, written, *_ = rows[0]
        agent_days = tuple(
            AgentDay(
                row.owner_id,
                row.language,
                row.day,
                _spans(row.spans),
                _branch(row.branch_id),
            )
            for row in rows
            if row.spans is not None
        )
        return Changes(mark, written, _readings(rows, limit), agent_days)

    def between(self, first: date, last: date, limit: timedelta) -> Contents:
        """Return all busy spans on these dates, by owner; see ``changes_since``."""
        rows = self._run(_BETWEEN, first=first, last=last).all()
        mark, written, *_ = rows[0]
        agents_busy = tuple(
            AgentBusy(
                row.owner_id,
                row.language,
                _spans(row.spans_of_days),
                _branch(row.branch_id),
            )
            for row in rows
            if row.spans_of_days is not None
        )
        return Contents(mark, written, _readings(rows, limit), agents_busy)

    def wrong(self, first: date) -> list[tuple[UUID, str, date]]:
        """Return days, from ``first`` on, that contradict appointments or busy times.

        Returns:
            Id of the owner, language and date of each wrong day.
        """
        query = text("SELECT owner_id, language, day FROM wrong_agent_days(:first)")
        return [
            (who, language, day) for who, language, day in self._run(query, first=first)
        ]

    def repair(self, first: date) -> int:
        """Repair wrong days, from ``first`` on; return how many were wrong."""
        self._run(text("SET LOCAL statement_timeout = 0"))
        return self._run(
            text("SELECT repair_agent_days(:first)"), first=first
        ).scalar_one()

    def rebuild(self) -> None:
        """Derive all days again, for example after the institution's zone changed.

        Locks the table before it changes any row, as ``repair`` does. Otherwise a
        deadlock could occur: a transaction that waits for one of the rows has a lock on
        the table too.
        """
        self._run(text("LOCK TABLE agent_day IN SHARE ROW EXCLUSIVE MODE"))
        self._run(
            text(
                "UPDATE agent_day SET spans = '', "
                "changed = pg_current_xact_id()::text::bigint"
            )
        )
        self.repair(date.min)

    def forget_before(self, day: date) -> None:
        """Delete the days before a date."""
        self._delete(AgentDayRow, col(AgentDayRow.day) < day)


def _branch(branch_id: UUID) -> UUID | None:
    return None if branch_id == NO_BRANCH else branch_id


def _spans(packed: bytes) -> Rows:
    numbers = np.frombuffer(packed, dtype=">i4").astype(np.int32)
    return numbers.reshape(-1, _COLUMNS)


def _readings(
    rows: Sequence[Any], limit: timedelta
) -> dict[UUID, CalendarFreshness | None]:
    return {
        row.owner_id: CalendarFreshness(_utc(row.read_at), row.problem, limit)
        if row.registered
        else None
        for row in rows
        if row.registered is not None
    }


def _utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(UTC)
