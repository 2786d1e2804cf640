"""Store what administrators change: Answers, queues, branches, languages, holidays."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from invo_booking.domain.appointment import LIVE
from invo_booking.domain.branches import Branch
from invo_booking.domain.institution import Answer, ClosedDay, Institution, Queue
from invo_booking.domain.opening import opening_texts
from invo_booking.persistence.mapping import MINUTE, columns_of
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.roster import read_queue_rows
from invo_booking.persistence.tables.core import (
    AnswerRow,
    AppointmentRow,
    BranchRow,
    HolidayRow,
    InstitutionRow,
    LanguageRow,
    PersonQueueRow,
    PersonRow,
    QueueRow,
)
from invo_booking.persistence.tables.places import BranchHolidayRow

ARCHIVED = -1
_LIVE = sorted(LIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueUse:
    """The number of live appointments with one queue, language and Answer."""

    queue_id: UUID
    language: str
    answer_id: UUID | None
    count: int


class Catalogue(Repository):
    """What administrators change, as one transaction sees it."""

    def live_uses(self) -> list[QueueUse]:
        """Return how many live appointments use each queue, language and Answer."""
        keys = (
            col(AppointmentRow.queue_id),
            col(AppointmentRow.language),
            col(AppointmentRow.answer_id),
        )
        statement = (
            select(*keys, func.count())
            .where(col(AppointmentRow.status).in_(_LIVE))
            .group_by(*keys)
        )
        return [
            QueueUse(queue_id=queue, language=language, answer_id=answer, count=count)
            for queue, language, answer, count in self._session.exec(statement)
        ]

    def add_answer(self, answer: Answer) -> None:
        """Store a new Answer at the end of the list."""
        row = AnswerRow(id=answer.id, position=self._end(), **answer_columns(answer))
        self._session.add(row)
        self._session.flush()

    def save_answer(self, answer: Answer) -> bool:
        """Store an Answer if ``version`` is current; otherwise return ``False``."""
        return self._save(AnswerRow, answer.id, answer.version, answer_columns(answer))

    def place_answer(self, answer_id: UUID, version: int, *, archived: bool) -> bool:
        """Archive an Answer, or restore it at the end of the list.

        Returns:
            ``False``, without any change, if ``version`` is no longer current.
        """
        place = ARCHIVED if archived else self._end()
        values = {"position": place, "schedulable": False}
        return self._save(AnswerRow, answer_id, version, values)

    def _end(self) -> int:
        """Return the position after all other Answers; positions may have gaps."""
        last = func.coalesce(func.max(AnswerRow.position), ARCHIVED)
        return self._session.exec(select(last)).one() + 1

    def arrange_answers(self, order: Sequence[UUID]) -> None:
        """Store the order of Answers."""
        for place, answer_id in enumerate(order):
            statement = update(AnswerRow).where(col(AnswerRow.id) == answer_id)
            self._session.exec(statement.values(position=place))

    def queues(self) -> list[Queue]:
        """Return all queues by name, including inactive ones."""
        return read_queue_rows(self._session)

    def add_queue(self, queue: Queue) -> None:
        """Store a new queue."""
        self._session.add(QueueRow(id=queue.id, **queue_columns(queue)))
        self._session.flush()

    def save_queue(self, queue: Queue) -> bool:
        """Store a queue if ``version`` is current; otherwise return ``False``."""
        return self._save(QueueRow, queue.id, queue.version, queue_columns(queue))

    def add_branch(self, branch: Branch) -> None:
        """Store a new branch."""
        self._session.add(BranchRow(id=branch.id, **branch_columns(branch)))
        self._session.flush()

    def save_branch(self, branch: Branch) -> bool:
        """Store a branch if ``version`` is current; otherwise return ``False``."""
        return self._save(BranchRow, branch.id, branch.version, branch_columns(branch))

    def live_visits(self) -> dict[UUID, int]:
        """Return the number of live appointments by branch."""
        branch = col(AppointmentRow.branch_id)
        statement = (
            select(branch, func.count())
            .where(col(AppointmentRow.status).in_(_LIVE), branch.is_not(None))
            .group_by(branch)
        )
        return {key: number for key, number in self._session.exec(statement) if key}

    def set_servers(
        self, queue_id: UUID, *, join: Collection[UUID], leave: Collection[UUID]
    ) -> None:
        """Add agents to a queue and remove others; increment these agents' versions."""
        for person_id in join:
            link = insert(PersonQueueRow).values(person_id=person_id, queue_id=queue_id)
            self._run(link.on_conflict_do_nothing())
        self._delete(
            PersonQueueRow,
            col(PersonQueueRow.queue_id) == queue_id,
            col(PersonQueueRow.person_id).in_(leave),
        )
        self._change(
            PersonRow,
            col(PersonRow.id).in_([*join, *leave]),
            version=PersonRow.version + 1,
        )

    def set_language(self, code: str, name: str) -> None:
        """Add or rename a language."""
        self._put(LanguageRow, {"code": code}, {"name": name})

    def remove_language(self, code: str) -> None:
        """Remove a language."""
        self._delete(LanguageRow, col(LanguageRow.code) == code)

    def set_holidays(
        self, days: Iterable[ClosedDay], branch_id: UUID | None = None
    ) -> None:
        """Close the institution, or the given branch, on dates.

        A date that is already closed gets the new name.
        """
        place = {"branch_id": branch_id} if branch_id else {}
        table = BranchHolidayRow if branch_id else HolidayRow
        for it in days:
            names = {"name": it.name, "translations": it.translations}
            self._put(table, {**place, "day": it.day}, names)

    def remove_holidays(
        self, days: Collection[date], branch_id: UUID | None = None
    ) -> None:
        """Reopen the institution, or the given branch, on dates."""
        if branch_id is None:
            self._delete(HolidayRow, col(HolidayRow.day).in_(days))
            return
        self._delete(
            BranchHolidayRow,
            col(BranchHolidayRow.branch_id) == branch_id,
            col(BranchHolidayRow.day).in_(days),
        )

    def save_institution(self, institution: Institution) -> None:
        """Store the institution's details."""
        values = institution_columns(institution)
        self._change(InstitutionRow, **values)

    def _save(
        self,
        table: type[AnswerRow | BranchRow | QueueRow],
        row_id: UUID,
        version: int,
        values: dict[str, Any],
    ) -> bool:
        return bool(
            self._change(
                table,
                col(table.id) == row_id,
                col(table.version) == version,
                version=version + 1,
                **values,
            )
        )


def queue_columns(queue: Queue) -> dict[str, Any]:
    """Return the columns of a queue, except id and version."""
    return _open_columns(queue, "id", "version")


def branch_columns(branch: Branch) -> dict[str, Any]:
    """Return the columns of a branch, except id and version."""
    zone = {"time_zone": branch.zone.key}
    return _open_columns(branch, "id", "version", "zone") | zone


def answer_columns(answer: Answer) -> dict[str, Any]:
    """Return the columns of an Answer, except id, version and position."""
    length = answer.duration
    lengths = ("duration", "buffer_before", "buffer_after")
    return {
        **columns_of(answer, "id", "version", "archived", *lengths),
        "duration_minutes": None if length is None else length // MINUTE,
        "buffer_before_minutes": answer.buffer_before // MINUTE,
        "buffer_after_minutes": answer.buffer_after // MINUTE,
    }


def institution_columns(institution: Institution) -> dict[str, Any]:
    """Return the columns of the institution, except its revision."""
    zone = {"time_zone": institution.zone.key}
    return _open_columns(institution, "zone", "revision") | zone


def _open_columns(place: Institution | Branch | Queue, *others: str) -> dict[str, Any]:
    opening = list(opening_texts(place.opening_hours))
    return columns_of(place, "opening_hours", *others) | {"opening_hours": opening}
