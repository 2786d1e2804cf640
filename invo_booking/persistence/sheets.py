"""Day sheets: what is taken of each day, derived by the database itself.

Triggers write a sheet in the very transaction that changes an appointment or a busy
interval, so a sheet and its causes are never seen apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlmodel import Session, col, delete

from invo_booking.domain.book import Diary, Sheet
from invo_booking.domain.sheet import Rows
from invo_booking.domain.supply import Reading
from invo_booking.persistence.supply_tables import DaySheetRow

_COLUMNS = 5

_SINCE = text("""
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
  pg_current_xact_id_if_assigned() IS NOT NULL,
  EXISTS (SELECT FROM agent_calendar WHERE changed >= :mark),
  owner_id, language, day, spans
FROM (SELECT 1) AS one
LEFT JOIN day_sheet ON changed >= :mark AND day BETWEEN :first AND :last
""")
_BETWEEN = text("""
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
  pg_current_xact_id_if_assigned() IS NOT NULL,
  owner_id, language, diary
FROM (SELECT 1) AS one
LEFT JOIN (
  SELECT owner_id, language, string_agg(spans, '' ORDER BY day) AS diary
  FROM day_sheet WHERE day BETWEEN :first AND :last AND spans <> ''
  GROUP BY owner_id, language
) AS diaries ON true
""")


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new since a mark.

    Attributes:
        mark: Where to go on from the next time.
        written: Whether the transaction that asks has written something itself. What
            it sees may then never come true, and must not be kept for others.
        readings: Whether an outside calendar was read, or could not be, since then.
    """

    mark: int
    written: bool
    readings: bool
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """All there is of some dates; ``mark`` and ``written`` as of ``Changes``."""

    mark: int
    written: bool
    diaries: tuple[Diary, ...]


class Sheets:
    """The day sheets as one transaction sees them.

    A mark is the oldest transaction that was still running when somebody looked: all
    that began before it had ended and was seen, whatever ends later is found from it.
    So nothing is missed, in whatever order transactions commit.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def since(self, mark: int, first: date, last: date) -> Changes:
        """Return the sheets of these dates written since a mark; some maybe again."""
        rows = self._rows(_SINCE, mark=mark, first=first, last=last)
        mark, written, readings, *_ = rows[0]
        sheets = tuple(
            Sheet(owner, language, day, _spans(packed))
            for *_, owner, language, day, packed in rows
            if owner is not None
        )
        return Changes(mark, written, readings, sheets)

    def between(self, first: date, last: date) -> Contents:
        """Return all that is in the sheets of these dates, owner by owner."""
        rows = self._rows(_BETWEEN, first=first, last=last)
        mark, written, *_ = rows[0]
        diaries = tuple(
            Diary(owner, language, _spans(packed))
            for *_, owner, language, packed in rows
            if owner is not None
        )
        return Contents(mark, written, diaries)

    def readings(self) -> dict[UUID, Reading]:
        """Return how each agent's outside calendar was last read."""
        rows = self._rows(text("SELECT agent_id, read_at, problem FROM agent_calendar"))
        return {
            agent: Reading(_utc(read_at), problem) for agent, read_at, problem in rows
        }

    def wrong(self, first: date) -> list[tuple[UUID, str, date]]:
        """Return the sheets from a date on that differ from what they derive from."""
        found = self._rows(
            text("SELECT owner_id, language, day FROM wrong_day_sheets(:first)"),
            first=first,
        )
        return [(owner, language, day) for owner, language, day in found]

    def repair(self, first: date) -> int:
        """Derive again whatever is wrong from a date on; return how many were."""
        self._session.connection().execute(text("SET LOCAL statement_timeout = 0"))
        return self._rows(text("SELECT repair_day_sheets(:first)"), first=first)[0][0]

    def rebuild(self) -> None:
        """Derive all sheets again, as after a change of the institution's zone."""
        everything = text("UPDATE day_sheet SET spans = '', changed = :now")
        now = self._rows(text("SELECT pg_current_xact_id()::text::bigint"))[0][0]
        self._session.connection().execute(everything, {"now": now})
        self.repair(date.min)

    def forget_before(self, day: date) -> None:
        """Remove the sheets of dates nobody can book any more."""
        self._session.exec(delete(DaySheetRow).where(col(DaySheetRow.day) < day))

    def _rows(self, statement: Any, **values: object) -> Sequence[Any]:
        return self._session.connection().execute(statement, values).all()


def _spans(packed: bytes) -> Rows:
    numbers = np.frombuffer(packed, dtype=">i4").astype(np.int32)
    return numbers.reshape(-1, _COLUMNS)


def _utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(UTC)
