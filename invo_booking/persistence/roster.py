"""Read roster and settings, and cache them until the revision changes."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, Table, select, text
from sqlmodel import Session, SQLModel, col

from invo_booking.domain.branches import Branch
from invo_booking.domain.clock import DatabaseClock
from invo_booking.domain.errors import NotSetUpError
from invo_booking.domain.hours import AgentHours, PlacedPeriods, make_period
from invo_booking.domain.institution import (
    Answer,
    Institution,
    Person,
    Queue,
    Roster,
    Translations,
)
from invo_booking.domain.interval import Interval
from invo_booking.domain.opening import OpeningHours, opening_of_texts
from invo_booking.persistence.mapping import MINUTE, minutes_reader, row_reader
from invo_booking.persistence.tables.core import (
    AnswerRow,
    BranchRow,
    DayExceptionRow,
    HolidayRow,
    InstitutionRow,
    LanguageRow,
    PersonBranchRow,
    PersonQueueRow,
    PersonRow,
    QueueRow,
    SettingRow,
    TimeOffRow,
    WorkingHoursRow,
    table_of,
)
from invo_booking.persistence.tables.places import BranchHolidayRow
from invo_booking.settings.spec import Values

_REVISION = text("SELECT revision, clock_timestamp() FROM institution")
"""Built once, since every transaction runs this query and a booking runs it twice. The
query also returns the database's time, which saves another query."""

_RAISE_REVISION = text("UPDATE institution SET revision = revision + 1")


class RosterCache:
    """The roster and the settings that this process read last, with their revision.

    Args:
        clock: Set to the database's time at each read.
    """

    def __init__(self, clock: DatabaseClock | None = None) -> None:
        self._clock = clock or DatabaseClock()
        self._kept: tuple[int, Roster, Values] | None = None
        self._lock = threading.Lock()

    def read(self, session: Session, *, keep: bool) -> tuple[Roster, Values]:
        """Return roster and settings as of this transaction.

        Runs only one indexed query if nothing has changed. Otherwise one thread reads
        everything again while the others wait for the result.

        Args:
            keep: Whether to cache the result. Must be false if this transaction has
                changed the roster, because the transaction may be rolled back.

        Raises:
            NotSetUpError: If no institution has been set up yet.
        """
        revision = self._read_revision(session.connection())
        if not keep:
            return _roster(session), _values(session)
        cached = self._kept
        if cached is None or cached[0] != revision:
            with self._lock:
                cached = self._kept
                if cached is None or cached[0] != revision:
                    cached = (revision, _roster(session), _values(session))
                    self._kept = cached
        return cached[1], cached[2]

    def _read_revision(self, connection: Connection) -> int:
        asked_at = self._clock.machine()
        row = connection.execute(_REVISION).first()
        if row is None:
            raise NotSetUpError
        self._clock.follow(row[1], asked_at)
        return row[0]


def raise_roster_revision(session: Session) -> None:
    """Make all processes read roster and settings again."""
    session.flush()
    session.connection().execute(_RAISE_REVISION)


@cache
def _all_rows(table: Table, *order: Any) -> Select[Any]:
    return select(*table.columns).order_by(*order)


def _all(session: Session, table: type[SQLModel], *order: Any) -> Sequence[Any]:
    """Return all rows of a table, without ORM objects, which take most of the time."""
    session.flush()
    return session.connection().execute(_all_rows(table_of(table), *order)).all()


def _values(session: Session) -> Values:
    return Values({row.key: row.value for row in _all(session, SettingRow)})


def _roster(session: Session) -> Roster:
    (row,) = _all(session, InstitutionRow)
    holidays = _all(session, HolidayRow)
    branch_holidays = _all(session, BranchHolidayRow)
    queues = [queue for queue in read_queue_rows(session) if queue.active]
    return Roster(
        institution=_institution(row),
        holidays={h.day: h.name for h in holidays},
        queues={queue.id: queue for queue in queues},
        languages=_languages(session),
        answers={a.id: a for a in _answers(session)},
        people={p.id: p for p in _people(session)},
        branches={branch.id: branch for branch in read_branch_rows(session)},
        branch_holidays=_branch_holidays(branch_holidays),
        holiday_texts=_holiday_texts(holidays, branch_holidays),
    )


def _branch_holidays(rows: Iterable[Any]) -> dict[UUID, dict[date, str]]:
    closed: defaultdict[UUID, dict[date, str]] = defaultdict(dict)
    for row in rows:
        closed[row.branch_id][row.day] = row.name
    return dict(closed)


def _holiday_texts(
    holidays: Iterable[Any], branch_holidays: Iterable[Any]
) -> dict[UUID | None, dict[date, Translations]]:
    texts: defaultdict[UUID | None, dict[date, Translations]] = defaultdict(dict)
    placed = [(row.branch_id, row) for row in branch_holidays]
    for place, row in (*((None, row) for row in holidays), *placed):
        if row.translations:
            texts[place][row.day] = row.translations
    return dict(texts)


def read_queue_rows(session: Session) -> list[Queue]:
    """Return all queues by name, including inactive ones."""
    return list(map(_queue, _all(session, QueueRow, col(QueueRow.name))))


def read_branch_rows(session: Session) -> list[Branch]:
    """Return all branches, including inactive ones, sorted by name."""
    return list(map(_branch, _all(session, BranchRow, col(BranchRow.name))))


def _languages(session: Session) -> dict[str, str]:
    rows = _all(session, LanguageRow, col(LanguageRow.code))
    return {row.code: row.name for row in rows}


ANSWER_ORDER = (col(AnswerRow.position), col(AnswerRow.title), col(AnswerRow.id))
"""Order of Answers in lists. Positions are unique, except that all archived Answers
have the same position."""


def _answers(session: Session) -> list[Answer]:
    return list(map(_answer, _all(session, AnswerRow, *ANSWER_ORDER)))


def _duration(row: AnswerRow) -> timedelta | None:
    length = row.duration_minutes
    return None if length is None else length * MINUTE


def _zone(row: InstitutionRow | BranchRow) -> ZoneInfo:
    return ZoneInfo(row.time_zone)


def _opening(row: InstitutionRow | QueueRow | BranchRow) -> OpeningHours:
    return opening_of_texts(row.opening_hours)


_institution = row_reader(Institution, zone=_zone, opening_hours=_opening)
_queue = row_reader(Queue, opening_hours=_opening)
_branch = row_reader(Branch, zone=_zone, opening_hours=_opening)
_answer = row_reader(
    Answer,
    duration=_duration,
    buffer_before=minutes_reader("buffer_before_minutes"),
    buffer_after=minutes_reader("buffer_after_minutes"),
    archived=lambda row: row.position < 0,
)


def _people(session: Session) -> list[Person]:
    queues: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for link in _all(session, PersonQueueRow):
        queues[link.person_id].add(link.queue_id)
    branches: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for place in _all(session, PersonBranchRow):
        branches[place.person_id].add(place.branch_id)
    weekly = _weekly(_all(session, WorkingHoursRow))
    exceptions = _exceptions(_all(session, DayExceptionRow))
    away: defaultdict[UUID, list[Interval]] = defaultdict(list)
    for off in _all(session, TimeOffRow):
        away[off.person_id].append(Interval(off.starts_at, off.ends_at))

    def hours(row: PersonRow) -> AgentHours:
        return AgentHours(
            zone=ZoneInfo(row.time_zone),
            weekly=weekly[row.id],
            exceptions=exceptions[row.id],
            time_off=tuple(sorted(away[row.id])),
        )

    person = row_reader(
        Person,
        queues=lambda row: frozenset(queues[row.id]),
        branches=lambda row: frozenset(branches[row.id]),
        hours=hours,
    )
    return list(map(person, _all(session, PersonRow, col(PersonRow.name))))


def _weekly(
    rows: Iterable[Any],
) -> defaultdict[UUID, dict[int, PlacedPeriods]]:
    by_person: defaultdict[UUID, dict[int, PlacedPeriods]] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: row.starts_time):
        days = by_person[row.person_id]
        period = make_period(row.starts_time, row.ends_time, row.branch_id)
        days[row.weekday] = (*days.get(row.weekday, ()), period)
    return by_person


def _exceptions(
    rows: Iterable[Any],
) -> defaultdict[UUID, dict[date, PlacedPeriods]]:
    by_person: defaultdict[UUID, dict[date, PlacedPeriods]] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: row.starts_time or time.min):
        days = by_person[row.person_id]
        periods = days.setdefault(row.day, ())
        if row.starts_time is not None and row.ends_time is not None:
            period = make_period(row.starts_time, row.ends_time, row.branch_id)
            days[row.day] = (*periods, period)
    return by_person
