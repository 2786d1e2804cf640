"""Reading outside calendars. When it runs: ``tasks/schedule.py``."""

from invo_booking import bootstrap
from invo_booking.broker import SYNC, celery
from invo_booking.usecases import sync


@celery.task(name=SYNC)
def tick() -> None:
    """Read everything if that is due. Idempotent."""
    sync.tick(bootstrap.deps())
