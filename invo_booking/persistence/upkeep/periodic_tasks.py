"""Record the runs of periodic tasks, so that a task that always fails is noticed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select, update

from invo_booking.persistence.mapping import row_reader
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.upkeep import PeriodicTaskRow


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRuns:
    """The last successful run of a periodic task, and the runs since then.

    Attributes:
        task: Name of the task.
        succeeded_at: When a run last succeeded, in UTC; ``None`` if none ever did.
        unsuccessful: Number of runs that began since then, including a run that has not
            ended yet.
        unsuccessful_since: When the first of these runs began, in UTC; ``None`` if
            there was none.
        error: Class of the last error since then; empty if no run ended with an error.
        alarmed_at: When administrators were last mailed that the task fails, in UTC.
    """

    task: str
    succeeded_at: datetime | None
    unsuccessful: int
    unsuccessful_since: datetime | None
    error: str
    alarmed_at: datetime | None

    @property
    def is_alarmed(self) -> bool:
        """Whether administrators were mailed about the current unsuccessful runs."""
        if self.alarmed_at is None or self.unsuccessful_since is None:
            return False
        return self.alarmed_at >= self.unsuccessful_since


_runs = row_reader(TaskRuns)


class PeriodicTasks(Repository):
    """The runs of periodic tasks as one transaction sees them."""

    def all_runs(self) -> list[TaskRuns]:
        """Return the runs of each task that ever began, by name."""
        query = select(PeriodicTaskRow).order_by(PeriodicTaskRow.task)
        return [_runs(row) for row in self._session.exec(query)]

    def runs(self, task: str) -> TaskRuns | None:
        """Return the runs of a task; ``None`` if the task was never run."""
        row = self._session.get(PeriodicTaskRow, task, populate_existing=True)
        return None if row is None else _runs(row)

    def record_begin(self, task: str, now: datetime) -> None:
        """Record that a run begins; a run is unsuccessful until it succeeds."""
        first = insert(PeriodicTaskRow).values(
            task=task, unsuccessful=1, unsuccessful_since=now, error=""
        )
        again = {
            "unsuccessful": PeriodicTaskRow.unsuccessful + 1,
            "unsuccessful_since": func.coalesce(
                PeriodicTaskRow.unsuccessful_since, now
            ),
        }
        statement = first.on_conflict_do_update(index_elements=["task"], set_=again)
        self._run(statement)

    def record_error(self, task: str, error: str) -> None:
        """Record the class of the error with which a run ended."""
        self._change(
            PeriodicTaskRow, col(PeriodicTaskRow.task) == task, error=error[:80]
        )

    def record_success(self, task: str, now: datetime) -> None:
        """Record that a run succeeded; earlier runs no longer count."""
        self._change(
            PeriodicTaskRow,
            col(PeriodicTaskRow.task) == task,
            succeeded_at=now,
            unsuccessful=0,
            unsuccessful_since=None,
            error="",
        )

    def claim_alarm(self, task: str, now: datetime, before: datetime) -> bool:
        """Record an alarm, unless an alarm was recorded at or after ``before``.

        An alarm recorded in the future comes from a wrong clock and is ignored.

        Returns:
            Whether the alarm was recorded; of many concurrent callers, only one gets
            ``True``.
        """
        alarmed_at = col(PeriodicTaskRow.alarmed_at)
        claimed = (
            update(PeriodicTaskRow)
            .where(col(PeriodicTaskRow.task) == task)
            .where(or_(alarmed_at.is_(None), alarmed_at < before, alarmed_at > now))
            .values(alarmed_at=now)
            .returning(col(PeriodicTaskRow.task))
        )
        return self._run(claimed).first() is not None
