"""Store the changes that administrators make to people and their hours."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel, col, select

from invo_booking.domain.absence import Absence
from invo_booking.domain.hours import period_place
from invo_booking.domain.institution import Person
from invo_booking.persistence.mapping import columns_of, row_reader
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.core import (
    DayExceptionRow,
    PersonBranchRow,
    PersonQueueRow,
    PersonRow,
    TimeOffRow,
    WorkingHoursRow,
)

_ABOUT = (PersonBranchRow, PersonQueueRow, WorkingHoursRow, DayExceptionRow, TimeOffRow)


_absence = row_reader(Absence)


class Staffing(Repository):
    """People with their hours and queues, as one transaction sees them."""

    def absences(self, person_id: UUID) -> tuple[Absence, ...]:
        """Return a person's time off with notes, earliest first."""
        rows = self._session.exec(
            select(TimeOffRow).where(TimeOffRow.person_id == person_id)
        )
        return tuple(sorted(map(_absence, rows)))

    def add(self, person: Person, absences: Iterable[Absence]) -> None:
        """Store a new person without a password."""
        self._session.add(PersonRow(id=person.id, **person_columns(person)))
        self._session.flush()
        self._write(person, absences)

    def save(self, person: Person, absences: Iterable[Absence]) -> bool:
        """Store a person if ``version`` is current; otherwise return ``False``."""
        if not self._change(
            PersonRow,
            col(PersonRow.id) == person.id,
            col(PersonRow.version) == person.version,
            version=person.version + 1,
            **person_columns(person),
        ):
            return False
        for table in _ABOUT:
            self._delete(table, col(table.person_id) == person.id)
        self._write(person, absences)
        return True

    def _write(self, person: Person, absences: Iterable[Absence]) -> None:
        self._session.add_all(rows_about_person(person))
        self._session.add_all(
            TimeOffRow(person_id=person.id, **columns_of(away)) for away in absences
        )
        self._session.flush()


def person_columns(person: Person) -> dict[str, Any]:
    """Return the columns of a person's own row, except id and version."""
    zone = {"time_zone": person.hours.zone.key}
    return columns_of(person, "id", "version", "queues", "branches", "hours") | zone


def rows_about_person(person: Person) -> Iterator[SQLModel]:
    """Yield the rows of a person's queues, branches and working hours."""
    for branch_id in sorted(person.branches):
        yield PersonBranchRow(person_id=person.id, branch_id=branch_id)
    for queue_id in sorted(person.queues):
        yield PersonQueueRow(person_id=person.id, queue_id=queue_id)
    for weekday, periods in person.hours.weekly.items():
        for period in periods:
            yield WorkingHoursRow(
                person_id=person.id,
                weekday=weekday,
                starts_time=period[0],
                ends_time=period[1],
                branch_id=period_place(period),
            )
    for day, periods in person.hours.exceptions.items():
        if not periods:
            yield DayExceptionRow(person_id=person.id, day=day)
        for period in periods:
            yield DayExceptionRow(
                person_id=person.id,
                day=day,
                starts_time=period[0],
                ends_time=period[1],
                branch_id=period_place(period),
            )
