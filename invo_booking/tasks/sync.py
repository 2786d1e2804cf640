"""Reading outside calendars. When it runs: ``tasks/schedule.py``."""

from invo_booking.broker import SYNC, celery
from invo_booking.tasks.ticking import on_time
from invo_booking.usecases.calendars import poll


@celery.task(name=SYNC)
def tick() -> None:
    """Read everything if that is due. Idempotent."""
    on_time(poll.poll_if_due)
