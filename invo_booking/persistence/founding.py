"""Store the first roster of a new institution."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from uuid import UUID

from sqlmodel import Session, SQLModel

from invo_booking.domain.branches import no_translations
from invo_booking.domain.institution import Person, Roster
from invo_booking.persistence.accounts.staffing import person_columns, rows_about_person
from invo_booking.persistence.catalogue import (
    answer_columns,
    branch_columns,
    institution_columns,
    queue_columns,
)
from invo_booking.persistence.tables.core import (
    AnswerRow,
    BranchRow,
    HolidayRow,
    InstitutionRow,
    LanguageRow,
    PersonRow,
    QueueRow,
    TimeOffRow,
)
from invo_booking.persistence.tables.places import BranchHolidayRow


def store_first_roster(
    session: Session, roster: Roster, password_hashes: Mapping[UUID, str]
) -> None:
    """Store a roster in an empty database.

    Args:
        roster: The complete roster, which is stored with its revision.
        password_hashes: Password hashes by person; a person without password hash
            cannot sign in yet.

    Raises:
        IntegrityError: If an institution exists already.
    """
    for rows in (
        _institution_rows(roster),
        _staff(roster, password_hashes),
        _topics(roster),
    ):
        session.add_all(rows)
        session.flush()
    for person in roster.people.values():
        session.add_all(rows_about_person(person))
        session.add_all(_time_off(person))
    session.flush()


def _institution_rows(roster: Roster) -> Iterator[SQLModel]:
    institution = roster.institution
    values = institution_columns(institution)
    yield InstitutionRow(**values, revision=institution.revision)
    for queue in roster.queues.values():
        yield QueueRow(id=queue.id, **queue_columns(queue))
    for branch in roster.branches.values():
        yield BranchRow(id=branch.id, **branch_columns(branch))
    for branch_id, days in roster.branch_holidays.items():
        for day, name in days.items():
            texts = _holiday_texts(roster, branch_id, day)
            yield BranchHolidayRow(
                branch_id=branch_id, day=day, name=name, translations=texts
            )
    for code, name in roster.languages.items():
        yield LanguageRow(code=code, name=name)
    for day, name in roster.holidays.items():
        texts = _holiday_texts(roster, None, day)
        yield HolidayRow(day=day, name=name, translations=texts)


def _holiday_texts(
    roster: Roster, branch_id: UUID | None, day: date
) -> dict[str, dict[str, str]]:
    texts = roster.holiday_texts.get(branch_id, {}).get(day, no_translations())
    return {language: dict(fields) for language, fields in texts.items()}


def _staff(roster: Roster, hashes: Mapping[UUID, str]) -> Iterable[SQLModel]:
    return [
        PersonRow(
            id=person.id,
            password_hash=hashes.get(person.id, ""),
            **person_columns(person),
        )
        for person in roster.people.values()
    ]


def _topics(roster: Roster) -> Iterable[SQLModel]:
    return [
        AnswerRow(id=answer.id, position=place, **answer_columns(answer))
        for place, answer in enumerate(roster.answers.values())
    ]


def _time_off(person: Person) -> Iterator[SQLModel]:
    for away in person.hours.time_off:
        yield TimeOffRow(person_id=person.id, starts_at=away.start, ends_at=away.end)
