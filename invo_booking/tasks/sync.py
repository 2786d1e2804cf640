"""Define the task that reads outside calendars; see ``tasks/schedule.py`` for when."""

from invo_booking.broker import SYNC, celery
from invo_booking.tasks.periodic_task import PeriodicTask
from invo_booking.tasks.ticking import run_by_database_clock
from invo_booking.usecases.calendars import poll


@celery.task(name=SYNC, base=PeriodicTask)
def poll_calendars_task() -> None:
    """Read all outside calendars if a reading is due. Idempotent."""
    run_by_database_clock(poll.poll_if_due)
