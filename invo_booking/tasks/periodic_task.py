"""Define the base class of periodic tasks, which records each run."""

from typing import Any

from celery import Task

from invo_booking import bootstrap
from invo_booking.usecases.upkeep import task_runs


class PeriodicTask(Task):
    """A periodic task; administrators are informed if its runs fail."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the task, and record whether the run succeeded."""
        with task_runs.recorded_run(bootstrap.deps(), str(self.name)):
            return self.run(*args, **kwargs)
