"""Send a periodic task's message only if none is waiting in the broker's queue.

Messages of periodic tasks must not pile up while no worker runs. The messages must not
expire either: expiry depends on the worker's clock, which may differ from the clock of
the machine on which beat runs.
"""

from typing import Any

from celery.beat import ScheduleEntry, Scheduler

from invo_booking import broker


class OneWaitingScheduler(Scheduler):
    """Celery beat's scheduler, with at most one waiting message for each task."""

    def apply_async(
        self, entry: ScheduleEntry, producer: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        """Send the message of a due task, unless a message of the task is waiting."""
        if broker.is_waiting(str(entry.task)):
            return None
        return super().apply_async(entry, producer, *args, **kwargs)
