"""Keeping the outbox's promises. When each runs: ``tasks/schedule.py``."""

from invo_booking import bootstrap
from invo_booking.broker import DELIVER, WRITE_CALENDARS, celery
from invo_booking.usecases import delivery, writing

BATCH = 50
_MOST_BATCHES = 20


@celery.task(name=DELIVER)
def deliver_due() -> None:
    """Send what is due, batch by batch until nothing is. Idempotent."""
    for _ in range(_MOST_BATCHES):
        if delivery.deliver_due(bootstrap.deps(), limit=BATCH) < BATCH:
            return


@celery.task(name=WRITE_CALENDARS)
def write_calendars() -> None:
    """Write to the host calendar what is due, as fast as is allowed. Idempotent."""
    writing.write_due(bootstrap.deps(), limit=BATCH)


@celery.task(name="delivery.find_unwritten")
def find_unwritten() -> None:
    """Promise to write what the host calendar does not show as it is. Idempotent."""
    writing.promise_unwritten(bootstrap.deps())
