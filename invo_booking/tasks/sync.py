"""The task that reads outside calendars. For its times see ``tasks/schedule.py``."""

from invo_booking.broker import SYNC, celery
from invo_booking.tasks.ticking import run_by_database_clock
from invo_booking.usecases.calendars import poll


@celery.task(name=SYNC)
def poll_calendars_task() -> None:
    """Read everything if it is due. Idempotent."""
    run_by_database_clock(poll.poll_if_due)
